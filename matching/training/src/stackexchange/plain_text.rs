//! Converts HTML to plain text.

use quick_xml::escape::resolve_predefined_entity;

/// Removes tags, resolves entities, and makes every run of white space one space.
pub(super) fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        text.push(' ');
        match rest[start..].find('>') {
            Some(end) => rest = &rest[start + end + 1..],
            None => rest = "",
        }
    }
    text.push_str(rest);
    let resolved = resolve_entities(&text);
    resolved.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Resolves the five entities of XML, numeric ones, and the no-break space. Any other entity stays as it is written.
fn resolve_entities(text: &str) -> String {
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        resolved.push_str(&rest[..start]);
        rest = &rest[start..];
        let entity = rest[1..].split_once(';').map(|(entity, _)| entity);
        match entity.and_then(|entity| Some((entity, character_of(entity)?))) {
            Some((entity, character)) => {
                resolved.push(character);
                rest = &rest[entity.len() + 2..];
            }
            None => {
                resolved.push('&');
                rest = &rest[1..];
            }
        }
    }
    resolved.push_str(rest);
    resolved
}

fn character_of(entity: &str) -> Option<char> {
    if let Some(number) = entity.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?);
    }
    if entity == "nbsp" {
        return Some(' ');
    }
    resolve_predefined_entity(entity)?.chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_html_stays_text() {
        assert_eq!(plain_text("a &bogus; b & c &#xZZ; <i"), "a &bogus; b & c &#xZZ;");
    }
}
