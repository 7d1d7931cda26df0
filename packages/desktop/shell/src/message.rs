//! What control writes on its standard output: one JSON object a line (control's `shell-messages.ts`).

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Message {
    Ready { url: String },
    Tray { tone: Tone, lines: Vec<Line> },
    Notify { title: String, body: String },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    Ok,
    Busy,
    Bad,
    Idle,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Line {
    pub text: String,
    pub path: String,
}

/// A line as a message; anything else that a program prints is none.
pub fn parse(line: &str) -> Option<Message> {
    serde_json::from_str(line).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_control_writes() {
        assert!(matches!(parse(r#"{"kind":"ready","url":"http://127.0.0.1:1/#token=x"}"#), Some(Message::Ready { url }) if url.ends_with("token=x")));
        let tray = parse(r#"{"kind":"tray","tone":"bad","lines":[{"text":"✗ shop / test","path":"/servers/a"}]}"#);
        assert!(matches!(tray, Some(Message::Tray { tone: Tone::Bad, lines }) if lines[0].path == "/servers/a"));
        assert!(matches!(parse(r#"{"kind":"notify","title":"t","body":"b","path":"/"}"#), Some(Message::Notify { .. })));
    }

    #[test]
    fn other_output_is_no_message() {
        assert!(parse("(node:1) Warning: something").is_none());
        assert!(parse(r#"{"kind":"unknown"}"#).is_none());
    }
}
