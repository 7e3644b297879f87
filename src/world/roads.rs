//! The roads of a world: what ways are searched on, and what stands in the way now.
//!
//! Owns the road network with the hazard zones that lie on it, the closures, and the weights that follow from both, made
//! when they are first asked for. Immutable but for that: a change of closures makes new roads beside the old ones.

mod ahead;

use std::{
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use geo_types::{Geometry, Polygon};
use jiff::Timestamp;
use rayon::prelude::*;

use self::ahead::{Ahead, are_same};
use super::{Concern, by_road::ShelterPlaces, field::ShelterField, teams::TeamPlaces};
use crate::{
    catalog::{Fault, HazardKind, Layer, RoadsManifest},
    hazards::Band,
    rescue::Teams,
    routing::{
        Closure, ClosureError, ClosureId, Closures, EffectError, EffectTable, Levels, Mode, Place, Reach, Router,
        Scene, Situation, Weights, Zone, ZoneLayer,
        file::FileError,
        reach,
        search::{
            Search,
            dijkstra::{Dijkstra, Direction},
        },
    },
    shelters::Shelters,
    tiles::Streets,
    units::Seconds,
};

/// The file of a pack that says otherwise than the default what zones do to those who pass.
pub(super) const EFFECTS_FILE: &str = "effects.toml";

/// Why a pack's roads cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RoadsError {
    /// The network file.
    #[error(transparent)]
    File(#[from] FileError),
    /// The table of effects.
    #[error("{0}")]
    Effects(#[from] EffectError),
    /// The table of effects cannot be read.
    #[error("{0}")]
    EffectsFile(#[from] std::io::Error),
}

impl RoadsError {
    /// The same as a fault of the pack in a folder.
    pub fn fault(&self, dir: &Path, manifest: &RoadsManifest) -> Fault {
        let text = self.to_string();
        let file = match self {
            Self::File(_) => &manifest.file,
            Self::Effects(_) | Self::EffectsFile(_) => EFFECTS_FILE,
        };
        let problem = text
            .strip_prefix(&dir.join(file).display().to_string())
            .unwrap_or(&text);
        Fault::file(file, problem.trim_start_matches([':', ' ']))
    }
}

/// A hazard layer on the roads.
#[derive(Debug)]
struct Laid {
    layer: Arc<Layer>,
    kind: HazardKind,
    zones: ZoneLayer,
}

/// What only a new pack changes.
#[derive(Debug)]
struct Ground {
    router: Router,
    laid: Vec<Laid>,
    effects: EffectTable,
    free: [Weights; 3],
    searches: Mutex<Vec<Search>>,
    explorations: Mutex<Vec<Dijkstra>>,
    streets: OnceLock<Arc<Streets>>,
    synthetic: bool,
    version: u64,
}

/// The roads of a world.
#[derive(Debug)]
pub struct Roads {
    ground: Arc<Ground>,
    closures: Closures,
    active: Vec<(ClosureId, Arc<Closure>)>,
    weights: Slots<Weights>,
    shelters: Slots<ShelterPlaces>,
    fields: Slots<ShelterField>,
    teams: Slots<TeamPlaces>,
    ahead: Ahead,
}

/// What is made for a mode and a concern when somebody first asks for it; see [`slot`].
type Slots<T> = Arc<[OnceLock<T>]>;

impl Roads {
    /// Opens the network of a pack and lays its hazard layers on it. Nothing is closed.
    ///
    /// # Errors
    /// The network file or the table of effects cannot be used.
    pub fn load(dir: &Path, manifest: &RoadsManifest, layers: &[Arc<Layer>]) -> Result<Self, RoadsError> {
        let (router, hash) = Router::open(&dir.join(&manifest.file))?;
        let own = dir.join(EFFECTS_FILE);
        let text = if own.exists() {
            std::fs::read_to_string(own)?
        } else {
            String::new()
        };
        let effects = EffectTable::parse(&text)?;
        let laid = layers.iter().filter_map(|layer| {
            let kind = layer.hazard_kind()?;
            let zones = ZoneLayer::build(router.network(), router.snapper(), &zones(layer, kind));
            Some(Laid {
                layer: Arc::clone(layer),
                kind,
                zones,
            })
        });
        let ground = Ground {
            laid: laid.collect(),
            effects,
            free: Mode::ALL.map(|mode| router.free(mode)),
            searches: Mutex::default(),
            explorations: Mutex::default(),
            streets: OnceLock::new(),
            synthetic: manifest.synthetic,
            version: hash ^ xxhash_rust::xxh3::xxh3_64(text.as_bytes()),
            router,
        };
        Ok(Self::on(Arc::new(ground), Closures::default(), Timestamp::MIN))
    }

    fn on(ground: Arc<Ground>, closures: Closures, at: Timestamp) -> Self {
        Self {
            active: closures.active(at),
            closures,
            ground,
            weights: slots(),
            shelters: slots(),
            fields: slots(),
            teams: slots(),
            ahead: Ahead::default(),
        }
    }

    /// The same roads with other closures, as of a time. The weights that were in use are made at once, on all
    /// processors; those that were not, when they are asked for.
    #[must_use]
    pub fn with_closures(&self, closures: Closures, at: Timestamp) -> Self {
        let next = Self::on(Arc::clone(&self.ground), closures, at);
        if are_same(&next.active, &self.active) {
            // What is closed now has not changed, and neither has what follows from it.
            return Self {
                weights: Arc::clone(&self.weights),
                shelters: Arc::clone(&self.shelters),
                fields: Arc::clone(&self.fields),
                teams: Arc::clone(&self.teams),
                ..next
            };
        }
        let used: Vec<(Mode, Concern)> = Concern::all()
            .flat_map(|concern| Mode::ALL.map(|mode| (mode, concern)))
            .filter(|(mode, concern)| self.slot(*mode, *concern).get().is_some())
            .collect();
        used.par_iter()
            .for_each(|(mode, concern)| _ = next.weights(*mode, *concern));
        next
    }

    /// The closures of other roads on these, caught anew where the networks differ. Says which catch nothing here.
    #[must_use]
    pub fn adopting(&self, other: &Self, at: Timestamp) -> (Self, Vec<ClosureId>) {
        if self.ground.version == other.ground.version {
            return (self.with_closures(other.closures.clone(), at), Vec::new());
        }
        let mut lost = Vec::new();
        let moved = other.closures.recaught(
            |area| {
                area.catch(self.ground.router.network(), self.ground.router.snapper(), Levels::One)
                    .ok()
            },
            &mut lost,
        );
        (self.with_closures(moved, at), lost)
    }

    /// The network ready for searching.
    pub fn router(&self) -> &Router {
        &self.ground.router
    }

    /// Whether the roads are made up.
    pub fn is_synthetic(&self) -> bool {
        self.ground.synthetic
    }

    /// Identifies network and effects.
    pub fn version(&self) -> u64 {
        self.ground.version
    }

    /// All closures.
    pub fn closures(&self) -> &Closures {
        &self.closures
    }

    /// Whether a closure holds in this world.
    pub fn is_active(&self, id: ClosureId) -> bool {
        self.active.iter().any(|(active, _)| *active == id)
    }

    /// The hazard layer that zones come from, by its place among those that count.
    pub fn layer(&self, concern: Concern, at: usize) -> Option<&Arc<Layer>> {
        self.laid(concern).nth(at).map(|laid| &laid.layer)
    }

    /// Does something with the scene of a mode and a concern: what routes are searched in. Makes the weights first where
    /// nobody has asked for them yet, which takes a fraction of a second for a province.
    pub fn search<T>(&self, mode: Mode, concern: Concern, work: impl FnOnce(Scene<'_>, &mut Search) -> T) -> T {
        let zones: Vec<&ZoneLayer> = self.laid(concern).map(|laid| &laid.zones).collect();
        let scene = Scene {
            router: &self.ground.router,
            weights: self.weights(mode, concern),
            free: &self.ground.free[mode.index()],
            situation: self.situation(&zones),
        };
        let searches = || self.ground.searches.lock().unwrap_or_else(PoisonError::into_inner);
        // Not in the condition of the call: the lock must not be held while searching.
        let kept = searches().pop();
        let mut search = kept.unwrap_or_else(Search::new);
        let done = work(scene, &mut search);
        searches().push(search);
        done
    }

    /// Does something with memory to search on the graph itself.
    pub(super) fn explore<T>(&self, work: impl FnOnce(&mut Dijkstra) -> T) -> T {
        let kept = || self.ground.explorations.lock().unwrap_or_else(PoisonError::into_inner);
        let one = kept().pop();
        let mut one = one.unwrap_or_else(Dijkstra::new);
        let done = work(&mut one);
        kept().push(one);
        done
    }

    /// What is reached from a place within a time, or from where it is reached; see [`reach`].
    pub fn reach(&self, mode: Mode, concern: Concern, place: Place, within: Seconds, direction: Direction) -> Reach {
        let (router, weights) = (self.router(), self.weights(mode, concern));
        self.explore(|search| reach(router, weights, search, place, within, direction))
    }

    /// The shelters as places to come to for a mode under a concern; made when first asked for.
    pub(super) fn shelter_places(&self, mode: Mode, concern: Concern, all: &Shelters) -> &ShelterPlaces {
        let slot = &self.shelters[slot(mode, concern)];
        slot.get_or_init(|| ShelterPlaces::new(&self.ground.router, self.weights(mode, concern), all, |_, _| true))
    }

    /// The teams as places to come from for a mode under a concern; made when first asked for.
    pub(super) fn team_places(&self, mode: Mode, concern: Concern, all: &Teams) -> &TeamPlaces {
        let slot = &self.teams[slot(mode, concern)];
        slot.get_or_init(|| TeamPlaces::new(self.router(), self.weights(mode, concern), all))
    }

    /// The evacuation field of a mode under a concern; made when first asked for.
    pub(super) fn shelter_field(&self, mode: Mode, concern: Concern, all: &Shelters) -> &ShelterField {
        let slot = &self.fields[slot(mode, concern)];
        slot.get_or_init(|| ShelterField::new(self.router(), self.weights(mode, concern), concern, all))
    }

    /// The same where somebody has asked for it already.
    pub(super) fn known_field(&self, mode: Mode, concern: Concern) -> Option<&ShelterField> {
        self.fields[slot(mode, concern)].get()
    }

    /// The lines of all stretches, ready to be drawn; made when first asked for.
    pub(super) fn streets(&self) -> Arc<Streets> {
        let network = self.router().network();
        let make = || {
            let lines = network.stretches().map(|stretch| network.shape(stretch));
            Arc::new(Streets::new(lines, network.bbox()))
        };
        Arc::clone(self.ground.streets.get_or_init(make))
    }

    /// The weights of a mode under a concern.
    pub fn weights(&self, mode: Mode, concern: Concern) -> &Weights {
        self.slot(mode, concern).get_or_init(|| {
            let zones: Vec<&ZoneLayer> = self.laid(concern).map(|laid| &laid.zones).collect();
            self.ground.router.weigh(mode, self.situation(&zones), None)
        })
    }

    fn slot(&self, mode: Mode, concern: Concern) -> &OnceLock<Weights> {
        &self.weights[slot(mode, concern)]
    }

    fn situation<'a>(&'a self, zones: &'a [&'a ZoneLayer]) -> Situation<'a> {
        Situation {
            effects: &self.ground.effects,
            zones,
            closures: &self.active,
        }
    }

    fn laid(&self, concern: Concern) -> impl Iterator<Item = &Laid> {
        let counts = move |laid: &&Laid| match concern {
            Concern::Any => true,
            Concern::Kind(kind) => laid.kind == kind,
            Concern::None => false,
        };
        self.ground.laid.iter().filter(counts)
    }

    /// The stretches that an area catches, and the closure that it would be.
    ///
    /// # Errors
    /// It catches nothing, or makes no sense.
    pub fn catch(&self, closure: Closure) -> Result<Closure, ClosureError> {
        let (network, snapper) = (self.ground.router.network(), self.ground.router.snapper());
        let caught = closure.area.catch(network, snapper, Levels::One)?;
        let closure = Closure { caught, ..closure };
        closure.check()?;
        Ok(closure)
    }
}

/// The place of what is made for a mode and a concern.
fn slot(mode: Mode, concern: Concern) -> usize {
    concern.index() * Mode::ALL.len() + mode.index()
}

fn slots<T>() -> Slots<T> {
    std::iter::repeat_with(OnceLock::new)
        .take(Concern::COUNT * Mode::ALL.len())
        .collect()
}

/// The zones of a hazard layer that have a level, as routing takes them.
fn zones(layer: &Layer, kind: HazardKind) -> Vec<Zone> {
    let levels = u8::try_from(layer.levels().len()).unwrap_or(u8::MAX);
    let zone = |(row, geometry): (usize, &Geometry<f64>)| {
        let (rank, level) = layer.level(row)?;
        Some(Zone {
            kind,
            band: Band::of(rank, levels, level.is_unsafe),
            depth_m: layer.depth_m(row),
            row: row as u32,
            polygons: polygons(geometry),
        })
    };
    layer.geometries().iter().enumerate().filter_map(zone).collect()
}

fn polygons(geometry: &Geometry<f64>) -> Vec<Polygon<f64>> {
    match geometry {
        Geometry::Polygon(polygon) => vec![polygon.clone()],
        Geometry::MultiPolygon(parts) => parts.0.clone(),
        Geometry::GeometryCollection(members) => members.iter().flat_map(polygons).collect(),
        _ => Vec::new(),
    }
}
