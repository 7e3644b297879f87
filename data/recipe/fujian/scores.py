"""The invented hazard scores, one raster per kind: larger is worse. Each follows what drives the hazard in nature.

Weights were chosen by eye so that the maps resemble published ones in kind, not in place: they are no assessment.
"""

import numpy as np
import shapely
from scipy import ndimage

from . import grid
from .noise import fractal
from .terrain import Terrain, terrain
from .townships import townships


def flood() -> np.ndarray:
    """Near streams and low above them; the larger the stream, the wider and the worse. Low coastal plains are added."""
    t = terrain()
    score = np.full(grid.SHAPE, -1.0)
    # Drainage area km2, half width m, height m the water may reach, and weight of the stream class.
    for area, width, rise, weight in ((60, 500, 7, 0.50), (250, 750, 10, 0.64), (1000, 1100, 14, 0.78), (4000, 1700, 18, 0.92), (15000, 1450, 18, 1.00), (40000, 1600, 20, 1.05)):
        bed = ~(t.land & (t.area >= area))
        distance, nearest = ndimage.distance_transform_edt(bed, sampling=(grid.CELL_Y, grid.CELL_X), return_indices=True)
        above = np.clip(t.height - t.height[tuple(nearest)], 0, None)
        score = np.maximum(score, weight * (1.15 - distance / (2.4 * width) - above / (2.6 * rise)))
    stream = ndimage.distance_transform_edt(~(t.land & (t.area >= 30)), sampling=(grid.CELL_Y, grid.CELL_X))
    plain = 0.50 - t.height / 30 - t.slope * 9 - t.sea_distance / 60_000 - stream / 16_000
    score = np.maximum(score, plain + 0.09 * fractal("plain", 1.5, 60))
    return smooth(score + 0.07 * fractal("flood", 1.4, 40), 0.9)


def landslide() -> np.ndarray:
    """Steep slopes, worse where they face the typhoons' rain, where rain is heavy and where the rock is weak."""
    t = terrain()
    steep = relative(ndimage.gaussian_filter(t.slope, 0.7))
    score = steep + 0.22 * faces(t, 1, -1) * steep + 0.35 * rain(t) + 0.24 * fractal("rock", 1.7, 160) + 0.10 * fractal("soil", 1.2, 16)
    return smooth(score, 0.8)


def debris_flow() -> np.ndarray:
    """Along steep small valleys and the fans at their mouths."""
    t = terrain()
    # The steepness of the whole side valley, not of one cell, so that a zone runs along its stream.
    steep = relative(ndimage.gaussian_filter(ndimage.maximum_filter(t.slope, 3), 3.5))
    stream = np.where(t.land & (t.area >= 0.9) & (t.area <= 60), 0.5 + 0.5 * np.clip(np.log2(np.maximum(t.area, 1)) / 4, 0, 1), 0.0)
    spread = ndimage.gaussian_filter(stream, 0.8) * 2 + ndimage.gaussian_filter(stream, 1.6)
    prone = steep ** 2 * (1 + 0.35 * rain(t) + 0.26 * fractal("debris", 1.8, 140))
    return smooth(np.sqrt(np.clip(spread * prone, 0, None)), 0.5)


def storm_surge() -> np.ndarray:
    """Low land near the sea: worse on open shores, at the heads of narrowing bays and along tidal rivers."""
    t = terrain()
    sea = (~t.land).astype(float)
    # A shore is open where the sea lies to its south-east, a bay narrows where little sea is near but some is.
    openness = ndimage.shift(ndimage.gaussian_filter(sea, 30), (14, -14), order=1, mode="nearest")
    near = ndimage.gaussian_filter(sea, 6)
    funnel = np.clip(near * (0.75 - near) * 4, 0, 1) * np.clip(openness * 2, 0, 1)
    tidal = t.land & (t.area > 1500) & (t.sea_distance < 30_000)
    water = ~(sea.astype(bool) | tidal)
    distance = ndimage.distance_transform_edt(water, sampling=(grid.CELL_Y, grid.CELL_X))
    up_river = np.clip(t.sea_distance / 30_000, 0, 1)
    score = 0.55 * openness + 0.55 * funnel - distance / 4200 - np.clip(t.height, 0, None) / 26 - 0.5 * up_river
    return smooth(score + 0.12 * fractal("surge", 1.5, 50), 0.8)


def typhoon() -> np.ndarray:
    """Wind dies inland, ridges and islands catch it, and the middle coast is hit most often."""
    t = terrain()
    ridge = (t.height - ndimage.gaussian_filter(t.height, 28)) / 420
    _, lat = grid.mesh()
    often = np.exp(-(((lat - 25.4) / 1.5) ** 2))
    score = np.exp(-t.sea_distance / 62_000) + 0.22 * np.exp(-t.sea_distance / 6_000) + 0.20 * ridge + 0.16 * often + 0.07 * fractal("wind", 1.5, 220)
    return smooth(score, 1.5)


def wildfire() -> np.ndarray:
    """Forested slopes, drier on the sunny side and in the south-west, lit from the edges of settlements; none in towns and valley floors."""
    t = terrain()
    forest = sigmoid((ndimage.gaussian_filter(t.slope, 1.5) - 0.085) / 0.03) * sigmoid((t.height - 60) / 40) * sigmoid((1500 - t.height) / 150)
    town = np.ones(grid.SHAPE, dtype=bool)
    for place in (x.place for x in townships() if x.place):
        town[grid.along(shapely.LineString([(place.lon, place.lat), (place.lon + 1e-4, place.lat)]))] = False
    distance = ndimage.distance_transform_edt(town, sampling=(grid.CELL_Y, grid.CELL_X))
    lit = np.exp(-distance / 7000) - 1.5 * np.exp(-distance / 1100)
    lon, lat = grid.mesh()
    dry = (26 - lat) * 0.10 + (118 - lon) * 0.06
    score = 1.1 * forest + 0.30 * lit + 0.16 * faces(t, -0.3, -1) + dry + 0.26 * fractal("fuel", 1.8, 170) + 0.09 * fractal("stand", 1.2, 20)
    return smooth(score, 1.1)


# Trend of the Changle-Zhao'an belt along the coast, of the Zhenghe-Dapu belt inland and of the Jiulong River fault across them (generalised by hand).
FAULTS = (
    (1.00, 48_000, ((119.95, 26.35), (119.50, 25.65), (118.98, 25.02), (118.45, 24.55), (117.95, 24.10), (117.30, 23.65), (116.90, 23.40))),
    (0.34, 26_000, ((119.10, 27.60), (118.40, 26.55), (117.65, 25.60), (116.95, 24.70), (116.60, 24.30))),
    (0.30, 15_000, ((116.95, 25.15), (117.55, 24.75), (118.15, 24.35))),
)


def earthquake() -> np.ndarray:
    """Broad bands along the coastal fault belt, stronger in its south; soft ground in wide valleys shakes more."""
    t = terrain()
    score = np.zeros(grid.SHAPE)
    for weight, reach, course in FAULTS:
        trace = np.ones(grid.SHAPE, dtype=bool)
        trace[grid.along(shapely.LineString(course))] = False
        score += weight * np.exp(-ndimage.distance_transform_edt(trace, sampling=(grid.CELL_Y, grid.CELL_X)) / reach)
    _, lat = grid.mesh()
    soft = np.clip(1 - ndimage.gaussian_filter(t.slope, 4) / 0.06, 0, 1)
    score += 0.13 * soft + 0.10 * (25.5 - lat) + 0.08 * fractal("ground", 1.7, 200)
    return smooth(score, 2.5)


def faces(t: Terrain, east: float, north: float) -> np.ndarray:
    """1 where the ground falls towards the direction, -1 where it rises."""
    x, y = ndimage.gaussian_filter(t.east, 1.5), ndimage.gaussian_filter(t.north, 1.5)
    return -(x * east + y * north) / (np.hypot(x, y) * np.hypot(east, north) + 1e-6)


def rain(t: Terrain) -> np.ndarray:
    """0 to 1: the wet belts some way inland of the coast and along the high north-west."""
    coastal = np.exp(-(((t.sea_distance - 55_000) / 50_000) ** 2))
    high = sigmoid((ndimage.gaussian_filter(t.height, 16) - 620) / 120)
    return np.clip(0.75 * coastal + 0.6 * high, 0, 1)


def relative(field: np.ndarray) -> np.ndarray:
    """The field divided by its 90th percentile on land, held below 1.35 (the gorges of the real rivers are cut too steeply)."""
    return np.clip(field / np.percentile(field[terrain().land], 90), 0, 1.35)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x, -40, 40)))


def smooth(score: np.ndarray, cells: float) -> np.ndarray:
    """Smoothed on land only and carried out to sea, so that contours meet the coast instead of following it."""
    land = terrain().land
    nearest = ndimage.distance_transform_edt(~land, return_distances=False, return_indices=True)
    return ndimage.gaussian_filter(score[tuple(nearest)], cells)
