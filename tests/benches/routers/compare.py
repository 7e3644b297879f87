#!/usr/bin/env python3
"""Refugia beside Valhalla and OSRM on one extract: the same routes, how fast, and how soon a closure is obeyed.

  compare.py FILE.osm.pbf BINARY CACHE_FOLDER

PAIRS (500), SEED (1), ROUNDS (3) and ONLY (agreement, speed or closures) may be set. What is printed is also in results.json of the
cache folder.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import agreement
import closures
import speed
from engines import MODES, Osrm, Point, serving_osrm, serving_refugia, serving_valhalla
from graphs import Built, Graphs
from servers import Server, end_in_order, first_line, load_average, machine
from streets import Streets

PAIRS = int(os.environ.get("PAIRS", "500"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
SEED = int(os.environ.get("SEED", "1"))
ONLY = os.environ.get("ONLY", "")


def versions(graphs: Graphs, binary: Path) -> dict[str, str]:
    said = {"refugia": first_line(binary, "--version")}
    for name in ("valhalla", "osrm"):
        # The folder behind the link is named after package and version.
        said[name] = (graphs.programs / name).resolve().parent.name if graphs.has(name) else "left out"
    return said


def built(graphs: Graphs, binary: Path) -> tuple[dict[str, Path], list[Built]]:
    """All graphs, and what each cost."""
    made = {"refugia": graphs.refugia(binary)}
    if graphs.has("valhalla"):
        made["valhalla"] = graphs.valhalla()
    if graphs.has("osrm"):
        made |= {f"osrm-{mode}-{algorithm}": graphs.osrm(mode, algorithm) for mode in MODES for algorithm in ("ch", "mld")}
    print(f"\n{'graph':16} {'seconds':>9} {'of processors':>14} {'peak MB':>9} {'MB on disk':>11}")
    for _, cost in made.values():
        print(f"{cost.what:16} {cost.seconds:9.1f} {cost.processor_seconds:14.1f} {cost.peak_mb:9.0f} {cost.bytes / 2**20:11.1f}")
    return {name: folder for name, (folder, _) in made.items()}, [cost for _, cost in made.values()]


def main() -> None:
    end_in_order()
    extract, binary, cache = (Path(argument) for argument in sys.argv[1:])
    graphs = Graphs.of(extract, cache)
    results: dict[str, Any] = {"machine": machine(), "extract": extract.name, "load": load_average(), "versions": versions(graphs, binary)}
    print(f"machine: {results['machine']}; client and servers share it (load average {load_average():.1f})")
    print("versions: " + "; ".join(f"{name}: {text}" for name, text in results["versions"].items()))
    print(f"{extract.name}: OpenStreetMap contributors, ODbL; {PAIRS} pairs, seed {SEED}")
    folders, costs = built(graphs, binary)
    results["built"] = [vars(cost) for cost in costs]
    # Short, because sockets lie in it.
    with tempfile.TemporaryDirectory(prefix="rr-") as scratch:
        try:
            bench = Bench(graphs, binary, folders, Path(scratch), cache / "servers.log")
            bench.streets = Streets(extract)
            bench.pairs = {mode: agreement.random_pairs(bench.streets, mode, PAIRS, SEED) for mode in MODES}
            for part, measured in (("agreement", bench.agreement), ("speed", bench.speed), ("closures", bench.closures)):
                if ONLY in ("", part):
                    results[part] = measured()
        finally:
            target = cache / "results.json"
            # What was measured before of the other parts stays.
            before = json.loads(target.read_text()) if ONLY and target.exists() else {}
            kept = before if before.get("extract") == extract.name else {}
            target.write_text(json.dumps(kept | results, indent=1) + "\n")
            print(f"\nresults: {target}; load average {load_average():.1f}")


@dataclass
class Bench:
    """What all parts need."""

    graphs: Graphs
    binary: Path
    folders: dict[str, Path]
    scratch: Path
    log: Path
    streets: Streets = field(init=False)
    pairs: dict[str, list[tuple[Point, Point]]] = field(init=False)

    @contextmanager
    def engines(self, algorithms: tuple[str, ...]) -> Iterator[speed.Field]:
        """All servers that there are graphs for, OSRM's with each of its algorithms."""
        with ExitStack() as stack:
            refugia = stack.enter_context(serving_refugia(self.binary, self.folders["refugia"], self.log))
            valhalla = None
            if "valhalla" in self.folders:
                valhalla = stack.enter_context(serving_valhalla(self.graphs, self.folders["valhalla"], self.scratch, self.log))
            osrm = {}
            for algorithm in algorithms if self.graphs.has("osrm") else ():
                osrm[algorithm] = Osrm({mode: stack.enter_context(self.osrm(mode, algorithm)) for mode in MODES})
            yield speed.Field(refugia, osrm.get("ch"), osrm.get("mld"), valhalla)

    def osrm(self, mode: str, algorithm: str) -> AbstractContextManager[Server]:
        program = self.graphs.programs / "osrm" / "bin" / "osrm-routed"
        return serving_osrm(program, self.folders[f"osrm-{mode}-{algorithm}"] / "graph.osrm", algorithm, self.log)

    def agreement(self) -> dict[str, Any]:
        with self.engines(("ch",)) as engines:
            peers = [peer for peer in (engines.osrm, engines.valhalla) if peer]
            return agreement.compare(self.streets, engines.refugia, peers, self.pairs)

    def speed(self) -> dict[str, Any]:
        with self.engines(("ch", "mld")) as engines:
            return speed.measure(engines, self.pairs, SEED, ROUNDS)

    def closures(self) -> dict[str, Any]:
        with self.engines(()) as engines:
            reload, asked = closures.Reload(self.graphs, self.scratch, self.log), (engines.refugia, engines.valhalla)
            return closures.measure(self.streets, reload, self.folders, asked, self.pairs["car"], ROUNDS)


if __name__ == "__main__":
    main()
