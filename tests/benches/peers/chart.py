#!/usr/bin/env python3
"""Draws the growth as SVG: three panels over the number of features, both axes logarithmic. Legible on light and dark.

  chart.py GROWTH.json CHART.svg [DISK.json]
"""

from __future__ import annotations

import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path

PANEL_WIDTH, PANEL_HEIGHT, GAP = 250, 190, 62
LEFT, TOP, BOTTOM = 52, 40, 46
STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600; font-size: 13px }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  .one { stroke: #0a5fb4; fill: none; stroke-width: 2 } .one-dot { fill: #0a5fb4 } .one-text { fill: #0a5fb4 }
  .two { stroke: #b35900; fill: none; stroke-width: 2; stroke-dasharray: 5 4 } .two-dot { fill: #b35900 } .two-text { fill: #b35900 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .grid { stroke: #3d444d }
    .one { stroke: #6cb6ff } .one-dot, .one-text { fill: #6cb6ff }
    .two { stroke: #f0a35e } .two-dot, .two-text { fill: #f0a35e }
  }"""


@dataclass(frozen=True)
class Line:
    label: str
    look: str
    values: list[float]


@dataclass(frozen=True)
class Panel:
    title: str
    lines: list[Line]
    # What the layer on the disk takes: a ring at its number of features.
    on_disk: tuple[float, float] | None = None


def power(value: float) -> str:
    """A power of ten as people write it."""
    if value >= 1e6:
        return f"{value / 1e6:g} M"
    return f"{value / 1e3:g} k" if value >= 1e3 else f"{value:g}"


def decades(low: float, high: float) -> range:
    return range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)


def panel(left: float, what: Panel, counts: list[float], most: float) -> list[str]:
    values = [value for line in what.lines for value in line.values]
    values += [what.on_disk[1]] if what.on_disk else []
    across, up = decades(min(counts), most), decades(min(values), max(values))

    def x(count: float) -> float:
        return left + PANEL_WIDTH * (math.log10(count) - across[0]) / (across[-1] - across[0])

    def y(value: float) -> float:
        return TOP + PANEL_HEIGHT * (1 - (math.log10(value) - up[0]) / (up[-1] - up[0]))

    drawn = [f'<text class="title" x="{left}" y="{TOP - 20}">{what.title}</text>']
    for exponent in up:
        at = y(10.0**exponent)
        drawn.append(f'<path class="grid" d="M{left} {at:.1f}h{PANEL_WIDTH}"/>')
        drawn.append(f'<text x="{left - 6}" y="{at + 4:.1f}" text-anchor="end">{power(10.0**exponent)}</text>')
    for exponent in across:
        at = x(10.0**exponent)
        drawn.append(f'<path class="grid" d="M{at:.1f} {TOP}v{PANEL_HEIGHT}"/>')
        drawn.append(f'<text x="{at:.1f}" y="{TOP + PANEL_HEIGHT + 17}" text-anchor="middle">{power(10.0**exponent)}</text>')
    for line in what.lines:
        places = [(x(count), y(value)) for count, value in zip(counts, line.values, strict=True)]
        drawn.append(f'<path class="{line.look}" d="M{" L".join(f"{a:.1f} {b:.1f}" for a, b in places)}"/>')
        drawn += [f'<circle class="{line.look}-dot" cx="{a:.1f}" cy="{b:.1f}" r="3"/>' for a, b in places]
        if line.label:
            a, b = places[-1]
            drawn.append(f'<text class="{line.look}-text" x="{a + 8:.1f}" y="{b + 4:.1f}">{line.label}</text>')
    if what.on_disk:
        a, b = x(what.on_disk[0]), y(what.on_disk[1])
        drawn.append(f'<circle class="two" style="stroke-dasharray: none" cx="{a:.1f}" cy="{b:.1f}" r="4"/>')
        drawn.append(f'<text class="two-text" x="{a - 8:.1f}" y="{b - 9:.1f}" text-anchor="end">on disk</text>')
    return drawn


def chart(rows: list[dict[str, float]], disk: dict[str, float] | None) -> str:
    counts = [row["features"] for row in rows]
    most = max([*counts, disk["features"]] if disk else counts)

    def on_disk(name: str) -> tuple[float, float] | None:
        return (disk["features"], disk[name]) if disk else None

    panels = [
        Panel("Nearest 5 over HTTP, µs", [
            Line("p50", "one", [1000 * row["p50_ms"] for row in rows]),
            Line("processor", "two", [row["processor_us"] for row in rows]),
        ]),
        Panel("Start, seconds of processors", [Line("", "one", [row["start_processor_s"] for row in rows])], on_disk("start_processor_s")),
        Panel("Memory, MB", [Line("", "one", [row["memory_mb"] for row in rows])], on_disk("memory_mb")),
    ]
    step = PANEL_WIDTH + GAP
    width, height = LEFT + 3 * step - GAP + 30, TOP + PANEL_HEIGHT + BOTTOM
    drawn = [part for n, what in enumerate(panels) for part in panel(LEFT + n * step, what, counts, most)]
    label = "Growth of Refugia from 200 features: latency of the nearest, processor time of the start, memory"
    foot = f'<text x="{LEFT}" y="{height - 8}">shelters in memory; ring: facilities drawn from the disk (all axes logarithmic)</text>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">'
    return "\n".join([head, f"<title>{label}</title>", f"<style>{STYLE}\n</style>", *drawn, foot, "</svg>", ""])


def main() -> None:
    rows, *disk = (json.loads(Path(argument).read_text()) for argument in [sys.argv[1], *sys.argv[3:]])
    Path(sys.argv[2]).write_text(chart(rows, disk[0] if disk else None))


if __name__ == "__main__":
    main()
