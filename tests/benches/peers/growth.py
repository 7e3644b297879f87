#!/usr/bin/env python3
"""How Refugia grows with its data: start, memory and the nearest shelters, from 200 shelters to as many as asked for;
and layers too large for memory, drawn from the disk.

  growth.py shelters BINARY CACHE_FOLDER RESULTS.json   GROWTH_MOST (1000000); 13000000 takes minutes and gigabytes
  growth.py disk BINARY CACHE_FOLDER RESULTS.json       DISK_FEATURES (13000000) facilities
  growth.py houses BINARY CACHE_FOLDER RESULTS.json     DISK_FEATURES (13000000) ground plans, areas to be drawn
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import compare
from load import Asked, ask_each, median, percentile, with_processor, wrk
from servers import HERE, end_in_order, load_average, refugia

COUNTS = [200, 2_000, 20_000, 200_000, 1_000_000, 13_000_000]
RUNS = compare.RUNS


def generated(kind: str, count: int, path: Path) -> Path:
    if not path.exists():
        half = path.with_suffix(".part")
        subprocess.run([sys.executable, HERE / "generate.py", kind, str(count), half], check=True)
        half.rename(path)
    return path


def imported(binary: Path, folder: Path, role: str, count: int, kind: str = "points") -> Path:
    """A pack of one layer, made once."""
    pack = folder / f"{role}-{count}"
    if not (pack / "region.toml").exists():
        source = generated(kind, count, folder / f"{kind}-{count}.{'csv' if kind == 'points' else 'json'}")
        started = time.perf_counter()
        command: list[str | Path] = [binary, "import", "--region", pack, "--layer", kind, "--role", role, "--vintage", "2026", "--map", "id=id"]
        command += ["--synthetic", "--source", "generate.py", source]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        print(f"  imported {count} in {time.perf_counter() - started:.0f} s", flush=True)
    return pack


def grown(binary: Path, cache: Path, scratch: Path, count: int) -> dict[str, float]:
    pack = imported(binary, cache / "growth", "shelter", count)
    positions = generated("positions", 2000, cache / "growth/positions.txt").read_text().splitlines()
    asked = [line.split() for line in positions]
    paths = scratch / "nearest"
    paths.write_text("".join(f"/api/shelters/nearest?lon={lon}&lat={lat}&k=5\n" for lon, lat in asked))
    starts, processors, memories, alone = [], [], [], []
    for _ in range(RUNS):
        with refugia(binary, pack, scratch / "log") as server:
            starts.append(server.start_seconds)
            processors.append(server.start_processor_seconds)
            memories.append(server.memory_mb())
            wrk(server, paths, seconds=1)
            # One at a time: what an answer takes, not how long it waits for others.
            alone.append(with_processor([server], lambda server=server: wrk(server, paths, connections=1)))  # type: ignore[misc]
    middle = sorted(alone, key=lambda run: run.p50)[len(alone) // 2]
    return {
        "features": count,
        "start_s": median(starts),
        "start_processor_s": median(processors),
        "memory_mb": median(memories),
        "p50_ms": middle.p50,
        "p99_ms": middle.p99,
        "processor_us": median([run.processor_us for run in alone]),
        "bad": sum(run.bad for run in alone),
        "load": load_average(),
    }


def shelters(binary: Path, cache: Path, scratch: Path) -> object:
    most = int(os.environ.get("GROWTH_MOST", "1000000"))
    print("shelters   start, of processors   memory   nearest 5 over HTTP, one connection")
    rows = []
    for count in (count for count in COUNTS if count <= most):
        rows.append(grown(binary, cache, scratch, count))
        row = rows[-1]
        print(
            f"{count:9d} {row['start_s']:7.2f} s {row['start_processor_s']:6.2f} s {row['memory_mb']:7.0f} MB   p50 {row['p50_ms'] * 1000:5.0f} µs   "
            f"p99 {row['p99_ms'] * 1000:6.0f} µs   {row['processor_us']:4.0f} µs of processors   {row['bad']:.0f} failed   load average {row['load']:.1f}",
            flush=True,
        )
    return rows


def by_zoom(answers: list[Asked], tiles: list[str]) -> dict[int, list[float]]:
    zooms: dict[int, list[float]] = {}
    for tile, asked in zip(tiles, answers, strict=True):
        assert asked.status in (200, 204), (asked.path, asked.status)
        zooms.setdefault(int(tile.split("/")[0]), []).append(asked.took)
    return zooms


def disk(binary: Path, cache: Path, scratch: Path) -> object:
    return from_disk(binary, cache, scratch, "facility", "points")


def houses(binary: Path, cache: Path, scratch: Path) -> object:
    return from_disk(binary, cache, scratch, "reference", "houses")


def from_disk(binary: Path, cache: Path, scratch: Path, role: str, kind: str) -> object:
    count = int(os.environ.get("DISK_FEATURES", "13000000"))
    pack = imported(binary, cache / "growth", role, count, kind)
    tiles = generated("tiles", 500, cache / "growth/tiles.txt").read_text().splitlines()
    paths = [f"/tiles/{kind}/{tile}.mvt" for tile in tiles]
    listed = scratch / "tiles"
    listed.write_text("\n".join(paths) + "\n")
    file_mb = sum(file.stat().st_size for file in pack.iterdir()) / 2**20
    starts, processors, memories, after, took, loads, alone_us = [], [], [], [], [], [], []
    for _ in range(RUNS):
        # No tile is kept, so each is drawn from the disk; the system keeps what of the file it has read.
        with refugia(binary, pack, scratch / "log", "--tile-cache-bytes", "1", "--warm-to-zoom", "off") as server:
            starts.append(server.start_seconds)
            processors.append(server.start_processor_seconds)
            memories.append(server.memory_mb())
            took.append(by_zoom(ask_each(server, paths, "gzip"), tiles))
            alone_us.append(1e6 * (server.processor_seconds() - server.start_processor_seconds) / len(paths))
            loads.append(wrk(server, listed, "gzip", 10, 4))
            after.append(server.memory_mb())
    zooms = {zoom: [each for run in took for each in run[zoom]] for zoom in took[0]}
    every = [each for times in zooms.values() for each in times]
    loaded = sorted(loads, key=lambda run: run.rate)[len(loads) // 2]
    print(f"{count} {kind} on the disk, {file_mb:.0f} MB of files (load average {load_average():.1f})")
    print(f"  start {median(starts):.2f} s, {median(processors):.2f} s of processors; memory {median(memories):.0f} MB, {median(after):.0f} MB after the tiles: {median(after) / file_mb:.3f} of the files")
    print(f"  a tile alone: p50 {median(every):.1f} ms, p99 {percentile(every, 0.99):.1f} ms, worst {max(every):.0f} ms, {median(alone_us) / 1e3:.1f} ms of processors; by zoom p50/p99 " + "  ".join(f"z{z} {median(t):.1f}/{percentile(t, 0.99):.1f}" for z, t in sorted(zooms.items())))
    print(f"  4 connections: {loaded.rate:.0f}/s, p50 {loaded.p50:.1f} ms, p99 {loaded.p99:.1f} ms, {sum(run.bad for run in loads)} failed, {loaded.bytes} B")
    return {
        "features": count,
        "file_mb": file_mb,
        "start_s": median(starts),
        "start_processor_s": median(processors),
        "processor_us": median(alone_us),
        "memory_mb": median(memories),
        "memory_after_mb": median(after),
        "zooms": {z: [median(t), percentile(t, 0.99)] for z, t in sorted(zooms.items())},
        "alone": [median(every), percentile(every, 0.99), max(every)],
        "loaded": [loaded.rate, loaded.p50, loaded.p99],
    }


def main() -> None:
    end_in_order()
    kind = sys.argv[1]
    binary, cache, results = (Path(argument).resolve() for argument in sys.argv[2:])
    (cache / "growth").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="refugia-growth-") as folder:
        measured = {"shelters": shelters, "disk": disk, "houses": houses}[kind](binary, cache, Path(folder))
    results.write_text(json.dumps(measured, indent=1) + "\n")


if __name__ == "__main__":
    main()
