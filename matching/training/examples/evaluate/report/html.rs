//! HTML helpers of the report page.

use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;

/// Escapes text for HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// A table that scrolls on a narrow screen. Cells are HTML; the first cell of a row is its header.
pub(super) struct Table {
    html: String,
    columns: usize,
}

impl Table {
    pub(super) fn new(caption: &str, columns: &[&str]) -> Self {
        let heads: String = columns.iter().map(|name| format!("<th scope=\"col\">{name}</th>")).collect();
        let html = format!(
            "<div class=\"wide\"><table>\n<caption>{caption}</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n"
        );
        Self { html, columns: columns.len() }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells: String = cells.into_iter().map(|cell| format!("<td>{cell}</td>")).collect();
        self.html.push_str(&format!("<tr>{cells}</tr>\n"));
    }

    /// Adds a heading over the rows that follow.
    pub(super) fn group(&mut self, name: &str) {
        let columns = self.columns;
        self.html.push_str(&format!("<tr class=\"group\"><th colspan=\"{columns}\">{name}</th></tr>\n"));
    }

    pub(super) fn finish(self) -> String {
        self.html + "</tbody>\n</table></div>\n"
    }
}

/// An SVG picture inside the page, with an alternative text for screen readers.
pub(super) fn figure(
    size: (u32, u32),
    alternative: &str,
    caption: &str,
    draw: impl FnOnce(&DrawingArea<SVGBackend<'_>, Shift>) -> Result<()>,
) -> Result<String> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        draw(&root)?;
        root.present().map_err(failed)?;
    }
    let alternative = escaped(alternative);
    let svg = svg.replacen("<svg ", &format!("<svg role=\"img\" aria-label=\"{alternative}\" "), 1);
    Ok(format!("<figure>\n{svg}\n<figcaption>{caption}</figcaption>\n</figure>\n"))
}

/// Converts errors of plotters, which borrow the drawing, to errors that anyhow can own.
pub(super) fn failed(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("cannot draw: {error}")
}
