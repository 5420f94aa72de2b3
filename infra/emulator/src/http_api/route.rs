//! Which function answers a method and a path, by the rules of API Gateway's HTTP APIs.
//!
//! The most specific route wins: a literal segment before a `{parameter}`, a parameter before a `{greedy+}` one, a
//! named method before `ANY`, and `$default` last. There is no route for HEAD or OPTIONS unless the template has
//! one.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html>.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::template::Route;

/// The routes of an API, each with what it leads to.
#[derive(Debug)]
pub(crate) struct Router<T> {
    /// The most specific first.
    routes: Vec<Compiled<T>>,
}

#[derive(Debug)]
struct Compiled<T> {
    method: String,
    segments: Vec<Segment>,
    key: String,
    target: T,
}

/// In the order of how specific they are.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Literal(String),
    Parameter(String),
    Greedy(String),
}

/// A route that was found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Match<'a, T> {
    /// As API Gateway names it: `GET /things/{id}`.
    pub(crate) key: &'a str,
    /// The parameters in the path, percent-decoded.
    pub(crate) parameters: Vec<(&'a str, Cow<'a, str>)>,
    pub(crate) target: &'a T,
}

impl<T> Router<T> {
    pub(crate) fn new(routes: impl IntoIterator<Item = (Route, T)>) -> Self {
        let mut routes: Vec<_> = routes
            .into_iter()
            .map(|(route, target)| Compiled {
                key: route.key(),
                segments: segments(&route.path),
                method: route.method,
                target,
            })
            .collect();
        routes.sort_by(|a, b| {
            let specific = |one: &Compiled<T>| (one.key == "$default", one.method == "ANY");
            let (a_last, a_any) = specific(a);
            let (b_last, b_any) = specific(b);
            a_last.cmp(&b_last).then_with(|| a.segments.cmp(&b.segments)).then(a_any.cmp(&b_any))
        });
        Self { routes }
    }

    /// The route for a request, `path` as it came in (still encoded).
    pub(crate) fn find<'a>(&'a self, method: &str, path: &'a str) -> Option<Match<'a, T>> {
        self.routes.iter().find_map(|route| {
            let any = route.method == "ANY" || route.key == "$default";
            if !any && route.method != method {
                return None;
            }
            let parameters = if route.key == "$default" { Vec::new() } else { match_path(&route.segments, path)? };
            Some(Match { key: &route.key, parameters, target: &route.target })
        })
    }
}

fn segments(path: &str) -> Vec<Segment> {
    let pieces = path.strip_prefix('/').unwrap_or(path).split('/');
    pieces
        .map(|piece| match piece.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => match name.strip_suffix('+') {
                Some(name) => Segment::Greedy(name.to_owned()),
                None => Segment::Parameter(name.to_owned()),
            },
            None => Segment::Literal(piece.to_owned()),
        })
        .collect()
}

fn match_path<'a>(segments: &'a [Segment], path: &'a str) -> Option<Vec<(&'a str, Cow<'a, str>)>> {
    let mut parameters = Vec::new();
    let mut rest = Some(path.strip_prefix('/')?);
    for segment in segments {
        let remaining = rest?;
        let (piece, after) = match remaining.split_once('/') {
            Some((piece, after)) => (piece, Some(after)),
            None => (remaining, None),
        };
        rest = after;
        match segment {
            Segment::Literal(literal) if *literal == decode(piece) => {}
            Segment::Parameter(name) if !piece.is_empty() => parameters.push((name.as_str(), decode(piece))),
            Segment::Greedy(name) if !remaining.is_empty() => {
                parameters.push((name.as_str(), decode(remaining)));
                rest = None;
            }
            _ => return None,
        }
    }
    rest.is_none().then_some(parameters)
}

/// Percent-decoded; bytes that are no UTF-8 become U+FFFD.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Route, Router};

    fn router(routes: &[&str]) -> Router<()> {
        Router::new(routes.iter().map(|key| {
            let (method, path) = key.split_once(' ').unwrap_or(("ANY", key));
            (Route { method: method.to_owned(), path: path.to_owned(), timeout: Duration::ZERO }, ())
        }))
    }

    #[track_caller]
    fn check(router: &Router<()>, method: &str, path: &str, expected: &str, parameters: &[(&str, &str)]) {
        let found = router.find(method, path).unwrap_or_else(|| panic!("{method} {path}"));
        let named: Vec<_> = found.parameters.iter().map(|(name, value)| (*name, &**value)).collect();
        assert_eq!((found.key, named.as_slice()), (expected, parameters), "{method} {path}");
    }

    #[test]
    fn the_most_specific_route_wins_whatever_their_order() {
        let mut routes = [
            "$default",
            "ANY /things/{id}",
            "GET /things/{id}",
            "GET /things/me",
            "GET /things/{rest+}",
            "GET /things",
            "GET /things/{id}/parts",
            "GET /things/me/parts",
        ];
        for _ in 0..routes.len() {
            routes.rotate_left(1);
            let router = router(&routes);
            check(&router, "GET", "/things", "GET /things", &[]);
            check(&router, "GET", "/things/me", "GET /things/me", &[]);
            check(&router, "GET", "/things/7", "GET /things/{id}", &[("id", "7")]);
            check(&router, "PUT", "/things/7", "ANY /things/{id}", &[("id", "7")]);
            check(&router, "GET", "/things/me/parts", "GET /things/me/parts", &[]);
            check(&router, "GET", "/things/7/parts", "GET /things/{id}/parts", &[("id", "7")]);
            check(&router, "GET", "/things/a/b/c", "GET /things/{rest+}", &[("rest", "a/b/c")]);
            check(&router, "POST", "/other", "$default", &[]);
        }
    }

    #[test]
    fn what_no_route_takes_is_not_found() {
        let router = router(&["GET /things/{id}", "GET /"]);
        for (method, path) in [
            ("HEAD", "/things/7"),
            ("OPTIONS", "/things/7"),
            ("POST", "/things/7"),
            ("GET", "/things/"),
            ("GET", "/things/7/"),
            ("GET", "/things"),
            ("GET", "/Things/7"),
            ("OPTIONS", "*"),
        ] {
            assert_eq!(router.find(method, path), None, "{method} {path}");
        }
        check(&router, "GET", "/", "GET /", &[]);
    }

    #[test]
    fn parameters_are_decoded_and_an_encoded_slash_stays_in_its_segment() {
        let router = router(&["GET /things/{id}"]);
        check(&router, "GET", "/things/a%2Fb%20c", "GET /things/{id}", &[("id", "a/b c")]);
        check(&router, "GET", "/things/%ED%95%9C%EA%B8%80", "GET /things/{id}", &[("id", "한글")]);
        check(&router, "GET", "/things/%FF", "GET /things/{id}", &[("id", "\u{fffd}")]);
        check(&router, "GET", "/%74hings/1", "GET /things/{id}", &[("id", "1")]);
    }
}
