#!/usr/bin/env python3
"""Refugia beside its peers on the same data: first whether they answer the same, then how fast.

  compare.py BINARY CACHE_FOLDER DATA_FOLDER RESULTS.json

Every figure is the median of RUNS (3) runs; in each round all take their turn, so that a busy minute of the machine
hits them alike. SECONDS_PER_RUN (5), COLD_SECONDS (20) and CONNECTIONS (16) may be set.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import mvt
from load import (
    CONNECTIONS,
    SECONDS,
    Asked,
    Figures,
    ask_each,
    median,
    percentile,
    pgbench,
    redis_benchmark,
    redis_fill,
    redis_nearest,
    stored,
    with_processor,
    wrk,
)
from servers import Postgres, Server, end_in_order, first_line, load_average, machine, martin, postgres, redis, refugia

RUNS = int(os.environ.get("RUNS", "3"))
COLD_SECONDS = int(os.environ.get("COLD_SECONDS", "20"))
MARTIN_CACHE_MB = 512
POSITIONS, TILES = 2_000, 500

# `asked` holds the positions. `<->` orders by distance on a sphere: what most write, and what PostGIS is timed with first.
POSITION = "ST_SetSRID(ST_MakePoint(a.lon, a.lat), 4326)"
NEAREST_SQL = (
    "SELECT p.* FROM asked a, LATERAL (SELECT id, name, capacity, lon, lat, "
    f"geog <-> {POSITION}::geography AS distance FROM points ORDER BY distance LIMIT 5) p WHERE a.i = {{i}}"
)
# Refugia's distance is that on the ellipsoid: the nearest 20 on the sphere, put in its order.
EXACT_SQL = (
    "SELECT p.* FROM asked a, LATERAL (SELECT id, name, capacity, lon, lat, "
    f"ST_Distance(geog, {POSITION}::geography) AS distance FROM "
    f"(SELECT * FROM points ORDER BY geog <-> {POSITION}::geography LIMIT 20) near ORDER BY distance LIMIT 5) p WHERE a.i = {{i}}"
)
ZONES_SQL = (
    "SELECT z.id, z.level FROM asked a JOIN zones z ON ST_Covers(z.geom, " + POSITION + ") WHERE a.i = {i}"
)

# The tile as Martin has PostGIS make it (4096 units, 64 around it), but neither compressed nor sent over HTTP.
TILE_SQL = (
    "SELECT ST_AsMVT(tile, 'zones', 4096, 'geom') FROM (SELECT ST_AsMVTGeom(z.geom, ST_TileEnvelope(t.z, t.x, t.y), 4096, 64, true) "
    "AS geom, z.id, z.level FROM tiles t JOIN zones_3857 z ON z.geom && ST_TileEnvelope(t.z, t.x, t.y, margin => 0.015625) "
    "WHERE t.i = {i}) tile"
)


@dataclass
class Bench:
    """What is measured with, and what came of it."""

    binary: Path
    cache: Path
    data: Path
    scratch: Path
    results: dict[str, object] = field(default_factory=dict)
    memories: dict[str, float] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        return self.scratch / "servers.log"

    @property
    def martin(self) -> Path:
        return self.cache / "martin/bin/martin"

    @property
    def has_martin(self) -> bool:
        return self.martin.exists()

    def lines(self, name: str) -> list[str]:
        return (self.data / name).read_text().split("\n")[:-1]

    def tiles(self, prefix: str, suffix: str = "") -> list[str]:
        return [f"{prefix}/{tile}{suffix}" for tile in self.lines("tiles.txt")]

    def list_of(self, name: str, paths: list[str]) -> Path:
        path = self.scratch / name
        path.write_text("\n".join(paths) + "\n")
        return path

    def refugia(self, *flags: str) -> AbstractContextManager[Server]:
        return refugia(self.binary, self.data / "pack", self.log, *flags)


def say(text: str) -> None:
    print(text, flush=True)


def row(name: str, figures: Figures, note: str = "") -> None:
    size = f"{figures.bytes:7d} B" if figures.bytes else " " * 9
    say(
        f"  {name:34} {figures.rate:8.0f}/s  p50 {figures.p50:7.2f}  p99 {figures.p99:7.2f} ms  {figures.processor_us:7.0f} µs of processors"
        f"  {size}  {figures.bad} failed  {note}"
    )


# A way to ask, and the servers that work for it.
Case = tuple[list[Server | Postgres], Callable[[], Figures]]


def table(bench: Bench, title: str, cases: dict[str, Case]) -> dict[str, Figures]:
    """Each in turn, round by round; the first is set in relation to the others."""
    loads = [load_average()]
    runs: dict[str, list[Figures]] = {name: [] for name in cases}
    for _ in range(RUNS):
        for name, (servers, run) in cases.items():
            runs[name].append(with_processor(servers, run))
    loads.append(load_average())
    medians = {name: Figures.median(figures) for name, figures in runs.items()}
    say(f"{title} (load average {loads[0]:.1f} before, {loads[1]:.1f} after)")
    first = next(iter(medians.values()))
    for name, figures in medians.items():
        rates, processors = first.rate / figures.rate, figures.processor_us / max(first.processor_us, 1e-9)
        row(name, figures, "" if figures is first else f"refugia × {rates:.2f}, by processor time × {processors:.2f}")
    bench.results[title] = {
        "load": loads,
        "medians": {name: asdict(figures) for name, figures in medians.items()},
        "rates": {name: [figures.rate for figures in each] for name, each in runs.items()},
    }
    return medians


# --- the same answers --------------------------------------------------------------------------------------------------


def nearest_paths(bench: Bench) -> list[str]:
    positions = (line.split() for line in bench.lines("positions.txt"))
    return ["/api/shelters/nearest?" + urlencode({"lon": lon, "lat": lat, "k": 5}) for lon, lat in positions]


def risk_paths(bench: Bench) -> list[str]:
    positions = (line.split() for line in bench.lines("positions.txt"))
    return ["/api/risk?" + urlencode({"lon": lon, "lat": lat}) for lon, lat in positions]


def by_position(rows: list[list[str]]) -> dict[int, list[list[str]]]:
    grouped: dict[int, list[list[str]]] = {}
    for number, *rest in rows:
        grouped.setdefault(int(number), []).append(rest)
    return grouped


def check_nearest(bench: Bench, ours: Server, database: Postgres, cache: Server) -> None:
    """Ids and distances of PostGIS on the ellipsoid at every position; two shelters as far as a millimetre may change
    places."""
    asked_too = EXACT_SQL.replace("SELECT p.* FROM", "SELECT a.i, p.* FROM", 1).replace("WHERE a.i = {i}", "ORDER BY a.i, p.distance")
    theirs = by_position(database.rows(asked_too))
    on_sphere = by_position(database.rows(asked_too.replace("LIMIT 20", "LIMIT 5")))
    sphere_differs = sum({r[0] for r in theirs[i]} != {r[0] for r in on_sphere[i]} for i in theirs)
    differ, far, redis_same, redis_short = 0, 0.0, 0, 0
    positions = bench.lines("positions.txt")
    for number, asked in enumerate(ask_each(ours, nearest_paths(bench)), start=1):
        found = [(f["properties"]["id"], f["properties"]["distance_m"]) for f in json.loads(asked.body)["features"]]
        wanted = [(r[0], float(r[5])) for r in theirs[number]]
        off = max(abs(a[1] - b[1]) for a, b in zip(found, wanted, strict=True))
        far = max(far, off)
        differ += [i for i, _ in found] != [i for i, _ in wanted] and off > 0.001
        if number <= 200:
            lon, lat = positions[number - 1].split()
            near = redis_nearest(cache, lon, lat, 2, 5)
            redis_short += len(near) < 5
            redis_same += {i for i, _ in near} == {i for i, _ in found}
    say(f"nearest 5: {len(positions) - differ} of {len(positions)} answers have PostGIS's ids; distances differ by {far * 1000:.2f} mm at most")
    say(f"  PostGIS's <-> alone (sphere): another five at {sphere_differs} positions")
    say(f"  Redis (sphere, 2 km): the same five at {redis_same} of 200 positions; fewer than five within reach at {redis_short}")
    bench.results["nearest agrees"] = {"asked": len(positions), "differ": differ, "sphere_differs": sphere_differs, "redis_same_of_200": redis_same, "redis_short_of_200": redis_short}


def check_zones(bench: Bench, ours: Server, database: Postgres) -> None:
    theirs = by_position(database.rows("SELECT a.i, z.id, z.level FROM asked a JOIN zones z ON ST_Covers(z.geom, " + POSITION + ") ORDER BY 1, 2"))
    answers = ask_each(ours, risk_paths(bench))
    found = [sorted([h["zone"], h["level"]] for h in json.loads(asked.body)["hazards"]) for asked in answers]
    same = sum(zones == theirs.get(number, []) for number, zones in enumerate(found, start=1))
    say(f"zones over a point: {same} of {len(answers)} answers have PostGIS's ids and levels")
    bench.results["zones agree"] = {"asked": len(answers), "same": same}


def describe_tiles(bench: Bench, name: str, answers: list[Asked]) -> dict[str, object]:
    bad = [asked.path for asked in answers if asked.status != 200]
    zooms: dict[int, list[Asked]] = {}
    for tile, asked in zip(bench.lines("tiles.txt"), answers, strict=True):
        zooms.setdefault(int(tile.split("/")[0]), []).append(asked)
    size = sum(len(asked.body) for asked in answers) / len(answers)
    counts = {zoom: sum(mvt.features(asked.plain()) for asked in each) / len(each) for zoom, each in sorted(zooms.items())}
    sizes = {zoom: sum(len(asked.body) for asked in each) / len(each) for zoom, each in sorted(zooms.items())}
    say(f"  {name:32} {size:8.0f} B a tile; {len(bad)} not 200; at z6 {sizes[6]:.0f} B and {counts[6]:.0f} features, z10 {sizes[10]:.0f} B and {counts[10]:.0f}, z14 {sizes[14]:.0f} B and {counts[14]:.1f}")
    return {"mean_bytes": size, "bad": len(bad), "features": counts, "bytes": sizes, "encodings": sorted({asked.encoding for asked in answers})}


# --- the measurements --------------------------------------------------------------------------------------------------


def cold_by_zoom(bench: Bench, servers: dict[str, tuple[Server, list[str]]]) -> None:
    took: dict[str, dict[int, list[float]]] = {name: {} for name in servers}
    zooms = [int(tile.split("/")[0]) for tile in bench.lines("tiles.txt")]
    for _ in range(RUNS):
        for name, (server, paths) in servers.items():
            for zoom, asked in zip(zooms, ask_each(server, paths, "gzip"), strict=True):
                took[name].setdefault(zoom, []).append(asked.took)
    say("cold tiles one at a time, p50 / p99 in ms by zoom, gzip asked")
    for name, by_zoom in took.items():
        say(f"  {name:16}" + "  ".join(f"z{z} {median(by_zoom[z]):.1f}/{percentile(by_zoom[z], 0.99):.1f}" for z in sorted(by_zoom)))
    bench.results["cold by zoom"] = {n: {z: [median(v), percentile(v, 0.99)] for z, v in sorted(b.items())} for n, b in took.items()}


def cold(bench: Bench, database: Postgres) -> None:
    """Nobody keeps a tile: Refugia's cache has one byte, the least it takes, and nothing is rendered ahead; Martin's has
    none."""
    flags = ("--tile-cache-bytes", "1", "--warm-to-zoom", "off")
    with ExitStack() as stack:
        all_of = {"refugia": (stack.enter_context(bench.refugia(*flags)), bench.tiles("/tiles/zones", ".mvt"))}
        if bench.has_martin:
            peer = stack.enter_context(martin(bench.martin, database.url, 0, bench.log))
            all_of["martin on postgis, no cache"] = (peer, bench.tiles("/zones_3857"))
        for server, paths in all_of.values():
            # All pages of the database are read before anything counts.
            ask_each(server, paths, "gzip")
        cases: dict[str, Case] = {}
        for number, (name, (server, paths)) in enumerate(all_of.items()):
            listed = bench.list_of(f"cold{number}", paths)
            workers: list[Server | Postgres] = [server] if name == "refugia" else [server, database]
            cases[name] = (workers, partial(wrk, server, listed, "gzip", COLD_SECONDS))
        cases["postgis st_asmvt alone"] = ([database], partial(pgbench, database, TILE_SQL.format(i=":i"), bench.scratch, TILES, COLD_SECONDS))
        table(bench, "cold tiles, gzip asked", cases)
        cold_by_zoom(bench, all_of)


def tile_sizes(bench: Bench) -> None:
    """What a tile weighs, as Refugia answers it and as the archives keep it; all with gzip."""
    say(f"{len(bench.lines('tiles.txt'))} tiles with gzip")
    with bench.refugia() as server:
        answered = ask_each(server, bench.tiles("/tiles/zones", ".mvt"), "gzip")
    baked = stored(bench.data / "refugia.mbtiles", bench.lines("tiles.txt"))
    kept = stored(bench.data / "tippecanoe.mbtiles", bench.lines("tiles.txt"))
    described = {"refugia": answered, "refugia's mbtiles": baked, "tippecanoe's mbtiles": kept}
    bench.results["tiles"] = {name: describe_tiles(bench, name, answers) for name, answers in described.items()}
    same = sum(one.plain() == other.plain() for one, other in zip(answered, baked, strict=True))
    say(f"  refugia answers {same} of them as refugia tiles bakes them, byte for byte once unpacked")


def warm(bench: Bench, database: Postgres) -> None:
    ours = bench.tiles("/tiles/zones", ".mvt")
    peers = {
        "martin on tippecanoe's mbtiles": (str(bench.data / "tippecanoe.mbtiles"), bench.tiles("/tippecanoe")),
        "martin on refugia's mbtiles": (str(bench.data / "refugia.mbtiles"), bench.tiles("/refugia")),
        "martin on tippecanoe's pmtiles": (str(bench.data / "tippecanoe.pmtiles"), bench.tiles("/tippecanoe")),
        "martin on postgis, cached": (database.url, bench.tiles("/zones_3857")),
    }
    with ExitStack() as stack:
        all_of: dict[str, tuple[Server, list[str]]] = {"refugia": (stack.enter_context(bench.refugia()), ours)}
        for name, (source, paths) in peers.items() if bench.has_martin else ():
            all_of[name] = (stack.enter_context(martin(bench.martin, source, MARTIN_CACHE_MB, bench.log)), paths)
        for name, (peer, paths) in all_of.items():
            describe_tiles(bench, name, ask_each(peer, paths, "gzip"))
        lists = {name: bench.list_of(f"warm{number}", paths) for number, (name, (_, paths)) in enumerate(all_of.items())}
        for encoding in ("gzip", ""):
            for name, (peer, _) in all_of.items():
                wrk(peer, lists[name], encoding, 1)
            asked = f"{encoding} asked" if encoding else "no Accept-Encoding sent"
            table(bench, f"warm tiles, {asked}", {
                name: ([peer], partial(wrk, peer, lists[name], encoding)) for name, (peer, _) in all_of.items()
            })
        memory(bench, {name: peer.memory_mb() for name, (peer, _) in all_of.items()} | {"postgresql": database.memory_mb()})


def memory(bench: Bench, megabytes: dict[str, float]) -> None:
    say("memory after that, MB (shared pages once): " + ", ".join(f"{name} {mb:.0f}" for name, mb in megabytes.items()))
    bench.memories |= megabytes
    bench.results["memory_mb"] = bench.memories


def points_and_zones(bench: Bench, database: Postgres) -> None:
    with bench.refugia() as server, redis(bench.log) as cache:
        redis_fill(cache, bench.data / "points.csv", bench.data / "positions.txt")
        check_nearest(bench, server, database, cache)
        check_zones(bench, server, database)
        nearest, risk = bench.list_of("nearest", nearest_paths(bench)), bench.list_of("risk", risk_paths(bench))
        wrk(server, nearest, seconds=1)
        table(bench, "nearest 5 of the shelters", {
            "refugia over http": ([server], lambda: wrk(server, nearest)),
            "postgis geography <->": ([database], lambda: pgbench(database, NEAREST_SQL.format(i=":i"), bench.scratch, POSITIONS)),
            "postgis, then on the ellipsoid": ([database], lambda: pgbench(database, EXACT_SQL.format(i=":i"), bench.scratch, POSITIONS)),
            "redis geosearch, 2 km, 5 at most": ([cache], lambda: redis_benchmark(cache)),
        })
        table(bench, "zones over a point", {
            "refugia over http": ([server], lambda: wrk(server, risk)),
            "postgis st_covers": ([database], lambda: pgbench(database, ZONES_SQL.format(i=":i"), bench.scratch, POSITIONS)),
        })
        memory(bench, {"refugia, points and zones": server.memory_mb(), "redis, points only": cache.memory_mb()})


def starts(bench: Bench, database: Postgres) -> None:
    """From exec to the first 200."""
    sample = bench.cache / "sample-province"
    if not sample.exists():
        subprocess.run([bench.binary, "sample", "--scale", "province", "--out", sample], check=True, stdout=subprocess.DEVNULL)
    cases: dict[str, Callable[[], AbstractContextManager[Server]]] = {
        "refugia, province sample": lambda: refugia(bench.binary, sample, bench.log),
        "refugia, this data": lambda: bench.refugia(),
    }
    if bench.has_martin:
        cases["martin on mbtiles"] = lambda: martin(bench.martin, str(bench.data / "tippecanoe.mbtiles"), MARTIN_CACHE_MB, bench.log)
        cases["martin on postgis"] = lambda: martin(bench.martin, database.url, MARTIN_CACHE_MB, bench.log)
    took: dict[str, list[tuple[float, float, float]]] = {name: [] for name in cases}
    for _ in range(RUNS):
        for name, start in cases.items():
            with start() as server:
                took[name].append((server.start_seconds, server.start_processor_seconds, server.memory_mb()))
    say(f"start, from exec to the first answer, and memory then (load average {load_average():.1f})")
    figures = {name: [median(list(column)) for column in zip(*each, strict=True)] for name, each in took.items()}
    for name, (seconds, processors, megabytes) in figures.items():
        say(f"  {name:34} {seconds:6.2f} s   {processors:6.2f} s of processors   {megabytes:6.0f} MB")
    bench.results["start"] = {"load": load_average(), "figures": figures}


def versions(bench: Bench, database: Postgres) -> None:
    said = {
        "refugia": first_line(bench.binary, "--version"),
        "martin": first_line(bench.martin, "--version") if bench.has_martin else "left out",
        "postgresql": database.rows("SHOW server_version")[0][0],
        "postgis": database.rows("SELECT postgis_lib_version()")[0][0],
        "redis": first_line("redis-server", "--version").split(" sha")[0],
        "tippecanoe": first_line(bench.cache / "python/bin/python3", "-m", "cubao_tippecanoe", "tippecanoe", "--version"),
        "wrk": first_line("wrk", "-v").split(" [")[0],
    }
    say(f"machine: {machine()}; client and servers share it\nversions: " + "; ".join(f"{name}: {text}" for name, text in said.items()))
    say(f"{CONNECTIONS} connections each, runs of {SECONDS} s (cold {COLD_SECONDS} s), median of {RUNS}")
    bench.results |= {"machine": machine(), "versions": said, "connections": CONNECTIONS, "seconds": SECONDS, "runs": RUNS}


@contextmanager
def scratch_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="refugia-peers-") as folder:
        yield Path(folder)


def main() -> None:
    end_in_order()
    binary, cache, data, results = (Path(argument).resolve() for argument in sys.argv[1:])
    with scratch_folder() as scratch, postgres(data) as database:
        bench = Bench(binary, cache, data, scratch)
        try:
            versions(bench, database)
            starts(bench, database)
            points_and_zones(bench, database)
            tile_sizes(bench)
            warm(bench, database)
            cold(bench, database)
        finally:
            results.write_text(json.dumps(bench.results, indent=1) + "\n")


if __name__ == "__main__":
    main()
