//! Fonts and sprites of a pack: files that styles need and that are served as they are.
//!
//! Owns which of them there are. They are found when the pack is loaded, and asked for by the names found then, so that
//! no address leads anywhere else.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::{Fault, Faults};

/// The folder of fonts: `fonts/{font}/{first}-{last}.pbf`.
const FONTS: &str = "fonts";
/// The folder of sprites: `sprites/{name}.json` and `.png`, and the same with `@2x`.
const SPRITES: &str = "sprites";

/// Glyphs in a file.
const RANGE: u32 = 256;
/// The last code point there is.
const LAST_CODE_POINT: u32 = 0x0010_ffff;
/// The most bytes of one file: twenty times the largest that are in use.
const MOST_BYTES: u64 = 16 << 20;
/// How a PNG begins.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A file as it was when the pack was loaded.
#[derive(Debug, Clone)]
pub struct ServedFile {
    path: PathBuf,
    hash: u64,
}

impl ServedFile {
    fn load(path: PathBuf, check: impl FnOnce(&[u8]) -> Result<(), String>) -> Result<Self, String> {
        let length = fs::metadata(&path).map_err(told)?.len();
        if length > MOST_BYTES {
            return Err(format!("has {length} bytes; at most {MOST_BYTES} are served"));
        }
        let bytes = fs::read(&path).map_err(told)?;
        check(&bytes)?;
        Ok(Self {
            hash: xxh3_64(&bytes),
            path,
        })
    }

    /// Its bytes now.
    ///
    /// # Errors
    /// It cannot be read any more.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        fs::read(&self.path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed over so")]
fn told(error: io::Error) -> String {
    format!("cannot be read: {error}")
}

/// The fonts of a pack: glyphs as signed distance fields, in files of 256 code points.
#[derive(Debug, Default)]
pub struct Fonts(BTreeMap<String, BTreeMap<u32, ServedFile>>);

impl Fonts {
    /// Finds and reads the fonts in a pack's folder; none where there is no folder `fonts`.
    ///
    /// # Errors
    /// Every file that is not where or what it should be. Files of other kinds, as licences are, may stand beside.
    pub fn load(dir: &Path) -> Result<Self, Faults> {
        let (mut fonts, mut faults) = (BTreeMap::new(), Vec::new());
        for (name, path) in listed(dir, FONTS, &mut faults) {
            let inside = format!("{FONTS}/{name}");
            if path.is_dir() {
                if name.contains(',') {
                    faults.push(Fault::file(&inside, "a font's name must have no comma"));
                }
                fonts.insert(name, ranges(dir, &inside, &mut faults));
            } else if is_glyphs(&name) {
                faults.push(Fault::file(&inside, "must lie in a folder with the font's name"));
            }
        }
        fonts.retain(|_, ranges: &mut BTreeMap<_, _>| !ranges.is_empty());
        if faults.is_empty() {
            Ok(Self(fonts))
        } else {
            Err(Faults(faults))
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether there is a font of this name.
    pub fn has(&self, font: &str) -> bool {
        self.0.contains_key(font)
    }

    /// The glyphs of a font from this code point on; `None` where it has none of the 256.
    pub fn glyphs(&self, font: &str, first: u32) -> Option<&ServedFile> {
        self.0.get(font)?.get(&first)
    }

    fn files(&self) -> impl Iterator<Item = (String, &ServedFile)> {
        let of_font = |(font, ranges): (&'_ String, _)| (font.clone(), ranges);
        self.0.iter().map(of_font).flat_map(|(font, ranges)| {
            let named = move |(first, file): (&u32, _)| (format!("{FONTS}/{font}/{first}"), file);
            ranges.iter().map(named)
        })
    }
}

/// The first code point of a range as a file or an address names it, `0-255` and so on.
pub fn first_of_range(range: &str) -> Option<u32> {
    let (first, last) = range.split_once('-')?;
    let number = |text: &str| {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>()
            .ok()
            .filter(|_| digits && (text == "0" || !text.starts_with('0')))
    };
    let (first, last) = (number(first)?, number(last)?);
    (first % RANGE == 0 && last <= LAST_CODE_POINT && last - first.min(last) == RANGE - 1).then_some(first)
}

fn ranges(dir: &Path, font: &str, faults: &mut Vec<Fault>) -> BTreeMap<u32, ServedFile> {
    let mut ranges = BTreeMap::new();
    for (name, path) in listed(dir, font, faults) {
        if !is_glyphs(&name) {
            continue;
        }
        let first = first_of_range(name.trim_end_matches(".pbf"));
        let first = first.ok_or_else(|| "must be named after its 256 code points, as in 0-255.pbf".to_owned());
        match first.and_then(|first| Ok((first, ServedFile::load(path, |_| Ok(()))?))) {
            Ok((first, file)) => _ = ranges.insert(first, file),
            Err(problem) => faults.push(Fault::file(format!("{font}/{name}"), problem)),
        }
    }
    ranges
}

fn is_glyphs(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "pbf")
}

/// What a folder of the pack holds, by name; nothing where there is no such folder.
fn listed(dir: &Path, folder: &str, faults: &mut Vec<Fault>) -> Vec<(String, PathBuf)> {
    let entries = match fs::read_dir(dir.join(folder)) {
        Ok(entries) => entries,
        Err(error) => {
            if error.kind() != io::ErrorKind::NotFound {
                faults.push(Fault::file(folder, told(error)));
            }
            return Vec::new();
        }
    };
    let mut found = Vec::new();
    for entry in entries {
        match entry.map(|entry| (entry.file_name().into_string(), entry.path())) {
            Ok((Ok(name), path)) if !name.starts_with('.') => found.push((name, path)),
            Ok((Ok(_), _)) => {}
            Ok((Err(name), _)) => {
                let name = name.to_string_lossy().into_owned();
                faults.push(Fault::file(format!("{folder}/{name}"), "its name is not UTF-8"));
            }
            Err(error) => faults.push(Fault::file(folder, told(error))),
        }
    }
    found.sort();
    found
}

/// The sprites of a pack: sheets of icons and their indexes.
#[derive(Debug, Default)]
pub struct Sprites(BTreeMap<String, ServedFile>);

impl Sprites {
    /// Finds and reads the sprites in a pack's folder; none where there is no folder `sprites`.
    ///
    /// # Errors
    /// Every file that is not what it should be, and every sheet without an index, or the other way round.
    pub fn load(dir: &Path) -> Result<Self, Faults> {
        let (mut files, mut faults) = (BTreeMap::new(), Vec::new());
        for (name, path) in listed(dir, SPRITES, &mut faults) {
            let inside = format!("{SPRITES}/{name}");
            let loaded = match name.rsplit_once('.') {
                Some((stem, "json")) => partner(dir, stem, "png").and_then(|()| ServedFile::load(path, index)),
                Some((stem, "png")) => partner(dir, stem, "json").and_then(|()| ServedFile::load(path, picture)),
                _ => continue,
            };
            match loaded {
                Ok(file) => _ = files.insert(name, file),
                Err(problem) => faults.push(Fault::file(inside, problem)),
            }
        }
        if faults.is_empty() {
            Ok(Self(files))
        } else {
            Err(Faults(faults))
        }
    }

    /// A file by its name.
    pub fn get(&self, name: &str) -> Option<&ServedFile> {
        self.0.get(name)
    }

    /// Whether there are sprites of this name, without `@2x`.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(&format!("{name}.json"))
    }
}

fn partner(dir: &Path, stem: &str, extension: &str) -> Result<(), String> {
    let name = format!("{SPRITES}/{stem}.{extension}");
    let is_there = dir.join(&name).is_file();
    is_there.then_some(()).ok_or_else(|| format!("needs {name} beside it"))
}

fn index(bytes: &[u8]) -> Result<(), String> {
    let index: Result<Map<String, Value>, _> = serde_json::from_slice(bytes);
    index
        .map(drop)
        .map_err(|error| format!("is no index of sprites: {error}"))
}

fn picture(bytes: &[u8]) -> Result<(), String> {
    let is_png = bytes.starts_with(PNG);
    is_png.then_some(()).ok_or_else(|| "is no PNG".to_owned())
}

/// Every file of both, and the hash of their names and contents.
pub fn served_files<'f>(fonts: &'f Fonts, sprites: &'f Sprites) -> (Vec<&'f Path>, u64) {
    let sprites = sprites.0.iter().map(|(name, file)| (format!("{SPRITES}/{name}"), file));
    let mut hash = Xxh3::new();
    let mut paths = Vec::new();
    for (name, file) in fonts.files().chain(sprites) {
        hash.update(name.as_bytes());
        hash.update(&file.hash.to_le_bytes());
        paths.push(file.path());
    }
    (paths, hash.digest())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        dir
    }

    #[test]
    fn ranges_are_those_of_256_code_points() {
        assert_eq!(first_of_range("0-255"), Some(0));
        assert_eq!(first_of_range("65280-65535"), Some(65_280));
        for other in [
            "",
            "0",
            "0-256",
            "1-256",
            "255-0",
            "00-255",
            "+0-255",
            "0-0255",
            "4294967040-4294967295",
            "../0-255",
        ] {
            assert_eq!(first_of_range(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_there_is_found_and_the_rest_left_alone() {
        let dir = pack(&[
            ("fonts/Noto Sans Regular/0-255.pbf", b"a"),
            ("fonts/Noto Sans Regular/OFL.txt", b"licence"),
            ("fonts/README.md", b"from where"),
            ("sprites/basemap.json", b"{}"),
            ("sprites/basemap.png", PNG),
            ("sprites/.DS_Store", b""),
        ]);
        let (fonts, sprites) = (Fonts::load(dir.path()).unwrap(), Sprites::load(dir.path()).unwrap());
        assert_eq!(fonts.names().collect::<Vec<_>>(), ["Noto Sans Regular"]);
        assert_eq!(fonts.glyphs("Noto Sans Regular", 0).unwrap().read().unwrap(), b"a");
        assert!(fonts.glyphs("Noto Sans Regular", 256).is_none() && !fonts.has("Noto"));
        assert!(sprites.has("basemap") && !sprites.has("base") && sprites.get("basemap.png").is_some());
        let (paths, hash) = served_files(&fonts, &sprites);
        assert_eq!(paths.len(), 3);
        fs::write(dir.path().join("fonts/Noto Sans Regular/0-255.pbf"), b"b").unwrap();
        let changed = Fonts::load(dir.path()).unwrap();
        assert_ne!(served_files(&changed, &sprites).1, hash);
    }

    #[test]
    fn nothing_is_a_pack_without_either() {
        let dir = pack(&[]);
        assert!(Fonts::load(dir.path()).unwrap().is_empty());
        assert!(!Sprites::load(dir.path()).unwrap().has("sprite"));
    }

    #[test]
    fn every_fault_is_named() {
        let dir = pack(&[
            ("fonts/0-255.pbf", b""),
            ("fonts/A,B/0-255.pbf", b""),
            ("fonts/A/1-255.pbf", b""),
            ("sprites/a.json", b"x"),
            ("sprites/a.png", b"GIF"),
            ("sprites/b.png", PNG),
        ]);
        let faults = |result: Result<(), Faults>| {
            let lines: Vec<String> = result.unwrap_err().0.iter().map(ToString::to_string).collect();
            lines.join("\n")
        };
        insta::assert_snapshot!(faults(Fonts::load(dir.path()).map(drop)), @r"
        fonts/0-255.pbf: must lie in a folder with the font's name
        fonts/A/1-255.pbf: must be named after its 256 code points, as in 0-255.pbf
        fonts/A,B: a font's name must have no comma
        ");
        insta::assert_snapshot!(faults(Sprites::load(dir.path()).map(drop)), @r"
        sprites/a.json: is no index of sprites: expected value at line 1 column 1
        sprites/a.png: is no PNG
        sprites/b.png: needs sprites/b.json beside it
        ");
    }
}
