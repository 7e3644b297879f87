//! The `refugia` program.

fn main() -> std::process::ExitCode {
    refugia::cli::run()
}
