#!/usr/bin/env python3
"""Ten thousand connections ask for a mix of everything, twice as much as the server can answer, while its pack changes
every few seconds. Every answer that is accepted is compared, byte for byte, with what the old or the new pack says.

  load.py BINARY REGION RESULTS.json

DURATION (600 s), CONNECTIONS (10000), RELOAD_EVERY (5 s), OVERLOAD (2: times the capacity) may be set. Exit code 1 where
an answer was wrong or failed, or memory kept growing.
"""

from __future__ import annotations

import http.client
import json
import math
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import packs
from packs import Pack

HERE = Path(__file__).resolve().parent
DURATION = int(os.environ.get("DURATION", "600"))
CONNECTIONS = int(os.environ.get("CONNECTIONS", "10000"))
RELOAD_EVERY = float(os.environ.get("RELOAD_EVERY", "5"))
OVERLOAD = float(os.environ.get("OVERLOAD", "2"))
CAPACITY_CONNECTIONS, CAPACITY_SECONDS = 64, 10
# Of 100 requests.
MIX = {"tile": 45, "nearest": 22, "risk": 18, "search": 10, "route": 5}
QUESTIONS = 1_000
# Memory may rise by this part from the second quarter of the run to the last.
GROWTH_ALLOWED = 0.15

Question = tuple[str, str]


# --- what is asked -----------------------------------------------------------------------------------------------------


def tile(random: Random) -> str:
    lon, lat = place(random)
    zoom = random.randint(7, 13)
    size = 1 << zoom
    x = int((lon + 180) / 360 * size)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * size)
    return f"/tiles/flood,shelters/{zoom}/{x}/{y}.mvt"


def place(random: Random) -> tuple[float, float]:
    return round(random.uniform(packs.WEST, packs.EAST), 5), round(random.uniform(packs.SOUTH, packs.NORTH), 5)


def at(path: str, random: Random, **more: object) -> str:
    lon, lat = place(random)
    return f"{path}?" + urlencode({"lon": lon, "lat": lat, **more})


def questions(towns: list[str]) -> list[Question]:
    """In the order they are asked in; routes lead from town to town, for roads lead there."""
    random = Random(1)
    make = {
        "tile": lambda: tile(random),
        "nearest": lambda: at("/api/shelters/nearest", random, k=5, lang="en"),
        "risk": lambda: at("/api/risk", random, lang="en"),
        "search": lambda: f"/api/search?lang=en&q={quote(f'Haven {random.randrange(packs.SHELTERS)}')}",
        "route": lambda: "/api/route?mode=car&lang=en&from={}&to={}".format(*random.sample(towns, 2)),
    }
    kinds = [kind for kind, share in MIX.items() for _ in range(QUESTIONS * share // 100)]
    random.shuffle(kinds)
    return [(kind, make[kind]()) for kind in kinds]


# --- the server --------------------------------------------------------------------------------------------------------


@dataclass
class Server:
    pid: int
    port: int
    served: Path

    def ask(self, path: str, encoding: str = "") -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Accept-Encoding": encoding} if encoding else {})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, body

    def world(self) -> str:
        found = re.search(r'refugia_world_info\{[^}]*version="(\w+)"', self.ask("/metrics")[1].decode())
        assert found
        return found[1]

    def show(self, pack: Pack) -> None:
        """The link is put over the old one in one step, then the server is told."""
        new = self.served.with_name("served.new")
        new.symlink_to(pack.folder)
        new.rename(self.served)
        os.kill(self.pid, signal.SIGHUP)

    def memory_mb(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(binary: Path, pack: Pack, scratch: Path) -> Iterator[Server]:
    served, port = scratch / "served", free_port()
    served.unlink(missing_ok=True)
    served.symlink_to(pack.folder)
    command = [str(binary), "serve", "--region", str(served), "--listen", f"127.0.0.1:{port}", "--watch", "off"]
    command += ["--max-connections", str(CONNECTIONS + 100), "--log", "warn"]
    with (scratch / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    server = Server(process.pid, port, served)
    try:
        for _ in range(3000):
            try:
                if server.ask("/readyz")[0] == 200:
                    break
            except OSError:
                time.sleep(0.01)
        yield server
    finally:
        process.terminate()
        process.wait(60)


# --- what must be answered ---------------------------------------------------------------------------------------------


def towns_of(binary: Path, pack: Pack, scratch: Path) -> list[str]:
    """Towns that roads lead to and from: those that a route from the first leads to."""
    with serving(binary, pack, scratch) as server:
        found = json.loads(server.ask("/api/search?lang=en&limit=50&q=town")[1])["results"]
        places = [f"{each['lon']},{each['lat']}" for each in found if each["role"] == "settlement"]
        ways = [f"/api/route?mode=car&from={places[0]}&to={place}" for place in places[1:]]
        return places[:1] + [place for place, way in zip(places[1:], ways, strict=True) if server.ask(way)[0] == 200]


def learnt(binary: Path, pack: Pack, scratch: Path, asked: list[Question]) -> list[bytes]:
    """What a server that never saw another pack answers at rest, each answer looked at: it comes from this pack."""
    with serving(binary, pack, scratch) as server:
        world = server.world()
        return [answer(server, pack, world, kind, path) for kind, path in asked]


def answer(server: Server, pack: Pack, world: str, kind: str, path: str) -> bytes:
    status, body = server.ask(path, "gzip")
    assert status in (200, 204), (path, status, body)
    if kind != "tile":
        said = json.loads(server.ask(path)[1])
        assert said["world"] == world, path
        look(pack, kind, path, said)
    return body


def look(pack: Pack, kind: str, path: str, said: dict[str, Any]) -> None:
    """Against the data that the pack was made of, computed here the plain way."""
    values = {name: float(value) for name, value in re.findall(r"(lon|lat)=([\d.]+)", path)}
    if kind == "nearest":
        assert all(each["properties"]["id"] in pack.shelters for each in said["features"]), path
        found, wanted = said["features"][0]["properties"]["distance_m"], pack.nearest_metres(**values)
        assert abs(found - wanted) <= 0.006 * wanted + 0.01, (path, found, wanted)
    if kind == "risk":
        found = sorted(each["zone"] for each in said["hazards"] if each["layer"] == "flood")
        assert found == pack.zones_at(**values), (path, found)
    if kind == "search":
        shelters = [each["id"] for each in said["results"] if each["layer"] == "shelters"]
        assert shelters and set(shelters) <= set(pack.shelters), (path, shelters)


def write_expected(path: Path, asked: list[Question], bodies: list[list[bytes]]) -> int:
    """For the client; returns how many answers are the same from both packs, and so tell nothing of a mixture."""
    with path.open("wb") as out:
        for (kind, address), one, other in zip(asked, *bodies, strict=True):
            out.write(f"{kind} {address} {len(one)} {len(other)}\n".encode() + one + other)
    return sum(one == other for one, other in zip(*bodies, strict=True))


# --- the run -----------------------------------------------------------------------------------------------------------


@dataclass
class Run:
    """What the client counted."""

    counts: dict[str, float] = field(default_factory=dict)
    kinds: dict[str, tuple[int, float, float]] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.counts["accepted"] / self.counts["seconds"]

    @property
    def bad(self) -> int:
        names = ("wrong", "failed", "unknown", "refused_silently")
        return int(sum(self.counts[name] for name in names) + self.broken)

    @property
    def broken(self) -> int:
        return int(sum(self.counts[f"{name}_errors"] for name in ("connect", "read", "write", "timeout")))


def wrk(server: Server, expected: Path, connections: int, seconds: int, delay_ms: float) -> Run:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(HERE / "verify.lua")]
    environment = {**os.environ, "EXPECTED": str(expected), "DELAY_MS": str(delay_ms)}
    said = subprocess.run([*command, f"http://127.0.0.1:{server.port}"], check=True, capture_output=True, text=True, env=environment)
    run = Run()
    for name, value in re.findall(r"^RESULT (\w+) (.*)$", said.stdout, re.M):
        if name == "kind":
            kind, count, p50, p99 = value.split()
            run.kinds[kind] = (int(count), float(p50), float(p99))
        elif name == "example":
            run.examples.append(value)
        else:
            run.counts[name] = float(value)
    assert run.counts, said.stdout + said.stderr
    return run


@dataclass
class Watch:
    """Changes the pack and looks at the memory while the load runs."""

    server: Server
    both: list[Pack]
    memory: list[tuple[float, float]] = field(default_factory=list)
    changes: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        begun = time.monotonic()
        next_change = RELOAD_EVERY
        while not self.stopped.wait(0.5):
            now = time.monotonic() - begun
            self.memory.append((now, self.server.memory_mb()))
            if now >= next_change:
                next_change += RELOAD_EVERY
                self.changes += 1
                self.server.show(self.both[self.changes % 2])


def quarters(memory: list[tuple[float, float]]) -> list[float]:
    """The highest of each quarter of the run."""
    size = max(1, len(memory) // 4)
    return [max(mb for _, mb in memory[n * size : (n + 1) * size]) for n in range(4)]


def reloads(server: Server) -> dict[str, int]:
    found = re.findall(r'refugia_reloads_total\{outcome="(\w+)"\} (\d+)', server.ask("/metrics")[1].decode())
    return {outcome: int(count) for outcome, count in found}


def tell(run: Run, title: str) -> None:
    c = run.counts
    print(f"{title}: {run.rate:.0f} accepted/s, {c['refused'] / c['seconds']:.0f} refused/s with 503 ({c['refused_silently']:.0f} of them without Retry-After)")
    print(f"  {c['accepted']:.0f} accepted and compared: {c['of_a']:.0f} as pack A says or both, {c['of_b']:.0f} as pack B, {c['wrong']:.0f} wrong")
    print(f"  {c['failed']:.0f} other failures, {run.broken} broken connections ({c['connect_errors']:.0f} connect, {c['read_errors']:.0f} read, {c['write_errors']:.0f} write, {c['timeout_errors']:.0f} beyond 30 s)")
    for kind, (count, p50, p99) in sorted(run.kinds.items()):
        print(f"  {kind:8} {count:9d}   p50 {p50:8.2f} ms   p99 {p99:8.2f} ms")
    for example in run.examples:
        print(f"  ! {example[:400]}")
    sys.stdout.flush()


def under_load(server: Server, both: list[Pack], expected: Path, capacity: float) -> tuple[Run, Watch]:
    watch = Watch(server, both)
    thread = threading.Thread(target=watch.run)
    thread.start()
    try:
        # Each connection waits so long between its requests that all together would ask for OVERLOAD times the
        # capacity, were they answered at once.
        run = wrk(server, expected, CONNECTIONS, DURATION, 1000 * CONNECTIONS / (OVERLOAD * capacity))
    finally:
        watch.stopped.set()
        thread.join()
    return run, watch


def main() -> None:
    binary, region, results = (Path(argument).resolve() for argument in sys.argv[1:])
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    assert limit > CONNECTIONS + 500, f"at most {limit} open files are allowed: raise the limit, or set CONNECTIONS lower"
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    with tempfile.TemporaryDirectory(prefix="refugia-load-") as folder:
        scratch = Path(folder)
        both = [packs.make(binary, region, scratch, letter) for letter in "AB"]
        asked, expected = questions(towns_of(binary, both[0], scratch)), scratch / "expected"
        same = write_expected(expected, asked, [learnt(binary, pack, scratch, asked) for pack in both])
        print(f"{len(asked)} questions {MIX}; the two packs answer {same} of them alike")
        with serving(binary, both[0], scratch) as server:
            quiet = wrk(server, expected, CAPACITY_CONNECTIONS, CAPACITY_SECONDS, 0)
            tell(quiet, f"capacity, {CAPACITY_CONNECTIONS} connections, no reloads")
            before = server.memory_mb()
            print(f"load average {os.getloadavg()[0]:.1f}; {OVERLOAD:g} times that from {CONNECTIONS} connections for {DURATION} s, another pack every {RELOAD_EVERY:g} s")
            run, watch = under_load(server, both, expected, quiet.rate)
            tell(run, "under load")
            tops, outcomes = quarters(watch.memory), reloads(server)
            time.sleep(3)
            after = server.memory_mb()
        print(f"  packs changed {watch.changes} times: {outcomes}")
        print(f"memory: {before:.0f} MB before; highest of each quarter {', '.join(f'{top:.0f}' for top in tops)} MB; {after:.0f} MB after")
        print(f"load average {os.getloadavg()[0]:.1f}")
        bounded = tops[3] <= tops[1] * (1 + GROWTH_ALLOWED)
        passed = run.bad == 0 and bounded and outcomes.get("failed", 0) == 0
        document = {"capacity": quiet.counts, "load": run.counts, "kinds": run.kinds, "memory": watch.memory, "before": before, "after": after, "changes": watch.changes, "outcomes": outcomes}
        results.write_text(json.dumps(document) + "\n")
        print("passed: nothing wrong, nothing failed, memory bounded" if passed else "NOT PASSED")
        sys.exit(not passed)


if __name__ == "__main__":
    main()
