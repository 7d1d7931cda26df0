//! The page about control's end: readable, and with its log.

use tauri::http::{header, Response};
use tauri::{AppHandle, Manager};

use crate::control::Control;
use crate::mode::Mode;

pub const ADDRESS: &str = if cfg!(any(windows, target_os = "android")) { "http://failure.localhost/" } else { "failure://localhost/" };

const STYLE: &str = "body{margin:0;padding:48px;font:15px/1.5 system-ui,sans-serif;color:#1b1f24;background:#f6f7f9}main{max-width:860px;margin:0 auto}pre{padding:16px;border-radius:8px;background:#14171c;color:#dfe3e8;white-space:pre-wrap;overflow-wrap:anywhere;font-size:13px}@media(prefers-color-scheme:dark){body{color:#dfe3e8;background:#15181c}}";

pub fn page(app: &AppHandle) -> Response<Vec<u8>> {
    let log = escape(&app.state::<Control>().errors().join("\n"));
    let name = app.state::<Mode>().title();
    let words = if speaks_russian() {
        [format!("{name} остановился"), format!("Программа за этим окном завершилась. Проекты на серверах работают дальше. Закройте окно и откройте {name} снова."), "Что она сообщила последним:".to_owned()]
    } else {
        [format!("{name} stopped"), format!("The program behind this window ended. Projects on servers go on. Close the window and open {name} again."), "The last that it said:".to_owned()]
    };
    let html = format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><title>{}</title><style>{STYLE}</style><main><h1>{}</h1><p>{}</p><h2>{}</h2><pre>{log}</pre></main></html>",
        if speaks_russian() { "ru" } else { "en" }, words[0], words[0], words[1], words[2],
    );
    Response::builder()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'")
        .body(html.into_bytes())
        .unwrap_or_default()
}

/// By the system's language, as the page does.
pub fn speaks_russian() -> bool {
    ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty())).is_some_and(|value| value.starts_with("ru"))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn a_log_is_shown_as_text() {
        assert_eq!(escape("<script>a && b</script>"), "&lt;script&gt;a &amp;&amp; b&lt;/script&gt;");
    }
}
