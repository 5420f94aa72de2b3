//! Files that people write: UTF-8, with or without a byte order mark.

use std::path::Path;

use anyhow::{Context, bail};

/// The text of a file, without its byte order mark.
///
/// # Errors
/// When the file can't be read, or is in another encoding, which is named if it can be told.
pub(crate) fn read(file: &Path) -> anyhow::Result<String> {
    let bytes = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    decode(bytes).with_context(|| format!("reading {}", file.display()))
}

fn decode(bytes: Vec<u8>) -> anyhow::Result<String> {
    if let Some(encoding) = other_encoding(&bytes) {
        bail!("the file is in {encoding}. Save it as UTF-8");
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(problem) => bail!("the file is not UTF-8: byte {} begins no character", problem.utf8_error().valid_up_to()),
    }
}

/// An encoding that a byte order mark names, or that the zeros of Latin letters give away.
fn other_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("UTF-32"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("UTF-16"),
        [0, first, 0, second, ..] | [first, 0, second, 0, ..] if *first != 0 && *second != 0 => Some("UTF-16"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    fn utf_16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn a_byte_order_mark_is_read_over() {
        assert_eq!(decode("\u{feff}{\"이름\": 1}".into()).unwrap(), "{\"이름\": 1}");
        assert_eq!(decode("{}".into()).unwrap(), "{}");
        assert_eq!(decode(Vec::new()).unwrap(), "");
    }

    #[test]
    fn another_encoding_is_named() {
        let problem = |bytes: Vec<u8>| decode(bytes).unwrap_err().to_string();
        for big in [false, true] {
            for text in ["\u{feff}{}", "{\"a\": 1}"] {
                assert_eq!(problem(utf_16(text, big)), "the file is in UTF-16. Save it as UTF-8");
            }
        }
        assert_eq!(problem(vec![0xff, 0xfe, 0, 0, b'{', 0, 0, 0]), "the file is in UTF-32. Save it as UTF-8");
        assert_eq!(problem(b"{\"a\": \"\xe9\"}".to_vec()), "the file is not UTF-8: byte 7 begins no character");
    }
}
