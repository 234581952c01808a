//! All that differs between Windows, macOS and Linux, behind plain functions. Nothing else in the
//! program names `std::os` or asks which system it runs on.

use std::fmt::Write as _;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

/// The folders in which this system keeps a user's data and settings; none where the user has no
/// home, as a service may have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folders {
    /// Where books are: `~/.local/share`, `~/Library/Application Support`, `%APPDATA%`.
    pub data: Option<PathBuf>,
    /// Where settings are: `~/.config`, `~/Library/Preferences`, `%APPDATA%`.
    pub config: Option<PathBuf>,
    /// The file of PostgreSQL's passwords: `~/.pgpass`, `%APPDATA%\\postgresql\\pgpass.conf`.
    pub passwords: Option<PathBuf>,
}

impl Folders {
    /// The folders of whoever runs the program.
    pub fn of_user() -> Self {
        match etcetera::base_strategy::choose_native_strategy() {
            Ok(user) => Self {
                data: Some(user.data_dir()),
                config: Some(user.config_dir()),
                passwords: Some(if cfg!(windows) {
                    user.config_dir().join("postgresql").join("pgpass.conf")
                } else {
                    user.home_dir().join(".pgpass")
                }),
            },
            Err(_) => Self::default(),
        }
    }
}

/// Makes sure that a file just created or renamed in this folder is still there after a power cut.
/// Windows keeps its folders by itself and can't open them as files.
///
/// # Errors
///
/// Where the folder can't be opened or the disk refuses.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(windows) { Ok(()) } else { File::open(folder)?.sync_all() }
}

/// The path as a `file:` URI: every byte that is not plain is written as
/// `%XX`, so that no letter of a path can end it, and none is lost.
pub fn file_uri(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    let mut uri = "file:".to_owned();
    // Behind two slashes there would be the name of a computer; `/C:` is a drive on Windows.
    if bytes.starts_with(b"//") {
        uri.push_str("//");
    } else if path.has_root() && cfg!(windows) {
        uri.push_str("///");
    }
    for &byte in bytes {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b':' => {
                uri.push(char::from(byte));
            }
            // Writing to a String can't fail.
            _ => drop(write!(uri, "%{byte:02x}")),
        }
    }
    uri
}

/// Whether files can be made in this folder. Rights, read-only mounts and full disks all say no,
/// so it is tried, with a file that has no name or is gone at once.
pub fn is_writable(folder: &Path) -> bool {
    tempfile::tempfile_in(folder).is_ok()
}

/// Whether nobody but its owner may read or write a file. Where the system has no such modes, the
/// user's own folders are taken for private.
pub fn is_private(file: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::metadata(file).is_ok_and(|meta| meta.permissions().mode() & 0o077 == 0)
    }
    #[cfg(not(unix))]
    {
        file.is_file()
    }
}

/// The name of the network file system that a path lies on, or none where it is a local one.
///
/// SQLite's locks can't be relied on there. On Linux the kernel's list of mounts says it, on
/// Windows the path's own form. macOS tells it only through calls that plain Rust doesn't have, so
/// there the answer is always none and the manual warns instead.
pub fn network_file_system(path: &Path) -> Option<String> {
    let path = real_path(path)?;
    if cfg!(windows) {
        return is_share(&path).then(|| "a network share".to_owned());
    }
    if is_on_a_disk(&path) {
        return None;
    }
    let mounts = std::fs::read("/proc/self/mountinfo").ok()?;
    let mounts = String::from_utf8_lossy(&mounts);
    file_system_of(&mounts, &path).filter(|name| is_network(name)).map(str::to_owned)
}

/// The path without links. A file that doesn't exist yet lies where its folder lies.
fn real_path(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    path.ancestors().find_map(|ancestor| ancestor.canonicalize().ok())
}

/// `\\server\share`, which is also what the real path of a mapped drive begins with.
fn is_share(path: &Path) -> bool {
    use std::path::{Component, Prefix};
    match path.components().next() {
        Some(Component::Prefix(prefix)) => {
            matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..))
        }
        _ => false,
    }
}

/// Whether a path, or the folder that it will be made in, lies on a device of its own. File systems
/// without one, a network's among them, have the major number 0 on Linux.
fn is_on_a_disk(path: &Path) -> bool {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::MetadataExt as _;
        let there = path.ancestors().find_map(|path| std::fs::metadata(path).ok());
        // As glibc's gnu_dev_major() takes a device number apart.
        there.is_some_and(|meta| (meta.dev() >> 8) & 0xfff | (meta.dev() >> 32) & !0xfff != 0)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = path;
        false
    }
}

/// The type of the file system that a path lies on, from lines as proc_pid_mountinfo(5) gives them:
/// `36 35 98:0 /root /mount/point options [optional...] - type source options`.
fn file_system_of<'mounts>(mounts: &'mounts str, path: &Path) -> Option<&'mounts str> {
    let mount = |line: &'mounts str| {
        let (before, after) = line.split_once(" - ")?;
        let point = unescape_octal(before.split(' ').nth(4)?);
        let depth = Path::new(&point).components().count();
        path.starts_with(&point).then_some((depth, after.split(' ').next()?))
    };
    // Of two mounts on one point the later covers the earlier; max_by_key returns the last.
    mounts.lines().filter_map(mount).max_by_key(|(depth, _)| *depth).map(|(_, name)| name)
}

/// The kernel writes blank, tab, newline and backslash as `\040` and so on.
fn unescape_octal(text: &str) -> String {
    let pairs = [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")];
    pairs.iter().fold(text.to_owned(), |text, (code, letter)| text.replace(code, letter))
}

/// Names of Linux file systems behind which another computer, or another system, holds the files.
fn is_network(name: &str) -> bool {
    let name = name.strip_prefix("fuse.").unwrap_or(name);
    let plain = [
        "9p", "afs", "ceph", "cifs", "coda", "gfs2", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2",
        "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs",
    ];
    let fuse = ["davfs2", "gcsfuse", "glusterfs", "rclone", "s3fs", "smbnetfs", "sshfs"];
    plain.contains(&name) || fuse.contains(&name) || name == "vmhgfs-fuse"
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:25 / /home rw shared:2 master:3 - ext4 /dev/sda2 rw
41 22 0:51 / /mnt/clinic\\040share rw - nfs4 server:/clinic rw,vers=4.2
42 22 0:52 / /mnt/over rw - ext4 /dev/sdb1 rw
43 42 0:53 / /mnt/over rw - fuse.sshfs me@server: rw
44 41 0:54 / /mnt/clinic\\040share/local rw - ext4 /dev/sdc1 rw
";

    #[test]
    fn the_deepest_and_last_mount_says_what_a_path_lies_on() {
        for (path, name) in [
            ("/srv/a.lotbook", "ext4"),
            ("/mnt/clinic share/a.lotbook", "nfs4"),
            ("/mnt/clinic share/local/a.lotbook", "ext4"),
            ("/mnt/clinic shared/a.lotbook", "ext4"),
            ("/mnt/over/a.lotbook", "fuse.sshfs"),
        ] {
            assert_eq!(file_system_of(MOUNTS, Path::new(path)), Some(name), "{path}");
        }
        assert_eq!(file_system_of("", Path::new("/a")), None);
        assert_eq!(file_system_of("nonsense\n - \n1 2 3 - x", Path::new("/a")), None);
    }

    #[test]
    fn network_file_systems_are_told_from_local_ones() {
        for name in ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "fuse.vmhgfs-fuse"] {
            assert!(is_network(name), "{name}");
        }
        for name in ["ext4", "btrfs", "xfs", "tmpfs", "overlay", "fuse.ntfs-3g", "fuseblk"] {
            assert!(!is_network(name), "{name}");
        }
    }

    #[test]
    fn a_temporary_folder_is_local_writable_and_can_be_synced() {
        let folder = tempfile::tempdir().unwrap();
        assert!(is_writable(folder.path()));
        assert!(!is_writable(&folder.path().join("missing")));
        sync_folder(folder.path()).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        assert_eq!(real_path(&folder.path().join("a/b")), folder.path().canonicalize().ok());
    }
}
