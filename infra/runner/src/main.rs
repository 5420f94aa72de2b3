//! The `pairwork` command.

fn main() -> std::process::ExitCode {
    pairwork::cli()
}
