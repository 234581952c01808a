//! A bundle in the making. It grows in a temporary folder beside its place and takes that place
//! only when every file is on the disk: a full disk or a power cut leaves no half bundle.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::SUMS;
use crate::domain::trail::hash::{Hash, Hasher};
use crate::error::{Failure, Outcome};
use crate::os::sync_folder;

/// A folder in the making.
pub(crate) struct Draft {
    folder: TempDir,
    place: PathBuf,
    sums: BTreeMap<String, Hash>,
}

impl Draft {
    /// Begins a folder that will be at `place`, where nothing may be yet.
    pub(crate) fn at(place: &Path) -> Outcome<Self> {
        if fs::symlink_metadata(place).is_ok() {
            return Err(Failure::usage(format!("{} exists already", place.display()))
                .detail("an export never takes the place of another")
                .hint("name a new folder with --out DIR"));
        }
        if place.file_name().is_none() {
            return Err(Failure::usage(format!("{} can't be a new folder", place.display()))
                .hint("name a new folder with --out DIR"));
        }
        let beside = folder_of(place);
        let folder = tempfile::Builder::new()
            .prefix(".lotbook-export-")
            .tempdir_in(beside)
            .map_err(|error| Failure::file("write in", beside, &error))?;
        Ok(Self { folder, place: place.to_owned(), sums: BTreeMap::new() })
    }

    /// Begins a file; its folders are made as needed.
    pub(crate) fn file(&self, name: &str) -> io::Result<Part> {
        let path = self.folder.path().join(name);
        fs::create_dir_all(folder_of(&path))?;
        let file = BufWriter::with_capacity(1 << 16, File::create_new(path)?);
        Ok(Part { name: name.to_owned(), file, hasher: Hasher::default() })
    }

    /// Ends a file: it is on the disk from here on.
    pub(crate) fn keep(&mut self, part: Part) -> io::Result<()> {
        let file = part.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        self.sums.insert(part.name, part.hasher.finish());
        Ok(())
    }

    /// Adds a whole file.
    pub(crate) fn add(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut part = self.file(name)?;
        part.write_all(bytes)?;
        self.keep(part)
    }

    /// Lists the sums and puts the folder into its place.
    pub(crate) fn finish(mut self) -> Outcome {
        let mut sums = String::new();
        for (name, hash) in &self.sums {
            // Writing to a String can't fail.
            let _ = writeln!(sums, "{hash}  {name}");
        }
        self.add(SUMS, sums.as_bytes())?;
        let protocols = self.folder.path().join("protocols");
        if protocols.exists() {
            sync_folder(&protocols)?;
        }
        sync_folder(self.folder.path())?;
        fs::rename(self.folder.path(), &self.place)
            .map_err(|error| Failure::file("write", &self.place, &error))?;
        // The temporary name is gone; there is nothing left to clean up.
        let _ = self.folder.keep();
        Ok(sync_folder(folder_of(&self.place))?)
    }
}

/// The folder that a path lies in.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A file being written, and hashed as it is.
pub(crate) struct Part {
    name: String,
    file: BufWriter<File>,
    hasher: Hasher,
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
