"""The ground that invented roads run over: land, sea and rivers of the pack, in metres on a plane.

The plane is east and north of (118 E, 26 N), a degree of longitude taken at 26 N (error below 3 % in the province): good enough to lay out roads by.
"""

from functools import cache

import numpy as np
import pyogrio
import shapely

from .paths import PACK

ORIGIN = (118.0, 26.0)
METRES_A_DEGREE = (111_320 * float(np.cos(np.radians(26))), 110_800.0)
FRAME = (115.6, 23.2, 121.0, 28.6)
# Land is kept in tiles: a line then meets a few hundred vertices and not all of Asia's.
TILE_DEGREES = 0.2
# Outlines are generalised by up to about 3 km at the coast: so far outside the province is still inside it.
PROVINCE_SLACK = 3_500
# Levels of the flood zones that a car is kept out of.
FLOODED = ("I", "II", "III")


def layer(name: str, *columns: str) -> tuple[np.ndarray, list[dict]]:
    """Shapes in metres and rows of one layer of the pack."""
    meta, _, geometry, data = pyogrio.raw.read(str(PACK / f"{name}.fgb"), columns=list(columns))
    rows = [dict(zip(meta["fields"], values)) for values in zip(*data)]
    return shapely.transform(shapely.from_wkb(geometry), to_plane), rows


def to_plane(degrees: np.ndarray) -> np.ndarray:
    return (degrees - ORIGIN) * METRES_A_DEGREE


def to_steps(x: float, y: float) -> tuple[int, int]:
    """Ten-millionths of a degree, longitude and latitude."""
    return tuple(round((value / scale + origin) * 1e7) for value, scale, origin in zip((x, y), METRES_A_DEGREE, ORIGIN))


def parts(shape: shapely.Geometry) -> list[shapely.LineString]:
    """The lines of a geometry, joined where they touch."""
    lines = [part for part in shapely.get_parts(shape) if part.geom_type == "LineString" and part.length > 0]
    return list(shapely.get_parts(shapely.line_merge(shapely.MultiLineString(lines)))) if lines else []


@cache
def land() -> tuple[shapely.STRtree, np.ndarray]:
    shapes, _ = layer("land")
    west, south, east, north = FRAME
    tiles = []
    for lon in np.arange(west, east, TILE_DEGREES):
        column = shapely.box(*to_plane(np.array([[lon, south], [lon + TILE_DEGREES, north]])).ravel())
        strip = [s for s in shapely.intersection(shapes[shapely.intersects(shapes, column)], column)]
        for lat in np.arange(south, north, TILE_DEGREES):
            box = shapely.box(*to_plane(np.array([[lon, lat], [lon + TILE_DEGREES, lat + TILE_DEGREES]])).ravel())
            cut = shapely.union_all(shapely.intersection(np.array(strip, dtype=object), box)) if strip else shapely.Polygon()
            if not cut.is_empty:
                tiles.append(cut.buffer(0.02))
    shapely.prepare(tiles)
    return shapely.STRtree(tiles), np.array(tiles, dtype=object)


@cache
def rivers() -> shapely.STRtree:
    shapes, _ = layer("rivers")
    return shapely.STRtree(shapes)


@cache
def province() -> shapely.Geometry:
    shape = shapely.union_all(layer("province")[0]).buffer(PROVINCE_SLACK).simplify(100)
    shapely.prepare(shape)
    return shape


@cache
def flood_plains() -> shapely.STRtree:
    shapes, rows = layer("flood", "level")
    return shapely.STRtree([shape for shape, row in zip(shapes, rows) if row["level"] in FLOODED])


def flooded(line: shapely.LineString) -> list[shapely.LineString]:
    """The parts of a line that a flood reaches."""
    tree = flood_plains()
    hit = tree.query(line, predicate="intersects")
    return parts(line.intersection(shapely.union_all(tree.geometries[hit]))) if len(hit) else []


def sea(line: shapely.LineString) -> list[shapely.LineString]:
    """The parts of a line that lie in the sea."""
    tree, tiles = land()
    hit = tree.query(line, predicate="intersects")
    if any(tiles[i].contains(line) for i in hit):
        return []
    return parts(line.difference(shapely.union_all(tiles[hit])))


def is_land(points: np.ndarray) -> np.ndarray:
    """For each of the points (n by 2) whether it is on land."""
    found = np.zeros(len(points), dtype=bool)
    found[land()[0].query(shapely.points(points), predicate="intersects")[0]] = True
    return found


def fords(line: shapely.LineString) -> list[float]:
    """How far along a line the rivers cross it, in order."""
    tree = rivers()
    found = []
    for index in tree.query(line, predicate="intersects"):
        for part in shapely.get_parts(line.intersection(tree.geometries[index])):
            found.append(line.project(part.interpolate(0.5, normalized=True) if part.geom_type == "LineString" else part))
    return sorted(found)
