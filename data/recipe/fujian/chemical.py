"""Recognised chemical parks and their rescue teams: real names at the host town or county, with the precision said.

No open source gives the parks' outlines. `precision_m` is how far the park may lie from the point.
"""

import shapely

from .divisions import city_names, city_of, county_names, county_shapes
from .geonames import places
from .layers import write_layer
from .tables import columns, facts
from .townships import townships

NOTICE = "福建省化工园区（第一批）拟认定公示 2020-12-31"


def main() -> None:
    parks = facts("chemical_parks")
    points = [locate(p["place"]) for p in parks]
    write_layer("chemical_parks", points, columns([park_row(p) for p in parks]), "Point")
    write_layer("rescue_teams", points, columns([team_row(p) for p in parks]), "Point")


def locate(place: str) -> shapely.Point:
    """`township:CODE`, `place:GEONAMES_ID` or `county:CODE` (a point inside it)."""
    kind, code = place.split(":")
    if kind == "county":
        return county_shapes()[code].representative_point()
    found = next(t.place for t in townships() if t.code == code) if kind == "township" else next(p for p in places() if str(p.id) == code)
    return shapely.Point(found.lon, found.lat)


def park_row(p: dict) -> dict:
    return {
        "id": p["id"], "name_zh": p["name_zh"], "name_en": p["name_en"], "host_area": p["host_area_zh"], "admin_code": p["admin_code"],
        "address": address(p["admin_code"]), "placed_at": p["place_zh"], "precision_m": int(p["precision_m"]), "batch": p["batch"],
        "announced": p["announced"], "recognition": "拟认定公示", "source": NOTICE, "as_of": p["announced"], "synthetic": False,
    }


def team_row(p: dict) -> dict:
    return {
        "id": p["id"].replace("cp-", "team-"), "name_zh": f"{p['name_zh']}危险化学品应急救援队",
        "name_en": f"Hazardous Chemicals Rescue Team, {p['name_en']}", "specialty": "危险化学品", "serves": p["id"], "phone": None,
        "admin_code": p["admin_code"], "address": address(p["admin_code"]), "placed_at": p["place_zh"], "precision_m": int(p["precision_m"]),
        "source": "one team for each recognised park; name composed from the park's, station not published", "as_of": None, "synthetic": True,
    }


def address(county: str) -> str:
    return f"{city_names()[city_of(county)][0]}{county_names()[county][0]}"


if __name__ == "__main__":
    main()
