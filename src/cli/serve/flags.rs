//! A flag for every setting, made from the list of settings.

use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches};

use crate::config::{Config, Setting};

/// The settings given as flags: flag and text. The texts are checked with those of the other sources.
#[derive(Debug, Default)]
pub(super) struct SettingFlags {
    pub(super) given: Vec<(String, String)>,
}

fn arg(setting: &'static Setting) -> Arg {
    let default = if setting.default.is_empty() {
        "none"
    } else {
        setting.default
    };
    let help = format!(
        "{} [env: {}] [default: {default}]",
        setting.meaning(),
        setting.variable()
    );
    Arg::new(setting.key)
        .long(setting.flag())
        .value_name(setting.key.to_uppercase())
        .help_heading(format!("Settings: [{}]", setting.section))
        .help(help)
}

impl Args for SettingFlags {
    fn augment_args(command: Command) -> Command {
        command.args(Config::settings().map(arg))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for SettingFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut flags = Self::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        let given = |setting: &Setting| Some((setting.flag(), matches.get_one::<String>(setting.key)?.clone()));
        self.given = Config::settings().filter_map(given).collect();
        Ok(())
    }
}
