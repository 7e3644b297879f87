//! The reference table of settings for the README.

use std::fmt::Write as _;

use super::Config;

/// Every setting as a Markdown table: key in the file, flag, environment variable, default, meaning.
pub fn markdown() -> String {
    let mut table = String::from("| in the file | flag | environment | default | meaning |\n|---|---|---|---|---|\n");
    for setting in Config::settings() {
        let default = if setting.default.is_empty() {
            "none".to_owned()
        } else {
            format!("`{}`", setting.default)
        };
        _ = writeln!(
            table,
            "| `{}` | `--{}` | `{}` | {default} | {} |",
            setting.path(),
            setting.flag(),
            setting.variable(),
            setting.meaning().replace('|', "\\|"),
        );
    }
    table
}
