"""Which settlements are joined by a road, and by which class of road.

A Gabriel graph: two are joined if no third lies within the circle over them. It is planar, has no long detours and leaves a second way round most
closures. Links that would need a bridge longer than `LONGEST_BRIDGE` or leave the province are left out; what falls apart then is joined again by
the cheapest links there are.
"""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import Delaunay, KDTree

from .road_ground import parts, province, sea
from .road_towns import COUNTY, OTHER, PREFECTURE, Town

LONGEST_BRIDGE = 3_000
# Where a whole island or peninsula hangs on it.
LONGEST_LAST_BRIDGE = 3_500
LONGEST_FERRY = 25_000
# A link that joins what would fall apart may take so many metres of land for one of sea.
SEA_FACTOR = 8
NEIGHBOURS = 60
LONGEST_LINK = 90_000
# No crossing is invented where there is a border in dispute.
KINMEN, MATSU = "350527", ("介壽村", "南竿")
# So many townships reach their county's seat over a road: then it is secondary.
SECONDARY_TRAFFIC = 3


@dataclass(frozen=True)
class Link:
    """A road between two towns, by their numbers. `ends` are the towns it is named after."""

    a: int
    b: int
    highway: str = "tertiary"
    ends: tuple[int, int] | None = None
    ref: str | None = None
    is_ferry: bool = False

    def key(self) -> tuple[int, int]:
        return self.a, self.b


def links(towns: list[Town]) -> list[Link]:
    pairs = [pair for pair in gabriel(points_of(towns)) if is_buildable(towns, pair)]
    pairs = sorted({*pairs, *joining(towns, pairs)})
    return classify(towns, [Link(a, b) for a, b in pairs]) + ferries(towns, pairs)


def points_of(towns: list[Town]) -> np.ndarray:
    return np.array([(town.x, town.y) for town in towns])


def gabriel(points: np.ndarray) -> list[tuple[int, int]]:
    triangles = Delaunay(points).simplices
    pairs = sorted({tuple(sorted((int(t[i]), int(t[i - 1])))) for t in triangles for i in range(3)})
    tree = KDTree(points)
    middles = np.array([(points[a] + points[b]) / 2 for a, b in pairs])
    radii = np.array([np.hypot(*(points[a] - points[b])) / 2 for a, b in pairs])
    nearest, _ = tree.query(middles)
    return [pair for pair, near, radius in zip(pairs, nearest, radii) if near >= radius - 1]


def is_buildable(towns: list[Town], pair: tuple[int, int], longest_bridge: float = LONGEST_BRIDGE) -> bool:
    """Over land or short bridges, and on land within the province."""
    a, b = (towns[n] for n in pair)
    line = shapely.LineString([(a.x, a.y), (b.x, b.y)])
    if line.length > LONGEST_LINK or is_disputed(a) != is_disputed(b):
        return False
    if any(part.length > longest_bridge for part in sea(line)):
        return False
    outside = parts(line.difference(province()))
    return all(sum(wet.length for wet in sea(part)) > part.length - 1 for part in outside)


def is_disputed(town: Town) -> bool:
    return town.county == KINMEN or town.zh in MATSU


def parts_of(count: int, pairs: list[tuple[int, int]]) -> np.ndarray:
    """For each town the number of its part; the largest part is 0."""
    _, of = connected_components(matrix(count, pairs, np.ones(len(pairs))), directed=False)
    order = np.argsort(-np.bincount(of), kind="stable")
    return np.argsort(order)[of]


def matrix(count: int, pairs: list[tuple[int, int]], costs: np.ndarray) -> csr_array:
    a, b = np.array(pairs).T
    return csr_array((np.concatenate([costs, costs]), (np.concatenate([a, b]), np.concatenate([b, a]))), shape=(count, count))


def joining(towns: list[Town], pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The cheapest buildable links that join parts, one by one."""
    points, part = points_of(towns), parts_of(len(towns), pairs)
    _, near = KDTree(points).query(points, k=NEIGHBOURS)
    candidates = {tuple(sorted((a, int(b)))) for a in range(len(towns)) for b in near[a][1:] if part[a] != part[b]}
    costs = sorted((cost(towns, pair), pair) for pair in candidates if is_buildable(towns, pair, LONGEST_LAST_BRIDGE))
    chosen = []
    for _, (a, b) in costs:
        if part[a] != part[b]:
            part = np.where(part == part[b], part[a], part)
            chosen.append((a, b))
    return chosen


def cost(towns: list[Town], pair: tuple[int, int]) -> float:
    a, b = (towns[n] for n in pair)
    line = shapely.LineString([(a.x, a.y), (b.x, b.y)])
    return line.length + SEA_FACTOR * sum(part.length for part in sea(line))


def ferries(towns: list[Town], pairs: list[tuple[int, int]]) -> list[Link]:
    """A ferry to every island within reach that no bridge joins, from the nearest town of the main part."""
    part, points = parts_of(len(towns), pairs), points_of(towns)
    main = np.flatnonzero(part == 0)
    chosen = []
    for number in range(1, part.max() + 1):
        island = [n for n in np.flatnonzero(part == number) if not is_disputed(towns[n])]
        away = {(int(main[at]), int(n)): distance for n in island for distance, at in [KDTree(points[main]).query(points[n])]}
        pair = min(away, key=away.get, default=None)
        if pair and away[pair] < LONGEST_FERRY:
            chosen.append(Link(*pair, "secondary", pair, is_ferry=True))
    return chosen


def classify(towns: list[Town], roads: list[Link]) -> list[Link]:
    """Trunk roads between the prefectures' seats, primary ones between the counties', secondary ones that several townships need."""
    points = points_of(towns)
    lengths = np.array([np.hypot(*(points[r.a] - points[r.b])) for r in roads])
    pairs = [road.key() for road in roads]
    index = {pair: n for n, pair in enumerate(pairs)}
    prefectures = [n for n, town in enumerate(towns) if town.seat == PREFECTURE]
    seats = [n for n, town in enumerate(towns) if town.seat != OTHER]
    for highway, chosen in (("trunk", prefectures), ("primary", seats)):
        # Later roads follow earlier ones where that is not much longer.
        costs = np.array([0.7 if road.ends else 1.0 for road in roads]) * lengths
        _, before = dijkstra(matrix(len(towns), pairs, costs), directed=False, return_predecessors=True)
        for number, (i, j) in enumerate(gabriel(points[chosen]), 1):
            a, b = chosen[i], chosen[j]
            ref = f"演{number:02}" if highway == "trunk" else f"演{100 + number}"
            for key in path(before, a, b):
                if roads[index[key]].ends is None:
                    roads[index[key]] = replace(roads[index[key]], highway=highway, ends=(a, b), ref=ref)
    return secondary(towns, roads, matrix(len(towns), pairs, lengths), index)


def secondary(towns: list[Town], roads: list[Link], costs: csr_array, index: dict) -> list[Link]:
    _, before = dijkstra(costs, directed=False, return_predecessors=True)
    seat = {town.county: n for n, town in reversed(list(enumerate(towns))) if town.seat in (COUNTY, PREFECTURE)}
    traffic = np.zeros(len(roads), dtype=int)
    for n, town in enumerate(towns):
        for key in path(before, seat.get(town.county, n), n):
            traffic[index[key]] += 1
    return [
        road if road.ends else replace(road, ends=road.key(), highway="secondary" if heavy else "tertiary")
        for road, heavy in zip(roads, traffic >= SECONDARY_TRAFFIC)
    ]


def path(before: np.ndarray, a: int, b: int) -> list[tuple[int, int]]:
    """The links from one town to another; none where they are not joined."""
    result = []
    while b != a and before[a, b] >= 0:
        last = int(before[a, b])
        result.append((min(last, b), max(last, b)))
        b = last
    return result
