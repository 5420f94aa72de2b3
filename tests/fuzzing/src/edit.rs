//! Changes of an input: bytes are set, inserted, removed, repeated, or taken from another input.

use proptest::{
    prelude::*,
    sample::{Index, select},
};

/// Bytes at which readers err: ends of ranges, and what JSON, TOML, YAML and HTTP treat specially.
const TOKENS: [&[u8]; 40] = [
    b"\x00",
    b"\xff",
    b"\x7f",
    b"\x80",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\x80\x00\x00\x00",
    b"\x00\x00\x00\x00",
    b"\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\x80\x00\x00\x00\x00\x00\x00\x00",
    b"-1",
    b"0",
    b"18446744073709551616",
    b"-0.0",
    b"1e999",
    b"null",
    b"true",
    b"\"\"",
    b"[]",
    b"{}",
    b"[",
    b"{",
    b"]",
    b"}",
    b",",
    b":",
    b"\"",
    b"\\",
    b"\\ud800",
    b"\\u0000",
    b"%00",
    b"%",
    b"=",
    b".",
    b"/",
    b"\n",
    b" ",
    "\u{202e}".as_bytes(),
    "\u{1f600}".as_bytes(),
    "결제".as_bytes(),
];

/// A change of a seed.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    seed: Index,
    edits: Vec<Edit>,
}

#[derive(Debug, Clone)]
enum Edit {
    Set(Index, u8),
    Flip(Index, u8),
    Insert(Index, Vec<u8>),
    Replace(Index, Vec<u8>),
    Remove(Index, usize),
    Repeat(Index, usize, usize),
    Splice(Index, Index, Index),
}

/// Any change. A shorter one is simpler.
pub(crate) fn change() -> impl Strategy<Value = Change> {
    let bytes = || {
        prop_oneof![
            select(TOKENS.as_slice()).prop_map(<[u8]>::to_vec),
            prop::collection::vec(any::<u8>(), 1..9),
            "[a-z_]{1,12}".prop_map(String::into_bytes),
        ]
    };
    let edit = prop_oneof![
        3 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Set(at, byte)),
        3 => (any::<Index>(), 0..8_u8).prop_map(|(at, bit)| Edit::Flip(at, bit)),
        3 => (any::<Index>(), bytes()).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        3 => (any::<Index>(), bytes()).prop_map(|(at, bytes)| Edit::Replace(at, bytes)),
        2 => (any::<Index>(), 1..64_usize).prop_map(|(at, length)| Edit::Remove(at, length)),
        1 => (any::<Index>(), 1..32_usize, 1..512_usize)
            .prop_map(|(at, length, times)| Edit::Repeat(at, length, times)),
        1 => any::<(Index, Index, Index)>().prop_map(|(at, other, from)| Edit::Splice(at, other, from)),
    ];
    (any::<Index>(), prop::collection::vec(edit, 0..8)).prop_map(|(seed, edits)| Change { seed, edits })
}

impl Change {
    /// The changed seed, of at most `longest` bytes.
    pub(crate) fn input(&self, seeds: &[Vec<u8>], longest: usize) -> Vec<u8> {
        let mut input = self.seed.get(seeds).clone();
        for edit in &self.edits {
            edit.apply(&mut input, seeds);
            input.truncate(longest);
        }
        input
    }
}

impl Edit {
    fn apply(&self, input: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        // The end of the input is a place, too.
        let place = |at: &Index, input: &[u8]| at.index(input.len() + 1);
        let end = |from: usize, length: usize, input: &[u8]| (from + length).min(input.len());
        match self {
            Self::Set(at, byte) if !input.is_empty() => {
                let at = at.index(input.len());
                input[at] = *byte;
            }
            Self::Flip(at, bit) if !input.is_empty() => {
                let at = at.index(input.len());
                input[at] ^= 1 << bit;
            }
            Self::Set(..) | Self::Flip(..) => {}
            Self::Insert(at, bytes) => {
                let at = place(at, input);
                input.splice(at..at, bytes.iter().copied());
            }
            Self::Replace(at, bytes) => {
                let at = place(at, input);
                input.splice(at..end(at, bytes.len(), input), bytes.iter().copied());
            }
            Self::Remove(at, length) => {
                let at = place(at, input);
                input.drain(at..end(at, *length, input));
            }
            Self::Repeat(at, length, times) => {
                let at = place(at, input);
                let part = input[at..end(at, *length, input)].repeat(*times);
                input.splice(at..at, part);
            }
            Self::Splice(at, other, from) => {
                let other = other.get(seeds);
                let (at, from) = (place(at, input), place(from, other));
                input.truncate(at);
                input.extend(&other[from..]);
            }
        }
    }
}
