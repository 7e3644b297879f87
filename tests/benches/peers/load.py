"""Asking: under load with the tools that their makers ship, and one at a time to look at what is answered."""

from __future__ import annotations

import csv
import gzip
import http.client
import os
import re
import sqlite3
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from servers import HERE, Postgres, Server

SECONDS = int(os.environ.get("SECONDS_PER_RUN", "5"))
CONNECTIONS = int(os.environ.get("CONNECTIONS", "16"))


@dataclass(frozen=True)
class Figures:
    """What came of one run; milliseconds."""

    rate: float
    p50: float
    p99: float
    bad: int
    bytes: int
    answers: int
    # Of the server, microseconds an answer. Other work on the machine changes it less than the rate.
    processor_us: float = 0.0

    @staticmethod
    def median(runs: list[Figures]) -> Figures:
        """The middle one by rate; failures of all of them."""
        middle = sorted(runs, key=lambda run: run.rate)[len(runs) // 2]
        processor = statistics.median(run.processor_us for run in runs)
        return replace(middle, bad=sum(run.bad for run in runs), processor_us=processor)


def with_processor(servers: list[Server | Postgres], run: Callable[[], Figures]) -> Figures:
    """A run with what it cost the servers that took part in it."""

    def spent() -> float:
        return sum(server.processor_seconds() for server in servers)

    before = spent()
    figures = run()
    return replace(figures, processor_us=1e6 * (spent() - before) / max(figures.answers, 1))


def wrk(server: Server, paths: Path, encoding: str = "", seconds: int = SECONDS, connections: int = CONNECTIONS) -> Figures:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "-s", str(HERE / "list.lua"), server.url]
    environment = {**os.environ, "LIST": str(paths), "ENCODING": encoding}
    said = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    result = re.search(r"^RESULT (.*)$", said, re.M)
    assert result, said
    rate, p50, p99, bad, size, answers = result[1].split()
    return Figures(float(rate), float(p50) / 1e3, float(p99) / 1e3, int(bad), int(size), int(answers))


def pgbench(server: Postgres, statement: str, scratch: Path, most: int, seconds: int = SECONDS) -> Figures:
    """A statement with a number `:i` from 1, prepared, over the socket. pgbench ends at the first failure."""
    script = scratch / "pgbench.sql"
    script.write_text(f"\\set i random(1, {most})\n{statement};\n")
    log = scratch / "pgbench"
    for old in scratch.glob("pgbench.*[0-9]"):
        old.unlink()
    command = [*server.command("pgbench"), "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "1", "-T", str(seconds)]
    command += ["-f", str(script), "-l", f"--log-prefix={log}", "postgres"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rate = re.search(r"tps = ([\d.]+)", said)
    assert rate, said
    took = sorted(int(line.split()[2]) for file in scratch.glob("pgbench.*[0-9]") for line in file.open())
    return Figures(float(rate[1]), took[len(took) // 2] / 1e3, took[len(took) * 99 // 100] / 1e3, 0, 0, len(took))


# The positions stand in a hash, and a script looks one up: redis-benchmark can make up no coordinates.
REDIS_ASKS = (
    "local at = redis.call('HMGET', 'asked', 'x' .. ARGV[1], 'y' .. ARGV[1]) "
    "return redis.call('GEOSEARCH', 'points', 'FROMLONLAT', at[1], at[2], 'BYRADIUS', '2', 'km', 'ASC', 'COUNT', '5', 'WITHDIST')"
)


def redis_fill(server: Server, points: Path, positions: Path) -> None:
    pipe = subprocess.Popen(["redis-cli", "-p", str(server.port), "--pipe"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert pipe.stdin
    with points.open(newline="") as rows:
        for row in csv.DictReader(rows):
            pipe.stdin.write(f"GEOADD points {row['lon']} {row['lat']} {row['id']}\n")
    for number, line in enumerate(positions.read_text().splitlines()):
        lon, lat = line.split()
        pipe.stdin.write(f"HSET asked x{number:012d} {lon} y{number:012d} {lat}\n")
    pipe.stdin.close()
    assert pipe.wait() == 0


def redis_benchmark(server: Server, connections: int = CONNECTIONS) -> Figures:
    # It takes a number of requests and no time: a first small run tells how many fill the time.
    def run(requests: int) -> dict[str, str]:
        command = ["redis-benchmark", "-p", str(server.port), "-c", str(connections), "-n", str(requests), "-r", "2000"]
        command += ["--csv", "EVAL", REDIS_ASKS, "0", "__rand_int__"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return next(csv.DictReader(said[said.index('"test"') :].splitlines()))

    first = 2000
    then = max(first, int(float(run(first)["rps"]) * SECONDS))
    row = run(then)
    return Figures(float(row["rps"]), float(row["p50_latency_ms"]), float(row["p99_latency_ms"]), 0, 0, first + then)


def redis_nearest(server: Server, lon: str, lat: str, km: int, count: int) -> list[tuple[str, float]]:
    command = ["redis-cli", "-p", str(server.port), "GEOSEARCH", "points", "FROMLONLAT", lon, lat]
    command += ["BYRADIUS", str(km), "km", "ASC", "COUNT", str(count), "WITHDIST"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return [(name, 1000 * float(distance)) for name, distance in zip(said[::2], said[1::2], strict=True)]


@dataclass(frozen=True)
class Asked:
    """One answer, and how long it took in milliseconds."""

    path: str
    status: int
    took: float
    encoding: str
    body: bytes

    def plain(self) -> bytes:
        return gzip.decompress(self.body) if self.encoding == "gzip" else self.body


def ask_each(server: Server, paths: list[str], encoding: str = "") -> list[Asked]:
    """Each path once, one after the other on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    headers = {"Accept-Encoding": encoding} if encoding else {}
    asked = []
    for path in paths:
        started = time.perf_counter()
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        took = 1000 * (time.perf_counter() - started)
        asked.append(Asked(path, response.status, took, response.getheader("Content-Encoding", "") or "", body))
    connection.close()
    return asked


def stored(archive: Path, tiles: list[str]) -> list[Asked]:
    """Tiles as an MBTiles file keeps them, compressed with gzip; its rows count from the south."""
    database = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    asked = []
    for tile in tiles:
        z, x, y = map(int, tile.split("/"))
        select = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
        found = database.execute(select, (z, x, (1 << z) - 1 - y)).fetchone()
        asked.append(Asked(tile, 200 if found else 404, 0.0, "gzip" if found else "", found[0] if found else b""))
    database.close()
    return asked


def percentile(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def median(values: list[float]) -> float:
    return statistics.median(values)
