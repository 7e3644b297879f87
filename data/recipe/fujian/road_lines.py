"""Lines of invented roads: bends, shared corners where they meet, bridges, and the way from a door to the nearest road.

Roads are joined where they hold the same corner, to the centimetre: everything here keeps to that grid.
"""

from dataclasses import dataclass, field

import numpy as np
import shapely

from .road_ground import flooded, fords, sea

SEED = 352026
BEND_EVERY = 560
# A middle is moved by this part of its piece's length, and by no more than so many metres.
BEND, MOST_BEND = 0.07, 700
BRIDGE_HALF, BRIDGE_APART, LEAST_PIECE = 50, 60, 20
MOST_SEA_GAIN = 20
# Trunk roads cross flood plains on viaducts, so that a flood leaves a way from city to city.
VIADUCT_SPARE = 30
NEAREST_ROADS = 12
# One park is on land won from the sea after the shores were drawn.
LONGEST_ACCESS_BRIDGE = 1_500
AT_THE_ROAD = 15

Point = tuple[float, float]


@dataclass
class Road:
    points: list[Point]
    tags: dict[str, str] = field(default_factory=dict)

    def line(self) -> shapely.LineString:
        return shapely.LineString(self.points)

    def is_open_to(self) -> bool:
        """Whether other roads may join it anywhere: not on bridges and ferries, nor where no car can go."""
        return "bridge" not in self.tags and self.tags.get("highway") not in (None, "footway", "steps", "pedestrian")


def corner(x: float, y: float) -> Point:
    return round(float(x), 2), round(float(y), 2)


def chance(*key: str) -> np.random.Generator:
    """Random numbers of one thing's own, so that adding another changes none."""
    return np.random.default_rng([SEED, *"/".join(key).encode()])


def bent(start: Point, end: Point, key: str) -> list[Point]:
    """The line with seeded bends; straighter where the bends would take it into the sea or over itself."""
    straight = shapely.LineString([start, end])
    wet = sum(part.length for part in sea(straight))
    for strength in (1, 0.6, 0.3, 0.1):
        points = displaced([start, end], strength, chance("bend", key))
        line = shapely.LineString(points)
        if line.is_simple and sum(part.length for part in sea(line)) <= wet + MOST_SEA_GAIN * (wet > 0):
            return points
    return [start, end]


def displaced(points: list[Point], strength: float, random: np.random.Generator) -> list[Point]:
    """Midpoint displacement until no piece is longer than `BEND_EVERY`."""
    while max(np.hypot(b[0] - a[0], b[1] - a[1]) for a, b in zip(points, points[1:])) > BEND_EVERY:
        result = [points[0]]
        for (ax, ay), (bx, by) in zip(points, points[1:]):
            length = np.hypot(bx - ax, by - ay)
            away = strength * np.clip(BEND * length * random.standard_normal(), -MOST_BEND, MOST_BEND) / length
            result += [corner((ax + bx) / 2 - away * (by - ay), (ay + by) / 2 + away * (bx - ax)), (bx, by)]
        points = result
    return points


def insert(road: Road, point: Point) -> None:
    """Puts a corner into a road where it passes the point."""
    if point in road.points:
        return
    x, y = np.array(road.points).T
    dx, dy = np.diff(x), np.diff(y)
    along = np.clip(((point[0] - x[:-1]) * dx + (point[1] - y[:-1]) * dy) / np.maximum(dx**2 + dy**2, 1e-9), 0, 1)
    away = np.hypot(x[:-1] + along * dx - point[0], y[:-1] + along * dy - point[1])
    road.points.insert(int(np.argmin(away)) + 1, point)


def join_crossings(roads: list[Road]) -> int:
    """Makes a junction wherever two roads cross. Gives how many."""
    lines = [road.line() for road in roads]
    first, second = shapely.STRtree(lines).query(lines, predicate="intersects")
    count = 0
    for a, b in sorted((int(a), int(b)) for a, b in zip(first, second) if a < b):
        for crossing in shapely.get_parts(lines[a].intersection(lines[b])):
            point = near_corner(roads[a], roads[b], corner(*crossing.coords[0]))
            count += not (point in roads[a].points and point in roads[b].points)
            insert(roads[a], point)
            insert(roads[b], point)
    return count


def near_corner(a: Road, b: Road, point: Point) -> Point:
    """A corner of either road that is within a few centimetres, else the point."""
    return next((p for road in (a, b) for p in road.points if abs(p[0] - point[0]) + abs(p[1] - point[1]) < 0.05), point)


def with_bridges(road: Road, tags: dict[str, str]) -> list[Road]:
    """The road in pieces; those over rivers and the sea bear the tags too."""
    line = road.line()
    spans = [(at - BRIDGE_HALF, at + BRIDGE_HALF) for at in fords(line)]
    for part in sea(line):
        ends = sorted(line.project(shapely.Point(part.coords[n])) for n in (0, -1))
        spans.append((ends[0] - LEAST_PIECE, ends[1] + LEAST_PIECE))
    if road.tags.get("highway") == "trunk":
        for part in flooded(line):
            ends = sorted(line.project(shapely.Point(part.coords[n])) for n in (0, -1))
            spans.append((ends[0] - VIADUCT_SPARE, ends[1] + VIADUCT_SPARE))
    return pieces(road, merged(spans, line.length), tags)


def as_ferry(road: Road, tags: dict[str, str]) -> list[Road]:
    """The road in pieces; from the first shore to the last it is a ferry and no road."""
    line = road.line()
    ends = [line.project(shapely.Point(part.coords[n])) for part in sea(line) for n in (0, -1)]
    cut = pieces(road, [(min(ends), max(ends))], {})
    for piece in cut:
        if any(part.length > piece.line().length / 3 for part in sea(piece.line())):
            minutes = max(5, round(piece.line().length / 300))
            piece.tags = {**tags, "name:zh": road.tags["name:zh"], "name:en": road.tags["name:en"], "duration": f"{minutes // 60:02}:{minutes % 60:02}"}
    return cut


def merged(spans: list[tuple[float, float]], length: float) -> list[tuple[float, float]]:
    """Spans within the line, in order; near ones are one, and none leaves a stub at an end."""
    result: list[tuple[float, float]] = []
    for begin, end in sorted(spans):
        begin, end = 0 if begin < LEAST_PIECE else begin, length if end > length - LEAST_PIECE else end
        if result and begin < result[-1][1] + BRIDGE_APART:
            begin, end = result[-1][0], max(end, result[-1][1])
            result.pop()
        result.append((begin, end))
    return result


def pieces(road: Road, spans: list[tuple[float, float]], tags: dict[str, str]) -> list[Road]:
    line = road.line()
    cuts = sorted({0.0, line.length, *(min(max(at, 0), line.length) for span in spans for at in span)})
    for at in cuts[1:-1]:
        insert(road, corner(*line.interpolate(at).coords[0]))
    # Cuts and corners were rounded: each cut is found again as the corner nearest to it.
    corners = [line.project(shapely.Point(p)) for p in road.points]
    numbers = [0] + [int(np.argmin(np.abs(np.array(corners) - at))) for at in cuts[1:-1]] + [len(corners) - 1]
    result = []
    for a, b, begin, end in zip(numbers, numbers[1:], cuts, cuts[1:]):
        if a < b:
            is_span = any(s[0] <= (begin + end) / 2 <= s[1] for s in spans)
            result.append(Road(road.points[a:b + 1], {**road.tags, **tags} if is_span else dict(road.tags)))
    return result


def access(door: Point, roads: list[Road], key: str) -> Road | None:
    """A way from a door to the nearest road that it reaches over land, or over a short bridge; None where the door is on a road."""
    lines = np.array([road.line() for road in roads], dtype=object)
    at = shapely.Point(door)
    away = shapely.distance(lines, at)
    options = []
    for n in np.argsort(away, kind="stable")[:NEAREST_ROADS]:
        target = corner(*lines[n].interpolate(lines[n].project(at)).coords[0])
        if away[n] < AT_THE_ROAD:
            return None
        wet = max((part.length for part in sea(shapely.LineString([door, target]))), default=0)
        options.append((wet > 0, wet if wet > 0 else float(away[n]), int(n), target))
    is_wet, wet, n, target = min(options)
    if is_wet and wet > LONGEST_ACCESS_BRIDGE:
        print(f"roads: {key} is left without a road: {wet:.0f} m of sea")
        return None
    insert(roads[n], target)
    points = bent(door, target, key)
    crossed = shapely.STRtree(lines).query(shapely.LineString(points), predicate="crosses")
    return Road([door, target] if len(set(crossed.tolist()) - {n}) else points)
