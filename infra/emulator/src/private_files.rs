//! Files and folders that their owner alone may read. The data of a run hold password hashes and signing keys.
//!
//! Modes are set when something is created, and again when it is found: an earlier version may have left it open.

use std::fs::{DirBuilder, File, OpenOptions, Permissions, set_permissions};
use std::io::{ErrorKind, Result, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

/// Creates a folder and those above it, or closes one that exists to others.
///
/// # Errors
/// The system's, e.g. for a folder of another user.
pub fn create_folder(path: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(path)?;
    if std::fs::metadata(path)?.permissions().mode() & 0o077 != 0 {
        set_permissions(path, Permissions::from_mode(FOLDER_MODE))?;
    }
    Ok(())
}

/// Opens a file by these options, and creates it if they say so. It is closed to others in any case.
///
/// # Errors
/// The system's.
pub fn open(path: &Path, options: &mut OpenOptions) -> Result<File> {
    let file = options.mode(FILE_MODE).open(path)?;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(Permissions::from_mode(FILE_MODE))?;
    }
    Ok(file)
}

/// Creates a file, or empties one that exists.
///
/// # Errors
/// The system's.
pub fn create(path: &Path) -> Result<File> {
    open(path, OpenOptions::new().write(true).create(true).truncate(true))
}

/// Writes a file as a whole.
///
/// # Errors
/// The system's.
pub fn write(path: &Path, contents: impl AsRef<[u8]>) -> Result<()> {
    create(path)?.write_all(contents.as_ref())
}

/// Closes a file to others. One that is missing is fine.
///
/// # Errors
/// The system's.
pub fn close_to_others(path: &Path) -> Result<()> {
    match open(path, OpenOptions::new().append(true)) {
        Err(problem) if problem.kind() == ErrorKind::NotFound => Ok(()),
        opened => opened.map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_is_created_and_what_is_found_is_closed_to_others() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("a/b");
        create_folder(&folder).unwrap();
        assert_eq!((mode(&folder), mode(&root.path().join("a"))), (0o700, 0o700));
        set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
        create_folder(&folder).unwrap();
        assert_eq!(mode(&folder), 0o700);

        let file = folder.join("file");
        write(&file, "one").unwrap();
        assert_eq!(mode(&file), 0o600);
        set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        write(&file, "2").unwrap();
        assert_eq!((mode(&file), std::fs::read_to_string(&file).unwrap()), (0o600, "2".to_owned()));
        set_permissions(&file, Permissions::from_mode(0o666)).unwrap();
        close_to_others(&file).unwrap();
        assert_eq!(mode(&file), 0o600);
        close_to_others(&folder.join("missing")).unwrap();
        assert!(!folder.join("missing").exists());
    }
}
