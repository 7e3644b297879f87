"""Why two engines answer different routes: asked of them, and looked up in the map, not guessed.

Where the ways differ, each engine is sent along the other's by a via on every stretch between two junctions of it. It either
follows, and says what that way costs by its own measure, or it leaves it where it may not go on; there the tags say why. So
Refugia's route can be checked against the peer's way: none may be quicker by Refugia's measure.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Protocol

from engines import Answer, Engine, Line, Point, route
from streets import Key, Segment, Streets, Way, length, metres, middle, point_of, shared

# Two routes agree within this part.
AGREE = 0.05
# Two ways are the same from this part on.
SAME_WAY = 0.95
# A way was followed from this part on: its ends may lie within a segment.
FOLLOWED = 0.98
# Ends farther apart than this lie on different roads, or on different sides of a junction.
SAME_SNAP_M = 5.0
# Costs within this part of each other are a tie.
TIE = 0.02
# Milliseconds are rounded where a via cuts a stretch.
ROUNDING_S = 0.002
MOST_LOOKED_AT = 40

CLOSING = {
    "no", "private", "permit", "destination", "delivery", "customers", "residents", "agricultural", "forestry", "emergency",
    "military", "restricted", "use_sidepath",
}  # fmt: skip
WHO = {
    "car": ("motorcar", "motor_vehicle", "vehicle", "access", "motor_vehicle:conditional"),
    "foot": ("foot", "access"),
}
KINDS = {
    "car": {"pedestrian", "footway", "path", "cycleway", "steps", "track", "bridleway", "busway", "bus_guideway"},
    "foot": {"motorway", "motorway_link", "trunk", "trunk_link", "cycleway", "bridleway", "busway", "track"},
}


class Peer(Engine, Protocol):
    """What the other engines can say of their durations."""

    def moving_s(self, mode: str, points: Line, line: Line) -> float | None:
        """Seconds without what turns cost, of the route by these points, along the line that was answered for them."""


@dataclass
class Case:
    """A pair of points as two engines answer it, and why they differ."""

    mode: str
    peer: str
    ends: tuple[Point, Point]
    refugia: Answer
    other: Answer
    why: str = ""
    evidence: str = ""
    # Refugia's seconds along the peer's way, beside those of its own.
    along_other_s: float | None = None
    # How much of the ways is the same.
    same: float = 0.0
    # The kind of road that most of a way leads along which both go.
    kind: str = ""
    figures: dict[str, float] = field(default_factory=dict)

    @property
    def quicker(self) -> float:
        """Seconds by which the peer's way beats Refugia's by Refugia's own measure. Above 0 it is a fault."""
        return self.refugia.duration_s - self.along_other_s if self.along_other_s is not None else 0.0


def agree(one: Answer, other: Answer, part: float = AGREE) -> bool:
    pairs = ((one.distance_m, other.distance_m), (one.duration_s, other.duration_s))
    return all(within(a, b, part) for a, b in pairs)


def within(one: float, other: float, part: float) -> bool:
    return abs(one - other) <= part * max(one, other)


@dataclass
class Judge:
    """Looks at one pair after the other."""

    streets: Streets
    refugia: Engine
    # A place that most of the network leads to and from, by mode.
    hub: dict[str, Point]

    def look(self, mode: str, peer: Peer, ends: tuple[Point, Point], ours: Answer, other: Answer) -> Case:
        case = Case(mode, peer.name, ends, ours, other)
        if not (ours.found and other.found):
            case.why, case.evidence = self.no_way(case, peer) if ours.found != other.found else ("no way in either", "")
            return case
        case.same = shared(self.streets.segments(ours.line), self.streets.segments(other.line))
        self.check(case)
        if not agree(ours, other):
            self.explain(case, peer)
        return case

    def check(self, case: Case) -> None:
        """What the peer's way costs by Refugia's measure, from and to the very places that Refugia's own leads between."""
        points = [case.ends[0], *self.vias(case.other.line), case.ends[1]]
        along = route(self.refugia, case.mode, points)
        if along.found:
            case.along_other_s = along.duration_s + ROUNDING_S * len(points)

    def vias(self, line: Line) -> Line:
        middles = [stretch[len(stretch) // 2] for stretch in self.streets.stretches(line)]
        return [middle(point_of(a), point_of(b)) for a, b in middles]

    # --- one has no way ------------------------------------------------------------------------------------------------

    def no_way(self, case: Case, peer: Peer) -> tuple[str, str]:
        engine, answer = (self.refugia, case.refugia) if not case.refugia.found else (peer, case.other)
        hub = self.hub[case.mode]
        start, end = case.ends
        leaves = route(engine, case.mode, [start, hub]).found
        arrives = route(engine, case.mode, [hub, end]).found
        other = case.other if engine is self.refugia else case.refugia
        ends = (("the start cannot be left", start, leaves), ("the end cannot be reached", end, arrives))
        where = [f"{word} {told(point)}: {self.tags_at(point)}" for word, point, fine in ends if not fine]
        told_where = "; ".join(where) or "both ends reach the rest of the network"
        return f"no way in {engine.name}", f"{answer.problem}; {told_where}; the other {moved(case.ends, other)}"

    def tags_at(self, point: Point) -> str:
        """The way on which a point of the question was chosen."""
        x, y = round(point[0] * 1e6), round(point[1] * 1e6)
        near = ((a, b) for a, b in self.streets.between if abs(a[0] + b[0] - 2 * x) <= 2 and abs(a[1] + b[1] - 2 * y) <= 2)
        found = next(near, None)
        return described(self.streets.between[found][0][0]) if found else "no way"

    # --- both have one -------------------------------------------------------------------------------------------------

    def explain(self, case: Case, peer: Peer) -> None:
        ours, other, ends = case.refugia, case.other, case.ends
        apart = max(map(metres, ours.ends, other.ends))
        if apart > SAME_SNAP_M:
            case.figures["snap_apart_m"] = apart
            told_snaps = f"refugia {moved(case.ends, ours)}, {peer.name} {moved(case.ends, other)}"
            ends, ours, other = self.from_same_places(case, peer)
            if max(map(metres, ours.ends, other.ends), default=apart) > SAME_SNAP_M:
                case.why = "snapped to a road that the other engine does not use"
                case.evidence = f"{told_snaps}; asked from the other's places, neither comes there"
                return
            if agree(ours, other):
                case.why, case.evidence = "snapped to another road", f"{told_snaps}; from the same places they agree"
                return
        segments = [self.streets.segments(answer.line) for answer in (ours, other)]
        if shared(*segments) >= SAME_WAY:
            self.speeds(case, peer, ours, other)
        else:
            self.choices(case, peer, ends, ours, other)

    def from_same_places(self, case: Case, peer: Peer) -> tuple[tuple[Point, Point], Answer, Answer]:
        """Both asked from where one of them was brought to the road."""
        again = route(self.refugia, case.mode, list(case.other.ends))
        if again.found and max(map(metres, again.ends, case.other.ends)) <= SAME_SNAP_M:
            return case.other.ends, again, case.other
        theirs = route(peer, case.mode, list(case.refugia.ends))
        return case.refugia.ends, case.refugia, theirs if theirs.found else case.other

    def speeds(self, case: Case, peer: Peer, ours: Answer, other: Answer) -> None:
        moving = peer.moving_s(case.mode, list(other.ends), other.line)
        ratio = (other.distance_m / other.duration_s) / (ours.distance_m / ours.duration_s)
        case.figures["speed_ratio"] = ratio
        without = (other.distance_m / moving) / (ours.distance_m / ours.duration_s) if moving else ratio
        case.figures["speed_ratio_without_turns"] = without
        is_turns = moving is not None and within(moving, ours.duration_s, AGREE)
        case.kind = self.streets.main_kind(ours.line)
        case.why = "same way, costs of turns" if is_turns else "same way, other speeds"
        case.evidence = f"{peer.name} is {ratio:.2f} times as fast, {without:.2f} without what its turns cost"

    def choices(self, case: Case, peer: Peer, ends: tuple[Point, Point], ours: Answer, other: Answer) -> None:
        by_ours, along_ours = self.along(peer, case.mode, ends, ours.line)
        _, along_other = self.along(self.refugia, case.mode, ends, other.line)
        for engine, way, along in ((self.refugia, other, along_other), (peer, ours, along_ours)):
            left = self.left_out(way, along)
            if left:
                kind, evidence = self.obstacle(engine, case.mode, way.line, left if along.found else [])
                case.why, case.evidence = f"{engine.name} may not go the other's way: {kind}", evidence
                return
        moving = (peer.moving_s(case.mode, list(other.ends), other.line), peer.moving_s(case.mode, by_ours, along_ours.line))
        self.weights(case, peer, (ours, other), (along_ours, along_other), moving)

    def along(self, engine: Engine, mode: str, ends: tuple[Point, Point], line: Line) -> tuple[Line, Answer]:
        """An engine sent along a line; with fewer vias where it refuses, for Valhalla answers with an error where some lie too
        close to each other."""
        points, answer = list(ends), Answer(problem="no vias")
        for every in (1, 2, 4, 8):
            points = [ends[0], *self.vias(line)[::every], ends[1]]
            answer = route(engine, mode, points)
            if answer.found:
                break
        return points, answer

    def weights(self, case: Case, peer: Peer, own: tuple[Answer, Answer], along: tuple[Answer, Answer], moving: tuple[float | None, float | None]) -> None:
        """Both may go both ways: each finds its own the better."""
        (ours, other), (along_ours, along_other) = own, along
        dearer, theirs = along_other.duration_s / ours.duration_s, along_ours.weight / other.weight
        case.figures |= {"refugia_along_other": dearer, "other_along_refugia": theirs}
        case.evidence = f"the other's way costs {dearer:.3f} of its own in refugia, refugia's way {theirs:.3f} of its own in {peer.name}"
        if theirs < 1 - TIE:
            case.why = f"other choice: {peer.name} has not found the better way by its own measure"
        elif dearer <= 1 + TIE or theirs <= 1 + TIE:
            case.why = "other choice: nearly a tie for one of them"
        elif moving[0] and moving[1] and moving[1] <= moving[0]:
            case.why = f"other choice: what turns cost in {peer.name}"
            case.evidence += f"; without turns its own way takes it {moving[0]:.0f} s and refugia's {moving[1]:.0f} s"
        else:
            case.why = "other choice: by their speeds each finds its own way cheaper"

    def left_out(self, way: Answer, along: Answer) -> list[Segment]:
        """The segments of a way on which an engine that was sent along it did not go."""
        wanted = self.streets.segments(way.line)
        gone = set(self.streets.segments(along.line)) if along.found else set()
        missing = [segment for segment in wanted if segment not in gone]
        is_followed = along.found and length(missing) <= (1 - FOLLOWED) * length(wanted)
        return [] if is_followed else missing

    def obstacle(self, engine: Engine, mode: str, line: Line, missing: list[Segment]) -> tuple[str, str]:
        """What the map says of the segments that were not taken, the first thing that says something; else, or where it is not
        known which were not taken, whether the engine takes a place of the way to another road."""
        segments = self.streets.segments(line)
        before = {end: (start, end) for start, end in segments}
        for segment in missing:
            way, forward = self.streets.between[segment][0]
            kind = self.closed_by(mode, way, forward, segment, before.get(segment[0]))
            if kind:
                return kind, f"at {told(point_of(segment[0]))}, {described(way)}"
        suspects = missing or [stretch[len(stretch) // 2] for stretch in self.streets.stretches(line)]
        for a, b in suspects[-MOST_LOOKED_AT:]:
            point, (way, _) = middle(point_of(a), point_of(b)), self.streets.between[a, b][0]
            there = route(engine, mode, [self.hub[mode], point])
            if not there.found or metres(there.line[-1], point) > SAME_SNAP_M:
                return "an island, or a way out of the extract", f"{there.problem or 'brought to another road'} at {told(point)}, {described(way)}"
        if not missing:
            return "no tag says why", "sent along it, it finds no way"
        return "no tag says why", f"at {told(point_of(missing[0][0]))}, {described(self.streets.between[missing[0]][0][0])}"

    def closed_by(self, mode: str, way: Way, forward: bool, segment: Segment, before: Segment | None) -> str:
        if mode == "car" and way.oneway and (way.oneway > 0) != forward:
            return "one-way"
        if before and self.restricted(segment[0], before, way):
            return "turn restriction"
        if any(key in self.streets.barriers for key in segment):
            return "barrier"
        if any(way.tags.get(who, "").split(";")[0] in CLOSING for who in WHO[mode]):
            return "access tag"
        if way.tags.get("highway") in KINDS[mode] or "highway" not in way.tags:
            return f"kind of road ({way.tags.get('highway', 'ferry')})"
        return ""

    def restricted(self, at: Key, before: Segment, way: Way) -> bool:
        come = {each.id for each, _ in self.streets.between.get((before[1], before[0]), [])}
        return any(source in come and (kind.startswith("no") == (goal == way.id)) for kind, source, goal in self.streets.turns.get(at, []))


def moved(ends: tuple[Point, Point], answer: Answer) -> str:
    """How far from the points of the question a route begins and ends."""
    begins, stops = map(metres, ends, answer.ends)
    return f"begins {begins:.0f} m and ends {stops:.0f} m away"


def described(way: Way) -> str:
    return f"way {way.id} ({way.telling()})"


def told(point: Point) -> str:
    return f"{point[0]:.6f},{point[1]:.6f}"


def by_class(cases: list[Case]) -> list[tuple[str, list[Case]]]:
    """The classes of those that have one, the largest first."""
    differing = sorted((case for case in cases if case.why), key=lambda case: case.why)
    groups = [(why, list(each)) for why, each in itertools.groupby(differing, key=lambda case: case.why)]
    return sorted(groups, key=lambda group: -len(group[1]))
