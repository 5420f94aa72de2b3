//! Where a request ends, read strictly: one reading for everybody, or none.
//!
//! hyper forgives line feeds without a carriage return and takes a length beside a transfer coding. A proxy in front
//! may read such a request otherwise, so API Gateway refuses it, and so does this module. Source: RFC 9112, sections
//! 2.2, 5.2, 6.1 and 6.3.

/// The largest head that is read, in bytes. The gateway's own quota is smaller and has an answer of its own.
const HEAD_LIMIT_BYTES: usize = 32 * 1024;
/// The longest line that gives the size of a chunk, and the longest trailer, in bytes.
const LINE_LIMIT_BYTES: usize = 4 * 1024;

/// A request that is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// 400
    Malformed,
    /// 431
    TooLarge,
}

/// The rest of a request behind its head.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Body {
    /// This many bytes.
    Length(u64),
    Chunked(Chunk),
}

/// The place within a chunked body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Chunk {
    /// In the line that gives the size; what has come of it.
    Size(Vec<u8>),
    /// In the data; how many bytes are left.
    Data(u64),
    /// In the line end behind the data; what has come of it.
    End(Vec<u8>),
    /// In the trailers; what has come of the present line, and the bytes of all.
    Trailer(Vec<u8>, usize),
}

/// The length of the head at the beginning of `bytes`, and the body that follows; `None` if the head is not whole yet.
///
/// # Errors
/// When the head has more than one reading, or is too large.
pub(crate) fn head(bytes: &[u8]) -> Result<Option<(usize, Body)>, Refused> {
    // An empty line before a request is passed over (RFC 9112, 2.2).
    let start = bytes.chunks(2).take_while(|line| line == b"\r\n").count() * 2;
    let mut lines = Vec::new();
    let mut begin = start;
    for (place, byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            b'\n' if place > begin && bytes[place - 1] == b'\r' => {
                let line = &bytes[begin..place - 1];
                if line.is_empty() {
                    return body_of(&lines).map(|body| Some((place + 1, body)));
                }
                lines.push(line);
                begin = place + 1;
            }
            // Bare, or behind nothing.
            b'\n' | 0 => return Err(Refused::Malformed),
            _ if place > begin && bytes[place - 1] == b'\r' => return Err(Refused::Malformed),
            _ => {}
        }
    }
    if bytes.len() > HEAD_LIMIT_BYTES { Err(Refused::TooLarge) } else { Ok(None) }
}

fn body_of(lines: &[&[u8]]) -> Result<Body, Refused> {
    let (request_line, fields) = lines.split_first().ok_or(Refused::Malformed)?;
    let (mut length, mut coding) = (None, None);
    for field in fields {
        let colon = field.iter().position(|byte| *byte == b':').ok_or(Refused::Malformed)?;
        let (name, value) = (&field[..colon], field[colon + 1..].trim_ascii());
        // A line that begins with a space continues the one before (obs-fold); a space before the colon hides a name.
        if name.is_empty() || name.iter().any(u8::is_ascii_whitespace) {
            return Err(Refused::Malformed);
        }
        let place = if name.eq_ignore_ascii_case(b"content-length") {
            &mut length
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            &mut coding
        } else {
            continue;
        };
        if place.replace(value).is_some() {
            return Err(Refused::Malformed);
        }
    }
    match (length, coding) {
        (None, None) => Ok(Body::Length(0)),
        (Some(length), None) if length.iter().all(u8::is_ascii_digit) => {
            let digits = std::str::from_utf8(length).ok();
            digits.and_then(|digits| digits.parse().ok()).map(Body::Length).ok_or(Refused::Malformed)
        }
        (None, Some(coding)) if coding.eq_ignore_ascii_case(b"chunked") && request_line.ends_with(b"HTTP/1.1") => {
            Ok(Body::Chunked(Chunk::Size(Vec::new())))
        }
        _ => Err(Refused::Malformed),
    }
}

impl Body {
    /// Whether nothing more belongs to the request.
    pub(crate) fn is_over(&self) -> bool {
        *self == Self::Length(0)
    }

    /// How many of the bytes belong to the body. It then stands behind them.
    ///
    /// # Errors
    /// When they break the chunked coding.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<usize, Refused> {
        let mut taken = 0;
        while taken < bytes.len() && !self.is_over() {
            let rest = &bytes[taken..];
            let chunk = match self {
                Self::Length(left) => {
                    let part = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                    *left -= part as u64;
                    taken += part;
                    continue;
                }
                Self::Chunked(chunk) => chunk,
            };
            if let Chunk::Data(left) = chunk {
                let part = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                *left -= part as u64;
                taken += part;
                if *left == 0 {
                    *chunk = Chunk::End(Vec::new());
                }
                continue;
            }
            taken += 1;
            if chunk.step(rest[0])? {
                *self = Self::Length(0);
            }
        }
        Ok(taken)
    }
}

impl Chunk {
    /// Goes on by one byte outside of the data. Says whether the body is over.
    fn step(&mut self, byte: u8) -> Result<bool, Refused> {
        let line = match self {
            Self::Size(line) | Self::End(line) | Self::Trailer(line, _) => line,
            Self::Data(_) => return Ok(false),
        };
        line.push(byte);
        if line.len() > LINE_LIMIT_BYTES {
            return Err(Refused::TooLarge);
        }
        let ends = line.ends_with(b"\r\n");
        let breaks = match byte {
            b'\n' => !ends,
            _ => line.len() > 1 && line[line.len() - 2] == b'\r',
        };
        if breaks {
            return Err(Refused::Malformed);
        }
        if !ends {
            return Ok(false);
        }
        let line = std::mem::take(line);
        let text = &line[..line.len() - 2];
        match self {
            Self::Size(_) => {
                let digits = text.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii_end();
                let is_hexadecimal = !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit);
                let digits = std::str::from_utf8(digits).ok().filter(|_| is_hexadecimal).ok_or(Refused::Malformed)?;
                let size = u64::from_str_radix(digits, 16).map_err(|_| Refused::Malformed)?;
                *self = if size == 0 { Self::Trailer(Vec::new(), 0) } else { Self::Data(size) };
            }
            Self::End(_) if text.is_empty() => *self = Self::Size(Vec::new()),
            Self::End(_) => return Err(Refused::Malformed),
            Self::Trailer(..) if text.is_empty() => return Ok(true),
            Self::Trailer(_, bytes) => {
                let bytes = *bytes + line.len();
                if bytes > LINE_LIMIT_BYTES {
                    return Err(Refused::TooLarge);
                }
                *self = Self::Trailer(Vec::new(), bytes);
            }
            Self::Data(_) => {}
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_ends_with_an_empty_line_and_says_how_long_the_body_is() {
        let read = |text: &str| head(text.as_bytes());
        assert_eq!(read("GET / HTTP/1.1\r\nHost: x\r\n"), Ok(None));
        assert_eq!(read("GET / HTTP/1.1\r\nHost: x\r\n\r\nmore"), Ok(Some((27, Body::Length(0)))));
        assert_eq!(read("\r\nGET / HTTP/1.1\r\n\r\n"), Ok(Some((20, Body::Length(0)))));
        assert_eq!(read("POST / HTTP/1.1\r\nContent-Length: 12\r\n\r\n"), Ok(Some((39, Body::Length(12)))));
        let chunked = Body::Chunked(Chunk::Size(Vec::new()));
        assert_eq!(read("POST / HTTP/1.1\r\ntransfer-encoding: Chunked\r\n\r\n"), Ok(Some((47, chunked))));
    }

    #[test]
    fn a_head_with_two_readings_is_refused() {
        for fields in [
            "Host: x\n",
            "Host: x\n\r\n",
            "\nHost: x\r\n",
            "Host: x\r\r\n",
            "Host: a\rb\r\n",
            "Host: a\0b\r\n",
            "Host: x\r\n folded: y\r\n",
            "Host: x\r\n\tfolded\r\n",
            "Host : x\r\n",
            ": x\r\n",
            "no colon\r\n",
            "Content-Length: 1\r\nContent-Length: 1\r\n",
            "Content-Length: 1, 1\r\n",
            "Content-Length: +1\r\n",
            "Content-Length: -1\r\n",
            "Content-Length: 0x1\r\n",
            "Content-Length: 99999999999999999999\r\n",
            "Content-Length: \r\n",
            "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: gzip, chunked\r\n",
            "Transfer-Encoding: identity\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        ] {
            let text = format!("POST / HTTP/1.1\r\n{fields}\r\n");
            assert_eq!(head(text.as_bytes()), Err(Refused::Malformed), "{fields:?}");
        }
        let old = "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(head(old.as_bytes()), Err(Refused::Malformed));
        assert_eq!(head(&[b'a'; HEAD_LIMIT_BYTES + 1]), Err(Refused::TooLarge));
    }

    /// Reads a chunked body in pieces of `size` bytes. Gives its length.
    fn chunked(text: &str, size: usize) -> Result<Option<usize>, Refused> {
        let (mut body, mut taken) = (Body::Chunked(Chunk::Size(Vec::new())), 0);
        for piece in text.as_bytes().chunks(size) {
            let part = body.take(piece)?;
            taken += part;
            if part < piece.len() {
                break;
            }
        }
        Ok(body.is_over().then_some(taken))
    }

    #[test]
    fn a_chunked_body_ends_where_its_last_chunk_does_however_it_arrives() {
        let text = "4\r\nabcd\r\n0A;name=value\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
        for size in [1, 2, 3, 7, 100] {
            assert_eq!(chunked(&format!("{text}GET / HTTP/1.1"), size), Ok(Some(text.len())), "{size}");
            assert_eq!(chunked(&text[..text.len() - 1], size), Ok(None), "{size}");
        }
        for broken in
            ["4\nabcd", "x\r\n", "\r\n", "+4\r\n", "4\r\nabcdX\r\n", "4\r\nabcd\n", "0\r\nTrailer: x\n", "4 \rx"]
        {
            assert_eq!(chunked(broken, 1), Err(Refused::Malformed), "{broken:?}");
        }
        assert_eq!(chunked("ffffffffffffffffff\r\n", 1), Err(Refused::Malformed), "no such number");
        assert_eq!(chunked(&format!("1;{}", "a".repeat(LINE_LIMIT_BYTES)), 9), Err(Refused::TooLarge));
        assert_eq!(chunked(&format!("0\r\n{}", "a: b\r\n".repeat(2_000)), 9), Err(Refused::TooLarge));
    }
}
