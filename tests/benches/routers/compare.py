#!/usr/bin/env python3
"""Refugia beside Valhalla and OSRM on one extract: the same routes, how fast, and how soon a closure is obeyed.

  compare.py FILE.osm.pbf BINARY CACHE_FOLDER

PAIRS (500), SEED (1), ROUNDS (3) and ONLY (agreement or speed) may be set. What is printed is also in results.json of the
cache folder.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import agreement
from engines import MODES, Osrm, Refugia, Valhalla, serving_osrm, serving_refugia, serving_valhalla
from graphs import Built, Graphs
from servers import end_in_order, first_line, load_average, machine
from streets import Streets

PAIRS = int(os.environ.get("PAIRS", "500"))
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
    log = cache / "servers.log"
    results: dict[str, Any] = {"machine": machine(), "extract": extract.name, "load": load_average(), "versions": versions(graphs, binary)}
    print(f"machine: {results['machine']}; client and servers share it (load average {load_average():.1f})")
    print("versions: " + "; ".join(f"{name}: {text}" for name, text in results["versions"].items()))
    print(f"{extract.name}: OpenStreetMap contributors, ODbL; {PAIRS} pairs, seed {SEED}")
    folders, costs = built(graphs, binary)
    results["built"] = [vars(cost) for cost in costs]
    try:
        with tempfile.TemporaryDirectory(prefix="rr-") as folder, ExitStack() as stack:
            refugia = stack.enter_context(serving_refugia(binary, folders["refugia"], log))
            valhalla = osrm = None
            if "valhalla" in folders:
                valhalla = stack.enter_context(serving_valhalla(graphs, folders["valhalla"], Path(folder), log))
            if graphs.has("osrm"):
                program = graphs.programs / "osrm" / "bin" / "osrm-routed"
                start = lambda mode: serving_osrm(program, folders[f"osrm-{mode}-ch"] / "graph.osrm", "ch", log)  # noqa: E731
                osrm = Osrm({mode: stack.enter_context(start(mode)) for mode in MODES})
            half(results, extract, refugia, valhalla, osrm)
    finally:
        target = cache / "results.json"
        target.write_text(json.dumps(results, indent=1) + "\n")
        print(f"\nresults: {target}; load average {load_average():.1f}")


def half(results: dict[str, Any], extract: Path, refugia: Refugia, valhalla: Valhalla | None, osrm: Osrm | None) -> None:
    streets = Streets(extract)
    pairs = {mode: agreement.random_pairs(streets, mode, PAIRS, SEED) for mode in MODES}
    if ONLY != "speed":
        peers = [peer for peer in (osrm, valhalla) if peer]
        results["agreement"] = agreement.compare(streets, refugia, peers, pairs)


if __name__ == "__main__":
    main()
