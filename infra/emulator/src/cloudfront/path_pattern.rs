//! Path patterns of cache behaviors.

/// Whether a path is one that a pattern is for. `*` stands for any text, `?` for any one character, and case counts. A
/// slash at the beginning of the pattern makes no difference.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html>
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    let pattern = pattern.strip_prefix('/').unwrap_or(pattern).as_bytes();
    let path = path.strip_prefix('/').unwrap_or(path).as_bytes();
    let (mut p, mut t) = (0, 0);
    // Where the last star stands, and how far its text reaches. Giving it one more byte is all there is to retry.
    let mut star: Option<(usize, usize)> = None;
    while t < path.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&expected) if expected == b'?' || expected == path[t] => (p, t) = (p + 1, t + 1),
            _ => match star {
                Some((at, reach)) => {
                    star = Some((at, reach + 1));
                    (p, t) = (at + 1, reach + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|rest| *rest == b'*')
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
