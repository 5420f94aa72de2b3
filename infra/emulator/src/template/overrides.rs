//! Values given from outside: `--parameter-overrides`, as the SAM command line takes them.

use std::collections::BTreeMap;

/// Values for parameters, by name.
///
/// Three kinds of names stand for what only an account holds: `ssm:/path` (and `ssm-secure:`, `secretsmanager:`) for a
/// `{{resolve:…}}` reference, and `ImportValue:NAME` for what another stack exports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides(BTreeMap<String, String>);

/// The beginnings of names that are no parameters.
const REFERENCES: [&str; 4] = ["ssm:", "ssm-secure:", "secretsmanager:", "ImportValue:"];

impl Overrides {
    /// Reads the arguments of `--parameter-overrides`. Each holds one or more pairs: `KEY=VALUE`, `KEY="a value"`, or
    /// `ParameterKey=KEY,ParameterValue=VALUE`. A later value of a key replaces an earlier one.
    ///
    /// # Errors
    /// The argument that is no pair.
    pub fn parse<'t>(arguments: impl IntoIterator<Item = &'t str>) -> Result<Self, String> {
        let mut values = BTreeMap::new();
        for argument in arguments {
            let mut rest = argument.trim();
            while !rest.is_empty() {
                let (key, value, after) = pair(rest).ok_or_else(|| format!("expected KEY=VALUE, found {rest}"))?;
                values.insert(key, value);
                rest = after.trim_start();
            }
        }
        Ok(Self(values))
    }

    /// Gives a parameter a value, unless it has one.
    #[must_use]
    pub fn or(mut self, name: &str, value: &str) -> Self {
        self.0.entry(name.to_owned()).or_insert_with(|| value.to_owned());
        self
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The names that should be parameters of the template.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &str> {
        let is_parameter = |name: &&String| !REFERENCES.iter().any(|start| name.starts_with(start));
        self.0.keys().filter(is_parameter).map(String::as_str)
    }
}

/// The first pair of a text, and the text after it.
fn pair(text: &str) -> Option<(String, String, &str)> {
    if let Some(rest) = text.strip_prefix("ParameterKey=") {
        let (key, rest) = rest.split_once(",ParameterValue=")?;
        let (value, after) = value(rest)?;
        return Some((unquoted(key), value, after));
    }
    let (key, rest) = text.split_once('=')?;
    if key.is_empty() || key.contains(char::is_whitespace) {
        return None;
    }
    let (value, after) = value(rest)?;
    Some((unquoted(key), value, after))
}

fn unquoted(text: &str) -> String {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(text).to_owned()
}

/// A value up to its closing quote, or up to the next `KEY=`. A backslash takes the character after it as it is.
fn value(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''));
    let mut value = String::new();
    let mut characters = text.char_indices().skip(usize::from(quote.is_some()));
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => value.push(characters.next().map_or('\\', |(_, escaped)| escaped)),
            _ if Some(character) == quote => {
                let after = text.get(at + character.len_utf8()..)?;
                return after
                    .is_empty()
                    .then_some((value.clone(), after))
                    .or_else(|| after.starts_with(char::is_whitespace).then_some((value, after)));
            }
            _ if quote.is_none() && character.is_whitespace() && starts_pair(text.get(at..)?) => {
                return Some((value.trim_end().to_owned(), text.get(at..)?));
            }
            _ => value.push(character),
        }
    }
    quote.is_none().then_some((value, ""))
}

fn starts_pair(text: &str) -> bool {
    text.split_whitespace().next().is_some_and(|word| word.find('=').is_some_and(|at| at > 0))
}

#[cfg(test)]
mod tests {
    use super::Overrides;

    fn read(arguments: &[&str]) -> Vec<(String, String)> {
        Overrides::parse(arguments.iter().copied()).unwrap().0.into_iter().collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn pairs_are_read_in_every_form_that_sam_takes() {
        assert_eq!(read(&["A=1", "B=2"]), pairs(&[("A", "1"), ("B", "2")]));
        assert_eq!(read(&["A=1 B=2"]), pairs(&[("A", "1"), ("B", "2")]));
        assert_eq!(read(&[r#"A="a b" B='c "d"'"#]), pairs(&[("A", "a b"), ("B", "c \"d\"")]));
        assert_eq!(read(&[r#"A="say \"hi\"" B=c\ d"#]), pairs(&[("A", "say \"hi\""), ("B", "c d")]));
        // A shell has taken these quotes away already.
        assert_eq!(read(&["A=a b"]), pairs(&[("A", "a b")]));
        assert_eq!(
            read(&["ParameterKey=A,ParameterValue=1 ParameterKey=B,ParameterValue=\"x y\""]),
            pairs(&[("A", "1"), ("B", "x y"),])
        );
        assert_eq!(
            read(&["A=", "B=https://x.example/?a=b", "C=a,b"]),
            pairs(&[("A", ""), ("B", "https://x.example/?a=b"), ("C", "a,b"),])
        );
        assert_eq!(read(&["A=1", "A=2"]), pairs(&[("A", "2")]));
        assert_eq!(read(&["ssm:/x/y=z"]), pairs(&[("ssm:/x/y", "z")]));
        assert_eq!(read(&["A=한글"]), pairs(&[("A", "한글")]));
    }

    #[test]
    fn what_is_no_pair_is_named() {
        for wrong in ["A", "=1", "A B=1", "A=\"open", "A=\"x\"y"] {
            assert_eq!(Overrides::parse([wrong]).unwrap_err(), format!("expected KEY=VALUE, found {wrong}"));
        }
    }
}
