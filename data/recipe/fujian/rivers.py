"""Main rivers: WDBII lines joined and named, and the Min River's last reach, which WDBII lacks.

WDBII ends above Fuzhou. From there the river is the line along which the county borders run: both channels around Nantai Island and the
mouth between Mawei and Changle. Those parts say so in their `source` column.
"""

from functools import cache

import shapely
from shapely.ops import substring

from .divisions import county_shapes
from .gshhg import river_pieces
from .layers import snap, write_layer
from .tables import columns, facts

FRAME = (115, 23, 122, 29)
# A tributary's end this near to a river is its confluence; WDBII's ends miss by up to about 1 km.
CONFLUENCE_DEGREES = 0.015
# A name's anchor in facts/rivers.csv is this near to its river.
ANCHOR_DEGREES = 0.06
SHORTEST_DEGREES = 0.02
# Counties on either side of the Min River below Fuzhou: Cangshan is Nantai Island, Mawei the north bank, Changle the south bank.
NANTAI_ISLAND, NORTH_BANK, SOUTH_BANK = "350104", "350105", "350112"
WDBII, BORDERS = "WDBII in GSHHG 2.3.7", "along county borders of 天地图 (Tianditu)"
JOIN = "straight join"


def main() -> None:
    reaches = rivers()
    rows = []
    for number, (line, level, source) in enumerate(reaches, 1):
        zh, en = ("闽江", "Min River") if source != WDBII else name_of(line)
        rows.append({"id": f"river-{number}", "name_zh": zh, "name_en": en, "level": level, "source": source, "synthetic": False})
    write_layer("rivers", [snap(line) for line, _, _ in reaches], columns(rows), "LineString")


@cache
def rivers() -> tuple[tuple[shapely.LineString, int, str], ...]:
    """Line, WDBII level (2 largest, 4 smallest here; 0 a river drawn with two banks) and source of each reach between confluences."""
    pieces = list(river_pieces(FRAME))
    reaches = []
    lines = [line for line in parts_of(shapely.MultiLineString([line for _, line in pieces])) if line.length > SHORTEST_DEGREES]
    tree, levels = shapely.STRtree([line for _, line in pieces]), [level for level, _ in pieces]
    for line in cut_at_confluences(lines):
        middle = line.interpolate(0.5, normalized=True)
        reaches.append((line, levels[tree.nearest(middle)], WDBII))
    mouth = [(line, 3, source) for line, source in min_river_mouth([line for line, _, _ in reaches])]
    return tuple(reaches + mouth)


def parts_of(lines: shapely.Geometry) -> list[shapely.LineString]:
    return list(shapely.get_parts(shapely.line_merge(lines)))


def cut_at_confluences(lines: list[shapely.LineString]) -> list[shapely.LineString]:
    ends = [(n, point) for n, line in enumerate(lines) for point in shapely.get_parts(line.boundary)]
    result = []
    for n, line in enumerate(lines):
        cuts = {0.0, line.length}
        for other, end in ends:
            at = line.project(end)
            if other != n and line.distance(end) < CONFLUENCE_DEGREES and SHORTEST_DEGREES < at < line.length - SHORTEST_DEGREES:
                cuts.add(at)
        places = sorted(cuts)
        result += [substring(line, a, b) for a, b in zip(places, places[1:])]
    return result


def min_river_mouth(reaches: list[shapely.LineString]) -> list[tuple[shapely.LineString, str]]:
    """Both channels and the mouth from the borders, and a straight join to the nearest WDBII reach upstream."""
    counties = county_shapes()
    channels = max(shapely.get_parts(counties[NANTAI_ISLAND].boundary), key=lambda ring: ring.length)
    shared = shapely.intersection(counties[NORTH_BANK].boundary, counties[SOUTH_BANK].boundary)
    mouth = [p for p in parts_of(shared) if p.length > SHORTEST_DEGREES]
    # The island's head is its north-west end: the Dazhang River, which joins from the south, must not be taken for the Min.
    west, _, _, north = channels.bounds
    ends = shapely.get_parts(shapely.boundary(shapely.MultiLineString(reaches)))
    end = min(ends, key=shapely.Point(west, north).distance)
    return [(shapely.shortest_line(end, channels), JOIN), *((line, BORDERS) for line in [channels, *mouth])]


def name_of(line: shapely.LineString) -> tuple[str | None, str | None]:
    near = [(line.distance(shapely.Point(float(f["lon"]), float(f["lat"]))), f["name_zh"], f["name_en"]) for f in facts("rivers")]
    distance, zh, en = min(near)
    return (zh, en) if distance < ANCHOR_DEGREES else (None, None)


if __name__ == "__main__":
    main()
