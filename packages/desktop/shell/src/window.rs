//! The one window.

use tauri::{AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

use crate::control::Control;
use crate::mode::Mode;
use crate::tray;

pub const LABEL: &str = "main";

pub fn create(app: &AppHandle) -> tauri::Result<()> {
    let handle = app.clone();
    let mode = *app.state::<Mode>();
    let [size, least] = mode.sizes();
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title(mode.title())
        .inner_size(size.0, size.1)
        .min_inner_size(least.0, least.1)
        // What lives in the tray comes when it is asked for, unless nothing shows the tray.
        .visible(mode == Mode::App || !tray::is_there(app))
        // Links of the page to deployed apps belong into the browser, not into this window.
        .on_navigation(move |url| is_own(&handle, url))
        .build()?;
    Ok(())
}

/// Shows the page at an address of control's.
pub fn open(app: &AppHandle, url: &str) {
    if let (Some(window), Ok(url)) = (get(app), Url::parse(url)) {
        let _ = window.navigate(url);
    }
}

/// Shows the page of control at a path, and the window with it.
pub fn open_path(app: &AppHandle, path: &str) {
    let Some(address) = app.state::<Control>().address() else { return show(app) };
    if let Ok(url) = Url::parse(&address).and_then(|base| base.join(path)) {
        open(app, url.as_str());
    }
    show(app);
}

pub fn show(app: &AppHandle) {
    if let Some(window) = get(app) {
        let _ = window.show();
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

pub fn hide(app: &AppHandle) {
    if let Some(window) = get(app) {
        let _ = window.hide();
    }
}

/// Says that control is gone, with what it last wrote.
pub fn show_failure(app: &AppHandle) {
    open(app, crate::failure::ADDRESS);
    show(app);
}

fn get(app: &AppHandle) -> Option<WebviewWindow> {
    app.get_webview_window(LABEL)
}

fn is_own(app: &AppHandle, url: &Url) -> bool {
    if matches!(url.scheme(), "tauri" | "failure") || url.host_str() == Some("tauri.localhost") {
        return true;
    }
    let Some(own) = app.try_state::<Control>().and_then(|control| control.address()) else { return false };
    Url::parse(&own).is_ok_and(|own| own.origin() == url.origin())
}
