//! `refugia serve`: the server.

mod flags;
mod signals;
mod summary;

use std::{path::PathBuf, sync::Arc};

use anyhow::Context as _;
use tokio::{net::TcpListener, sync::mpsc};
use tracing_subscriber::EnvFilter;

use self::flags::SettingFlags;
use super::{DONE, FAILED, WRONG, eprint_line, print_line};
use crate::{
    catalog::Faults,
    config::{Config, ConfigErrors, Layers, LogConfig, LogFormat},
    http::{self, App},
};

/// Serve a region: the web app, the API, tiles and styles.
///
/// Settings come from the flags below, then the environment, then the file named by --config, then the defaults.
/// SIGTERM and SIGINT finish what is under way and stop; SIGHUP or a changed pack loads the pack again, whole or not at
/// all: a broken pack keeps the old world answering.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// A configuration file (TOML); no file is read unless named here.
    #[arg(long, value_name = "FILE", env = "REFUGIA_CONFIG")]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: SettingFlags,
}

const EXAMPLES: &str = "\
Examples:
  refugia serve
  refugia serve --region data/mine --listen 0.0.0.0:8080
  REFUGIA_LOG=refugia=debug refugia serve --config /etc/refugia.toml

Exit codes: 0 stopped when asked, 1 the pack or the address cannot be used, 2 wrong configuration.";

pub(super) fn run(args: Args) -> anyhow::Result<u8> {
    let config = match configure(args) {
        Ok(config) => config,
        Err(errors) => {
            eprint_line(&format!("error: {errors}"));
            return Ok(WRONG);
        }
    };
    start_log(&config.log);
    let region = config.world.region.clone();
    let app = match App::load(config) {
        Ok(app) => app,
        Err(Faults(faults)) => {
            for fault in &faults {
                eprint_line(&fault.to_string());
            }
            let (count, region) = (faults.len(), region.display());
            eprint_line(&format!(
                "error: {count} fault(s) in the region pack {region}; nothing is served"
            ));
            return Ok(FAILED);
        }
    };
    let threads = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the threads of the server cannot be started")?;
    let outcome = threads.block_on(serve(app));
    // An import or a reload that is still under way has had its time; a pack stands whole when either is cut off.
    threads.shutdown_background();
    outcome
}

fn configure(args: Args) -> Result<Config, ConfigErrors> {
    let layers = Layers::default()
        .with_variables(std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            Some((name, value.to_string_lossy().into_owned()))
        }))
        .with_flags(args.settings.given);
    match args.config {
        Some(path) => Config::resolve(&layers.with_file(&path)?),
        None => Config::resolve(&layers),
    }
}

async fn serve(app: Arc<App>) -> anyhow::Result<u8> {
    let listen = app.config().server.listen;
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!("cannot listen on {listen}; is it taken? --listen chooses another, port 0 a free one")
    })?;
    let address = listener.local_addr().context("the address listened on is not known")?;
    let (hangup, hangups) = mpsc::channel(1);
    let stop = signals::listen(hangup).context("signals cannot be listened for")?;
    print_line(&summary::of(&app.world(), &app.config().world.region, address));
    http::serve(app, listener, hangups, stop).await;
    tracing::info!("stopped");
    Ok(DONE)
}

fn start_log(config: &LogConfig) {
    // The filter was checked with the configuration.
    let filter = EnvFilter::try_new(config.log.as_str()).unwrap_or_default();
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => log
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}
