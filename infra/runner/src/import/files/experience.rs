//! The work of a resume: how many years it spans, and how it reads as text.

use domain::values::YearsOfExperience;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};
use serde_json::Value;

use super::dates::{Moment, is_ongoing};
use super::json::{list, member, text, texts};
use super::report::{Note, Notes};

const DAYS_PER_YEAR: f64 = 365.25;

/// The whole years in which somebody worked; years of two jobs at once count once. `None` if no job has a start.
pub(super) fn years(work: &Value, now: Timestamp, notes: &mut Notes) -> Option<i64> {
    let today = now.to_zoned(TimeZone::UTC).date();
    let mut spans: Vec<(Date, Date)> = list(work).iter().filter_map(|job| span(job, today, notes)).collect();
    if spans.is_empty() {
        return None;
    }
    spans.sort_unstable();
    let mut days = 0.0;
    let mut counted_until = Date::MIN;
    for (start, end) in spans {
        let start = start.max(counted_until);
        if start < end {
            days += start.until((Unit::Day, end)).map_or(0, |span| span.get_days()) as f64;
            counted_until = end;
        }
    }
    Some(((days / DAYS_PER_YEAR + 0.01) as i64).min(YearsOfExperience::MAX))
}

fn span(job: &Value, today: Date, notes: &mut Notes) -> Option<(Date, Date)> {
    let start = date(&job["startDate"], notes)?;
    let end_text = text(&job["endDate"]).filter(|end| !is_ongoing(end));
    let end = match end_text {
        None => today,
        Some(_) => date(&job["endDate"], notes)?,
    };
    Some((start, end.min(today)))
}

fn date(value: &Value, notes: &mut Notes) -> Option<Date> {
    let written = text(value)?;
    let date = Moment::parse(&written).and_then(Moment::start).map(|time| time.to_zoned(TimeZone::UTC).date());
    notes.add(Note::UnknownDate, usize::from(date.is_none()));
    date
}

/// The jobs as paragraphs: `Position, Company (2019–2022)`, and the summary and highlights under it.
pub(super) fn jobs(work: &Value) -> Vec<String> {
    let paragraph = |job: &Value| {
        let position = text(member(job, &["position", "roles"]));
        let heading = heading(position, text(member(job, &["name", "company", "organization", "entity"])), job);
        let mut lines: Vec<String> = heading.into_iter().collect();
        lines.extend(text(member(job, &["summary", "description"])));
        lines.extend(texts(&job["highlights"]).map(|highlight| format!("- {highlight}")));
        lines.join("\n")
    };
    list(work).iter().map(paragraph).filter(|paragraph| !paragraph.is_empty()).collect()
}

/// The education as lines: `Computer science, Bachelor, University (2012–2016)`.
pub(super) fn schools(education: &Value) -> Vec<String> {
    let line = |school: &Value| {
        let study = [text(&school["area"]), text(&school["studyType"])].into_iter().flatten().collect::<Vec<_>>();
        heading((!study.is_empty()).then(|| study.join(", ")), text(member(school, &["institution", "name"])), school)
    };
    list(education).iter().filter_map(line).collect()
}

fn heading(first: Option<String>, second: Option<String>, dated: &Value) -> Option<String> {
    let names = [first, second].into_iter().flatten().collect::<Vec<_>>().join(", ");
    if names.is_empty() {
        return None;
    }
    let year = |name| text(&dated[name]).and_then(|written| Moment::parse(&written)?.start());
    let year = |name| year(name).map(|time| time.to_zoned(TimeZone::UTC).year().to_string());
    Some(match (year("startDate"), year("endDate")) {
        (Some(start), Some(end)) if start == end => format!("{names} ({start})"),
        (Some(start), end) => format!("{names} ({start}–{})", end.unwrap_or_default()),
        (None, Some(end)) => format!("{names} ({end})"),
        (None, None) => names,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn years_of(work: Value) -> (Option<i64>, usize) {
        let mut notes = Notes::default();
        let years = years(&work, "2026-12-01T00:00:00Z".parse().unwrap(), &mut notes);
        (years, notes.count(Note::UnknownDate))
    }

    #[test]
    fn years_at_two_jobs_at_once_count_once() {
        let work = json!([
            {"startDate": "2016-01-01", "endDate": "2018-01-01"},
            {"startDate": "2017-01-01", "endDate": "2019-01-01"},
            {"startDate": "May 2024", "endDate": "Present"},
        ]);
        assert_eq!(years_of(work), (Some(5), 0));
        assert_eq!(years_of(json!({"startDate": 2020, "endDate": null})), (Some(6), 0));
    }

    #[test]
    fn odd_dates_are_left_out_and_counted() {
        let work = json!([
            {"startDate": "long ago", "endDate": ""},
            {"startDate": "2020-01-01", "endDate": "when the project ended"},
            {"startDate": "2024-01-01", "endDate": "2023-01-01"},
            {"position": "Painter"},
            "Painter",
            null,
        ]);
        assert_eq!(years_of(work), (Some(0), 2));
        assert_eq!(years_of(json!("2020")), (None, 0));
        assert_eq!(years_of(json!([{"startDate": "1900"}])), (Some(YearsOfExperience::MAX), 0));
    }

    #[test]
    fn work_and_education_read_as_text() {
        let work = json!([{
            "name": "한강 결제", "position": "백엔드 개발자", "startDate": "2019-03", "endDate": "",
            "summary": "결제 시스템", "highlights": ["정산", null, "AWS"],
        }, {"company": "Harbour"}, {}]);
        assert_eq!(jobs(&work), ["백엔드 개발자, 한강 결제 (2019–)\n결제 시스템\n- 정산\n- AWS", "Harbour"]);
        let education =
            json!({"area": "Computer science", "studyType": "Bachelor", "institution": "KAIST", "endDate": "2016"});
        assert_eq!(schools(&education), ["Computer science, Bachelor, KAIST (2016)"]);
    }
}
