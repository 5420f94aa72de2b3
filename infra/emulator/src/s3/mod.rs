//! Amazon S3, as far as a distribution reads it: objects by their keys.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

use hyper::body::Bytes;

/// The objects of a bucket.
#[derive(Debug, Clone, Default)]
pub enum Objects {
    /// There are none.
    #[default]
    Empty,
    /// Objects of the program itself: key and content.
    Embedded(&'static [(&'static str, &'static [u8])]),
    /// The files of a folder, read anew for each request. A key is the prefix and a path in the folder.
    Folder {
        /// E.g. `web/`.
        prefix: String,
        /// The folder.
        folder: PathBuf,
    },
}

/// One object.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) content: Bytes,
    /// The type that `aws s3 cp` derives from the key's extension.
    pub(crate) content_type: Cow<'static, str>,
}

impl Objects {
    /// The content of the object with this key, and its type.
    pub fn read(&self, key: &str) -> Option<(Bytes, Cow<'static, str>)> {
        self.get(key).map(|object| (object.content, object.content_type))
    }

    /// The object with this key.
    pub(crate) fn get(&self, key: &str) -> Option<Object> {
        let content = match self {
            Self::Empty => None,
            Self::Embedded(objects) => {
                let found = objects.iter().find(|(name, _)| *name == key);
                found.map(|(_, content)| Bytes::from_static(content))
            }
            Self::Folder { prefix, folder } => {
                let path = key.strip_prefix(prefix.as_str()).and_then(|key| path_in(folder, key));
                path.and_then(|path| std::fs::read(path).ok()).map(Bytes::from)
            }
        }?;
        Some(Object { content, content_type: content_type(key).into() })
    }
}

/// The path of a key in a folder; `None` if it would lead out of it.
fn path_in(folder: &Path, key: &str) -> Option<PathBuf> {
    let inside = Path::new(key).components().all(|part| matches!(part, Component::Normal(_)));
    inside.then(|| folder.join(key))
}

/// The type of an object by its name. Texts are UTF-8.
fn content_type(key: &str) -> &'static str {
    match key.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("ico") => "image/x-icon",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("webmanifest") => "application/manifest+json",
        Some("woff2") => "font/woff2",
        _ => "binary/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_of_a_folder_is_found_by_its_path() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("web")).unwrap();
        std::fs::write(folder.path().join("web/app.js"), "let a;").unwrap();
        std::fs::write(folder.path().join("web/구성.wasm"), [0]).unwrap();
        let objects = Objects::Folder { prefix: "page/".to_owned(), folder: folder.path().join("web") };
        let object = objects.get("page/app.js").unwrap();
        assert_eq!((&*object.content, &*object.content_type), (b"let a;".as_slice(), "text/javascript; charset=utf-8"));
        assert_eq!(objects.get("page/구성.wasm").unwrap().content_type, "application/wasm");
        for key in ["", "app.js", "page/", "page/no.js", "page/../web/app.js", "page//etc/passwd", "page/./app.js/.."] {
            assert!(objects.get(key).is_none(), "{key}");
        }
    }

    #[test]
    fn an_embedded_object_is_found_by_its_key_alone() {
        let objects = Objects::Embedded(&[("index.html", b"<p>"), ("web/a", b"a")]);
        assert_eq!(&*objects.get("index.html").unwrap().content, b"<p>");
        assert_eq!(objects.get("web/a").unwrap().content_type, "binary/octet-stream");
        assert!(objects.get("web").is_none());
    }
}
