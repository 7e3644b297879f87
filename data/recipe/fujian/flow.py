"""Water on a raster: depressions, receivers, drainage area and stream-power erosion (compiled with numba).

Priority flood after Barnes, Lehman and Mulla (2014); implicit stream-power solution after Braun and Willett (2013).
Cells are numbered row * columns + column. All functions are sequential, hence deterministic.
"""

import heapq

import numpy as np
from numba import njit

ROW_STEPS = np.array([-1, -1, -1, 0, 0, 1, 1, 1])
COLUMN_STEPS = np.array([-1, 0, 1, -1, 1, -1, 0, 1])
DIAGONAL = np.array([True, False, True, False, False, True, False, True])
# Rise given to a filled cell over the one it drains to, metres: enough to route water, too little to see.
FILL_RISE = 1e-3


@njit(cache=True)
def receivers(height, outlet):
    """For each cell the neighbour it drains to (itself at an outlet), and the cells in order from the outlets upwards.

    Depressions are filled on a copy; `height` itself is unchanged. Outlets are `outlet` cells and the raster's rim.
    """
    rows, columns = height.shape
    filled = height.copy().ravel()
    receiver = np.arange(rows * columns)
    order = np.empty(rows * columns, dtype=np.int64)
    seen = np.zeros(rows * columns, dtype=np.bool_)
    heap = [(0.0, 0)]
    heap.pop()
    for r in range(rows):
        for c in range(columns):
            if outlet[r, c] or r == 0 or c == 0 or r == rows - 1 or c == columns - 1:
                cell = r * columns + c
                seen[cell] = True
                heapq.heappush(heap, (filled[cell], cell))
    count = 0
    while heap:
        level, cell = heapq.heappop(heap)
        order[count] = cell
        count += 1
        r, c = cell // columns, cell % columns
        for k in range(8):
            nr, nc = r + ROW_STEPS[k], c + COLUMN_STEPS[k]
            if 0 <= nr < rows and 0 <= nc < columns:
                near = nr * columns + nc
                if not seen[near]:
                    seen[near] = True
                    if filled[near] <= level:
                        filled[near] = level + FILL_RISE
                    receiver[near] = cell
                    heapq.heappush(heap, (filled[near], near))
    steepen(filled, receiver, outlet.ravel(), rows, columns)
    return receiver, order, filled.reshape(rows, columns)


@njit(cache=True)
def steepen(filled, receiver, outlet, rows, columns):
    """Replaces the flood's receiver by the steepest lower neighbour."""
    for cell in range(rows * columns):
        if outlet[cell] or receiver[cell] == cell:
            continue
        r, c = cell // columns, cell % columns
        best = 0.0
        for k in range(8):
            nr, nc = r + ROW_STEPS[k], c + COLUMN_STEPS[k]
            if 0 <= nr < rows and 0 <= nc < columns:
                drop = filled[cell] - filled[nr * columns + nc]
                if DIAGONAL[k]:
                    drop /= 1.4142135623730951
                if drop > best:
                    best = drop
                    receiver[cell] = nr * columns + nc


@njit(cache=True)
def upwards(filled, receiver):
    """Cells so that each comes after the one it drains to."""
    return np.argsort(filled.ravel(), kind="mergesort")


@njit(cache=True)
def breach(height, receiver, order):
    """Cuts through dams: no cell stays higher than one that drains to it. `order` runs upwards."""
    for n in range(len(order) - 1, -1, -1):
        cell = order[n]
        down = receiver[cell]
        if height[down] > height[cell]:
            height[down] = height[cell]


@njit(cache=True)
def drainage_area(receiver, order, own):
    """Sum of `own` over everything upstream of each cell, itself included."""
    area = own.copy()
    for n in range(len(order) - 1, -1, -1):
        cell = order[n]
        if receiver[cell] != cell:
            area[receiver[cell]] += area[cell]
    return area


@njit(cache=True)
def erode(height, receiver, order, area, strength, exponent, columns):
    """One implicit stream-power step; `strength` = erodibility * time / cell size, in units of area^-exponent."""
    for n in range(len(order)):
        cell = order[n]
        down = receiver[cell]
        if down == cell or height[down] >= height[cell]:
            continue
        factor = strength * area[cell] ** exponent
        if cell // columns != down // columns and cell % columns != down % columns:
            factor /= 1.4142135623730951
        height[cell] = (height[cell] + factor * height[down]) / (1.0 + factor)
