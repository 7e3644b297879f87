//! Pieces of a file that stand for the whole.
//!
//! Owns where they are taken and that no character is cut at their ends. Memory of at most 3 MiB.

use std::io::{Read, Result, Seek, SeekFrom};

/// How much is read from the beginning.
const PREFIX: usize = 1 << 20;
/// How many places are looked at after that.
const WINDOWS: u64 = 16;
/// How much is read at each.
const WINDOW: usize = 64 << 10;

/// Bytes smaller than this are no part of a longer sequence in any of the encodings: line ends, blanks, quotes, commas.
const ALONE: u8 = 0x30;

/// Parts of a text, each of whole characters.
#[derive(Debug, Default)]
pub(in super::super) struct Sample {
    pieces: Vec<Vec<u8>>,
}

impl Sample {
    /// A text that is all there.
    pub(in super::super) fn whole(bytes: &[u8]) -> Self {
        Self {
            pieces: vec![bytes.to_vec()],
        }
    }

    /// The beginning of a text, and where that is ASCII throughout, the first piece that is not: national characters
    /// may come late. Reads on to the end of a text that is all ASCII.
    pub(in super::super) fn stream(mut reader: impl Read) -> Result<Self> {
        let mut sample = Self::default();
        loop {
            let mut bytes = Vec::new();
            let read = reader.by_ref().take(PREFIX as u64).read_to_end(&mut bytes)?;
            let at_end = read < PREFIX;
            let is_ascii = bytes.is_ascii();
            if sample.pieces.is_empty() {
                sample.add(bytes, true, at_end);
            } else if !is_ascii {
                sample.add(bytes, false, at_end);
            }
            if at_end || !is_ascii {
                return Ok(sample);
            }
        }
    }

    /// Looks at places all over the rest of a file.
    pub(in super::super) fn add_windows(&mut self, mut file: impl Read + Seek) -> Result<()> {
        let size = file.seek(SeekFrom::End(0))?;
        let rest = size.saturating_sub(PREFIX as u64);
        if rest == 0 {
            return Ok(());
        }
        for index in 0..WINDOWS {
            file.seek(SeekFrom::Start(PREFIX as u64 + rest / WINDOWS * index))?;
            let mut bytes = Vec::new();
            file.by_ref().take(WINDOW as u64).read_to_end(&mut bytes)?;
            if !bytes.is_ascii() {
                self.add(bytes, false, false);
            }
        }
        Ok(())
    }

    fn add(&mut self, mut bytes: Vec<u8>, is_start: bool, is_end: bool) {
        // Without a place to cut, a file that is no text: it is left as it is, and will fit no encoding.
        let cut = |found: Option<usize>| found.map(|at| at + 1);
        if !is_end {
            let end = cut(bytes.iter().rposition(|&byte| byte < ALONE)).unwrap_or(bytes.len());
            bytes.truncate(end);
        }
        if !is_start {
            let start = cut(bytes.iter().position(|&byte| byte < ALONE)).unwrap_or(0);
            bytes.drain(..start);
        }
        self.pieces.push(bytes);
    }

    /// The beginning of the text.
    pub(super) fn start(&self) -> &[u8] {
        self.pieces.first().map_or(&[], Vec::as_slice)
    }

    pub(super) fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        self.pieces.iter().map(Vec::as_slice)
    }

    pub(super) fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.pieces()
            .flat_map(|piece| piece.split(|&byte| byte == b'\n' || byte == b'\r'))
    }

    /// The first line that is not ASCII: the one that reads differently in different encodings.
    pub(super) fn telling_line(&self) -> &[u8] {
        self.lines().find(|line| !line.is_ascii()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use encoding_rs::GB18030;

    use super::*;

    #[test]
    fn pieces_hold_whole_characters_wherever_they_are_taken() {
        let (line, ..) = GB18030.encode("福建省,福州市,鼓楼区,\"𠮷\"\n");
        let text = line.repeat(300_000);
        for cut in 0..line.len() {
            let text = &text[cut..];
            let mut sample = Sample::default();
            sample.add_windows(Cursor::new(text)).unwrap();
            assert_eq!(sample.pieces.len(), WINDOWS as usize);
            for piece in sample.pieces() {
                let whole = GB18030.decode_without_bom_handling_and_without_replacement(piece);
                assert!(whole.is_some() && !piece.is_empty());
            }
        }
    }

    #[test]
    fn text_that_is_ascii_at_first_is_read_on() {
        let mut text = b"{\"name\":\"plain\"}\n".repeat(200_000);
        let (name, ..) = GB18030.encode("{\"name\":\"避灾点\"}\n");
        text.extend_from_slice(&name);
        let sample = Sample::stream(&text[..]).unwrap();
        assert_eq!(sample.telling_line(), name.trim_ascii());
    }
}
