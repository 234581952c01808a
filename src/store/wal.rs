//! What lies in the `-wal` of a book behind the frames that SQLite reads.
//!
//! A crash leaves this log beside the book. SQLite takes it in up to the last commit before the
//! first frame that doesn't fit, and forgets the rest without a word. Mostly nothing was there: a
//! write that never came to its end, or frames of an earlier round of the log, which bear other
//! salts. But a frame that went bad later takes with it every write behind it, although each was
//! said to be kept.
//!
//! **What tells them apart.** A commit is synced before the next write begins. So a commit that
//! another frame follows was on the disk whole, and if SQLite doesn't reach it, the disk has lost
//! it. The last commit of all may be on the disk without the frames before it, where the power
//! failed during its sync; nobody was told that it was kept, and yet nobody can know.
//!
//! **What can't be told**: a log whose end was cut off, or that was taken away whole.
//!
//! A frame's checksum goes on from the one of the frame before, which stands in that frame's
//! header; so each frame can be checked with its neighbour alone, also behind one that went bad.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

/// Writes that SQLite does not see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// The last write is there in part. Normal where the power failed before it was kept.
    Torn,
    /// Writes that were kept are there, and can't be reached.
    Lost,
}

const HEADER: usize = 32;
const FRAME: usize = 24;

/// The pages of a book, where the log's header can't say it.
const PAGE: usize = 4096;

/// How many frames of an earlier round in a row are taken for the end of this one.
const OLDER_ENOUGH: u32 = 8;

/// Looks at the log behind its first `read` frames, which SQLite reads.
///
/// # Errors
///
/// Where the log can't be read.
pub(super) fn unread(log: &mut File, read: u64) -> io::Result<Option<Unread>> {
    let mut header = [0; HEADER];
    if !fill(log, 0, &mut header)? {
        return Ok(None);
    }
    let mut walk = Walk::begin(&header);
    let mut frame = vec![0; FRAME + walk.page];
    let step = frame.len() as u64;
    let place = |number: u64| HEADER as u64 + (number - 1) * step;
    let mut next = 1;
    if !walk.is_sound {
        // Nothing was read, and only the frames know the salts of this round.
        if !fill(log, place(1), &mut frame)? {
            return Ok(None);
        }
        walk.salts = halves(&frame[8..16]);
    } else if read > 0 && fill(log, place(read), &mut frame[..FRAME])? {
        let last = Frame::of(&frame);
        if last.salts == walk.salts {
            (walk.before, next) = (last.sum, read + 1);
        }
    }
    let mut older = 0;
    while older < OLDER_ENOUGH && fill(log, place(next), &mut frame)? {
        let is_of_this_round = walk.step(&frame);
        let is_hole = frame[..FRAME] == [0; FRAME];
        older = if is_of_this_round || is_hole { 0 } else { older + 1 };
        if walk.found == Some(Unread::Lost) {
            break;
        }
        next += 1;
    }
    Ok(walk.found)
}

/// Reads from a place until the buffer is full; false where the file ends before.
fn fill(log: &mut File, place: u64, buffer: &mut [u8]) -> io::Result<bool> {
    log.seek(SeekFrom::Start(place))?;
    match log.read_exact(buffer) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        done => done.map(|()| true),
    }
}

/// Two numbers of four bytes, as salts and checksums are stored.
fn halves(bytes: &[u8]) -> [u32; 2] {
    let half = |at: usize| {
        let bytes = bytes.get(at..at + 4).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
        u32::from_be_bytes(bytes.unwrap_or_default())
    };
    [half(0), half(4)]
}

/// The header of a frame.
struct Frame {
    page: u32,
    is_commit: bool,
    salts: [u32; 2],
    sum: [u32; 2],
}

impl Frame {
    fn of(bytes: &[u8]) -> Self {
        let [page, size] = halves(bytes);
        let (salts, sum) = (halves(&bytes[8..]), halves(&bytes[16..]));
        Self { page, is_commit: size != 0, salts, sum }
    }
}

/// A walk over the frames of one round.
struct Walk {
    /// Whether the header of the log is whole.
    is_sound: bool,
    /// Whether the checksums add up numbers of big-endian machines.
    is_big: bool,
    page: usize,
    salts: [u32; 2],
    /// The checksum that the next frame's goes on from.
    before: [u32; 2],
    /// Whether a frame that doesn't fit was passed.
    is_broken: bool,
    /// The page of the commit that was passed just before, behind a frame that doesn't fit.
    commit: Option<u32>,
    found: Option<Unread>,
}

impl Walk {
    fn begin(header: &[u8; HEADER]) -> Self {
        let [magic, version] = halves(header);
        let [size, _] = halves(&header[8..]);
        let (is_big, before) = (magic & 1 == 1, halves(&header[24..]));
        let page = usize::try_from(size).unwrap_or_default();
        let is_sound = magic & !1 == 0x377f_0682
            && version == 3_007_000
            && page.is_power_of_two()
            && (512..=65_536).contains(&page)
            && add_up([0; 2], &header[..24], is_big) == before;
        Self {
            is_sound,
            is_big: if is_sound { is_big } else { cfg!(target_endian = "big") },
            page: if is_sound { page } else { PAGE },
            salts: halves(&header[16..]),
            before,
            is_broken: !is_sound,
            commit: None,
            found: None,
        }
    }

    /// Passes a frame; false where it is not of this round.
    fn step(&mut self, bytes: &[u8]) -> bool {
        let frame = Frame::of(bytes);
        let is_of_this_round = frame.salts == self.salts;
        let sum = add_up(self.before, &bytes[..8], self.is_big);
        let sum = add_up(sum, &bytes[FRAME..], self.is_big);
        let fits = is_of_this_round && frame.page != 0 && sum == frame.sum;
        self.is_broken |= !fits;
        // Some disks get the last frame of a commit twice, to fill a sector.
        let is_next = self.commit.is_some_and(|page| !frame.is_commit || page != frame.page);
        if fits && is_next {
            self.found = Some(Unread::Lost);
        } else if self.is_broken && is_of_this_round && frame.is_commit {
            self.found = Some(Unread::Torn);
        }
        let is_commit = self.is_broken && fits && frame.is_commit;
        self.commit = is_commit.then_some(frame.page);
        self.before = frame.sum;
        is_of_this_round
    }
}

/// Goes on with a checksum over pairs of numbers.
fn add_up([mut one, mut two]: [u32; 2], bytes: &[u8], is_big: bool) -> [u32; 2] {
    let number = |bytes: [u8; 4]| {
        if is_big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    };
    for pair in bytes.as_chunks::<8>().0 {
        let [a, b, c, d, e, f, g, h] = *pair;
        one = one.wrapping_add(number([a, b, c, d])).wrapping_add(two);
        two = two.wrapping_add(number([e, f, g, h])).wrapping_add(one);
    }
    [one, two]
}
