"""Writes OpenStreetMap's PBF: a header with its box, dense nodes, ways, relations; zlib blobs, no editors and no times.

Only what roads need (OpenStreetMap wiki, "PBF Format"). Without times and with ids in order the same input gives the same bytes.
"""

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

NODES_A_BLOCK, WAYS_A_BLOCK = 8000, 4000
FEATURES = ("OsmSchema-V0.6", "DenseNodes")
NODE, WAY = 0, 1


@dataclass(frozen=True)
class Way:
    nodes: Sequence[int]
    tags: dict[str, str]


@dataclass(frozen=True)
class Relation:
    """Members are (kind, id, role) with kind NODE or WAY."""

    members: Sequence[tuple[int, int, str]]
    tags: dict[str, str]


class Texts:
    """The texts of a block; number 0 must stay empty, since it ends the tags of a dense node."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {"": 0}

    def number(self, text: str) -> int:
        return self.numbers.setdefault(text, len(self.numbers))

    def message(self) -> bytes:
        return b"".join(bytes_field(1, text.encode()) for text in self.numbers)


def write(path: Path, nodes: Sequence[tuple[int, int]], ways: Sequence[Way], relations: Sequence[Relation]) -> None:
    """Nodes are (longitude, latitude) in ten-millionths of a degree; ids are 1, 2, 3 … in the order given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(blob("OSMHeader", header(nodes)))
        for begin in range(0, len(nodes), NODES_A_BLOCK):
            file.write(blob("OSMData", block(Texts(), dense(begin + 1, nodes[begin:begin + NODES_A_BLOCK]))))
        for begin in range(0, len(ways), WAYS_A_BLOCK):
            texts = Texts()
            group = b"".join(bytes_field(3, way(n, w, texts)) for n, w in enumerate(ways[begin:begin + WAYS_A_BLOCK], begin + 1))
            file.write(blob("OSMData", block(texts, group)))
        if relations:
            texts = Texts()
            group = b"".join(bytes_field(4, relation(n, r, texts)) for n, r in enumerate(relations, 1))
            file.write(blob("OSMData", block(texts, group)))


def header(nodes: Sequence[tuple[int, int]]) -> bytes:
    lons, lats = zip(*nodes)
    box = [min(lons), max(lons), max(lats), min(lats)]
    bounds = b"".join(number_field(n, zigzag(100 * value)) for n, value in enumerate(box, 1))
    features = b"".join(bytes_field(4, feature.encode()) for feature in FEATURES)
    return bytes_field(1, bounds) + features + bytes_field(5, b"Sort.Type_then_ID") + bytes_field(16, b"Refugia recipe")


def block(texts: Texts, group: bytes) -> bytes:
    return bytes_field(1, texts.message()) + bytes_field(2, group)


def dense(first: int, nodes: Sequence[tuple[int, int]]) -> bytes:
    lons, lats = zip(*nodes)
    ids = differences(range(first, first + len(nodes)))
    return bytes_field(2, packed_field(1, ids) + packed_field(8, differences(lats)) + packed_field(9, differences(lons)))


def way(number: int, w: Way, texts: Texts) -> bytes:
    return number_field(1, number) + tags(w.tags, texts) + packed_field(8, differences(w.nodes))


def relation(number: int, r: Relation, texts: Texts) -> bytes:
    kinds, ids, roles = zip(*r.members)
    members = packed_field(8, map(texts.number, roles)) + packed_field(9, differences(ids)) + packed_field(10, kinds)
    return number_field(1, number) + tags(r.tags, texts) + members


def tags(of: dict[str, str], texts: Texts) -> bytes:
    return packed_field(2, map(texts.number, of)) + packed_field(3, map(texts.number, of.values()))


def blob(kind: str, data: bytes) -> bytes:
    body = number_field(2, len(data)) + bytes_field(3, zlib.compress(data, 9))
    head = bytes_field(1, kind.encode()) + number_field(3, len(body))
    return struct.pack(">I", len(head)) + head + body


def differences(values: Iterable[int]) -> list[int]:
    values = list(values)
    return [zigzag(value - before) for before, value in zip([0, *values], values)]


def zigzag(value: int) -> int:
    return 2 * value if value >= 0 else -2 * value - 1


def varint(value: int) -> bytes:
    result = bytearray()
    while value > 0x7F:
        result.append(value & 0x7F | 0x80)
        value >>= 7
    result.append(value)
    return bytes(result)


def number_field(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def bytes_field(field: int, value: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(value)) + value


def packed_field(field: int, values: Iterable[int]) -> bytes:
    return bytes_field(field, b"".join(map(varint, values)))
