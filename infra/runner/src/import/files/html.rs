//! HTML as plain text with its line breaks.

use html_escape::decode_html_entities;

/// Tags that end a line.
const BLOCKS: [&str; 22] = [
    "address",
    "article",
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "ol",
    "p",
    "section",
    "table",
    "td",
    "tr",
    "ul",
];
/// Elements whose content is no text.
const HIDDEN: [&str; 3] = ["script", "style", "template"];

/// The text of HTML: tags removed, list items marked by a hyphen, entities resolved, white space made single. A text
/// without tags keeps its own line breaks.
pub(super) fn text_of(html: &str) -> String {
    // Some systems escape the markup once more: &lt;p&gt;. It has no tags of its own then.
    let unescaped = if html.contains("&lt;") && !has_tag(html) { decode_html_entities(html) } else { html.into() };
    if !has_tag(&unescaped) {
        return tidy(&decode_html_entities(&unescaped));
    }
    // Behind the last `>` there is no tag, so the search below for a tag's end always succeeds.
    let (tagged, mut untagged) = unescaped.split_at(end_of_tags(&unescaped));
    let mut text = String::with_capacity(unescaped.len());
    let mut rest = tagged;
    while let Some(start) = rest.find('<') {
        push_inline(&mut text, &rest[..start]);
        rest = &rest[start..];
        let Some(tag) = Tag::at_start_of(rest) else {
            text.push('<');
            rest = &rest[1..];
            continue;
        };
        rest = &rest[tag.length..];
        if HIDDEN.contains(&tag.name.as_str()) && !tag.is_closing {
            rest = after_hidden(rest, &tag.name).unwrap_or_else(|| {
                untagged = "";
                ""
            });
        } else if tag.name == "li" {
            text.push_str(if tag.is_closing { " " } else { "\n- " });
        } else if BLOCKS.contains(&tag.name.as_str()) {
            text.push('\n');
        }
    }
    push_inline(&mut text, rest);
    push_inline(&mut text, untagged);
    tidy(&decode_html_entities(&text))
}

fn end_of_tags(text: &str) -> usize {
    text.rfind('>').map_or(0, |last| last + 1)
}

fn has_tag(text: &str) -> bool {
    let tagged = &text[..end_of_tags(text)];
    tagged.match_indices('<').any(|(start, _)| starts_tag(&tagged[start..]))
}

/// Whether a text begins with a tag: unlike in `a < b`, a name follows.
fn starts_tag(text: &str) -> bool {
    let name = text.strip_prefix("</").or_else(|| text.strip_prefix('<')).unwrap_or_default();
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '?')
}

/// In HTML, a line break between tags is a space.
fn push_inline(text: &mut String, inline: &str) {
    text.extend(inline.chars().map(|c| if c.is_ascii_whitespace() { ' ' } else { c }));
}

/// A tag, a comment, or a declaration.
struct Tag {
    /// In small letters; empty for a comment or a declaration.
    name: String,
    is_closing: bool,
    /// In bytes.
    length: usize,
}

impl Tag {
    /// `None` if the text begins with no tag. A comment that does not end takes the rest of the text.
    fn at_start_of(text: &str) -> Option<Self> {
        if text.starts_with("<!--") {
            let length = text.find("-->").map_or(text.len(), |end| end + "-->".len());
            return Some(Self { name: String::new(), is_closing: false, length });
        }
        if !starts_tag(text) {
            return None;
        }
        let is_closing = text.starts_with("</");
        let name = text.chars().skip(if is_closing { 2 } else { 1 }).take_while(char::is_ascii_alphanumeric);
        let name = name.map(|c| c.to_ascii_lowercase()).collect();
        Some(Self { name, is_closing, length: text.find('>')? + 1 })
    }
}

/// The text behind the end of an element; `None` if it does not end.
fn after_hidden<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let closing = text.match_indices("</").find(|(start, _)| {
        let found = text.as_bytes().get(start + 2..start + 2 + name.len());
        found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
    });
    closing.and_then(|(start, _)| text[start..].find('>').map(|end| &text[start + end + 1..]))
}

/// Makes white space single within a line, and at most one line empty between two others.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut breaks = 0;
    for line in text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")) {
        if line.is_empty() || line == "-" {
            breaks += 1;
            continue;
        }
        if !tidied.is_empty() {
            tidied.push_str(if breaks > 0 { "\n\n" } else { "\n" });
        }
        tidied.push_str(&line);
        breaks = 0;
    }
    tidied
}

#[cfg(test)]
mod tests {
    use super::text_of;

    #[test]
    fn markup_becomes_lines() {
        let html = "<p>We build&nbsp;<b>payment</b>\nsystems.</p>\
            <ul><li>Rust &amp; C++</li><LI class='x'>결제</LI></ul><br/>Join us";
        assert_eq!(text_of(html), "We build payment systems.\n\n- Rust & C++\n- 결제\n\nJoin us");
    }

    #[test]
    fn scripts_and_comments_fall() {
        assert_eq!(text_of("a<script>if (1<2) x()</script >b<!-- <p>c</p> -->d<style>p{}"), "abd");
    }

    #[test]
    fn markup_that_was_escaped_twice_is_read() {
        assert_eq!(text_of("&lt;p&gt;Tom &amp;amp; Kim&lt;/p&gt;&lt;p&gt;둘&lt;/p&gt;"), "Tom & Kim\n\n둘");
    }

    #[test]
    fn plain_text_keeps_its_lines() {
        assert_eq!(text_of("a < b\r\nc & d\n\n\n\ne"), "a < b\nc & d\n\ne");
        assert_eq!(text_of("5 &lt; 7 &bogus; &#44608;"), "5 < 7 &bogus; 김");
        assert_eq!(text_of("<p>a <b"), "a <b");
        assert_eq!(text_of(""), "");
    }

    #[test]
    fn a_long_broken_text_takes_no_time() {
        for broken in ["<a", "<!--", "</", "<script>", "&lt;p", "<script></"] {
            let text = text_of(&broken.repeat(500_000));
            assert!(text.len() <= 4_000_000, "{broken}");
        }
    }
}
