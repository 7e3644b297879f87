#!/usr/bin/env python3
"""Draws the growth as SVG: three panels over the number of features, both axes logarithmic. Legible on light and dark.

  chart.py GROWTH.json CHART.svg
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


def power(value: float) -> str:
    """A power of ten as people write it."""
    if value >= 1e6:
        return f"{value / 1e6:g} M"
    return f"{value / 1e3:g} k" if value >= 1e3 else f"{value:g}"


def decades(low: float, high: float) -> range:
    return range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)


def panel(left: float, title: str, counts: list[float], lines: list[Line]) -> list[str]:
    values = [value for line in lines for value in line.values]
    across, up = decades(min(counts), max(counts)), decades(min(values), max(values))

    def x(count: float) -> float:
        return left + PANEL_WIDTH * (math.log10(count) - across[0]) / (across[-1] - across[0])

    def y(value: float) -> float:
        return TOP + PANEL_HEIGHT * (1 - (math.log10(value) - up[0]) / (up[-1] - up[0]))

    drawn = [f'<text class="title" x="{left}" y="{TOP - 20}">{title}</text>']
    for exponent in up:
        at = y(10.0**exponent)
        drawn.append(f'<path class="grid" d="M{left} {at:.1f}h{PANEL_WIDTH}"/>')
        drawn.append(f'<text x="{left - 6}" y="{at + 4:.1f}" text-anchor="end">{power(10.0**exponent)}</text>')
    for exponent in across:
        at = x(10.0**exponent)
        drawn.append(f'<path class="grid" d="M{at:.1f} {TOP}v{PANEL_HEIGHT}"/>')
        drawn.append(f'<text x="{at:.1f}" y="{TOP + PANEL_HEIGHT + 17}" text-anchor="middle">{power(10.0**exponent)}</text>')
    for line in lines:
        places = [(x(count), y(value)) for count, value in zip(counts, line.values, strict=True)]
        drawn.append(f'<path class="{line.look}" d="M{" L".join(f"{a:.1f} {b:.1f}" for a, b in places)}"/>')
        drawn += [f'<circle class="{line.look}-dot" cx="{a:.1f}" cy="{b:.1f}" r="3"/>' for a, b in places]
        if line.label:
            a, b = places[0]
            drawn.append(f'<text class="{line.look}-text" x="{a:.1f}" y="{b - 8:.1f}">{line.label}</text>')
    return drawn


def chart(rows: list[dict[str, float]]) -> str:
    counts = [row["features"] for row in rows]
    panels = [
        ("Nearest 5 over HTTP, µs", [Line("p99", "two", [1000 * r["p99_ms"] for r in rows]), Line("p50", "one", [1000 * r["p50_ms"] for r in rows])]),
        ("Start to first answer, s", [Line("", "one", [r["start_s"] for r in rows])]),
        ("Memory, MB", [Line("", "one", [r["memory_mb"] for r in rows])]),
    ]
    step = PANEL_WIDTH + GAP
    width, height = LEFT + 3 * step - GAP + 20, TOP + PANEL_HEIGHT + BOTTOM
    drawn = [part for n, (title, lines) in enumerate(panels) for part in panel(LEFT + n * step, title, counts, lines)]
    label = "Growth of Refugia from 200 shelters: latency of the nearest, time to start, memory"
    foot = f'<text x="{LEFT}" y="{height - 8}">shelters in the pack (both axes logarithmic)</text>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">'
    return "\n".join([head, f"<title>{label}</title>", f"<style>{STYLE}\n</style>", *drawn, foot, "</svg>", ""])


def main() -> None:
    rows = json.loads(Path(sys.argv[1]).read_text())
    Path(sys.argv[2]).write_text(chart(rows))


if __name__ == "__main__":
    main()
