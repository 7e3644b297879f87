"""The raster on which terrain and hazard scores are computed: cell centres in WGS 84, row 0 in the south."""

from functools import cache

import numpy as np
import shapely

WEST, SOUTH, EAST, NORTH = 115.6, 23.3, 120.7, 28.5
CELLS_PER_DEGREE = 300
COLUMNS, ROWS = round((EAST - WEST) * CELLS_PER_DEGREE), round((NORTH - SOUTH) * CELLS_PER_DEGREE)
STEP = 1 / CELLS_PER_DEGREE
# Metres per cell; a degree of longitude is taken at 26 N, the middle of the region (error below 3 %).
CELL_Y = 110_800 * STEP
CELL_X = 111_320 * np.cos(np.radians(26)) * STEP
CELL = (CELL_X * CELL_Y) ** 0.5
SHAPE = (ROWS, COLUMNS)


@cache
def lons() -> np.ndarray:
    return WEST + (np.arange(COLUMNS) + 0.5) * STEP


@cache
def lats() -> np.ndarray:
    return SOUTH + (np.arange(ROWS) + 0.5) * STEP


def mesh() -> tuple[np.ndarray, np.ndarray]:
    return np.meshgrid(lons(), lats())


def inside(shape: shapely.Geometry) -> np.ndarray:
    """True for the cells whose centre lies in the polygon(s)."""
    mask = np.zeros(SHAPE, dtype=bool)
    for part in shapely.get_parts(shape):
        x0, y0, x1, y1 = part.bounds
        columns = slice(*np.clip([int((x0 - WEST) / STEP), int((x1 - WEST) / STEP) + 1], 0, COLUMNS))
        rows = slice(*np.clip([int((y0 - SOUTH) / STEP), int((y1 - SOUTH) / STEP) + 1], 0, ROWS))
        x, y = np.meshgrid(lons()[columns], lats()[rows])
        if x.size:
            shapely.prepare(part)
            mask[rows, columns] |= shapely.contains_xy(part, x, y)
    return mask


def along(line: shapely.LineString) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of the cells a line runs through, in its order."""
    points = shapely.get_coordinates(line.segmentize(STEP / 3))
    columns = ((points[:, 0] - WEST) / STEP).astype(int)
    rows = ((points[:, 1] - SOUTH) / STEP).astype(int)
    keep = (columns >= 0) & (columns < COLUMNS) & (rows >= 0) & (rows < ROWS)
    return rows[keep], columns[keep]


def sample(field: np.ndarray, lon, lat):
    """Bilinear value of a field at points (clamped to the raster)."""
    x = np.clip((np.asarray(lon) - WEST) / STEP - 0.5, 0, COLUMNS - 1.001)
    y = np.clip((np.asarray(lat) - SOUTH) / STEP - 0.5, 0, ROWS - 1.001)
    c, r = x.astype(int), y.astype(int)
    fx, fy = x - c, y - r
    low = field[r, c] * (1 - fx) + field[r, c + 1] * fx
    high = field[r + 1, c] * (1 - fx) + field[r + 1, c + 1] * fx
    return low * (1 - fy) + high * fy
