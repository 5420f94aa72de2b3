//! The files of the pages at `/_local`, and those of the market's page, which they share.

use emulator::Objects;
use hyper::StatusCode;

use super::{Answer, content, problem};

/// The files of `infra/runner/window`, compiled in: name and content.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/window.rs"));

/// The pictures that `evaluate --report` made of the shipped model.
const PICTURES: [(&str, &[u8]); 2] = [
    ("model/learning.svg", include_bytes!("../../../../matching/model/learning.svg")),
    ("model/calibration.svg", include_bytes!("../../../../matching/model/calibration.svg")),
];

/// A file by its path below `/_local`. `/web/…` are the files of the market's page.
pub(super) fn answer(path: &str, page: &Objects) -> Answer {
    let name = path.trim_start_matches('/');
    if name.starts_with("web/") {
        let found = page.read(name);
        return found.map_or_else(missing, |(body, content_type)| content(&content_type, body));
    }
    let name = if name.is_empty() { "index.html" } else { name };
    let mut files = FILES.iter().chain(&PICTURES);
    match files.find(|(known, _)| *known == name) {
        Some((_, body)) => content(content_type(name), *body),
        None => missing(),
    }
}

fn missing() -> Answer {
    problem(StatusCode::NOT_FOUND, "there is no such file")
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "html")) => "text/html; charset=utf-8",
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "svg")) => "image/svg+xml; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::FILES;

    /// No file of the window makes markup out of data.
    #[test]
    fn nothing_parses_html() {
        assert!(FILES.iter().any(|(name, _)| *name == "index.html"));
        for (name, body) in FILES {
            let text = std::str::from_utf8(body).unwrap();
            let words = ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"];
            for word in words.into_iter().chain([" style=\"", "<script>"]) {
                assert!(!text.contains(word), "{name} holds {word}");
            }
        }
    }
}
