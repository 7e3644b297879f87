"""A small street grid around each settlement: two main streets that through roads end at, one-ways, a footway, steps, a square."""

from dataclasses import dataclass

import numpy as np

from .road_ground import is_land, sea
from .road_lines import Point, Road, chance, corner
from .road_towns import COUNTY, OTHER, PREFECTURE, Town

# Blocks along a side; even, so that the main streets cross in the middle.
BLOCKS = {PREFECTURE: 10, COUNTY: 6, OTHER: 4}
BLOCK_METRES = {PREFECTURE: (180, 195), COUNTY: (130, 195), OTHER: (125, 195)}
# Of every hundred inner pieces of side streets so many are missing.
MISSING_PERCENT = 55
# What is for feet alone; a small town has one of them.
PATHS = ("footway", "steps", "square")
NAMES = {"row": ("大街", "Avenue"), "column": ("中路", "Middle Road"), "square": ("广场", "Square"), "bypass": ("绕城路", "Bypass")}
# A bypass runs so far outside the grid, and over no more metres of sea.
OUTSIDE_BLOCKS, MOST_SEA = 0.6, 500
# Arms of the two main streets, from the middle: east, north, west, south before the grid is turned.
ARMS = ((1, 0), (0, 1), (-1, 0), (0, -1))


@dataclass(frozen=True)
class Streets:
    roads: list[Road]
    # The outer end of each main street, whereto it points in radians, and the number of its arm.
    gates: list[tuple[Point, float, int]]
    # Four places outside the grid, each between an arm and the next.
    around: list[Point]
    # The main streets' arms as numbers of roads, in the order of `ARMS`.
    arms: list[int]
    middle: Point


class Grid:
    """Corners of the grid, which of them are on land, and what is built between them."""

    def __init__(self, town: Town) -> None:
        self.town, self.random = town, chance("streets", town.id)
        self.half = BLOCKS[town.seat] // 2
        self.block = self.random.uniform(*BLOCK_METRES[town.seat])
        self.turn = self.random.uniform(-np.pi / 4, np.pi / 4)
        steps = range(-self.half, self.half + 1)
        keys = [(i, j) for j in steps for i in steps]
        land = is_land(np.array([self.at(i, j) for i, j in keys]))
        self.dry = self.joined({key for key, dry in zip(keys, land) if dry or key == (0, 0)})

    def at(self, i: float, j: float) -> Point:
        east, north = i * self.block, j * self.block
        cos, sin = np.cos(self.turn), np.sin(self.turn)
        return corner(self.town.x + east * cos - north * sin, self.town.y + east * sin + north * cos)

    def joined(self, dry: set) -> set:
        """The corners that hang together with the middle."""
        found, new = {(0, 0)}, [(0, 0)]
        while new:
            i, j = new.pop()
            near = {(i + di, j + dj) for di, dj in ARMS} & dry - found
            found |= near
            new += sorted(near)
        return found

    def runs(self, keys: list, may_miss: bool) -> list[list]:
        """Corners in a row that are joined. Pieces that do not reach the rim are missing here and there."""
        axis = 0 if keys[0][1] == keys[-1][1] else 1
        result = [[keys[0]]]
        for before, key in zip(keys, keys[1:]):
            is_inner = max(abs(before[axis]), abs(key[axis])) < self.half
            misses = may_miss and is_inner and self.random.integers(100) < MISSING_PERCENT
            if misses or not {before, key} <= self.dry:
                result.append([])
            result[-1].append(key)
        return [run for run in result if len(run) > 1]

    def road(self, keys: list, **tags: str) -> Road:
        return Road([self.at(*key) for key in keys], tags)


def streets(town: Town, main: str) -> Streets:
    """`main` is the class of the main streets: that of the best road which comes into town."""
    grid = Grid(town)
    arms, gates = [], []
    for number, (di, dj) in enumerate(ARMS):
        arm = [(0, 0)]
        while len(arm) <= grid.half and (arm[-1][0] + di, arm[-1][1] + dj) in grid.dry:
            arm.append((arm[-1][0] + di, arm[-1][1] + dj))
        if len(arm) > 1:
            arms.append(grid.road(arm, highway=main, **names(town, "row" if dj == 0 else "column")))
            gates.append((grid.at(*arm[-1]), grid.turn + number * np.pi / 2, number))
    roads = arms + side_streets(grid) + paths(grid)
    out = grid.half + OUTSIDE_BLOCKS
    around = [grid.at(*corner) for corner in ((out, out), (-out, out), (-out, -out), (out, -out))]
    return Streets(roads, gates or [(grid.at(0, 0), 0.0, 0)], around, list(range(len(arms))), grid.at(0, 0))


def bypass(town: Town, of_town: Streets, used: list[int], **tags: str) -> list[Road]:
    """Roads around the town that join the gates of the arms used."""
    gates = {arm: point for point, _, arm in of_town.gates}
    result = []
    for a, b in zip(used, used[1:]):
        corners = of_town.around[a:b] if b - a < 3 else of_town.around[:2:-1]
        result.append(Road([gates[a], *corners, gates[b]], {**tags, **names(town, "bypass")}))
    return [road for road in result if sum(part.length for part in sea(road.line())) < MOST_SEA]


def side_streets(grid: Grid) -> list[Road]:
    result = []
    steps = range(-grid.half, grid.half + 1)
    for n in steps:
        if n == 0:
            continue
        for run in grid.runs([(i, n) for i in steps], may_miss=abs(n) < grid.half):
            result.append(grid.road(run, highway="residential"))
        is_small = grid.town.seat == OTHER
        # Cut short by the shore, a one-way would end where no car gets away from.
        is_whole = all((n, j) in grid.dry for j in steps)
        one_way = {"oneway": "yes"} if not is_small and abs(n) == 1 and is_whole else {}
        for run in grid.runs([(n, j) for j in steps], may_miss=is_small and abs(n) < grid.half):
            result.append(grid.road(run if n < 0 else run[::-1], highway="residential", **one_way))
    return result


def paths(grid: Grid) -> list[Road]:
    """A footway across one block, steps across another, and a square beside the main crossing; of these small towns have one."""
    chosen = PATHS if grid.town.seat != OTHER else (PATHS[grid.random.integers(len(PATHS))],)
    ways = [(kind, across) for kind, across in (("footway", [(1, 1), (2, 0)]), ("steps", [(-2, 0), (-1, -1)])) if kind in chosen]
    result = [grid.road(across, highway=kind) for kind, across in ways if grid.dry.issuperset(across)]
    if "square" in chosen and grid.dry.issuperset([(-1, 0), (0, -1), (-1, -1)]):
        ring = [(0, 0), (-0.4, -0.1), (-0.5, -0.5), (-0.1, -0.4), (0, 0)]
        result.append(grid.road(ring, highway="pedestrian", **names(grid.town, "square")))
    return result


def names(town: Town, what: str) -> dict[str, str]:
    zh, en = NAMES[what]
    return {"name:zh": f"{town.zh}{zh}（演示）", "name:en": f"{town.en} {en} (demo)"}
