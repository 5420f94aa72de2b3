//! One project and its matches, as a table.

use std::fmt;

use comfy_table::{CellAlignment, ColumnConstraint, Width};

use super::api::{Match, Matches, Project, Rate};
use super::{reason, table};

/// One column of the table.
struct Column {
    heading: &'static str,
    alignment: CellAlignment,
    /// In characters of a Latin letter's width. Longer cells wrap.
    max_width: u16,
    cell: fn(usize, &Match) -> String,
}

const COLUMNS: [Column; 6] = [
    Column { heading: "#", alignment: CellAlignment::Right, max_width: 5, cell: |rank, _| rank.to_string() },
    Column {
        heading: "Freelancer",
        alignment: CellAlignment::Left,
        max_width: 20,
        cell: |_, item| item.freelancer.display_name.clone(),
    },
    Column {
        heading: "Offers",
        alignment: CellAlignment::Left,
        max_width: 36,
        cell: |_, item| item.freelancer.headline.clone(),
    },
    Column {
        heading: "Per hour",
        alignment: CellAlignment::Right,
        max_width: 16,
        cell: |_, item| item.freelancer.hourly_rate.as_ref().map(price).unwrap_or_default(),
    },
    Column {
        heading: "Score",
        alignment: CellAlignment::Right,
        max_width: 8,
        cell: |_, item| in_three_digits(item.score),
    },
    Column {
        heading: "Why",
        alignment: CellAlignment::Left,
        max_width: 36,
        cell: |_, item| reason::strongest(&item.reasons),
    },
];

/// A probability. Small ones get more digits, so that they differ.
fn in_three_digits(score: f64) -> String {
    if score >= 0.01 { format!("{score:.3}") } else { format!("{score:.5}") }
}

/// A project with its best matches. It prints as a heading and a table.
#[derive(Debug)]
pub(crate) struct Shortlist<'a> {
    pub(crate) project: &'a Project,
    pub(crate) matches: &'a Matches,
}

impl fmt::Display for Shortlist<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { project, matches: Matches { pool_size, items } } = self;
        writeln!(f, "Project:  {}", project.title)?;
        writeln!(f, "Skills:   {}", project.skills.join(", "))?;
        writeln!(f, "Matches:  the best {} of {pool_size} candidates", items.len())?;
        let mut table = table::new(COLUMNS.map(|column| column.heading));
        for (rank, item) in (1..).zip(items) {
            table.add_row(COLUMNS.map(|column| (column.cell)(rank, item)));
        }
        for (place, Column { alignment, max_width, .. }) in COLUMNS.into_iter().enumerate() {
            if let Some(column) = table.column_mut(place) {
                column.set_cell_alignment(alignment);
                column.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(max_width)));
            }
        }
        write!(f, "{table}")
    }
}

/// `65,000 KRW`, `85.00 USD`. An unknown currency is shown in minor units.
fn price(rate: &Rate) -> String {
    let digits = rate.currency.parse::<domain::values::Currency>().map_or(0, |currency| currency.minor_digits());
    let unit = 10_i64.pow(u32::from(digits));
    let whole = (rate.amount / unit).to_string();
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if digits > 0 {
        grouped += &format!(".{:0width$}", rate.amount % unit, width = usize::from(digits));
    }
    format!("{grouped} {}", rate.currency)
}

#[cfg(test)]
mod tests {
    use super::super::api::{Card, Reason};
    use super::*;

    #[test]
    fn a_shortlist_is_readable() {
        let project = Project {
            id: "prj_1".to_owned(),
            title: "결제 API".to_owned(),
            skills: vec!["Rust".to_owned(), "결제 연동".to_owned()],
        };
        let freelancer = |name: &str, rate| Card {
            display_name: name.to_owned(),
            headline: "Rust와 서버리스로 만드는 빠르고 조용한 백엔드".to_owned(),
            hourly_rate: rate,
        };
        let matches = Matches {
            pool_size: 240,
            items: vec![
                Match {
                    freelancer: freelancer("김서연", Some(Rate { amount: 65_000, currency: "KRW".to_owned() })),
                    score: 0.8349,
                    reasons: vec![Reason {
                        feature: "skill_overlap".to_owned(),
                        value: Some(0.914),
                        contribution: 1.2,
                    }],
                },
                Match { freelancer: freelancer("Maya Kim", None), score: 0.5, reasons: Vec::new() },
            ],
        };
        let printed = Shortlist { project: &project, matches: &matches }.to_string();
        let lines: Vec<&str> = printed.lines().collect();
        let (heading, table) = lines.split_at(3);
        assert_eq!(
            heading,
            ["Project:  결제 API", "Skills:   Rust, 결제 연동", "Matches:  the best 2 of 240 candidates"]
        );
        let words: Vec<String> =
            table.iter().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        let border = table[0];
        assert!(border.chars().all(|character| character == '─') && border.chars().count() < 120, "{border}");
        assert_eq!(
            words,
            [
                border,
                "# Freelancer Offers Per hour Score Why",
                border,
                "1 김서연 Rust와 서버리스로 만드는 빠르고 65,000 KRW 0.835 skills 91%",
                "조용한 백엔드",
                "2 Maya Kim Rust와 서버리스로 만드는 빠르고 0.500",
                "조용한 백엔드",
                border
            ]
        );
    }

    #[test]
    fn prices_are_written_in_their_own_currency() {
        let written = |amount, currency: &str| price(&Rate { amount, currency: currency.to_owned() });
        assert_eq!(written(65_000, "KRW"), "65,000 KRW");
        assert_eq!(written(1_234_567, "USD"), "12,345.67 USD");
        assert_eq!(written(905, "EUR"), "9.05 EUR");
        assert_eq!(written(1_005, "KWD"), "1.005 KWD");
    }
}
