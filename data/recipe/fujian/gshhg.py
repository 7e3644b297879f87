"""Reads the binned netCDF files of GSHHG (shorelines) and WDBII (rivers) without GMT.

The world is cut in bins of one degree, counted from 90 N, 0 E eastwards and then southwards. A bin holds line pieces whose
points are 16-bit fractions (1/65535 degree) of the bin from its south-west corner. In the shoreline file one word packs a piece's point count
(upper bits) and level (bits 6-8): 1 land, 2 lake, 3 island in a lake, 4 pond on that island. Land lies left of a level-1 piece.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import h5py
import numpy as np
import shapely

from .paths import package_file

SCALE = 65535.0
PACKAGE = "gmt-gshhg-full"


def shore_pieces(frame: tuple[float, float, float, float]) -> Iterator[tuple[int, shapely.LineString]]:
    """Level and line of each shoreline piece in the bins that touch the frame."""
    file = arrays("binned_GSHHS_f.nc")
    packed = file["Embedded_npts_levels_exit_entry_for_a_segment"]
    for corner, segment in segments(file, frame):
        line = piece(file, corner, segment, int(packed[segment]) >> 9)
        if line is not None:
            yield (int(packed[segment]) >> 6) & 7, line


def river_pieces(frame: tuple[float, float, float, float]) -> Iterator[tuple[int, shapely.LineString]]:
    """WDBII level (1 the largest permanent rivers, larger numbers smaller ones) and line of each river piece."""
    file = arrays("binned_river_f.nc")
    for corner, segment in segments(file, frame):
        line = piece(file, corner, segment, int(file["N_points_for_a_segment"][segment]))
        if line is not None:
            yield int(file["Hierarchial_level_of_a_segment"][segment]), line


@cache
def arrays(name: str) -> dict[str, np.ndarray]:
    path: Path = package_file(PACKAGE, f"usr/share/gmt-gshhg/{name}")
    with h5py.File(path) as file:
        return {key: dataset[:] for key, dataset in file.items()}


def segments(file: dict[str, np.ndarray], frame) -> Iterator[tuple[tuple[int, int], int]]:
    """South-west corner of the bin and number of every segment in the frame's bins, north to south."""
    west, south, east, north = frame
    for lat in range(int(np.ceil(north)) - 1, int(np.floor(south)) - 1, -1):
        for lon in range(int(np.floor(west)), int(np.ceil(east))):
            number = (89 - lat) * 360 + lon % 360
            first = int(file["Id_of_first_segment_in_a_bin"][number])
            for segment in range(first, first + int(file["N_segments_in_a_bin"][number])):
                yield (lon, lat), segment


def piece(file: dict[str, np.ndarray], corner: tuple[int, int], segment: int, count: int) -> shapely.LineString | None:
    first = int(file["Id_of_first_point_in_a_segment"][segment])
    x = file["Relative_longitude_from_SW_corner_of_bin"][first:first + count].view(np.uint16) / SCALE + corner[0]
    y = file["Relative_latitude_from_SW_corner_of_bin"][first:first + count].view(np.uint16) / SCALE + corner[1]
    points = np.column_stack([x, y])
    moved = np.any(np.diff(points, axis=0) != 0, axis=1)
    points = points[np.concatenate([[True], moved])]
    return shapely.LineString(points) if len(points) > 1 else None
