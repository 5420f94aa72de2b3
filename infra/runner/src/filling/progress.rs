//! A progress bar. It is drawn on standard error, and only if that is a terminal.

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

/// A bar of `steps` steps, with the words `what` beside it.
///
/// # Errors
/// Never, as long as the template below is valid.
pub(crate) fn bar(steps: usize, what: &'static str) -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template("{msg:22} {bar:40} {pos}/{len}  {elapsed}")
        .context("the bar's template")?
        .progress_chars("━╸─");
    Ok(ProgressBar::new(steps as u64).with_style(style).with_message(what))
}
