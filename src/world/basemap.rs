//! What of a pack is served as it was made: archives of tiles, the styles that draw them, and the fonts and sprites that
//! these need.
//!
//! Owns loading and checking them together, for a style may only use what is there.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use xxhash_rust::xxh3::Xxh3;

use crate::{
    catalog::{ArchiveManifest, Fault, Faults, Fonts, RegionManifest, Sprites, served_files},
    style::{PackParts, PackStyle, Theme},
    tiles::Archive,
};

/// Archives with what belongs to them.
#[derive(Debug, Default)]
pub struct Basemap {
    /// In the manifest's order.
    pub archives: Vec<Arc<Archive>>,
    /// Glyphs.
    pub fonts: Fonts,
    /// Icons.
    pub sprites: Sprites,
    /// The archives' styles, by the archive's id.
    pub styles: BTreeMap<String, PackStyle>,
    /// Identifies what came from files here.
    version: u64,
    files: Vec<PathBuf>,
}

/// What a style may use, while it is checked.
struct Parts<'a> {
    manifest: &'a RegionManifest,
    /// `None` where they have faults of their own: what is missing then is no fault of the style.
    fonts: Option<&'a Fonts>,
    sprites: Option<&'a Sprites>,
}

impl PackParts for Parts<'_> {
    fn has_archive(&self, id: &str) -> bool {
        self.manifest.archives.iter().any(|archive| archive.id.as_str() == id)
    }

    fn has_layer(&self, id: &str) -> bool {
        self.manifest.layers.iter().any(|layer| layer.id.as_str() == id)
    }

    fn has_font(&self, name: &str) -> bool {
        self.fonts.is_none_or(|fonts| fonts.has(name))
    }

    fn has_sprite(&self, name: &str) -> bool {
        self.sprites.is_none_or(|sprites| sprites.has(name))
    }
}

impl Basemap {
    /// Loads what a manifest names, and the fonts and sprites of the pack's folder. Archives elsewhere are not asked for:
    /// that they cannot be reached is no fault of the pack.
    ///
    /// # Errors
    /// Every fault of an archive here, a style, a font or a sprite.
    pub fn load(dir: &Path, manifest: &RegionManifest) -> Result<Self, Faults> {
        let mut faults = Vec::new();
        let fonts = or_faults(Fonts::load(dir), &mut faults);
        let sprites = or_faults(Sprites::load(dir), &mut faults);
        let (mut archives, mut styles, mut texts) = (Vec::new(), BTreeMap::new(), String::new());
        let parts = Parts {
            manifest,
            fonts: fonts.as_ref(),
            sprites: sprites.as_ref(),
        };
        for entry in &manifest.archives {
            match Archive::load(dir, entry) {
                Ok(archive) => archives.push(Arc::new(archive)),
                Err(fault) => faults.push(fault),
            }
            if let Some(file) = &entry.style {
                match style(dir, entry, file, &parts) {
                    Ok((style, text)) => {
                        texts.push_str(&text);
                        styles.insert(entry.id.to_string(), style);
                    }
                    Err(found) => faults.extend(found.0),
                }
            }
        }
        if !faults.is_empty() {
            return Err(Faults(faults));
        }
        let (fonts, sprites) = (fonts.unwrap_or_default(), sprites.unwrap_or_default());
        let (served, hash) = served_files(&fonts, &sprites);
        let styled = manifest.archives.iter().filter_map(|entry| entry.style.as_ref());
        let archived = archives.iter().filter_map(|archive| archive.path());
        let files = served.into_iter().chain(archived).map(Path::to_owned);
        Ok(Self {
            version: version(&archives, hash, &texts),
            files: files.chain(styled.map(|name| dir.join(name))).collect(),
            archives,
            fonts,
            sprites,
            styles,
        })
    }

    /// The archive with this id.
    pub fn archive(&self, id: &str) -> Option<&Arc<Archive>> {
        self.archives
            .iter()
            .find(|archive| archive.manifest().id.as_str() == id)
    }

    /// Every file here that something of it came from.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(PathBuf::as_path)
    }

    /// Identifies what came from files here: equal for equal files, on every machine. What lies elsewhere has versions of
    /// its own.
    pub(super) const fn version(&self) -> u64 {
        self.version
    }

    /// Takes over the archives elsewhere that another has open already and whose entries are equal.
    pub(super) fn adopt(&mut self, before: &Self) {
        for archive in self.archives.iter_mut().filter(|archive| archive.is_remote()) {
            let same = before.archive(archive.manifest().id.as_str());
            if let Some(same) = same.filter(|same| same.manifest() == archive.manifest()) {
                *archive = Arc::clone(same);
            }
        }
    }
}

fn or_faults<T>(result: Result<T, Faults>, faults: &mut Vec<Fault>) -> Option<T> {
    result.map_err(|found| faults.extend(found.0)).ok()
}

/// The style of an archive, and its text.
fn style(dir: &Path, entry: &ArchiveManifest, file: &str, parts: &Parts) -> Result<(PackStyle, String), Faults> {
    if entry.id.as_str().parse::<Theme>().is_ok() {
        let problem = format!(
            "/styles/{}.json is the server's own: give the archive another id",
            entry.id
        );
        return Err(Fault::file(file, problem).into());
    }
    let text = fs::read_to_string(dir.join(file));
    let text = text.map_err(|error| Fault::file(file, format_args!("cannot be read: {error}")))?;
    match PackStyle::parse(&text, entry.id.as_str(), parts) {
        Ok(style) => Ok((style, text)),
        Err(problems) => Err(Faults(
            problems.iter().map(|problem| Fault::file(file, problem)).collect(),
        )),
    }
}

fn version(archives: &[Arc<Archive>], served: u64, styles: &str) -> u64 {
    let mut hash = Xxh3::new();
    for open in archives.iter().filter_map(|archive| archive.current()) {
        hash.update(&open.content().to_le_bytes());
    }
    hash.update(&served.to_le_bytes());
    hash.update(styles.as_bytes());
    hash.digest()
}
