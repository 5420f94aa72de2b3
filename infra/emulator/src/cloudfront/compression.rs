//! Compression at the edge: gzip, for the sizes and types that CloudFront compresses. CloudFront also speaks Brotli.
//!
//! Source: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html>

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use flate2::Compression as Level;
use flate2::write::GzEncoder;
use hyper::body::Bytes;

/// The sizes in bytes of objects that are compressed.
const SIZES: std::ops::RangeInclusive<usize> = 1_000..=10_000_000;

/// The most objects whose compressed form is kept.
const MOST_KEPT: usize = 1_000;

/// Compressed objects, by entity tag.
#[derive(Debug, Default)]
pub(crate) struct Compression(Mutex<HashMap<String, Bytes>>);

/// Whether CloudFront compresses an object of this type and size.
pub(crate) fn is_worthwhile(content_type: &str, size_bytes: usize) -> bool {
    let content_type = content_type.split(';').next().unwrap_or_default();
    let is_text = content_type.starts_with("text/")
        || ["application/json", "application/manifest+json", "application/wasm", "image/svg+xml"]
            .contains(&content_type);
    is_text && SIZES.contains(&size_bytes)
}

impl Compression {
    /// The content with this entity tag in gzip's format.
    pub(crate) fn gzip(&self, etag: &str, content: &Bytes) -> std::io::Result<Bytes> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(compressed) = kept.get(etag) {
            return Ok(compressed.clone());
        }
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        let compressed = compress(content)?;
        kept.insert(etag.to_owned(), compressed.clone());
        Ok(compressed)
    }
}

fn compress(content: &Bytes) -> std::io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Level::default());
    encoder.write_all(content)?;
    Ok(encoder.finish()?.into())
}
