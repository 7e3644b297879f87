"""Checks the finished pack: every layer's count, geometry, columns and sums. Prints one line per layer and exits 1 on any fault."""

import csv
import sys
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
import pyogrio
import shapely

PACK = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "fujian"
FACTS = Path(__file__).resolve().parent / "facts"
LARGEST_PACK_BYTES = 20_000_000
LARGEST_NETWORK_BYTES = 4_100_000
POPULATION = 41_540_086
COUNTS = {
    "province": (1, 1), "cities": (10, 10), "counties": (84, 84), "townships": (674, 1109), "places": (150, 400), "land": (500, 5000),
    "coastline": (500, 5000), "rivers": (40, 200), "chemical_parks": (9, 9), "rescue_teams": (9, 9), "shelters": (200, 200),
}
ZONES = (500, 4000)
LEAST_CAPACITY = {"county": 300, "township": 200, "village": 100}
faults: list[str] = []


def main() -> None:
    region = tomllib.loads((PACK / "region.toml").read_text(encoding="utf-8"))
    layers = {layer["id"]: (layer, *read(layer)) for layer in region["layer"]}
    for name, (layer, shapes, table) in layers.items():
        check_layer(name, layer, shapes, table)
        if layer["role"] == "hazard_zone":
            check_zones(name, layer, shapes, table)
    check_divisions(layers)
    check_shelters(layers)
    check_roads(region["roads"])
    size = sum(p.stat().st_size for p in PACK.iterdir())
    expect(size <= LARGEST_PACK_BYTES, f"pack: {size} bytes, more than {LARGEST_PACK_BYTES}")
    print(f"pack: {len(layers)} layers, {size / 1e6:.1f} MB, {len(faults)} faults")
    for fault in faults:
        print(f"FAULT {fault}", file=sys.stderr)
    sys.exit(1 if faults else 0)


def read(layer: dict) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    meta, _, geometry, data = pyogrio.raw.read(str(PACK / layer["file"]))
    return shapely.from_wkb(geometry), dict(zip(meta["fields"], data))


def expect(holds: bool, fault: str) -> None:
    if not holds:
        faults.append(fault)


def check_layer(name: str, layer: dict, shapes: np.ndarray, table: dict[str, np.ndarray]) -> None:
    low, high = COUNTS.get(name, ZONES)
    expect(low <= len(shapes) <= high, f"{name}: {len(shapes)} features, expected {low} to {high}")
    info = pyogrio.read_info(str(PACK / layer["file"]))
    expect(info["crs"] == "EPSG:4326", f"{name}: CRS {info['crs']}")
    expect(bool(info["capabilities"]["fast_spatial_filter"]), f"{name}: no spatial index")
    expect(bool(np.all(shapely.is_valid(shapes) & ~shapely.is_empty(shapes))), f"{name}: invalid or empty geometry")
    coordinates = shapely.get_coordinates(shapes)
    expect(bool(np.allclose(coordinates * 1e6, np.round(coordinates * 1e6), atol=1e-3)), f"{name}: coordinates off the 1e-6 grid")
    expect(len(set(table["id"])) == len(shapes), f"{name}: ids repeat")
    expect(bool(np.all(table["synthetic"].astype(bool) == layer["synthetic"])), f"{name}: synthetic column and region.toml differ")
    for column in columns_of(layer["attributes"]):
        expect(column in table, f"{name}: region.toml names column {column}, which the file has not")
    print(f"{name}: {len(shapes)} features, {len(coordinates)} vertices, {(PACK / layer['file']).stat().st_size / 1e6:.2f} MB")


def columns_of(attributes: dict):
    for value in attributes.values():
        yield from value.values() if isinstance(value, dict) else [value]


def check_zones(name: str, layer: dict, shapes: np.ndarray, table: dict[str, np.ndarray]) -> None:
    codes = [level["code"] for level in layer["hazard"]["levels"]]
    expect(set(table["level"]) == set(codes), f"{name}: levels {sorted(set(table['level']))}, expected {codes}")
    expect(shapely.coverage_is_valid(shapes), f"{name}: zones overlap or do not share their borders")
    area = {code: float(table["area_km2"][table["level"] == code].sum()) for code in codes}
    expect(all(a > 0 for a in area.values()), f"{name}: a level covers nothing")
    expect(bool(np.all(shapely.get_type_id(shapes) == 3)), f"{name}: a zone is not one connected polygon")


def check_divisions(layers: dict) -> None:
    _, counties, table = layers["counties"]
    expect(shapely.coverage_is_valid(counties), "counties: outlines overlap or do not share their borders")
    for name in ("province", "cities", "counties"):
        total = int(np.nansum(layers[name][2]["population"].astype(float)))
        expect(total == POPULATION, f"{name}: population {total}, expected {POPULATION}")
        area = shapely.area(layers[name][1]).sum()
        expect(abs(area - shapely.area(counties).sum()) < 1e-6, f"{name}: area differs from the counties'")
    unknown = [code for code, p in zip(table["id"], table["population"].astype(float)) if not p > 0]
    expect(unknown == ["350527"], f"counties: population unknown for {unknown}, expected Kinmen only")
    codes = set(table["id"])
    for name in ("townships", "chemical_parks", "rescue_teams", "shelters"):
        expect(set(layers[name][2]["admin_code"]) <= codes, f"{name}: an admin_code is no county")
    parks = set(layers["chemical_parks"][2]["id"])
    expect(set(layers["rescue_teams"][2]["serves"]) == parks, "rescue_teams: not one for each park")


def check_shelters(layers: dict) -> None:
    _, shapes, table = layers["shelters"]
    with (FACTS / "cities.csv").open(encoding="utf-8", newline="") as file:
        programme = {row["code"]: int(row["shelters_programme"]) for row in csv.DictReader(file)}
    found = Counter("350128" if code == "350128" else code[:4] + "00" for code in table["admin_code"])
    expect(sum(programme.values()) == 20_000, "facts: the programme's counts do not add up to 20 000")
    expect(found == {code: n // 100 for code, n in programme.items()}, f"shelters: by prefecture {dict(found)}")
    for grade, capacity in zip(table["grade"], table["capacity"]):
        expect(capacity >= LEAST_CAPACITY[grade], f"shelters: a {grade} shelter for {capacity} persons")
    for name in table["name_zh"]:
        expect("（演示）" in name, f"shelters: {name} does not say that it is a demonstration")
    expect(not any(table["phone"]), "shelters: a telephone number")
    for column in (c for c in table if c.startswith("suits_")):
        values = set(table[column])
        expect(values <= {"yes", "no", "unknown", None} and {"yes", None} <= values, f"shelters: {column} holds {values}")
    inside = unsafe_count(layers, shapes)
    expect(5 <= inside <= 60, f"shelters: {inside} of them in unsafe zones, expected a few")
    print(f"shelters: {inside} of {len(shapes)} lie in a zone declared unsafe")


def check_roads(roads: dict) -> None:
    """What is in the network only the program knows: `refugia check`."""
    files = [path.name for path in PACK.glob("*.network")]
    expect(files == [roads["file"]], f"roads: {files}, region.toml names {roads['file']}")
    expect(roads["synthetic"] and roads["licence"] == "CC0-1.0", "roads: not declared as invented")
    size = sum((PACK / name).stat().st_size for name in files)
    expect(size <= LARGEST_NETWORK_BYTES, f"roads: {size} bytes, more than {LARGEST_NETWORK_BYTES}")
    expect(all((PACK / name).read_bytes().startswith(b"RFGROADS") for name in files), "roads: no network file")
    print(f"roads: {size / 1e6:.2f} MB")


def unsafe_count(layers: dict, points: np.ndarray) -> int:
    hit: set[int] = set()
    for layer, shapes, table in layers.values():
        if layer["role"] == "hazard_zone":
            unsafe = [level["code"] for level in layer["hazard"]["levels"] if level["unsafe"]]
            zones = shapes[np.isin(table["level"], unsafe)]
            hit |= set(shapely.STRtree(zones).query(points, predicate="intersects")[0].tolist())
    return len(hit)


if __name__ == "__main__":
    main()
