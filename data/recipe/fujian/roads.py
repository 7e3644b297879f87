"""The pack's invented road network, as an OpenStreetMap extract that `refugia roads` reads.

Nothing in it is a real road. It joins the pack's own settlements, shelters, parks and teams, so that routing, closures and "which shelter is nearest
by road" work out of the box; it is never for navigation. It reads the pack's finished layers alone and needs no download.
"""

import numpy as np

from . import osm_pbf
from .paths import RECIPE
from .road_ground import layer, to_steps
from .road_lines import Point, Road, access, as_ferry, bent, chance, corner, join_crossings, with_bridges
from .road_net import Link, links
from .road_streets import Streets, bypass, streets
from .road_towns import OTHER, PREFECTURE, Town, towns

FILE = RECIPE / "fujian-roads.osm.pbf"
CLASSES = ("trunk", "primary", "secondary", "tertiary")
TRUNK_KMH, BYPASS_KMH = "80", "60"
# The main street of a town is one class below the road that comes in, and not above primary.
MAIN_STREET = {"trunk": "primary", "primary": "primary", "secondary": "secondary", "tertiary": "tertiary"}
# Of every hundred bridges of lesser roads so many bear a limit.
LIMITED_PERCENT = 8
LIMITS = ({"maxweight": "10"}, {"maxweight": "20"}, {"maxheight": "3.5"}, {"maxheight": "4.2"})
SHORT_ACCESS, LONG_ACCESS = "service", "unclassified"
LONGEST_SERVICE = 300


def main() -> None:
    settlements = towns()
    net = links(settlements)
    in_town = [streets(town, main_street(n, net)) for n, town in enumerate(settlements)]
    roads = [road for town in in_town for road in town.roads]
    through = [through_road(link, settlements, in_town) for link in net]
    roads += bypasses(net, settlements, in_town)
    crossings = join_crossings(roads + [road for road, link in zip(through, net) if not link.is_ferry])
    roads = finish(roads, through, net)
    added = add_access(roads)
    write(roads, turns(settlements, in_town, roads))
    report(settlements, roads, crossings, added)


def main_street(town: int, net: list[Link]) -> str:
    classes = {link.highway for link in net if town in link.key()}
    return MAIN_STREET[next((c for c in CLASSES if c in classes), "tertiary")]


def bypasses(net: list[Link], settlements: list[Town], in_town: list[Streets]) -> list[Road]:
    """Around every town that a trunk road goes through: its main streets may be flooded where the trunk road is not."""
    used: dict[int, set[int]] = {}
    for link in net:
        if link.highway == "trunk":
            for here, there in (link.key(), link.key()[::-1]):
                used.setdefault(here, set()).add(gate(in_town[here], settlements[here], settlements[there])[2])
    return [road for n in sorted(used) for road in bypass(settlements[n], in_town[n], sorted(used[n]), highway="trunk", maxspeed=BYPASS_KMH)]


def through_road(link: Link, settlements: list[Town], in_town: list[Streets]) -> Road:
    a, b = settlements[link.a], settlements[link.b]
    start, end = gate(in_town[link.a], a, b)[0], gate(in_town[link.b], b, a)[0]
    first, last = (settlements[n] for n in link.ends)
    kind = ("轮渡", "Ferry") if link.is_ferry else ("公路", "Road")
    tags = {"highway": link.highway, "name:zh": f"{first.zh}—{last.zh}{kind[0]}（演示）", "name:en": f"{first.en}–{last.en} {kind[1]} (demo)"}
    if link.ref:
        tags["ref"] = link.ref
    if link.highway == "trunk":
        tags["maxspeed"] = TRUNK_KMH
    return Road(bent(start, end, f"{a.id}-{b.id}"), tags)


def gate(town: Streets, own: Town, other: Town) -> tuple[Point, float, int]:
    """Of the main streets the one that points nearest to the other town: its end, bearing and arm."""
    bearing = np.arctan2(other.y - own.y, other.x - own.x)
    return min(town.gates, key=lambda g: abs((g[1] - bearing + np.pi) % (2 * np.pi) - np.pi))


def finish(roads: list[Road], through: list[Road], net: list[Link]) -> list[Road]:
    """Cuts bridges and ferries out of the roads."""
    result = []
    for number, road in enumerate(roads):
        result += with_bridges(road, bridge(road, f"street-{number}"))
    for road, link in zip(through, net):
        result += as_ferry(road, {"route": "ferry", "motor_vehicle": "yes", "foot": "yes"}) if link.is_ferry else with_bridges(road, bridge(road, f"{link.a}-{link.b}"))
    return result


def bridge(road: Road, key: str) -> dict[str, str]:
    random = chance("bridge", key)
    is_limited = road.tags["highway"] in ("tertiary", "residential") and random.integers(100) < LIMITED_PERCENT
    return {"bridge": "yes", "layer": "1", **(LIMITS[random.integers(len(LIMITS))] if is_limited else {})}


def add_access(roads: list[Road]) -> list[Road]:
    """A way to every shelter, park and team that is not at a road already."""
    added = []
    open_roads = [road for road in roads if road.is_open_to()]
    for name in ("shelters", "chemical_parks", "rescue_teams"):
        shapes, rows = layer(name, "id")
        for row, shape in sorted(zip((r["id"] for r in rows), shapes), key=lambda pair: pair[0]):
            way = access(corner(shape.x, shape.y), open_roads, row)
            if way is None:
                continue
            way.tags = {"highway": SHORT_ACCESS if way.line().length <= LONGEST_SERVICE else LONG_ACCESS}
            cut = with_bridges(way, {"bridge": "yes", "layer": "1"})
            added += cut
            roads += cut
            open_roads += [piece for piece in cut if piece.is_open_to()]
    return added


def turns(settlements: list[Town], in_town: list[Streets], roads: list[Road]) -> list[tuple[int, int, Point]]:
    """No left turn from the west arm to the north one, nor from the east arm to the south one, at the main crossing of a prefecture's seat."""
    result = []
    for town, of_town in zip(settlements, in_town):
        if town.seat == PREFECTURE and len(of_town.arms) == 4:
            at = of_town.middle
            arms = [next(n for n, road in enumerate(roads) if road.points[:2] == of_town.roads[arm].points[:2]) for arm in of_town.arms]
            east, north, west, south = arms
            result += [(west, north, at), (east, south, at)]
    return result


def write(roads: list[Road], no_left: list[tuple[int, int, Point]]) -> None:
    """Corners get their ids along the roads, so that neighbours have near ids and the file stays small."""
    ids: dict[Point, int] = {}
    for road in roads:
        for point in road.points:
            ids.setdefault(point, len(ids) + 1)
    ways = [osm_pbf.Way([ids[p] for p in road.points], named(road.tags)) for road in roads]
    relations = [
        osm_pbf.Relation(
            [(osm_pbf.WAY, a + 1, "from"), (osm_pbf.NODE, ids[at], "via"), (osm_pbf.WAY, b + 1, "to")], {"type": "restriction", "restriction": "no_left_turn"}
        )
        for a, b, at in no_left
    ]
    osm_pbf.write(FILE, [to_steps(*point) for point in ids], ways, relations)


def named(tags: dict[str, str]) -> dict[str, str]:
    """With the Chinese name as the local one, in the order of keys."""
    local = {"name": tags["name:zh"]} if "name:zh" in tags else {}
    return dict(sorted({**tags, **local}.items()))


def report(settlements: list[Town], roads: list[Road], crossings: int, added: list[Road]) -> None:
    kilometres: dict[str, float] = {}
    for road in roads:
        kind = road.tags.get("highway", "ferry")
        kilometres[kind] = kilometres.get(kind, 0) + road.line().length / 1000
    bridges = [road for road in roads if "bridge" in road.tags]
    limited = sum("maxweight" in road.tags or "maxheight" in road.tags for road in bridges)
    seats = sum(town.seat != OTHER for town in settlements)
    print(f"roads: {len(settlements)} towns ({seats} seats), {len(roads)} ways, {sum(len(road.points) for road in roads)} corners, {crossings} crossings joined")
    print(f"roads: {len(bridges)} bridges ({limited} with a limit), {len(added)} pieces of access, {FILE.stat().st_size / 1e6:.2f} MB")
    print("roads: km " + ", ".join(f"{kind} {length:.0f}" for kind, length in sorted(kilometres.items(), key=lambda pair: -pair[1])))


if __name__ == "__main__":
    main()
