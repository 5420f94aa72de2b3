//! The path of the route that an event is for.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// The bytes of a path parameter that are escaped: all but the unreserved characters of RFC 3986, section 2.3.
const NOT_IN_PARAMETERS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The bytes that are not allowed in a path. `%` is kept, because it begins an escape.
const NOT_IN_PATHS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The path of a route key such as `GET /projects/{id}`, with the event's parameters inserted. `None` for `$default`,
/// and for a key whose parameters the event does not name.
pub(super) fn of_route(route_key: &str, parameters: Option<&BTreeMap<String, String>>) -> Option<String> {
    let (_, template) = route_key.split_once(' ')?;
    if !template.starts_with('/') {
        return None;
    }
    let mut path = String::with_capacity(template.len());
    for segment in template.split('/').skip(1) {
        path.push('/');
        match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            None => path.push_str(segment),
            // A name that ends with `+` stands for the rest of the path.
            Some(name) => match name.strip_suffix('+') {
                None => path.extend(utf8_percent_encode(parameters?.get(name)?, NOT_IN_PARAMETERS)),
                Some(name) => path.extend(utf8_percent_encode(parameters?.get(name)?, NOT_IN_PATHS)),
            },
        }
    }
    Some(path)
}

/// The path in the event, without a leading stage.
pub(super) fn of_raw(raw_path: &str, stage: Option<&str>) -> String {
    let staged = stage.and_then(|stage| raw_path.strip_prefix('/')?.strip_prefix(stage));
    let path = match staged {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => rest,
        _ => raw_path,
    };
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("{slash}{}", utf8_percent_encode(path, NOT_IN_PATHS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(parameters: &[(&str, &str)]) -> BTreeMap<String, String> {
        parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn parameters_are_inserted_into_the_route() {
        let parameters = with(&[("id", "a b/민%2F")]);
        let path = of_route("GET /projects/{id}/matches", Some(&parameters));
        assert_eq!(path.as_deref(), Some("/projects/a%20b%2F%EB%AF%BC%252F/matches"));
        assert_eq!(of_route("GET /health", None).as_deref(), Some("/health"));
        let rest = with(&[("proxy", "a b/c")]);
        assert_eq!(of_route("ANY /files/{proxy+}", Some(&rest)).as_deref(), Some("/files/a%20b/c"));
    }

    #[test]
    fn a_key_without_a_route_or_with_unknown_parameters_gives_no_path() {
        assert_eq!(of_route("$default", None), None);
        assert_eq!(of_route("GET /projects/{id}", None), None);
        assert_eq!(of_route("GET /projects/{id}", Some(&with(&[("name", "x")]))), None);
    }

    #[test]
    fn a_raw_path_loses_its_stage() {
        assert_eq!(of_raw("/prod/health", Some("prod")), "/health");
        assert_eq!(of_raw("/production", Some("prod")), "/production");
        assert_eq!(of_raw("/health", Some("$default")), "/health");
        assert_eq!(of_raw("/names/민 아?%41", None), "/names/%EB%AF%BC%20%EC%95%84%3F%41");
        assert_eq!(of_raw("", None), "/");
        assert_eq!(of_raw("/prod", Some("prod")), "/");
    }
}
