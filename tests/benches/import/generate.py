#!/usr/bin/env python3
"""Writes the inputs of the import benchmark, the same bytes each time, with known faults in them.

  generate.py points COUNT FILE.csv       records of a census: id, name, sector, position, population, value, year
  generate.py polygons COUNT FILE.geojson hazard zones of 12 to 60 corners with a level

Prints the faults as one line of JSON. Standard library only.
"""

import json
import math
import sys

# Every so many rows one with a fault; primes, so that faults do not meet in one row more than they must.
POINT_FAULTS = {
    "duplicate_id": 100_003,
    "no_position": 100_019,
    "out_of_range": 100_043,
    "swapped": 100_049,
    "text_for_number": 100_057,
    "too_few_cells": 100_069,
}
POLYGON_FAULTS = {"bow_tie": 1_009, "spike_to_a_point": 1_013, "open_ring": 1_019, "unknown_level": 1_021}

SECTORS = ["房屋", "道路", "桥梁", "学校", "医院", "水利", "林场", "危化企业", "养殖", "公共设施"]
PLACES = ["福州市鼓楼区", "厦门市思明区", "泉州市丰泽区", "漳州市芗城区", "宁德市蕉城区", "南平市延平区"]


class Numbers:
    """Knuth's MMIX generator: 64 bits, its upper ones are used."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
        return (self.state >> 33) % bound


def fault_of(row, faults):
    return next((name for name, every in faults.items() if row % every == every - 1), None)


def points(count, out):
    numbers, told = Numbers(1), dict.fromkeys(POINT_FAULTS, 0)
    lines = ["id,name,sector,lon,lat,population,value,year\n"]
    for row in range(count):
        a, b = numbers.below(5_000_000), numbers.below(4_700_000)
        identity, lon, lat = f"35{row:010d}", f"{115.8 + a / 1e6:.6f}", f"{23.5 + b / 1e6:.6f}"
        population = "" if a % 10 == 0 else str(b % 900)
        rest = f"{population},{a % 997}.{b % 100:02d},{2020 + a % 6}"
        fault = fault_of(row, POINT_FAULTS)
        if fault:
            told[fault] += 1
            if fault == "duplicate_id":
                identity = f"35{row - 1000:010d}"
            elif fault == "no_position":
                lon = lat = ""
            elif fault == "out_of_range":
                lon = "219.3"
            elif fault == "swapped":
                lon, lat = lat, lon
            elif fault == "text_for_number":
                rest = f"约{b % 900},1.00,2020"
            elif fault == "too_few_cells":
                rest = "1"
        lines.append(f"{identity},{PLACES[a % 6]}{b % 9973}号,{SECTORS[b % 10]},{lon},{lat},{rest}\n")
        if len(lines) == 50_000:
            out.write("".join(lines))
            lines = []
    out.write("".join(lines))
    return told


def ring(numbers, x, y):
    corners = 12 + numbers.below(49)
    radius = 0.001 + numbers.below(4000) / 1e6
    positions = []
    for corner in range(corners):
        angle = 2 * math.pi * corner / corners
        reach = radius * (0.7 + numbers.below(300) / 1000)
        positions.append([round(x + reach * math.cos(angle), 7), round(y + reach * math.sin(angle), 7)])
    return positions + positions[:1]


def polygons(count, out):
    numbers, told = Numbers(2), dict.fromkeys(POLYGON_FAULTS, 0)
    out.write('{"type":"FeatureCollection","features":[\n')
    for row in range(count):
        x, y = 115.8 + numbers.below(5_000_000) / 1e6, 23.5 + numbers.below(4_700_000) / 1e6
        positions, level = ring(numbers, x, y), ["低", "中", "高"][row % 3]
        fault = fault_of(row, POLYGON_FAULTS)
        if fault:
            told[fault] += 1
            if fault == "bow_tie":
                positions = [[x, y], [x + 0.01, y + 0.01], [x + 0.01, y], [x, y + 0.01], [x, y]]
            elif fault == "spike_to_a_point":
                positions = [[x, y], [x, y], [x, y], [x, y]]
            elif fault == "open_ring":
                positions.pop()
            elif fault == "unknown_level":
                level = "?"
        feature = {
            "type": "Feature",
            "properties": {"id": f"Z{row}", "level": level, "source": "synthetic"},
            "geometry": {"type": "Polygon", "coordinates": [positions]},
        }
        out.write((",\n" if row else "") + json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    out.write("\n]}\n")
    return told


def main():
    kind, count, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    with open(path, "w", encoding="utf-8", newline="", buffering=1 << 20) as out:
        told = {"points": points, "polygons": polygons}[kind](count, out)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
