//! What the window is around: the admin's app, or redwatch's pages for a developer (`--watch`).

use std::ffi::OsString;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    App,
    Watch,
}

impl Mode {
    /// By the first argument of this process.
    pub fn chosen() -> Self {
        if std::env::args_os().nth(1).is_some_and(|argument| argument == "--watch") {
            Mode::Watch
        } else {
            Mode::App
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Mode::App => "RedControl",
            Mode::Watch => "redwatch",
        }
    }

    /// Of its own for each, so that both can be open, with the places of their windows.
    pub fn identifier(self) -> &'static str {
        match self {
            Mode::App => "dev.redcontrol.desktop",
            Mode::Watch => "dev.redcontrol.watch",
        }
    }

    /// Width and height at the first start, and the least.
    pub fn sizes(self) -> [(f64, f64); 2] {
        match self {
            Mode::App => [(1280.0, 820.0), (720.0, 520.0)],
            Mode::Watch => [(460.0, 640.0), (320.0, 320.0)],
        }
    }

    /// The program of the package that serves the pages.
    pub fn program(self) -> &'static str {
        match self {
            Mode::App => "redcontrol.mjs",
            Mode::Watch => "redwatch.mjs",
        }
    }

    /// Its arguments: those of this process follow.
    pub fn arguments(self, own: impl Iterator<Item = OsString>) -> Vec<OsString> {
        let (command, dropped) = match self {
            Mode::App => ("ui", 1),
            Mode::Watch => ("tray", 2),
        };
        [command, "--shell"].into_iter().map(OsString::from).chain(own.skip(dropped)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_the_arguments_goes_to_the_program() {
        let own = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>().into_iter();
        assert_eq!(Mode::App.arguments(own(&["window", "--socket", "a"])), ["ui", "--shell", "--socket", "a"]);
        assert_eq!(Mode::Watch.arguments(own(&["window", "--watch", "--server", "b"])), ["tray", "--shell", "--server", "b"]);
    }
}
