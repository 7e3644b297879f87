//! The `refugia` program.

/// A world is built from millions of small pieces and given back as a whole by another thread, again and again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    refugia::cli::run()
}
