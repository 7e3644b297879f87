"""Just enough of Mapbox Vector Tile to count the features of a tile."""

from __future__ import annotations

from collections.abc import Iterator


def varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The fields that have a length; tiles and layers have others of one number only."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 2:
            length, at = varint(data, at)
            yield tag >> 3, data[at : at + length]
            at += length
        else:
            assert tag & 7 == 0, "neither a number nor something with a length"
            _, at = varint(data, at)


def features(tile: bytes) -> int:
    layers = (layer for field, layer in messages(tile) if field == 3)
    return sum(field == 2 for layer in layers for field, _ in messages(layer))
