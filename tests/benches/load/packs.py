"""Two packs that answer everything differently, and what must be in their answers.

Both are the demonstration region with its road network; shelters and flood zones are replaced by invented ones on a
grid. All ids begin with the letter of the pack, and the zones of pack B lie half a step from those of pack A, so that an
answer mixed of both packs, or one from the wrong place, shows.
"""

from __future__ import annotations

import csv
import json
import math
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

WEST, SOUTH, EAST, NORTH = 116.6, 24.4, 119.8, 27.6
STEP = 0.1
SIDE = 0.06
SHELTERS = 2_000
EARTH_METRES = 6_371_008.8

Position = tuple[float, float]


@dataclass(frozen=True)
class Pack:
    """A pack, and the data it was made of."""

    letter: str
    folder: Path
    shelters: dict[str, Position]
    zones: dict[str, Position]

    def zones_at(self, lon: float, lat: float) -> list[str]:
        """Squares; `zones` holds their south-western corners."""
        return sorted(i for i, (x, y) in self.zones.items() if x <= lon <= x + SIDE and y <= lat <= y + SIDE)

    def nearest_metres(self, lon: float, lat: float) -> float:
        return min(metres((lon, lat), shelter) for shelter in self.shelters.values())


def metres(one: Position, other: Position) -> float:
    """On a sphere: within 0.6 % of the ellipsoid."""
    (a, b), (c, d) = (map(math.radians, one), map(math.radians, other))
    half = math.sin((d - b) / 2) ** 2 + math.cos(b) * math.cos(d) * math.sin((c - a) / 2) ** 2
    return 2 * EARTH_METRES * math.asin(math.sqrt(half))


def grid(offset: float) -> Iterator[Position]:
    for row in range(round((NORTH - SOUTH) / STEP)):
        for column in range(round((EAST - WEST) / STEP)):
            yield round(WEST + offset + column * STEP, 6), round(SOUTH + offset + row * STEP, 6)


def square(x: float, y: float) -> list[list[float]]:
    right, top = round(x + SIDE, 6), round(y + SIDE, 6)
    return [[x, y], [right, y], [right, top], [x, top], [x, y]]


def feature(identity: str, corner: Position, level: int) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": {"id": identity, "level": level},
        "geometry": {"type": "Polygon", "coordinates": [square(*corner)]},
    }


def imported(binary: Path, folder: Path, *arguments: str | Path) -> None:
    command = [binary, "import", "--region", folder, "--replace", "--accept", "--vintage", "2026", "--synthetic", *arguments]
    code = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
    # 4: invented shelters stand close to each other, and not in the counties they say.
    assert code in (0, 4), f"the import ended with {code}"


def make(binary: Path, region: Path, scratch: Path, letter: str) -> Pack:
    folder = scratch / f"pack-{letter}"
    shutil.copytree(region, folder)
    random = Random(letter)
    shelters = {
        f"{letter}S{number}": (round(random.uniform(WEST, EAST), 6), round(random.uniform(SOUTH, NORTH), 6))
        for number in range(SHELTERS)
    }
    zones = {f"{letter}Z{number}": corner for number, corner in enumerate(grid(0.0 if letter == "A" else STEP / 2))}
    table = scratch / f"shelters-{letter}.csv"
    with table.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["id", "name", "lon", "lat"])
        rows.writerows([identity, f"Haven {letter} {identity[2:]}", *position] for identity, position in shelters.items())
    drawn = scratch / f"zones-{letter}.json"
    features = [feature(identity, corner, 1 + number % 4) for number, (identity, corner) in enumerate(zones.items())]
    drawn.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    imported(binary, folder, "--layer", "shelters", "--role", "shelter", "--map", "id=id", table)
    levels = ("--hazard", "flood", "--level-from", "level", "--levels", "1,2,3,4")
    imported(binary, folder, "--layer", "flood", "--role", "hazard_zone", *levels, "--map", "id=id", drawn)
    return Pack(letter, folder, shelters, zones)
