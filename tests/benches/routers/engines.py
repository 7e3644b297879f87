"""The three engines behind one question: a route along points, and what is said of it."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol
from urllib.parse import urlencode

from client import Client
from graphs import WALKING_KMH, Graphs
from servers import Server, free_port, refugia, running, takes_connections

Point = tuple[float, float]
Line = list[Point]
MODES = ("car", "foot")
TOKEN = "operator-of-the-benchmark"
MOST_MATRIX = 1_000


@dataclass(frozen=True)
class Answer:
    """A route, or why there is none."""

    distance_m: float = 0.0
    duration_s: float = 0.0
    # What the engine makes least; seconds and more.
    weight: float = 0.0
    line: Line = field(default_factory=list, repr=False)
    problem: str = ""

    @property
    def found(self) -> bool:
        return not self.problem

    @property
    def ends(self) -> tuple[Point, Point]:
        return self.line[0], self.line[-1]

    def then(self, more: Answer) -> Answer:
        """The same way, and on from there."""
        if not self.found or not more.found:
            return self if not self.found else more
        line = self.line + more.line[1:]
        return Answer(self.distance_m + more.distance_m, self.duration_s + more.duration_s, self.weight + more.weight, line)


class Engine(Protocol):
    """A router that answers."""

    name: str
    # So many points in one question.
    most_points: int

    def path(self, mode: str, points: Line) -> tuple[str, str, bytes | None]:
        """The question for a route with all that a map shows of it: method, address and body."""

    def read(self, mode: str, status: int, document: Any) -> Answer: ...

    def client(self, mode: str) -> Client: ...


def route(engine: Engine, mode: str, points: Line) -> Answer:
    """A route by all points in order; of many in several questions, each beginning where the last has ended."""
    answer: Answer | None = None
    for part in parts(points, engine.most_points):
        method, path, body = engine.path(mode, part)
        status, text, _ = engine.client(mode).timed(method, path, body)
        try:
            document = json.loads(text)
        except ValueError:
            document = {}
        more = engine.read(mode, status, document)
        answer = more if answer is None else answer.then(more)
    assert answer is not None
    return answer


def parts(points: Line, most: int) -> Iterator[Line]:
    for begin in range(0, len(points) - 1, most - 1):
        yield points[begin : begin + most]


@dataclass
class Refugia:
    """`car` is a rescue vehicle there: it may use private roads, and lanes for buses."""

    server: Server
    name: str = "refugia"
    # An address holds 2 048 bytes.
    most_points: int = 60
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, mode: str) -> Client:
        return self.clients.setdefault(mode, Client(self.server.port, TOKEN))

    def path(self, mode: str, points: Line) -> tuple[str, str, bytes | None]:
        words = [f"{lon:.7f},{lat:.7f}" for lon, lat in points]
        asked = {"mode": mode, "lang": "en", "from": words[0], "to": words[-1]}
        if words[1:-1]:
            asked["via"] = ";".join(words[1:-1])
        return "GET", f"/api/route?{urlencode(asked, safe=',;')}", None

    def bare(self, mode: str, points: Line) -> tuple[str, str, bytes | None]:
        return self.path(mode, points)

    def read(self, mode: str, status: int, document: Any) -> Answer:
        if status != 200:
            return Answer(problem=document.get("code", str(status)))
        said = document["properties"]
        line = [(lon, lat) for lon, lat in document["geometry"]["coordinates"]]
        return Answer(said["distance_m"], said["duration_s"], said["duration_s"], line)

    def matrix(self, mode: str, sources: Line, targets: Line) -> tuple[str, str, bytes | None]:
        return "POST", "/api/matrix", json.dumps({"mode": mode, "from": rounded(sources), "to": rounded(targets)}).encode()

    def isochrone(self, mode: str, at: Point, minutes: int) -> tuple[str, str, bytes | None]:
        return "GET", f"/api/isochrone?lon={at[0]:.6f}&lat={at[1]:.6f}&mode={mode}&minutes={minutes}", None


@dataclass
class Osrm:
    """One server for each mode."""

    servers: dict[str, Server]
    name: str = "osrm"
    most_points: int = 1_000
    clients: dict[str, Client] = field(default_factory=dict)
    PROFILES: ClassVar = {"car": "driving", "foot": "foot"}

    def client(self, mode: str) -> Client:
        return self.clients.setdefault(mode, Client(self.servers[mode].port))

    def path(self, mode: str, points: Line) -> tuple[str, str, bytes | None]:
        return "GET", f"/route/v1/{self.PROFILES[mode]}/{joined(points)}?overview=full&geometries=geojson&steps=true", None

    def bare(self, mode: str, points: Line) -> tuple[str, str, bytes | None]:
        """The least that a line can be drawn from."""
        return "GET", f"/route/v1/{self.PROFILES[mode]}/{joined(points)}?overview=full", None

    def read(self, mode: str, status: int, document: Any) -> Answer:
        if status != 200:
            return Answer(problem=document.get("code", str(status)))
        best = document["routes"][0]
        line = [(lon, lat) for lon, lat in best["geometry"]["coordinates"]]
        return Answer(best["distance"], best["duration"], best["weight"], line)

    def annotated(self, mode: str, points: Line) -> dict[str, Any]:
        """What the first route says of its segments: their nodes and durations."""
        path = f"/route/v1/{self.PROFILES[mode]}/{joined(points)}?overview=false&annotations=nodes,duration"
        _, document = self.client(mode).json("GET", path)
        annotation: dict[str, Any] = document["routes"][0]["legs"][0]["annotation"]
        return annotation

    def moving_s(self, mode: str, points: Line, _line: Line) -> float | None:
        """Seconds without what turns and lights cost, of the route by these points."""
        path = f"/route/v1/{self.PROFILES[mode]}/{joined(points)}?overview=false&annotations=duration"
        status, document = self.client(mode).json("GET", path)
        if status != 200:
            return None
        return float(sum(sum(leg["annotation"]["duration"]) for leg in document["routes"][0]["legs"]))

    def matrix(self, mode: str, sources: Line, targets: Line) -> tuple[str, str, bytes | None]:
        first = ";".join(map(str, range(len(sources))))
        second = ";".join(map(str, range(len(sources), len(sources) + len(targets))))
        return "GET", f"/table/v1/{self.PROFILES[mode]}/{joined(sources + targets)}?sources={first}&destinations={second}", None


def rounded(points: Line) -> Line:
    """To the decimetre, as in the addresses of the others."""
    return [(round(lon, 6), round(lat, 6)) for lon, lat in points]


def joined(points: Line) -> str:
    return ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in points)


@dataclass
class Valhalla:
    """Asked for the fastest way of a private car, and to walk as slowly as Refugia does."""

    server: Server
    name: str = "valhalla"
    most_points: int = 40
    clients: dict[str, Client] = field(default_factory=dict)
    COSTING: ClassVar = {"car": "auto", "foot": "pedestrian"}

    def client(self, mode: str) -> Client:
        return self.clients.setdefault(mode, Client(self.server.port))

    def options(self, mode: str) -> dict[str, Any]:
        costing = self.COSTING[mode]
        own = {"walking_speed": WALKING_KMH} if mode == "foot" else {}
        return {"costing": costing, "costing_options": {costing: own}}

    def path(self, mode: str, points: Line, **more: Any) -> tuple[str, str, bytes | None]:
        # A via may be turned back at, as at Refugia's.
        places = [{"lon": lon, "lat": lat, "type": "via"} for lon, lat in points]
        for end in (0, -1):
            places[end]["type"] = "break"
        question = {"locations": places, **self.options(mode), "format": "osrm", "shape_format": "geojson", **more}
        return "POST", "/route", json.dumps(question).encode()

    def bare(self, mode: str, points: Line) -> tuple[str, str, bytes | None]:
        """The least that a line can be drawn from."""
        return self.path(mode, points, format="json", shape_format="polyline6", directions_type="none")

    def read(self, mode: str, status: int, document: Any) -> Answer:
        if status != 200:
            return Answer(problem=str(document.get("code", status)))
        return Osrm({}).read(mode, status, document)

    def moving_s(self, mode: str, _points: Line, line: Line) -> float | None:
        """Seconds without what turns cost, along a line that it has answered."""
        shape = [{"lon": lon, "lat": lat} for lon, lat in line]
        wanted = {"attributes": ["node.elapsed_time", "node.transition_time"], "action": "include"}
        question = {"shape": shape, **self.options(mode), "shape_match": "edge_walk", "filters": wanted}
        status, document = self.client(mode).json("POST", "/trace_attributes", question)
        if status != 200:
            return None
        ends = [edge["end_node"] for edge in document["edges"] if "end_node" in edge]
        return float(ends[-1]["elapsed_time"] - sum(end.get("transition_time", 0.0) for end in ends))

    def matrix(self, mode: str, sources: Line, targets: Line) -> tuple[str, str, bytes | None]:
        sides = [[{"lon": lon, "lat": lat} for lon, lat in rounded(points)] for points in (sources, targets)]
        question = {"sources": sides[0], "targets": sides[1], **self.options(mode), "verbose": False}
        return "POST", "/sources_to_targets", json.dumps(question).encode()

    def isochrone(self, mode: str, at: Point, minutes: int) -> tuple[str, str, bytes | None]:
        place = {"lon": at[0], "lat": at[1]}
        question = {"locations": [place], **self.options(mode), "contours": [{"time": minutes}], "polygons": True}
        return "POST", "/isochrone", json.dumps(question).encode()


# --- started -----------------------------------------------------------------------------------------------------------


@contextmanager
def serving_refugia(binary: Path, pack: Path, log: Path) -> Iterator[Refugia]:
    os.environ["REFUGIA_OPERATOR_TOKEN"] = TOKEN
    with refugia(binary, pack, log, "--watch", "off", "--request-timeout", "300s") as server:
        yield Refugia(server)


@contextmanager
def serving_osrm(program: Path, base: Path, algorithm: str, log: Path) -> Iterator[Server]:
    port = free_port()
    command = [str(program), "-i", "127.0.0.1", "-p", str(port), "-a", algorithm.upper(), "-t", str(os.cpu_count() or 1), "-k", "3600"]
    command += ["--max-table-size", str(2 * MOST_MATRIX), "--max-viaroute-size", "2000", str(base)]
    with running("osrm", command, port, lambda: takes_connections(port), log) as server:
        yield server


@contextmanager
def serving_valhalla(graphs: Graphs, folder: Path, scratch: Path, log: Path) -> Iterator[Valhalla]:
    """With its limits raised to what is asked here; its sockets in a folder of their own."""
    port = free_port()
    settings = graphs.valhalla_settings(folder / "tiles")
    for costing in ("auto", "pedestrian"):
        settings["service_limits"][costing] |= {"max_locations": 2_000, "max_matrix_location_pairs": MOST_MATRIX**2}
    sockets = (f"ipc://{scratch}/{number}" for number in itertools.count())
    settings["httpd"]["service"] |= {"listen": f"tcp://127.0.0.1:{port}", "loopback": next(sockets), "interrupt": next(sockets)}
    settings["httpd"]["service"] |= {"drain_seconds": 1, "shutdown_seconds": 1}
    for part in ("loki", "thor", "odin"):
        settings[part]["service"]["proxy"] = next(sockets)
    for part in ("loki", "thor", "odin", "meili", "mjolnir"):
        settings.get(part, {}).setdefault("logging", {})["type"] = ""
    config = scratch / "valhalla.json"
    config.write_text(json.dumps(settings))
    command = [str(graphs.programs / "valhalla" / "bin" / "valhalla_service"), str(config), str(os.cpu_count() or 1)]

    def ready() -> bool:
        return takes_connections(port) and Client(port).timed("GET", "/status")[0] == 200

    with running("valhalla", command, port, ready, log) as server:
        yield Valhalla(server)
