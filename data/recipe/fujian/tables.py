"""Reads the small tables under facts/ and the packages' JSON. Blank cells become None."""

import csv
import json
from functools import cache
from pathlib import Path

from .paths import FACTS


@cache
def facts(name: str) -> tuple[dict, ...]:
    """The rows of facts/`name`.csv."""
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple({k: v or None for k, v in row.items()} for row in csv.DictReader(file))


def read_json(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


def columns(rows: list[dict]) -> dict[str, list]:
    """Rows to columns; every row must have the same keys."""
    return {key: [row[key] for row in rows] for key in rows[0]}
