"""From a score on the raster to zones: contours at ordered thresholds, cut by county, sharing every border exactly.

All lines (contours, coast, county borders) are noded together once and the faces between them are labelled, so there is no gap or overlap
between zones by construction.
"""

from collections.abc import Sequence

import contourpy
import numpy as np
import shapely
from scipy import ndimage

from . import grid
from .territory import partition, territory

SIMPLIFY_DEGREES = 0.0008
# Faces below this are joined to a neighbour, km2.
SMALLEST_KM2 = 0.12


def zones(score: np.ndarray, thresholds: Sequence[float], patch_km2: float) -> list[tuple[str, int, shapely.Polygon]]:
    """County, level (1 lowest) and outline of each connected zone, by county and level.

    Patches and holes below `patch_km2` are levelled before contouring.
    """
    cells = round(patch_km2 * 1e6 / grid.CELL ** 2)
    finite = [threshold for threshold in thresholds if np.isfinite(threshold)]
    for threshold in finite:
        score = level_small_patches(score, threshold, cells)
    lines = [line for threshold in finite for line in contour(score, threshold)]
    counties = territory()
    faces = partition(lines + [shapely.boundary(shape) for shape in counties.values()])
    faces, owners = owned(faces, counties)
    points = shapely.get_coordinates(shapely.point_on_surface(faces))
    levels = np.searchsorted(thresholds, grid.sample(score, *points.T), side="right")
    levels = join_slivers(faces, owners, levels)
    return dissolve(faces, owners, levels, list(counties))


def level_small_patches(score: np.ndarray, threshold: float, cells: int) -> np.ndarray:
    """Islands above the threshold, and holes below it, smaller than `cells` are moved to just across it."""
    result = score.copy()
    for above, value in ((True, threshold - 1e-6), (False, threshold + 1e-6)):
        labels, count = ndimage.label((result >= threshold) == above)
        small = np.flatnonzero(np.bincount(labels.ravel(), minlength=count + 1) < cells)
        result[np.isin(labels, small[small > 0])] = value
    return result


def contour(score: np.ndarray, threshold: float) -> list[shapely.LineString]:
    generator = contourpy.contour_generator(grid.lons(), grid.lats(), score)
    lines = [shapely.LineString(round_corners(p)) for p in generator.lines(threshold) if len(p) > 3]
    return [line for line in shapely.simplify(lines, SIMPLIFY_DEGREES) if line.length > 4 * grid.STEP]


def round_corners(points: np.ndarray) -> np.ndarray:
    """One pass of Chaikin's corner cutting; ends (or the closing point) stay joined."""
    closed = np.array_equal(points[0], points[-1])
    cut = np.empty((2 * len(points) - 2, 2))
    cut[0::2] = 0.75 * points[:-1] + 0.25 * points[1:]
    cut[1::2] = 0.25 * points[:-1] + 0.75 * points[1:]
    return np.vstack([cut, cut[:1]]) if closed else np.vstack([points[:1], cut, points[-1:]])


def owned(faces: np.ndarray, counties: dict[str, shapely.Geometry]) -> tuple[np.ndarray, np.ndarray]:
    """The faces that lie in a county, with that county's index."""
    face, county = shapely.STRtree(list(counties.values())).query(shapely.point_on_surface(faces), predicate="within")
    face, first = np.unique(face, return_index=True)
    return faces[face], county[first]


def join_slivers(faces: np.ndarray, owners: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Gives each tiny face the level of the neighbour in its county with which it shares the longest border."""
    levels = levels.copy()
    tree = shapely.STRtree(faces)
    areas = area_km2(faces)
    for index in np.flatnonzero(areas < SMALLEST_KM2)[np.argsort(areas[areas < SMALLEST_KM2], kind="stable")]:
        near = [n for n in np.sort(tree.query(faces[index], predicate="touches")) if owners[n] == owners[index]]
        if near:
            shared = shapely.length(shapely.intersection(shapely.boundary(faces[index]), shapely.boundary(faces[near])))
            if shared.max() > 0:
                levels[index] = levels[near[int(np.argmax(shared))]]
    return levels


def dissolve(faces, owners, levels, codes: list[str]) -> list[tuple[str, int, shapely.Polygon]]:
    result = []
    for county, code in enumerate(codes):
        for level in range(1, int(levels.max()) + 1):
            chosen = faces[(owners == county) & (levels == level)]
            if len(chosen):
                parts = shapely.get_parts(shapely.coverage_union_all(chosen))
                result += [(code, level, part) for part in sorted(parts, key=lambda p: p.bounds)]
    return result


def area_km2(shapes) -> np.ndarray:
    """Area on the plane at each shape's own latitude (within 1 % in Fujian)."""
    latitude = shapely.get_y(shapely.centroid(shapes))
    return shapely.area(shapes) * 110.8 * 111.32 * np.cos(np.radians(latitude))
