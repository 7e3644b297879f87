"""The settlements that roads join: the pack's townships and places, thinned where they crowd, and which of them are seats."""

from dataclasses import dataclass

import numpy as np
import shapely

from .road_ground import is_land, land, layer

PREFECTURE, COUNTY, OTHER = 2, 1, 0
# How far a town's streets reach; settlements within reach of each other share one town's streets.
REACH = {PREFECTURE: 1_350, COUNTY: 850, OTHER: 550}
ENDINGS = {
    "zh": ("畲族乡", "回族乡", "民族乡", "街道", "镇", "乡"),
    "en": (" She Ethnic Township", " Hui Ethnic Township", " Ethnic Township", " Subdistrict", " Township", " Town"),
}
PINGTAN_SEAT = ("350128", "潭城")


@dataclass(frozen=True)
class Town:
    id: str
    zh: str
    en: str
    county: str
    seat: int
    x: float
    y: float


def towns() -> list[Town]:
    """Settlements with streets of their own: seats first, then by id."""
    found = sorted(candidates(), key=lambda town: (-town.seat, len(town.id) == 7, town.id))
    kept: list[Town] = []
    for town in found:
        if all(np.hypot(town.x - k.x, town.y - k.y) >= REACH[town.seat] + REACH[k.seat] for k in kept):
            kept.append(town)
    return kept


def candidates() -> list[Town]:
    result = []
    for name in ("townships", "places"):
        shapes, rows = layer(name, "id", "name_zh", "name_en", "admin_code", "population", "rank")
        result += [(row, *ashore(shape)) for shape, row in zip(shapes, rows) if row["admin_code"] and row["name_zh"]]
    seats = seats_of([row for row, _, _ in result])
    return [
        Town(row["id"], stem(row["name_zh"], "zh"), stem(row["name_en"], "en"), row["admin_code"], seats.get(row["id"], OTHER), x, y)
        for row, x, y in result
    ]


def seats_of(rows: list[dict]) -> dict[str, int]:
    """Prefectures' seats and one seat a county: a place that bears its name, else the first township by code, which as a rule is the seat."""
    seats = {row["id"]: PREFECTURE for row in rows if row["rank"] == 1 or (row["admin_code"], row["name_zh"]) == PINGTAN_SEAT}
    counties: dict[str, list[dict]] = {}
    for row in rows:
        counties.setdefault(row["admin_code"], []).append(row)
    for of_county in counties.values():
        first = min(of_county, key=lambda row: (row["rank"] > 2, len(row["id"]) != 12, row["id"]))
        seats.setdefault(first["id"], COUNTY)
    return seats


def stem(name: str, language: str) -> str:
    """`长乐镇` -> `长乐`; a name of one character keeps its ending."""
    ending = next((e for e in ENDINGS[language] if name.endswith(e) and len(name) - len(e) > 1), "")
    return name.removesuffix(ending)


def ashore(point: shapely.Point) -> tuple[float, float]:
    """The point, or where it lies just off the generalised shore, the nearest land and 60 m on."""
    if not is_land(np.array([[point.x, point.y]]))[0]:
        tree, tiles = land()
        shore = shapely.shortest_line(point, tiles[tree.nearest(point)])
        way = 1 + 60 / max(shore.length, 1)
        (x0, y0), (x1, y1) = shore.coords
        point = shapely.Point(x0 + (x1 - x0) * way, y0 + (y1 - y0) * way)
    return round(point.x, 2), round(point.y, 2)
