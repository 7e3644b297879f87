"""Seeded fractal fields: a power-law spectrum with random phases, mean 0 and standard deviation 1."""

import numpy as np
from scipy import fft

from .grid import SHAPE

SEED = 350000


def fractal(name: str, slope: float, longest_cells: float, shortest_cells: float = 2.0) -> np.ndarray:
    """Amplitude falls with frequency to the power `slope`; wavelengths outside the two lengths are left out.

    The stream of random numbers depends on `name` and the seed only, so adding a field changes no other.
    """
    generator = np.random.default_rng([SEED, *name.encode()])
    rows, columns = (fft.next_fast_len(n + int(longest_cells)) for n in SHAPE)
    spectrum = fft.rfft2(generator.standard_normal((rows, columns)))
    frequency = np.hypot(fft.fftfreq(rows)[:, None], fft.rfftfreq(columns)[None, :])
    band = (frequency >= 1 / longest_cells) & (frequency <= 1 / shortest_cells)
    gain = np.zeros_like(frequency)
    gain[band] = frequency[band] ** -slope
    field = fft.irfft2(spectrum * gain, s=(rows, columns))[: SHAPE[0], : SHAPE[1]]
    return (field - field.mean()) / field.std()
