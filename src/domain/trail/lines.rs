//! Lines of a file that end in CRLF and nowhere else.
//!
//! An ordinary line reader also ends a line at a lone newline and takes a last line without an end;
//! either way two different files would read the same, and the hash of a line would not be about
//! the bytes that lie on the disk.

use std::io::{self, BufRead, Read};

use thiserror::Error;

use super::line::LINE_MAX_BYTES;

/// Hands out the lines of a stream one at a time, from one buffer.
#[derive(Debug)]
pub struct CrlfLines<R> {
    stream: R,
    line: Vec<u8>,
    number: u64,
}

/// Why there is no next line.
#[derive(Debug, Error)]
pub enum LinesError {
    /// The stream can't be read.
    #[error("line {number} can't be read")]
    Unreadable {
        /// The line, from 1.
        number: u64,
        /// What the stream said.
        source: io::Error,
    },
    /// The stream ends without a CRLF.
    #[error("line {number} doesn't end in CRLF; the file is cut short or was changed")]
    NoEnd {
        /// The line, from 1.
        number: u64,
    },
    /// No CRLF comes within the longest line allowed.
    #[error("line {number} has more than {LINE_MAX_BYTES} bytes")]
    TooLong {
        /// The line, from 1.
        number: u64,
    },
}

impl<R: BufRead> CrlfLines<R> {
    /// Reads lines from here on.
    pub fn new(stream: R) -> Self {
        Self { stream, line: Vec::new(), number: 0 }
    }

    /// The number of the line handed out last, from 1; 0 before the first.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The next line without its CRLF, or none at the end. After an error the stream is of no use.
    ///
    /// # Errors
    ///
    /// A stream that can't be read, a last line without CRLF, a line beyond [`LINE_MAX_BYTES`].
    pub fn next_line(&mut self) -> Result<Option<&[u8]>, LinesError> {
        self.line.clear();
        self.number += 1;
        let number = self.number;
        while !self.line.ends_with(b"\r\n") {
            let room = LINE_MAX_BYTES + 2 - self.line.len();
            let mut next = self.stream.by_ref().take(room as u64);
            let read = next
                .read_until(b'\n', &mut self.line)
                .map_err(|source| LinesError::Unreadable { number, source })?;
            match read {
                0 if room == 0 => return Err(LinesError::TooLong { number }),
                0 if self.line.is_empty() => {
                    self.number -= 1;
                    return Ok(None);
                }
                0 => return Err(LinesError::NoEnd { number }),
                _ => {}
            }
        }
        Ok(self.line.strip_suffix(b"\r\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Result<Vec<Vec<u8>>, LinesError> {
        // One byte at a time, so that every line crosses a boundary of the reader's buffer.
        let mut stream = CrlfLines::new(io::BufReader::with_capacity(1, bytes));
        let mut found = Vec::new();
        while let Some(line) = stream.next_line()? {
            found.push(line.to_vec());
        }
        assert_eq!(stream.number(), found.len() as u64);
        Ok(found)
    }

    #[test]
    fn lines_end_at_crlf_only() {
        assert_eq!(lines(b"").unwrap(), Vec::<Vec<u8>>::new());
        assert_eq!(lines(b"\r\n").unwrap(), [b""]);
        assert_eq!(lines(b"a\r\nb\r\n").unwrap(), [b"a", b"b"]);
        assert_eq!(lines(b"a\nb\r\r\n").unwrap(), [b"a\nb\r"]);
        assert_eq!(lines(b"\n\r\n\xff\r\n").unwrap(), [b"\n", b"\xff"]);
    }

    #[test]
    fn a_last_line_without_its_end_is_named() {
        for bytes in [&b"a\r\nb"[..], b"a\r\nb\n", b"a\r\nb\r", b"a\r\n\r", b"a\r\n\n"] {
            let error = lines(bytes).unwrap_err();
            assert!(matches!(error, LinesError::NoEnd { number: 2 }), "{error}");
        }
    }

    #[test]
    fn a_line_may_be_as_long_as_the_limit_and_no_longer() {
        let mut bytes = vec![b'x'; LINE_MAX_BYTES];
        bytes.extend_from_slice(b"\r\n");
        let mut stream = CrlfLines::new(bytes.as_slice());
        assert_eq!(stream.next_line().unwrap().map(<[u8]>::len), Some(LINE_MAX_BYTES));
        bytes.insert(0, b'x');
        let error = CrlfLines::new(bytes.as_slice()).next_line().unwrap_err();
        assert!(matches!(error, LinesError::TooLong { number: 1 }), "{error}");
    }
}
