//! Path patterns of cache behaviors.

use crate::wildcard::fits;

/// Whether a path is one that a pattern is for. `*` stands for any text, `?` for any one character, and case counts. A
/// slash at the beginning of the pattern makes no difference.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html>
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    fits(pattern.strip_prefix('/').unwrap_or(pattern), path.strip_prefix('/').unwrap_or(path))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_and_question_marks_stand_for_text() {
        for (pattern, path) in [
            ("*", "/"),
            ("*", "/a/b"),
            ("/", "/"),
            ("/index.html", "/index.html"),
            ("index.html", "/index.html"),
            ("/web/*", "/web/a/b.js"),
            ("/web/*", "/web/"),
            ("*.js", "/web/a.js"),
            ("/a?/*.js", "/ab/c.js"),
            ("/*a*b", "/aab"),
            ("/*a*b", "/xaxbxb"),
        ] {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("/", "/a"),
            ("/web/*", "/web"),
            ("/web/*", "/webb/a"),
            ("/Web/*", "/web/a"),
            ("*.js", "/a.jsx"),
            ("/a?", "/a"),
            ("/*a*b", "/ba"),
        ] {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
    }
}
