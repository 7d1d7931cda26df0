//! The tray icon: the worst state of all projects as its colour, each environment as a line of its menu.

use std::sync::Mutex;

use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Manager};

use crate::failure::speaks_russian;
use crate::message::{Line, Tone};
use crate::mode::Mode;
use crate::window;

const ID: &str = "state";
const SIZE: u32 = 32;

/// The lines that the menu shows, so that a click finds its page.
#[derive(Default)]
pub struct Shown {
    lines: Mutex<Vec<Line>>,
}

pub fn create(app: &AppHandle) -> tauri::Result<()> {
    let built = TrayIconBuilder::with_id(ID)
        .icon(icon(Tone::Idle))
        .tooltip(app.state::<Mode>().title())
        .menu(&menu(app, &[])?)
        .on_menu_event(|app, event| chosen(app, event.id().as_ref()))
        .build(app);
    // A desktop without a tray is no reason not to start.
    if let Err(error) = built {
        eprintln!("redcontrol-desktop: no tray: {error}");
    }
    Ok(())
}

/// Whether people can get the window back from the tray: an icon that nothing shows would lose it.
pub fn is_there(app: &AppHandle) -> bool {
    app.tray_by_id(ID).is_some() && desktop_shows_trays()
}

/// Linux desktops show tray icons where something owns this name on the session bus (KDE; GNOME by an extension).
#[cfg(target_os = "linux")]
fn desktop_shows_trays() -> bool {
    use gtk::gio::{bus_get_sync, BusType, Cancellable, DBusCallFlags};
    use gtk::glib::{ToVariant, VariantTy};
    let ask = || {
        let bus = bus_get_sync(BusType::Session, Cancellable::NONE).ok()?;
        let name = ("org.kde.StatusNotifierWatcher",).to_variant();
        let place = ("org.freedesktop.DBus", "/org/freedesktop/DBus");
        let answer = bus.call_sync(Some(place.0), place.1, place.0, "NameHasOwner", Some(&name), VariantTy::new("(b)").ok(), DBusCallFlags::NONE, 500, Cancellable::NONE);
        Some(answer.ok()?.child_get::<bool>(0))
    };
    ask().unwrap_or(false)
}

#[cfg(not(target_os = "linux"))]
fn desktop_shows_trays() -> bool {
    true
}

pub fn update(app: &AppHandle, tone: Tone, lines: Vec<Line>) {
    let Some(tray) = app.tray_by_id(ID) else { return };
    if let Ok(menu) = menu(app, &lines) {
        let _ = tray.set_menu(Some(menu));
    }
    let _ = tray.set_icon(Some(icon(tone)));
    let words: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    let _ = tray.set_tooltip(Some(format!("{}\n{}", app.state::<Mode>().title(), words.join("\n"))));
    if let Ok(mut shown) = app.state::<Shown>().lines.lock() {
        *shown = lines;
    }
}

fn menu(app: &AppHandle, lines: &[Line]) -> tauri::Result<Menu<tauri::Wry>> {
    let [open, quit] = if speaks_russian() { ["Открыть", "Выйти"] } else { ["Open", "Quit"] };
    let open = format!("{open} {}", app.state::<Mode>().title());
    let menu = Menu::new(app)?;
    menu.append(&MenuItem::with_id(app, "open", open, true, None::<&str>)?)?;
    for (index, line) in lines.iter().enumerate() {
        // An ampersand would mark the next letter as a shortcut.
        menu.append(&MenuItem::with_id(app, format!("line {index}"), line.text.replace('&', "&&"), true, None::<&str>)?)?;
    }
    menu.append(&PredefinedMenuItem::separator(app)?)?;
    menu.append(&MenuItem::with_id(app, "quit", quit, true, None::<&str>)?)?;
    Ok(menu)
}

fn chosen(app: &AppHandle, id: &str) {
    match id {
        "open" => window::show(app),
        "quit" => app.exit(0),
        other => {
            let index = other.strip_prefix("line ").and_then(|number| number.parse::<usize>().ok());
            let path = index.and_then(|index| app.state::<Shown>().lines.lock().ok()?.get(index).map(|line| line.path.clone()));
            if let Some(path) = path {
                window::open_path(app, &path);
            }
        }
    }
}

/// A disc in the colour of the state, drawn here: four files less to keep alike.
fn icon(tone: Tone) -> Image<'static> {
    let [red, green, blue] = match tone {
        Tone::Ok => [0x2b, 0xa2, 0x5b],
        Tone::Busy => [0x4a, 0x5f, 0xd0],
        Tone::Bad => [0xd6, 0x29, 0x3e],
        Tone::Idle => [0x8b, 0x95, 0xa1],
    };
    let middle = (SIZE as f32 - 1.0) / 2.0;
    let mut pixels = Vec::with_capacity((SIZE * SIZE * 4) as usize);
    for y in 0..SIZE {
        for x in 0..SIZE {
            let away = ((x as f32 - middle).powi(2) + (y as f32 - middle).powi(2)).sqrt();
            let cover = (14.0 - away + 0.5).clamp(0.0, 1.0);
            pixels.extend_from_slice(&[red, green, blue, (cover * 255.0) as u8]);
        }
    }
    Image::new_owned(pixels, SIZE, SIZE)
}
