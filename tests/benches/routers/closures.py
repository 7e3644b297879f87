"""How long it takes from a road's being reported closed to the first route that obeys, as each engine can be told of it; and
what routes take in Refugia while roads are being closed."""

from __future__ import annotations

import json
import shutil
import statistics
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from client import Client
from engines import TOKEN, Answer, Osrm, Point, Refugia, Valhalla, route, serving_osrm
from graphs import Graphs, run
from streets import Key, Segment, Streets, metres, middle, point_of

CASES = 10
# Recontracting takes a minute and more for a city.
OSRM_CASES = {"mld": 3, "ch": 1}
RADIUS_M = 20.0
BUSY_SECONDS = 20
MOST_TRIES = 200
Ends = tuple[Point, Point]


@dataclass(frozen=True)
class Shut:
    """A closure in the middle of a route that there is a way around."""

    ends: Ends
    at: Point
    segment: Segment

    def obeyed(self, answer: Answer, streets: Streets) -> bool:
        crossed = {self.segment, (self.segment[1], self.segment[0])}
        return answer.found and not crossed & set(streets.segments(answer.line))

    def body(self) -> bytes:
        said = {"radius_m": RADIUS_M, "reason": "benchmark", "source": "benchmark"}
        geometry = {"type": "Point", "coordinates": self.at}
        return json.dumps({"type": "Feature", "geometry": geometry, "properties": said}).encode()


def chosen(streets: Streets, refugia: Refugia, pairs: list[Ends], count: int) -> list[Shut]:
    """The longest segment of the middle third of a route, where there is a way around."""
    found: list[Shut] = []
    client = refugia.client("car")
    for ends in pairs:
        answer = route(refugia, "car", list(ends))
        segments = streets.segments(answer.line) if answer.found else []
        middle_third = segments[len(segments) // 3 : 2 * len(segments) // 3]
        if not middle_third:
            continue
        a, b = max(middle_third, key=lambda segment: metres(point_of(segment[0]), point_of(segment[1])))
        shut = Shut(ends, middle(point_of(a), point_of(b)), (a, b))
        status, body, _ = client.timed("POST", "/api/closures", shut.body())
        if status == 201:
            around = route(refugia, "car", list(ends))
            reopen(client, body)
            if shut.obeyed(around, streets):
                found.append(shut)
        if len(found) == count:
            break
    return found


def reopen(client: Client, made: bytes) -> None:
    status, _, _ = client.timed("DELETE", f"/api/closures/{json.loads(made)['id']}")
    assert status == 204, status


@dataclass
class Delay:
    """Milliseconds until a route obeyed, and how many were asked for."""

    engine: str
    how: str
    took: list[float] = field(default_factory=list)
    routes: list[int] = field(default_factory=list)
    without: int = 0

    def tell(self, refugia_ms: float) -> dict[str, Any]:
        half, most = (statistics.median(self.took), max(self.took)) if self.took else (0.0, 0.0)
        ratio = half / refugia_ms if refugia_ms else 0.0
        figures = f"median {half:11.1f} ms   most {most:11.1f} ms   {ratio:9.1f} × refugia   of {len(self.took)}"
        seen = f"{self.without} never obeyed, {max(self.routes, default=0)} routes at most"
        print(f"  {self.engine:12} {figures}, {seen}; {self.how}", flush=True)
        return {"engine": self.engine, "how": self.how, "median_ms": half, "most_ms": most, "cases": len(self.took), "never": self.without}


def until_obeyed(delay: Delay, started: float, shut: Shut, ask: Any, streets: Streets) -> None:
    """Asks until a route obeys; what looking at it takes is no part of the figure."""
    looking = 0.0
    for tries in range(1, MOST_TRIES + 1):
        answer = ask()
        answered = time.perf_counter()
        if shut.obeyed(answer, streets):
            delay.took.append(1e3 * (answered - started - looking))
            delay.routes.append(tries)
            return
        looking += time.perf_counter() - answered
    delay.without += 1


def in_refugia(refugia: Refugia, shuts: list[Shut], streets: Streets) -> Delay:
    delay = Delay("refugia", "POST /api/closures, then routes")
    client = refugia.client("car")
    for shut in shuts:
        started = time.perf_counter()
        status, made, _ = client.timed("POST", "/api/closures", shut.body())
        assert status == 201, made
        until_obeyed(delay, started, shut, lambda shut=shut: route(refugia, "car", list(shut.ends)), streets)
        reopen(client, made)
    return delay


def in_valhalla(valhalla: Valhalla, shuts: list[Shut], streets: Streets, by: str) -> Delay:
    """It keeps no closures: each request must bring all of them."""
    delay = Delay("valhalla", f"{by} in the request itself; nothing is kept")
    for shut in shuts:
        lon, lat = shut.at
        if by == "exclude_locations":
            more: dict[str, Any] = {by: [{"lon": lon, "lat": lat}]}
        else:
            d = RADIUS_M / 111_000
            more = {by: [[[lon - d, lat - d], [lon + d, lat - d], [lon + d, lat + d], [lon - d, lat + d], [lon - d, lat - d]]]}

        def ask(shut: Shut = shut, more: dict[str, Any] = more) -> Answer:
            status, body, _ = valhalla.client("car").timed(*valhalla.path("car", list(shut.ends), **more))
            return valhalla.read("car", status, json.loads(body))

        started = time.perf_counter()
        until_obeyed(delay, started, shut, ask, streets)
    return delay


@dataclass
class Reload:
    """OSRM with traffic: a file of segment speeds, the graph weighed again by it, and the server started again with that."""

    graphs: Graphs
    scratch: Path
    log: Path

    def delay(self, algorithm: str, kept: Path, shuts: list[Shut], nodes: dict[Key, int], streets: Streets) -> Delay:
        tool = {"mld": "customize", "ch": "contract"}[algorithm]
        delay = Delay(f"osrm {algorithm}", f"osrm-{tool} with the closed segment at speed 0, then osrm-routed started again")
        programs = self.graphs.programs / "osrm" / "bin"
        for shut in shuts[: OSRM_CASES[algorithm]]:
            folder = self.scratch / algorithm
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(kept, folder)
            one, other = (nodes[key] for key in shut.segment)
            started = time.perf_counter()
            speeds = folder / "closed.csv"
            speeds.write_text(f"{one},{other},0\n{other},{one},0\n")
            run([programs / f"osrm-{tool}", folder / "graph.osrm", "--segment-speed-file", speeds], self.log)
            with serving_osrm(programs / "osrm-routed", folder / "graph.osrm", algorithm, self.log) as server:
                osrm = Osrm({"car": server})
                until_obeyed(delay, started, shut, lambda osrm=osrm, shut=shut: route(osrm, "car", list(shut.ends)), streets)
        return delay


# --- while roads are being closed ------------------------------------------------------------------------------------


@dataclass
class Closing:
    """Closes a road every second, and opens the one before."""

    port: int
    shuts: list[Shut]
    stopped: threading.Event = field(default_factory=threading.Event)
    took: list[float] = field(default_factory=list)

    def run(self) -> None:
        client, before = Client(self.port, TOKEN), b""
        begun = time.monotonic()
        while not self.stopped.wait(max(0.0, begun + len(self.took) - time.monotonic())):
            status, made, seconds = client.timed("POST", "/api/closures", self.shuts[len(self.took) % len(self.shuts)].body())
            assert status == 201, made
            self.took.append(1e3 * seconds)
            if before:
                reopen(client, before)
            before = made
        if before:
            reopen(client, before)
        client.close()


def routes_for(refugia: Refugia, pairs: list[Ends], seconds: float) -> list[float]:
    questions = [refugia.path("car", list(ends)) for ends in pairs]
    client = refugia.client("car")
    took: list[float] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        took.append(1e3 * client.timed(*questions[len(took) % len(questions)])[2])
    return took


def p99(values: list[float]) -> float:
    return sorted(values)[len(values) * 99 // 100]


def while_closing(refugia: Refugia, pairs: list[Ends], shuts: list[Shut], rounds: int) -> dict[str, Any]:
    """Idle and busy in turn. The target is a p99 of at most twice the idle one."""
    idle, busy, posts = [], [], []
    for _ in range(rounds):
        idle.append(routes_for(refugia, pairs, BUSY_SECONDS))
        closing = Closing(refugia.server.port, shuts)
        thread = threading.Thread(target=closing.run)
        thread.start()
        try:
            busy.append(routes_for(refugia, pairs, BUSY_SECONDS))
        finally:
            closing.stopped.set()
            thread.join()
        posts += closing.took
    figures: dict[str, float] = {"close_p50_ms": statistics.median(posts), "close_most_ms": max(posts), "closures": len(posts)}
    for name, each in (("idle", idle), ("busy", busy)):
        figures |= {f"{name}_p50_ms": statistics.median(map(statistics.median, each)), f"{name}_p99_ms": statistics.median(map(p99, each))}
    figures["ratio"] = figures["busy_p99_ms"] / figures["idle_p99_ms"]
    print(f"\nroutes in refugia, one after the other, {rounds} times {BUSY_SECONDS} s each, {len(posts)} closures posted at one a second:")
    for name in ("idle", "busy"):
        print(f"  {name}  p50 {figures[f'{name}_p50_ms']:.2f} ms, p99 {figures[f'{name}_p99_ms']:.2f} ms")
    print(f"  p99 while closing is {figures['ratio']:.2f} × the idle one (target: at most 2)")
    print(f"  a closure is answered in {figures['close_p50_ms']:.1f} ms in the median, {figures['close_most_ms']:.1f} ms at most")
    return figures


def measure(
    streets: Streets, reload: Reload, folders: dict[str, Path], engines: tuple[Refugia, Valhalla | None], pairs: list[Ends], rounds: int
) -> dict[str, Any]:
    refugia, valhalla = engines
    shuts = chosen(streets, refugia, pairs, CASES)
    print(f"\nfrom a closure to the first route that obeys it, over HTTP, car, {len(shuts)} roads")
    own = in_refugia(refugia, shuts, streets)
    reference = statistics.median(own.took)
    told = [own.tell(reference)]
    if valhalla:
        for by in ("exclude_locations", "exclude_polygons"):
            told.append(in_valhalla(valhalla, shuts, streets, by).tell(reference))
    meanwhile = while_closing(refugia, pairs, shuts, rounds)
    print("\nthe same in OSRM, and how many times as long as in refugia")
    for algorithm in OSRM_CASES:
        if f"osrm-car-{algorithm}" in folders:
            told.append(reload.delay(algorithm, folders[f"osrm-car-{algorithm}"], shuts, streets.nodes, streets).tell(reference))
    return {"obeyed": told, "while_closing": meanwhile}
