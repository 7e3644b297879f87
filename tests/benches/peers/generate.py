#!/usr/bin/env python3
"""Writes the data of the comparison, the same bytes each time. Everything in it is invented from a seed.

  generate.py points COUNT FILE.csv        shelters: id, name, capacity, position; the first ones of a longer file
  generate.py houses COUNT FILE.json       ground plans, one GeoJSON feature a line; the first ones of a longer file
  generate.py zones COLUMNS ROWS FILE.json hazard zones, one GeoJSON feature a line, that share their borders
  generate.py positions COUNT FILE.txt     where people ask, "lon lat" a line
  generate.py tiles COUNT FILE.txt         tiles to ask for, "z/x/y" a line

Standard library only.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from random import Random
from typing import TextIO

# About the size and place of a province.
WEST, SOUTH, EAST, NORTH = 115.8, 23.4, 120.8, 28.4
TOWNS = 5_000
TOWN_RADIUS = 0.1
# 6 edges of so many segments: 115 positions a zone with the closing one.
SEGMENTS = 19
# Waves along a border, and the height of the first as a part of its length: too low for borders to cross.
WAVES, WAVE_HEIGHT = (1, 2, 4, 8), 0.06
FIRST_ZOOM, LAST_ZOOM = 6, 14

Position = tuple[float, float]


def inside(random: Random) -> Position:
    return WEST + (EAST - WEST) * random.random(), SOUTH + (NORTH - SOUTH) * random.random()


def as_people_live(seed: int) -> Iterator[Position]:
    """Four of five in towns, denser towards the middle; the towns are the same for each seed."""
    places = Random(1)
    towns = [inside(places) for _ in range(TOWNS)]
    random = Random(seed)
    while True:
        if random.random() < 0.2:
            lon, lat = inside(random)
        else:
            x, y = towns[int(random.random() * TOWNS)]
            angle, reach = 2 * math.pi * random.random(), TOWN_RADIUS * random.random() ** 2
            lon, lat = x + reach * math.cos(angle), y + reach * math.sin(angle)
        yield round(min(max(lon, WEST), EAST), 6), round(min(max(lat, SOUTH), NORTH), 6)


def points(count: int, out: TextIO) -> None:
    out.write("id,name,capacity,lon,lat\n")
    people, lines = as_people_live(2), []
    for row in range(count):
        lon, lat = next(people)
        lines.append(f"S{row:08d},Shelter {row},{100 + row % 900},{lon:.6f},{lat:.6f}\n")
        if len(lines) == 50_000:
            out.write("".join(lines))
            lines = []
    out.write("".join(lines))


def houses(count: int, out: TextIO) -> None:
    """Turned rectangles of 8 to 40 m, and one of a hundred ten times as large."""
    people, random = as_people_live(6), Random(7)
    degree = 111_320.0
    for row in range(count):
        lon, lat = next(people)
        scale = 10 if row % 100 == 0 else 1
        length, width = (scale * (8 + 32 * random.random()) / 2 / degree for _ in range(2))
        angle = math.pi * random.random()
        sin, cos, narrow = math.sin(angle), math.cos(angle), math.cos(math.radians(lat))
        corners = []
        for along, aside in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)):
            x, y = along * length, aside * width
            corners.append(f"[{lon + (x * cos - y * sin) / narrow:.7f},{lat + x * sin + y * cos:.7f}]")
        floors = 1 + int(random.random() * 12)
        out.write(
            f'{{"type":"Feature","properties":{{"id":"H{row:08d}","floors":{floors}}},'
            f'"geometry":{{"type":"Polygon","coordinates":[[{",".join(corners)}]]}}}}\n'
        )


class Honeycomb:
    """Zones in rows, each shifted by half a zone against the one below, so that most have six neighbours.

    Line `r` runs below row `r`; on it lie corners half a zone apart, high and low in turn. A border is made once and
    walked by one neighbour forwards and by the other backwards: the two agree to the last digit.
    """

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.width = (EAST - WEST) / (columns + 0.5)
        self.height = (NORTH - SOUTH) / (rows + 1 / 3)
        self.borders: dict[tuple[int, int, int, int], list[str]] = {}

    def corner(self, line: int, step: int) -> Position:
        random = Random(line * 1_000_003 + step)
        rise = self.height / 6 * (1 if (step - line) % 2 == 0 else -1)
        x = WEST + self.width / 2 * (step + 0.2 * (random.random() - 0.5))
        y = SOUTH + self.height * (line + 1 / 6) + rise + self.height * 0.1 * (random.random() - 0.5)
        return x, y

    def border(self, one: tuple[int, int], other: tuple[int, int]) -> list[str]:
        """From one corner to just before the other."""
        key = (*min(one, other), *max(one, other))
        if key not in self.borders:
            self.borders[key] = self.wavy(key)
        walked = self.borders[key]
        return walked[:-1] if one < other else walked[:0:-1]

    def wavy(self, key: tuple[int, int, int, int]) -> list[str]:
        random = Random((key[0] * 1_000_003 + key[1]) * 4 + 2 * (key[2] - key[0]) + 1)
        (x0, y0), (x1, y1) = self.corner(*key[:2]), self.corner(*key[2:])
        heights = [WAVE_HEIGHT / wave * (2 * random.random() - 1) for wave in WAVES]
        walked = []
        for step in range(SEGMENTS + 1):
            along = step / SEGMENTS
            aside = sum(h * math.sin(math.pi * w * along) for h, w in zip(heights, WAVES, strict=True))
            x, y = x0 + along * (x1 - x0) - aside * (y1 - y0), y0 + along * (y1 - y0) + aside * (x1 - x0)
            walked.append(f"[{x:.7f},{y:.7f}]")
        return walked

    def ring(self, row: int, column: int) -> list[str]:
        first = 2 * column + row % 2
        below = [(row, first), (row, first + 1), (row, first + 2)]
        above = [(row + 1, first + 2), (row + 1, first + 1), (row + 1, first)]
        corners = below + above
        walked = [at for a, b in zip(corners, corners[1:] + corners[:1], strict=True) for at in self.border(a, b)]
        return walked + walked[:1]

    def forget_below(self, row: int) -> None:
        self.borders = {key: border for key, border in self.borders.items() if key[2] > row}


def zones(columns: int, rows: int, out: TextIO) -> None:
    comb, levels = Honeycomb(columns, rows), Random(3)
    for row in range(rows):
        for column in range(columns):
            level = 1 + int(levels.random() * 4)
            out.write(
                f'{{"type":"Feature","properties":{{"id":"Z{row * columns + column:06d}","level":{level}}},'
                f'"geometry":{{"type":"Polygon","coordinates":[[{",".join(comb.ring(row, column))}]]}}}}\n'
            )
        comb.forget_below(row)


def positions(count: int, out: TextIO) -> None:
    people = as_people_live(4)
    for _ in range(count):
        lon, lat = next(people)
        out.write(f"{lon:.6f} {lat:.6f}\n")


def tile_of(lon: float, lat: float, zoom: int) -> tuple[int, int, int]:
    size, angle = 1 << zoom, math.radians(lat)
    x = (lon + 180) / 360 * size
    y = (1 - math.asinh(math.tan(angle)) / math.pi) / 2 * size
    return zoom, int(x), int(y)


def tiles(count: int, out: TextIO) -> None:
    """All tiles of the first zooms, then as many of each further one, in no order."""
    chosen: list[tuple[int, int, int]] = []
    random = Random(5)
    for zoom in range(FIRST_ZOOM, LAST_ZOOM + 1):
        share = (count - len(chosen)) // (LAST_ZOOM + 1 - zoom)
        (_, west, north), (_, east, south) = tile_of(WEST + 0.03, NORTH - 0.03, zoom), tile_of(EAST - 0.03, SOUTH + 0.03, zoom)
        every = [(zoom, x, y) for x in range(west, east + 1) for y in range(north, south + 1)]
        # Sorted by a number of the seed: `sample` and `shuffle` are free to change between versions.
        every = [tile for _, tile in sorted((random.random(), tile) for tile in every)]
        chosen += every[:share]
    for _, (z, x, y) in sorted((random.random(), tile) for tile in chosen):
        out.write(f"{z}/{x}/{y}\n")


def main() -> None:
    kind, *numbers, path = sys.argv[1:]
    make = {"points": points, "houses": houses, "zones": zones, "positions": positions, "tiles": tiles}[kind]
    with open(path, "w", encoding="utf-8", newline="", buffering=1 << 20) as out:
        make(*map(int, numbers), out)  # type: ignore[operator]


if __name__ == "__main__":
    main()
