"""Where the 200 invented shelters stand: how many in each prefecture and county, of which grade, and at which real township or village.

A county-grade or township-grade shelter lies within 1.2 km of its township's GeoNames point, a village-grade one within 3.5 km: the villages
are real names of that township, their places are not known.
"""

import csv
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyogrio
import shapely
import shapely.ops

from .divisions import city_of
from .layers import GRID_DEGREES
from .paths import PACK, package_file
from .tables import facts
from .territory import territory
from .townships import Township, townships

TOTAL = 200
# Share of county-grade and township-grade shelters; the others are a village's.
COUNTY_SHARE, TOWNSHIP_SHARE = 0.15, 0.36
REACH_KM = {"county": 1.2, "township": 1.2, "village": 3.5}
TRIES = 40
# Of every hundred shelters so many are put anywhere near the township, the others outside the unsafe zones if there is such a place.
CARELESS_PERCENT = 25
SEED = 200
HAZARDS = ("flood", "landslide", "debris_flow", "storm_surge", "wildfire")
UNSAFE_LEVELS = ("I", "II")


@dataclass(frozen=True)
class Site:
    number: int
    grade: str
    township: Township
    village: tuple[str, str] | None
    point: shapely.Point
    unsafe: frozenset[str]


def sites() -> list[Site]:
    """All sites by prefecture and county."""
    result: list[Site] = []
    for city, count in shares({row["code"]: int(row["shelters_programme"]) for row in facts("cities")}, TOTAL).items():
        grades = grades_of(count)
        for township in chosen_townships(city, count):
            number = len(result) + 1
            grade = grades.pop(0)
            chance = np.random.default_rng([SEED, number])
            village = pick_village(township, chance) if grade == "village" else None
            if grade == "village" and village is None:
                grade = "township"
            result.append(place(number, grade, township, village, chance))
    return result


def shares(weights: dict[str, int], total: int) -> dict[str, int]:
    """Largest remainder; equal remainders go to the lower code."""
    whole = sum(weights.values())
    exact = {key: weight * total / whole for key, weight in weights.items()}
    result = {key: int(value) for key, value in exact.items()}
    missing = total - sum(result.values())
    for key in sorted(exact, key=lambda k: (result[k] - exact[k], k))[:missing]:
        result[key] += 1
    return result


def grades_of(count: int) -> list[str]:
    county, township = max(1, round(count * COUNTY_SHARE)), round(count * TOWNSHIP_SHARE)
    return (["county"] * county + ["township"] * township + ["village"] * count)[:count]


def chosen_townships(city: str, count: int) -> list[Township]:
    """Townships with a point, spread over the city's counties by their number; the first of each county (its seat) come first."""
    by_county: dict[str, list[Township]] = {}
    for township in townships():
        if township.place and city_of(township.county) == city:
            by_county.setdefault(township.county, []).append(township)
    allotted = shares({county: len(members) for county, members in by_county.items()}, count)
    seats, others = [], []
    for county, members in by_county.items():
        chance = np.random.default_rng([SEED, int(county)])
        if allotted[county]:
            seats.append(members[0])
            # A county may be allotted more shelters than it has townships with a point: then some have two.
            rest = [members[i] for i in chance.permutation(len(members)) if i] or members
            others += [rest[i % len(rest)] for i in range(allotted[county] - 1)]
    chance = np.random.default_rng([SEED, int(city)])
    return seats + [others[i] for i in chance.permutation(len(others))]


@cache
def villages() -> dict[str, list[tuple[str, str]]]:
    """Code and name of the villages of each township (by its first nine digits); urban communities are left out."""
    result: dict[str, list[tuple[str, str]]] = {}
    with package_file("china-division", "package/dist/villages.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = row["name"].removesuffix("民委员会").removesuffix("委会")
            if row["provinceCode"] == "35" and name.endswith("村") and len(name) > 1:
                result.setdefault(row["streetCode"], []).append((row["code"], name))
    return result


def pick_village(township: Township, chance: np.random.Generator) -> tuple[str, str] | None:
    known = villages().get(township.code[:9], [])
    return known[chance.integers(len(known))] if known else None


def place(number: int, grade: str, township: Township, village, chance: np.random.Generator) -> Site:
    land = territory()[township.county]
    tried = []
    for _ in range(TRIES):
        away, bearing = REACH_KM[grade] * chance.uniform(0.15, 1), chance.uniform(0, 2 * np.pi)
        lat = township.place.lat + away * np.cos(bearing) / 110.8
        lon = township.place.lon + away * np.sin(bearing) / (111.32 * np.cos(np.radians(lat)))
        point = shapely.set_precision(shapely.Point(lon, lat), GRID_DEGREES)
        if land.contains(point):
            tried.append((point, unsafe_at(point)))
    # A point in GeoNames may lie off the generalised coast: then the nearest land of the county takes the shelter.
    point = shapely.set_precision(shapely.ops.nearest_points(land.buffer(-0.002), shapely.Point(township.place.lon, township.place.lat))[0], GRID_DEGREES)
    tried = tried or [(point, unsafe_at(point))]
    careless = chance.integers(100) < CARELESS_PERCENT
    point, unsafe = tried[0] if careless else min(tried, key=lambda t: len(t[1]))
    return Site(number, grade, township, village, point, unsafe)


@cache
def unsafe_zones() -> tuple[shapely.STRtree, list[str]]:
    shapes, kinds = [], []
    for kind in HAZARDS:
        _, _, geometry, (levels,) = pyogrio.raw.read(str(PACK / f"{kind}.fgb"), columns=["level"])
        found = shapely.from_wkb(geometry[np.isin(levels, UNSAFE_LEVELS)])
        shapes.extend(found)
        kinds += [kind] * len(found)
    return shapely.STRtree(shapes), kinds


def unsafe_at(point: shapely.Point) -> frozenset[str]:
    """The hazard kinds whose unsafe zones hold the point."""
    tree, kinds = unsafe_zones()
    return frozenset(kinds[i] for i in tree.query(point, predicate="intersects"))
