"""Whether the engines find the same routes between random points of the network, and why not where they do not."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict
from random import Random
from typing import Any

from engines import MODES, Answer, Line, Point, Refugia, route
from streets import Streets
from why import Case, Judge, Peer, by_class, told, within

PARTS = (0.01, 0.05, 0.10)
EXAMPLES = 3
Ends = tuple[Point, Point]


def random_pairs(streets: Streets, mode: str, count: int, seed: int) -> list[Ends]:
    points = streets.random_points(Random(f"{seed} {mode}"), mode, 2 * count)
    return list(zip(points[::2], points[1::2], strict=True))


def hub_of(refugia: Refugia, mode: str, pairs: list[Ends]) -> Point:
    """A start that most ends can be reached from."""
    ends = [end for _, end in pairs[:15]]

    def reached(start: Point) -> int:
        return sum(route(refugia, mode, [start, end]).found for end in ends)

    return max((start for start, _ in pairs[:8]), key=reached)


def spread(values: list[float], part: float) -> bool:
    """Whether all lie within a part of each other."""
    return within(min(values), max(values), part)


def table(answers: dict[str, list[Answer]]) -> list[dict[str, Any]]:
    """How many of the pairs two engines, and all, agree on."""
    names = list(answers)
    groups = [[a, b] for at, a in enumerate(names) for b in names[at + 1 :]]
    if len(names) > 2:
        groups.append(names)
    rows = []
    for group in groups:
        columns = list(zip(*(answers[name] for name in group), strict=True))
        both = [column for column in columns if all(answer.found for answer in column)]
        row: dict[str, Any] = {"engines": group, "asked": len(columns), "answered": len(both)}
        for part in PARTS:
            near = [(spread([a.distance_m for a in each], part), spread([a.duration_s for a in each], part)) for each in both]
            row[f"{part:.0%}"] = {
                "distance": sum(d for d, _ in near) / max(len(both), 1),
                "duration": sum(t for _, t in near) / max(len(both), 1),
                "both": sum(d and t for d, t in near) / max(len(both), 1),
            }
        rows.append(row)
    return rows


def tell_table(mode: str, rows: list[dict[str, Any]]) -> None:
    print(f"\n{mode}: share of the pairs that agree, in distance / duration / both")
    print(f"  {'':28} {'answered':>9}" + "".join(f"{f'within {part:.0%}':>22}" for part in PARTS))
    for row in rows:
        cells = (row[f"{part:.0%}"] for part in PARTS)
        shares = "".join(f"{cell['distance']:>10.1%}{cell['duration']:>6.0%}{cell['both']:>6.0%}" for cell in cells)
        print(f"  {' · '.join(row['engines']):28} {row['answered']:>4}/{row['asked']}" + shares)


def tell_case(case: Case) -> None:
    figures = f"refugia {case.refugia.distance_m:.0f} m {case.refugia.duration_s:.0f} s, {case.peer} {case.other.distance_m:.0f} m {case.other.duration_s:.0f} s"
    print(f"      {told(case.ends[0])} → {told(case.ends[1])}: {figures}\n        {case.evidence}")


def tell_classes(mode: str, peer: str, cases: list[Case]) -> list[dict[str, Any]]:
    groups = by_class(cases)
    agreeing = sum(not case.why for case in cases)
    print(f"\n{mode}, refugia beside {peer}: {agreeing} of {len(cases)} agree within 5 %; the others:")
    rows = []
    for why, group in groups:
        row: dict[str, Any] = {"why": why, "count": len(group)}
        extra = ""
        for name in ("speed_ratio", "speed_ratio_without_turns", "refugia_along_other", "other_along_refugia"):
            values = [case.figures[name] for case in group if name in case.figures]
            if values:
                row[name] = statistics.median(values)
                extra += f"  {name.replace('_', ' ')} {row[name]:.2f}"
        print(f"  {len(group):4}  {why}{extra}")
        for case in group[:EXAMPLES]:
            tell_case(case)
        row["cases"] = [document(case) for case in group]
        rows.append(row)
    tell_speeds(peer, cases)
    return rows


def tell_speeds(peer: str, cases: list[Case]) -> None:
    """Where both go the same way and durations differ: by the kind of road that most of it is."""
    kinds = sorted({case.kind for case in cases if case.kind})
    for kind in kinds:
        ratios = [case.figures["speed_ratio_without_turns"] for case in cases if case.kind == kind]
        print(f"        the same way, mostly {kind}: {peer} is {statistics.median(ratios):.2f} times as fast, turns left out ({len(ratios)})")


def document(case: Case) -> dict[str, Any]:
    short: dict[str, Any] = {"ends": case.ends}
    for name, answer in (("refugia", case.refugia), (case.peer, case.other)):
        short[name] = {"distance_m": answer.distance_m, "duration_s": answer.duration_s, "problem": answer.problem}
    return short | {"evidence": case.evidence, "along_other_s": case.along_other_s, "same": case.same, "kind": case.kind, "figures": asdict(case)["figures"]}


def tell_quicker(cases: list[Case]) -> list[dict[str, Any]]:
    """What must never be: a way that Refugia could have gone, quicker by its own measure than the one it answered."""
    checked = [case for case in cases if case.along_other_s is not None]
    found = [case for case in checked if case.quicker > 0]
    other_ways = sum(case.same < 1 for case in checked)
    print(f"\nby refugia's own measure {len(checked)} ways of the others were costed, {other_ways} of them not its own: {len(found)} are quicker than its own")
    for case in found:
        print(f"  !!! QUICKER by {case.quicker:.3f} s of {case.refugia.duration_s:.1f} s, {case.mode}, the way of {case.peer}:")
        tell_case(case)
    return [document(case) | {"mode": case.mode, "peer": case.peer, "quicker_s": case.quicker} for case in found]


def compare(streets: Streets, refugia: Refugia, peers: Sequence[Peer], pairs: dict[str, list[Ends]]) -> dict[str, Any]:
    results: dict[str, Any] = {}
    cases: list[Case] = []
    judge = Judge(streets, refugia, {mode: hub_of(refugia, mode, pairs[mode]) for mode in MODES})
    for mode in MODES:
        asked: list[Line] = [list(ends) for ends in pairs[mode]]
        answers = {engine.name: [route(engine, mode, points) for points in asked] for engine in (refugia, *peers)}
        rows = table(answers)
        tell_table(mode, rows)
        results[mode] = {"agreement": rows, "why": {}}
        for peer in peers:
            each = zip(pairs[mode], answers[refugia.name], answers[peer.name], strict=True)
            judged = [judge.look(mode, peer, ends, ours, other) for ends, ours, other in each]
            results[mode]["why"][peer.name] = tell_classes(mode, peer.name, judged)
            cases += judged
    results["quicker"] = tell_quicker(cases)
    results["checked"] = sum(case.along_other_s is not None for case in cases)
    return results
