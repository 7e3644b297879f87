"""200 invented shelter points with the record a county keeps: names marked as a demonstration, no persons, no telephone numbers.

Blanks are common and are left null, because they are common in real registers; null means unknown.
"""

import numpy as np

from . import grid
from .chemical import locate
from .divisions import city_names, city_of, county_names
from .layers import write_layer
from .naming import english, romanise
from .shelter_sites import Site, sites
from .tables import columns, facts
from .terrain import etopo, terrain

SEED = 201
STATUSES = {"standby": 146, "open": 18, "unknown": 14, "closed": 8, "planned": 8, "full": 6}
# Smallest capacity of each grade (programme), largest invented one, and the service radius in metres.
SIZES = {"county": (300, 1500, 2500), "township": (200, 500, 1500), "village": (100, 220, 800)}
# Building or ground, its English name, whether it is indoor, and the keeper's post.
BUILDINGS = {
    "county": (("第一中学体育馆", "No. 1 Middle School Gymnasium", True, "学校后勤主任"), ("文化馆", "Cultural Centre", True, "文化馆馆长"), ("人民广场", "People's Square", False, "城市管理中队长")),
    "township": (("中心小学", "Central Primary School", True, "校长"), ("中学", "Middle School", True, "校长"), ("文化站", "Cultural Station", True, "文化站站长"),
                 ("敬老院", "Home for the Aged", True, "敬老院院长"), ("中心小学操场", "Central Primary School Playground", False, "校长")),
    "village": (("村委会", "Village Committee", True, "村委会主任"), ("小学", "Primary School", True, "村党支部书记"), ("老年活动中心", "Senior Centre", True, "村党支部书记"), ("文化广场", "Culture Square", False, "村委会主任")),
}
FACILITIES = ("step_free", "toilets", "beds", "power", "water", "medical", "pets", "kitchen")
# Chance of yes, then of no; the rest is blank.
FACILITY_CHANCES = {
    "county": {"step_free": (.55, .2), "toilets": (.95, 0), "beds": (.7, .1), "power": (.8, .05), "water": (.9, 0), "medical": (.6, .15), "pets": (.1, .4), "kitchen": (.5, .2)},
    "township": {"step_free": (.3, .3), "toilets": (.9, .02), "beds": (.5, .2), "power": (.5, .2), "water": (.8, .05), "medical": (.25, .35), "pets": (.05, .35), "kitchen": (.45, .25)},
    "village": {"step_free": (.15, .3), "toilets": (.75, .08), "beds": (.25, .3), "power": (.25, .3), "water": (.65, .08), "medical": (.08, .45), "pets": (.05, .25), "kitchen": (.3, .25)},
}
COAST_METRES, CHEMICAL_DEGREES = 15_000, 0.12


def main() -> None:
    found = sites()
    statuses = np.random.default_rng(SEED).permutation([s for s, n in STATUSES.items() for _ in range(n)])
    rows = [row(site, str(status)) for site, status in zip(found, statuses)]
    write_layer("shelters", [site.point for site in found], columns(rows), "Point")


def row(site: Site, status: str) -> dict:
    chance = np.random.default_rng([SEED, site.number])
    zh, en, indoor, keeper = pick_building(site, chance)
    least, most, radius = SIZES[site.grade]
    capacity = int(least + 10 * round((most - least) / 10 * chance.beta(1.2, 3)))
    area = float(round(capacity * chance.uniform(1.5, 3.6))) if chance.random() > 0.1 else None
    as_of = f"{chance.choice([2024, 2025, 2026], p=[.15, .35, .5])}-{chance.integers(1, 9):02}-{chance.integers(1, 29):02}"
    place_zh, place_en, address = place_names(site)
    return {
        "id": f"fj-{site.number:03}", "name_zh": f"{place_zh}{zh}避灾点（演示）", "name_en": f"{place_en} {en} Shelter (demo)",
        "address": address, "admin_code": site.township.county, "township_code": site.township.code, "village_code": site.village[0] if site.village else None,
        "grade": site.grade, "space": "indoor" if indoor else "outdoor",
        "function": "comprehensive" if site.grade == "county" else str(chance.choice(["comprehensive", "single"], p=[.6, .4])),
        "duration": {"county": "long", "township": "short", "village": "emergency"}[site.grade],
        "legal_kind": "flee" if not indoor else "stay", "capacity": capacity, "effective_area_m2": area, "service_radius_m": radius,
        "elevation_m": float(max(1, round(float(grid.sample(etopo(), site.point.x, site.point.y))))),
        **suitability(site, indoor, chance), **facilities(site, indoor, chance),
        "status": status, "status_as_of": status_time(status, chance), "keeper_role": keeper, "phone": None, "as_of": as_of,
        "source": "演示数据，由 data/recipe 生成", "synthetic": True,
    }


def pick_building(site: Site, chance: np.random.Generator) -> tuple[str, str, bool, str]:
    kinds = BUILDINGS[site.grade]
    # The last kind of each list is open ground: one in eight.
    if chance.random() < 0.125:
        return kinds[-1]
    return kinds[chance.integers(len(kinds) - 1)]


def place_names(site: Site) -> tuple[str, str, str]:
    """Chinese and English name of the place in the shelter's name, and the address."""
    county_zh, county_en = county_names()[site.township.county]
    address = f"{city_names()[city_of(site.township.county)][0]}{county_zh}{site.township.name}"
    if site.grade == "county":
        return county_zh, county_en, address
    if site.village is None:
        return site.township.name, english(site.township.name), address
    name = site.village[1]
    stem = name.removesuffix("村")
    return f"{site.township.name}{name}", f"{romanise(stem)} Village, {english(site.township.name)},", f"{address}{name}"


def suitability(site: Site, indoor: bool, chance: np.random.Generator) -> dict[str, str | None]:
    """yes, no, unknown or blank for each kind, by terrain, zones and building."""
    t = terrain()
    sea = float(grid.sample(t.sea_distance, site.point.x, site.point.y))
    low = float(grid.sample(etopo(), site.point.x, site.point.y)) < 25
    coastal = sea < COAST_METRES
    near_park = any(locate(p["place"]).distance(site.point) < CHEMICAL_DEGREES for p in facts("chemical_parks"))

    def answer(yes: float, no: float) -> str | None:
        draw = chance.random()
        if draw < yes:
            return "yes"
        if draw < yes + no:
            return "no"
        return "unknown" if chance.random() < 0.3 else None

    def by_zone(kind: str, outside: tuple[float, float]) -> str | None:
        # A register is rarely checked against the zones: some points inside them still say yes.
        return answer(0.35, 0.45) if kind in site.unsafe else answer(*outside)

    return {
        "suits_flood": by_zone("flood", (0.78, 0.04)),
        "suits_waterlogging": by_zone("flood", (0.60, 0.06)),
        "suits_flash_flood": by_zone("debris_flow", (0.50, 0.06)),
        "suits_landslide": by_zone("landslide", (0.68, 0.06)),
        "suits_debris_flow": by_zone("debris_flow", (0.60, 0.06)),
        "suits_typhoon": answer(0.90, 0.02) if indoor else answer(0.0, 0.95),
        "suits_storm_surge": by_zone("storm_surge", (0.70, 0.10)) if coastal else answer(0.45, 0.0),
        "suits_tsunami": (answer(0.05, 0.60) if low else answer(0.40, 0.05)) if coastal else answer(0.15, 0.0),
        "suits_earthquake": answer(0.85, 0.02) if not indoor else answer(0.38, 0.17),
        "suits_wildfire": by_zone("wildfire", (0.40, 0.05)),
        "suits_chemical": answer(0.10, 0.60) if near_park else answer(0.12, 0.08),
    }


def facilities(site: Site, indoor: bool, chance: np.random.Generator) -> dict[str, str | None]:
    result = {}
    for key in FACILITIES:
        yes, no = FACILITY_CHANCES[site.grade][key]
        if not indoor and key in ("beds", "kitchen"):
            yes, no = 0.0, 0.9
        draw = chance.random()
        result[key] = "yes" if draw < yes else "no" if draw < yes + no else None
    return result


def status_time(status: str, chance: np.random.Generator) -> str | None:
    """When the status was last confirmed; nobody confirmed an unknown one, and a planned one has none."""
    if status in ("unknown", "planned"):
        return None
    month = chance.integers(7, 9) if status in ("open", "full") else chance.integers(1, 9)
    return f"2026-{month:02}-{chance.integers(1, 29):02}T{chance.integers(7, 20):02}:{chance.integers(0, 60):02}:00+08:00"


if __name__ == "__main__":
    main()
