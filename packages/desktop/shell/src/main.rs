//! The window around RedControl's page: starts control, shows what it serves, and ends with it.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod control;
mod failure;
mod message;
mod mode;
mod tray;
mod window;

use tauri::{Manager, RunEvent, WindowEvent};

fn main() {
    let mode = mode::Mode::chosen();
    let mut context = tauri::generate_context!();
    context.config_mut().identifier = mode.identifier().to_owned();
    let builder = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _arguments, _folder| window::show(app)))
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .plugin(tauri_plugin_notification::init())
        .register_uri_scheme_protocol("failure", |context, _request| failure::page(context.app_handle()))
        .manage(mode)
        .manage(control::Control::default())
        .manage(tray::Shown::default())
        .setup(|app| {
            tray::create(app.handle())?;
            window::create(app.handle())?;
            control::start(app.handle().clone());
            Ok(())
        });
    let app = match builder.build(context) {
        Ok(app) => app,
        Err(error) => {
            eprintln!("redcontrol-desktop: {error}");
            std::process::exit(1);
        }
    };
    app.run(|app, event| match event {
        // The tray keeps the app: deployments are watched on with the window closed.
        RunEvent::WindowEvent { event: WindowEvent::CloseRequested { api, .. }, .. } if tray::is_there(app) => {
            api.prevent_close();
            window::hide(app);
        }
        RunEvent::Exit => app.state::<control::Control>().stop(),
        _ => {}
    });
}
