"""The extract as it was mapped: which way lies between two points of a route, and how it is tagged.

A route's line has the positions of OpenStreetMap's nodes, rounded as its engine likes; they are found again by position, so
that lines of different engines can be laid over each other segment by segment, and a segment leads to its way.
"""

from __future__ import annotations

import bisect
import itertools
import math
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import osmium
from engines import Line, Point

# Positions are known by their millionths of a degree, a decimetre; engines round them up or down.
SCALE = 1e6
EARTH_METRES = 6_371_008.8

Key = tuple[int, int]
Segment = tuple[Key, Key]

NO_ROADS = {"proposed", "construction", "abandoned", "razed", "platform", "raceway", "elevator", "corridor", "rest_area", "services"}
FOR_ALL = {
    "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link", "unclassified", "residential",
    "living_street", "service", "road", "track",
}  # fmt: skip
ON_FOOT = FOR_ALL | {"footway", "path", "pedestrian", "steps"}
IN_A_CAR = FOR_ALL | {"motorway", "trunk", "motorway_link", "trunk_link"}
# What says who may pass, and what else an engine may judge by.
TELLING = (
    "access", "vehicle", "motor_vehicle", "motorcar", "foot", "bus", "psv", "emergency", "barrier", "oneway", "junction", "service",
    "highway", "route", "area", "tracktype", "surface", "smoothness", "maxspeed", "sidewalk", "motorroad", "motor_vehicle:conditional",
)  # fmt: skip


@dataclass(frozen=True)
class Way:
    id: int
    tags: dict[str, str] = field(repr=False)
    keys: tuple[Key, ...] = field(repr=False)

    def telling(self) -> str:
        return " ".join(f"{key}={self.tags[key]}" for key in TELLING if key in self.tags)

    @property
    def oneway(self) -> int:
        """1 where it leads along, -1 against the way, 0 for both."""
        said = self.tags.get("oneway", "")
        if said in ("-1", "reverse"):
            return -1
        implied = self.tags.get("junction") in ("roundabout", "circular") or self.tags.get("highway") == "motorway"
        return int(said in ("yes", "true", "1") or (implied and said != "no"))


def key_of(point: Point) -> Key:
    return round(point[0] * SCALE), round(point[1] * SCALE)


def metres(one: Point, other: Point) -> float:
    (a, b), (c, d) = one, other
    x = math.radians(c - a) * math.cos(math.radians((b + d) / 2))
    return EARTH_METRES * math.hypot(x, math.radians(d - b))


def middle(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def point_of(key: Key) -> Point:
    return key[0] / SCALE, key[1] / SCALE


class Streets:
    """All ways with `highway` or a ferry, their barriers and turn restrictions."""

    def __init__(self, extract: Path) -> None:
        self.between: dict[Segment, list[tuple[Way, bool]]] = defaultdict(list)
        self.ways: dict[int, Way] = {}
        self.barriers: dict[Key, dict[str, str]] = {}
        # By the node they lie at: what, and from and to which ways.
        self.turns: dict[Key, list[tuple[str, int, int]]] = defaultdict(list)
        around: dict[Key, set[Key]] = defaultdict(set)
        nodes: dict[int, Key] = {}
        # Most nodes have no tags: only their positions are wanted, and looking at each here would take most of the time.
        for each in osmium.FileProcessor(str(extract)).with_locations().with_filter(osmium.filter.EmptyTagFilter()):
            if isinstance(each, osmium.osm.Node):
                if "barrier" in each.tags or "ford" in each.tags:
                    self.barriers[key_of((each.location.lon, each.location.lat))] = dict(each.tags)
            elif isinstance(each, osmium.osm.Way):
                self.take(each, around, nodes)
            elif isinstance(each, osmium.osm.Relation) and each.tags.get("type") == "restriction":
                self.take_turn(each, nodes)
        self.keys = set(around)
        # Numbers by position; of two nodes at one place the later.
        self.nodes = {key: number for number, key in nodes.items()}
        self.junctions = {key for key, others in around.items() if len(others) != 2}

    def take(self, way: osmium.osm.Way, around: dict[Key, set[Key]], nodes: dict[int, Key]) -> None:
        tags = dict(way.tags)
        if tags.get("highway", "proposed") in NO_ROADS and tags.get("route") != "ferry":
            return
        known = [(node.ref, key_of((node.lon, node.lat))) for node in way.nodes if node.location.valid()]
        nodes.update(known)
        keys = tuple(key for key, _ in itertools.groupby(key for _, key in known))
        self.ways[way.id] = made = Way(way.id, tags, keys)
        for one, other in itertools.pairwise(keys):
            self.between[one, other].append((made, True))
            self.between[other, one].append((made, False))
            around[one].add(other)
            around[other].add(one)

    def take_turn(self, relation: osmium.osm.Relation, nodes: dict[int, Key]) -> None:
        members = {member.role: member for member in relation.members}
        if {"from", "to", "via"} <= set(members) and members["via"].type == "n" and members["via"].ref in nodes:
            kind = relation.tags.get("restriction") or ""
            self.turns[nodes[members["via"].ref]].append((kind, members["from"].ref, members["to"].ref))

    def known(self, point: Point) -> Key | None:
        """The node at a position."""
        x, y = key_of(point)
        near = ((x + dx, y + dy) for dx in (0, 1, -1) for dy in (0, 1, -1))
        return next((key for key in near if key in self.keys), None)

    def segments(self, line: Line) -> list[Segment]:
        """The whole segments of a line, in order; the broken ones at its ends are left out. A via within one is passed over."""
        known = [key for key in map(self.known, line) if key is not None]
        return [pair for pair in itertools.pairwise(known) if pair in self.between]

    def stretches(self, line: Line) -> list[list[Segment]]:
        """The segments of a line from junction to junction."""
        found: list[list[Segment]] = []
        last: Key | None = None
        for segment in self.segments(line):
            if not found or segment[0] in self.junctions or segment[0] != last:
                found.append([])
            found[-1].append(segment)
            last = segment[1]
        return found

    def main_kind(self, line: Line) -> str:
        """The kind of road that most of a line leads along."""
        metres_of: dict[str, float] = defaultdict(float)
        for segment in self.segments(line):
            metres_of[self.between[segment][0][0].tags.get("highway", "ferry")] += length([segment])
        return max(metres_of, key=lambda kind: metres_of[kind], default="none")

    def random_points(self, random: Random, mode: str, count: int) -> Line:
        """On the network, each metre as likely as any other: where anybody may go, in no way's middle of nowhere."""
        usual = IN_A_CAR if mode == "car" else ON_FOOT
        ways = [way for way in self.ways.values() if way.tags.get("highway") in usual and len(way.keys) > 1]
        pieces = [(a, b) for way in ways for a, b in itertools.pairwise(way.keys)]
        reached = list(itertools.accumulate(metres(point_of(a), point_of(b)) for a, b in pieces))
        chosen = (pieces[bisect.bisect_left(reached, random.uniform(0, reached[-1]))] for _ in range(count))
        return [middle(point_of(a), point_of(b)) for a, b in chosen]


def length(segments: list[Segment]) -> float:
    return sum(metres(point_of(a), point_of(b)) for a, b in segments)


def shared(one: list[Segment], other: list[Segment]) -> float:
    """How much of the longer of two ways is the same, direction counted, 0 to 1; ends that lie within a segment are no
    difference."""
    longest = max(length(one), length(other))
    common = set(one) & set(other)
    return length([segment for segment in one if segment in common]) / longest if longest > 0 else 1.0
