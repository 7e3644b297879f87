"""How fast each engine answers over HTTP, one question at a time on a connection that is kept.

All engines take their turn for each question, so that a busy moment of the machine hits them alike; the median of the rounds
counts. The client takes its part of every figure: what it takes at least is told beside them.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from client import Client
from engines import MODES, MOST_MATRIX, Line, Osrm, Point, Refugia, Valhalla
from servers import Server

MATRICES = 5
SMALL = 50
PLACES = 25
MINUTES = (15, 60)
# An engine that took longer than this for an answer is asked no more of the kind.
PATIENCE_SECONDS = 15.0

Ask = tuple[str, str, bytes | None]
Ends = tuple[Point, Point]


@dataclass
class Timing:
    """Milliseconds of one kind of question to one engine, by round."""

    engine: str
    rounds: list[list[float]] = field(default_factory=list)
    failed: int = 0
    bytes: int = 0
    processor_ms: float = 0.0

    def percentile(self, part: float) -> float:
        """Of each round; the middle of the rounds."""
        return statistics.median(sorted(each)[min(len(each) - 1, int(part * len(each)))] for each in self.rounds) if self.rounds else 0.0

    def document(self) -> dict[str, Any]:
        figures = {"p50_ms": self.percentile(0.5), "p99_ms": self.percentile(0.99), "processor_ms": self.processor_ms}
        return {"engine": self.engine, **figures, "failed": self.failed, "bytes": self.bytes, "answers": sum(map(len, self.rounds))}


@dataclass(frozen=True)
class Asked:
    """One engine's part in a race."""

    name: str
    client: Client
    server: Server
    questions: list[Ask]


def race(each: list[Asked], rounds: int) -> list[Timing]:
    """Question by question, each engine in turn."""
    timings = [Timing(one.name) for one in each]
    spent = [0.0 for _ in each]
    patience = [True for _ in each]
    for _ in range(rounds):
        took: list[list[float]] = [[] for _ in each]
        for at in range(len(each[0].questions)):
            for nth, one in enumerate(each):
                if not patience[nth]:
                    continue
                before = one.server.processor_seconds()
                status, body, seconds = one.client.timed(*one.questions[at])
                spent[nth] += one.server.processor_seconds() - before
                timings[nth].failed += status != 200
                timings[nth].bytes = max(timings[nth].bytes, len(body))
                took[nth].append(1e3 * seconds)
                patience[nth] = seconds < PATIENCE_SECONDS
        for timing, milliseconds in zip(timings, took, strict=True):
            if milliseconds:
                timing.rounds.append(milliseconds)
    for timing, seconds in zip(timings, spent, strict=True):
        timing.processor_ms = 1e3 * seconds / max(1, sum(map(len, timing.rounds)))
    return timings


def tell(what: str, timings: list[Timing]) -> list[dict[str, Any]]:
    first = timings[0]
    print(f"\n{what}")
    for timing in timings:
        ratio = timing.percentile(0.5) / max(first.percentile(0.5), 1e-9)
        answers = f"largest answer {timing.bytes:9} B   of {sum(map(len, timing.rounds))}, {timing.failed} failed"
        told = f"p50 {timing.percentile(0.5):9.2f} ms   p99 {timing.percentile(0.99):9.2f} ms   {timing.processor_ms:9.2f} ms of processors"
        print(f"  {timing.engine:12} {told}   {ratio:6.2f} × refugia   {answers}", flush=True)
    return [timing.document() for timing in timings]


@dataclass
class Field:
    """The engines that run."""

    refugia: Refugia
    osrm: Osrm | None
    osrm_mld: Osrm | None
    valhalla: Valhalla | None

    def all(self, mode: str) -> list[tuple[str, Any, Server]]:
        found: list[tuple[str, Any, Server]] = [("refugia", self.refugia, self.refugia.server)]
        for name, osrm in (("osrm ch", self.osrm), ("osrm mld", self.osrm_mld)):
            if osrm and mode in osrm.servers:
                found.append((name, osrm, osrm.servers[mode]))
        if self.valhalla:
            found.append(("valhalla", self.valhalla, self.valhalla.server))
        return found

    def asked(self, mode: str, question: Callable[[Any], list[Ask] | None]) -> list[Asked]:
        each = [(name, engine, server, question(engine)) for name, engine, server in self.all(mode)]
        return [Asked(name, engine.client(mode), server, questions) for name, engine, server, questions in each if questions]


def path_of_each(mode: str, asked: list[Line], engine: Any) -> list[Ask]:
    return [engine.path(mode, points) for points in asked]


def bare_of_each(mode: str, asked: list[Line], engine: Any) -> list[Ask]:
    return [engine.bare(mode, points) for points in asked]


def matrix_of_each(asked: list[tuple[Line, Line]], engine: Any) -> list[Ask]:
    return [engine.matrix("car", *sides) for sides in asked]


def all_to_all(square: tuple[Line, Line], engine: Any) -> list[Ask] | None:
    """Valhalla allows 2 500 pairs as it comes; a million would take it an hour."""
    return None if isinstance(engine, Valhalla) else [engine.matrix("car", *square)]


def isochrone_of_each(places: Line, minutes: int, engine: Any) -> list[Ask] | None:
    return None if isinstance(engine, Osrm) else [engine.isochrone("car", at, minutes) for at in places]


def routes(engines: Field, pairs: dict[str, list[Ends]], rounds: int) -> dict[str, Any]:
    results = {}
    for mode in MODES:
        asked = [list(ends) for ends in pairs[mode]]
        whole = engines.asked(mode, partial(path_of_each, mode, asked))
        # Caches are warm for all alike.
        race(engines.asked(mode, partial(path_of_each, mode, asked[:50])), 1)
        results[mode] = tell(f"route, {mode}, {len(asked)} pairs, line and steps", race(whole, rounds))
        bare = engines.asked(mode, partial(bare_of_each, mode, asked))
        title = "the same, of the others the line alone (refugia always tells the steps, too)"
        results[f"{mode}, line alone"] = tell(title, race(bare, rounds))
    return results


def matrices(engines: Field, points: Line, random: Random, rounds: int) -> dict[str, Any]:
    def sides(sources: int, targets: int) -> tuple[Line, Line]:
        return random.sample(points, sources), random.sample(points, targets)

    many = [sides(1, MOST_MATRIX) for _ in range(MATRICES)]
    small, square = sides(SMALL, SMALL), sides(MOST_MATRIX, MOST_MATRIX)
    first = race(engines.asked("car", partial(matrix_of_each, many)), rounds)
    told = {"one_to_many": tell(f"matrix 1 × {MOST_MATRIX}, car, {MATRICES} of them", first)}
    told["few_to_few"] = tell(f"matrix {SMALL} × {SMALL}, car", race(engines.asked("car", partial(matrix_of_each, [small])), rounds))
    whole = race(engines.asked("car", partial(all_to_all, square)), rounds)
    return told | {"all_to_all": tell(f"matrix {MOST_MATRIX} × {MOST_MATRIX}, car", whole)}


def isochrones(engines: Field, points: Line, random: Random, rounds: int) -> dict[str, Any]:
    places = random.sample(points, PLACES)
    results = {}
    for minutes in MINUTES:
        timings = race(engines.asked("car", partial(isochrone_of_each, places, minutes)), rounds)
        results[str(minutes)] = tell(f"isochrone, car, {minutes} minutes, {PLACES} places", timings)
    return results


def floor(engines: Field) -> float:
    """What the client and loopback take at least: an answer of a few bytes."""
    client = engines.refugia.client("car")
    took = [client.timed("GET", "/healthz")[2] for _ in range(500)]
    return 1e3 * statistics.median(took)


def measure(engines: Field, pairs: dict[str, list[Ends]], seed: int, rounds: int) -> dict[str, Any]:
    random = Random(seed)
    least = floor(engines)
    print(f"\none question at a time; client and loopback take {least:.2f} ms of each figure; {rounds} rounds, medians")
    points = sorted({point for ends in pairs["car"] for point in ends})
    points = (points * (1 + MOST_MATRIX // len(points)))[: max(len(points), MOST_MATRIX)]
    results: dict[str, Any] = {"client_ms": least, "routes": routes(engines, pairs, rounds)}
    results["matrices"] = matrices(engines, points, random, rounds)
    results["isochrones"] = isochrones(engines, points, random, rounds)
    memory = {name: server.memory_mb() for name, _, server in engines.all("car")}
    print("\nmemory of the servers after that: " + "; ".join(f"{name} {mb:.0f} MB" for name, mb in memory.items()))
    return results | {"memory_mb": memory}
