"""An invented fine relief that keeps to what is known: ETOPO1's heights at 0.1 degree, the real coast and the real main rivers.

Between the known points it is a fractal surface cut by running water, so that ridges, valleys and side streams look like a mountain land's. It
serves the hazard generator only and is no map of heights.
"""

from dataclasses import dataclass
from functools import cache

import h5py
import numpy as np
from scipy import interpolate, ndimage

from . import flow, grid
from .land import detailed_land
from .noise import fractal
from .paths import package_file
from .rivers import rivers

STEPS = 24
# Stream power: with area in km2 and this strength the largest valleys reach their grade within the steps.
STRENGTH, EXPONENT = 0.10, 0.5
# The invented detail has this share of ETOPO1's local relief.
DETAIL_SHARE = 0.55
# Share of the broad difference from ETOPO1 made good in each step.
PULL = 0.15
WANDER_METRES = 6.0
TRENCH_METRES, VALLEY_METRES, VALLEY_CELLS = 2000.0, 120.0, 10.0


@dataclass(frozen=True)
class Terrain:
    """Rasters on `grid`: height m, land mask, drainage area km2, slope m/m, eastward and northward gradient, and metres to the sea."""

    height: np.ndarray
    land: np.ndarray
    area: np.ndarray
    receiver: np.ndarray
    slope: np.ndarray
    east: np.ndarray
    north: np.ndarray
    sea_distance: np.ndarray


@cache
def terrain() -> Terrain:
    land = grid.inside(detailed_land())
    height = carve(land)
    receiver, order = drain(height, land)
    area = flow.drainage_area(receiver, order, own_area(land))
    north, east = np.gradient(ndimage.gaussian_filter(height, 1.0), grid.CELL_Y, grid.CELL_X)
    sea_distance = ndimage.distance_transform_edt(land, sampling=(grid.CELL_Y, grid.CELL_X))
    return Terrain(height, land, area.reshape(grid.SHAPE), receiver, np.hypot(north, east), east, north, sea_distance)


@cache
def etopo() -> np.ndarray:
    """ETOPO1 at 0.1 degree, on the grid by cubic splines, metres."""
    path = package_file("pybacktrack", "pybacktrack/bundle_data/topography/ETOPO1_0.1.grd")
    with h5py.File(path) as file:
        lon, lat = file["lon"][:], file["lat"][:]
        columns = np.flatnonzero((lon > grid.WEST - 0.5) & (lon < grid.EAST + 0.5))
        rows = np.flatnonzero((lat > grid.SOUTH - 0.5) & (lat < grid.NORTH + 0.5))
        z = file["z"][rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1].astype(float)
    return interpolate.RectBivariateSpline(lat[rows], lon[columns], z)(grid.lats(), grid.lons())


def carve(land: np.ndarray) -> np.ndarray:
    """The eroded relief. The early steps pull the broad shape back to ETOPO1, so that only the detail is the water's."""
    known = np.where(land, np.maximum(etopo(), 2.0), -20.0)
    # Near the shore ETOPO1 mixes land and sea: let land rise from the coast at one in thirty at most.
    shore = ndimage.distance_transform_edt(land, sampling=(grid.CELL_Y, grid.CELL_X))
    known = np.where(land, np.minimum(known, 2.0 + shore / 30), known)
    broad = ndimage.gaussian_filter(known, 16)
    height = np.where(land, np.maximum(known + invented_detail(known) * np.clip(shore / 4000, 0, 1), 0.5), -20.0)
    for step in range(STEPS):
        flat = height.ravel().copy()
        receiver, order = drain(height, land)
        flow.breach(flat, receiver, order)
        area = flow.drainage_area(receiver, order, own_area(land))
        flow.erode(flat, receiver, order, area, STRENGTH, EXPONENT, grid.COLUMNS)
        height = ndimage.gaussian_filter(flat.reshape(grid.SHAPE), 0.5)
        if step < STEPS - 6:
            height += PULL * (broad - ndimage.gaussian_filter(height, 16))
        height = np.where(land, np.maximum(height, 0.5), -20.0)
    return height


def drain(height: np.ndarray, land: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Receivers and upward order of the water, which is made to follow the real rivers and to wander on flats."""
    receiver, _, filled = flow.receivers(height + wander() - river_trench(), ~land)
    return receiver, flow.upwards(filled, receiver)


@cache
def wander() -> np.ndarray:
    return WANDER_METRES * fractal("wander", 1.2, 24)


def own_area(land: np.ndarray) -> np.ndarray:
    return np.where(land, grid.CELL ** 2 / 1e6, 0.0).ravel()


def invented_detail(known: np.ndarray) -> np.ndarray:
    """Ridged and plain fractal detail, metres, in proportion to the relief of the neighbourhood."""
    mean = ndimage.gaussian_filter(known, 25)
    relief = np.sqrt(ndimage.gaussian_filter((known - mean) ** 2, 25)) + 0.12 * np.clip(mean, 0, None) + 4
    ridged = 1 - np.abs(fractal("ridges", 1.9, 60))
    return DETAIL_SHARE * relief * (fractal("hills", 1.9, 90) + 0.8 * ridged)


@cache
def river_trench() -> np.ndarray:
    """Depth by which the real rivers are sunk when water is routed, metres, so that it keeps to them."""
    bed = np.ones(grid.SHAPE, dtype=bool)
    for line, _, _ in rivers():
        bed[grid.along(line)] = False
    distance = ndimage.distance_transform_edt(bed)
    return TRENCH_METRES * (distance < 1) + VALLEY_METRES * np.exp(-distance / VALLEY_CELLS)
