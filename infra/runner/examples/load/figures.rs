//! The measurements, as a table and as JSON.

use std::fmt;
use std::time::Duration;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use serde_json::{Value, json};

use crate::caller::Turn;
use crate::process::Process;

/// All turns of one route with one number of callers.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    times: Vec<Duration>,
    wall: Duration,
    cpu: Duration,
    read_units: f64,
    write_units: f64,
}

impl Figures {
    pub(crate) fn add(&mut self, turn: Turn) {
        self.times.extend(turn.times);
        self.wall += turn.wall;
        self.cpu += turn.cpu;
        self.read_units += turn.read_units;
        self.write_units += turn.write_units;
    }

    /// Milliseconds within which a share of the requests was answered (nearest rank).
    fn percentile_ms(&self, share: f64) -> f64 {
        let mut times = self.times.clone();
        times.sort_unstable();
        let rank = (times.len() as f64 * share).ceil() as usize;
        times.get(rank.saturating_sub(1)).map_or(0.0, |time| time.as_secs_f64() * 1e3)
    }

    fn per_second(&self) -> f64 {
        self.times.len() as f64 / self.wall.as_secs_f64()
    }

    fn per_request(&self, total: f64) -> f64 {
        total / self.times.len() as f64
    }

    fn cpu_ms(&self) -> f64 {
        self.per_request(self.cpu.as_secs_f64() * 1e3)
    }
}

/// The figures of all routes.
#[derive(Debug)]
pub(crate) struct Report {
    /// By name of the route and number of callers.
    pub(crate) lines: Vec<((&'static str, usize), Figures)>,
    /// The functions' processes at the end.
    pub(crate) processes: Vec<Process>,
    /// How long starting and filling the market took.
    pub(crate) filled: Duration,
}

impl Report {
    pub(crate) fn json(&self) -> Value {
        let lines = self.lines.iter().map(|((route, callers), figures)| {
            json!({
                "route": route,
                "callers": callers,
                "requests": figures.times.len(),
                "p50_ms": figures.percentile_ms(0.5),
                "p99_ms": figures.percentile_ms(0.99),
                "requests_per_second": figures.per_second(),
                "cpu_ms": figures.cpu_ms(),
                "read_units": figures.per_request(figures.read_units),
                "write_units": figures.per_request(figures.write_units),
            })
        });
        json!({ "filled_s": self.filled.as_secs_f64(), "routes": lines.collect::<Vec<_>>() })
    }

    fn peak_mb(&self, function: &str) -> u64 {
        let peaks = self.processes.iter().filter(|process| process.function == function);
        peaks.map(|process| process.peak_bytes).max().unwrap_or_default() / 1_000_000
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new();
        table.load_style(ASCII_MARKDOWN).set_header([
            "route",
            "callers",
            "requests",
            "p50 ms",
            "p99 ms",
            "requests/s",
            "CPU ms",
            "read units",
            "write units",
        ]);
        for ((route, callers), figures) in &self.lines {
            let mut line = vec![(*route).to_owned(), callers.to_string()];
            if figures.times.is_empty() {
                line.push("0".to_owned());
            } else {
                line.extend([
                    figures.times.len().to_string(),
                    format!("{:.2}", figures.percentile_ms(0.5)),
                    format!("{:.2}", figures.percentile_ms(0.99)),
                    format!("{:.0}", figures.per_second()),
                    format!("{:.2}", figures.cpu_ms()),
                    format!("{:.1}", figures.per_request(figures.read_units)),
                    format!("{:.1}", figures.per_request(figures.write_units)),
                ]);
            }
            table.add_row(line);
        }
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        writeln!(f, "{table}\n")?;
        writeln!(f, "The market was full after {:.1} s.", self.filled.as_secs_f64())?;
        write!(f, "Most memory of one process:")?;
        let mut functions: Vec<&str> = self.processes.iter().map(|process| process.function.as_str()).collect();
        functions.sort_unstable();
        functions.dedup();
        for function in functions {
            write!(f, " {function} {} MB", self.peak_mb(function))?;
        }
        Ok(())
    }
}
