//! The `pairwork` command.

use mimalloc::MiMalloc;

/// Lists take a tenth less CPU time than with glibc's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> std::process::ExitCode {
    pairwork::cli()
}
