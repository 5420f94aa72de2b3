//! The rows of a dump's XML files.

use std::io::BufRead;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::error::DumpError;

/// The attributes of one `<row …/>`.
pub(super) struct Row {
    file: &'static str,
    attributes: Vec<(String, String)>,
}

impl Row {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn wrong(&self, attribute: &'static str) -> DumpError {
        let owned = |name| self.get(name).unwrap_or_default().to_owned();
        DumpError::Row { file: self.file, row: owned("Id"), attribute, value: owned(attribute) }
    }

    pub(super) fn number<N: std::str::FromStr>(&self, name: &'static str) -> Result<N, DumpError> {
        self.get(name).and_then(|value| value.parse().ok()).ok_or_else(|| self.wrong(name))
    }

    pub(super) fn optional_number<N: std::str::FromStr>(&self, name: &'static str) -> Result<Option<N>, DumpError> {
        self.get(name).map(|_| self.number(name)).transpose()
    }

    /// A time in milliseconds since 1970. A dump's times are UTC, without saying so.
    pub(super) fn time(&self, name: &'static str) -> Result<i64, DumpError> {
        self.get(name)
            .and_then(|value| value.parse::<DateTime>().ok())
            .and_then(|time| TimeZone::UTC.to_timestamp(time).ok())
            .map(|timestamp| timestamp.as_millisecond())
            .ok_or_else(|| self.wrong(name))
    }
}

/// Calls `take` with every `<row …/>` of a file.
pub(super) fn each_row(
    file: &'static str,
    content: impl BufRead,
    mut take: impl FnMut(Row) -> Result<(), DumpError>,
) -> Result<(), DumpError> {
    let xml = |cause| DumpError::Xml { file, cause };
    let mut reader = Reader::from_reader(content);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).map_err(xml)? {
            Event::Start(tag) | Event::Empty(tag) if tag.name().as_ref() == "row" => {
                take(Row { file, attributes: attributes(&tag).map_err(xml)? })?;
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
        buffer.clear();
    }
}

fn attributes(tag: &BytesStart<'_>) -> quick_xml::Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute?;
        let value = attribute.normalized_value(XmlVersion::Explicit1_0)?.into_owned();
        found.push((attribute.key.as_ref().to_owned(), value));
    }
    Ok(found)
}
