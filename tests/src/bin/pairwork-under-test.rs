//! The local runner exactly as shipped, built beside the tests so that cargo can tell them where it is.

fn main() -> std::process::ExitCode {
    pairwork::cli()
}
