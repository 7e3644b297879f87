"""Writes one layer as FlatGeobuf: WGS 84, spatial index, coordinates on a 1e-6 degree grid, valid geometry.

Columns are a mapping from name to a list; `None` is null, which the pack reads as unknown.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pyogrio
import shapely

from .paths import PACK

GRID_DEGREES = 1e-6


def write_layer(name: str, geometries: Sequence, columns: Mapping[str, list], geometry_type: str, folder=PACK) -> None:
    """Writes `folder/name.fgb`. Geometry must already be valid and stays unchanged but for rounding."""
    shapes = np.array([as_type(g, geometry_type) for g in geometries], dtype=object)
    for index in np.flatnonzero(~shapely.is_valid(shapes) | shapely.is_empty(shapes)):
        raise ValueError(f"{name}: feature {index}: {shapely.is_valid_reason(shapes[index])}")
    arrays, masks = zip(*(typed(name, c, v, len(shapes)) for c, v in columns.items()))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.fgb"
    path.unlink(missing_ok=True)
    pyogrio.raw.write(
        str(path), shapely.to_wkb(shapes), list(arrays), list(columns), field_mask=list(masks), driver="FlatGeobuf",
        layer=name, geometry_type=geometry_type, crs="EPSG:4326", SPATIAL_INDEX="YES",
    )
    print(f"{name}: {len(shapes)} features, {path.stat().st_size / 1e6:.2f} MB")


def snap(geometry):
    """Rounds coordinates to the grid and keeps the geometry valid (thin parts may go)."""
    return shapely.set_precision(geometry, GRID_DEGREES)


def as_type(geometry, geometry_type: str):
    """Points are rounded here; MultiPolygon columns take polygons too."""
    if geometry_type == "Point":
        return shapely.Point(round(geometry.x, 6), round(geometry.y, 6))
    if geometry_type == "MultiPolygon" and geometry.geom_type == "Polygon":
        return shapely.MultiPolygon([geometry])
    return geometry


def typed(layer: str, column: str, values: list, count: int):
    """The values as a NumPy array with a mask of nulls; the type is that of the values present."""
    if len(values) != count:
        raise ValueError(f"{layer}: column {column} has {len(values)} values for {count} features")
    mask = np.array([v is None for v in values])
    present = {type(v) for v in values if v is not None} or {str}
    if present == {bool}:
        return np.array([bool(v) for v in values]), mask
    if present == {int}:
        return np.array([v or 0 for v in values], dtype=np.int32), mask
    if present <= {int, float}:
        return np.array([v or 0.0 for v in values], dtype=np.float64), mask
    if present != {str}:
        raise ValueError(f"{layer}: column {column} mixes {present}")
    return np.array([v if v is not None else None for v in values], dtype=object), mask
