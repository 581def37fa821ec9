"""The norms of BM25F: what lengths of fields make of an occurrence of a term."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from indexer.engines.scoring.keys import FIELD_COUNT, FIELD_NUMBERS


def norms(
    weights: tuple[tuple[str, float], ...],
    b: tuple[tuple[str, float], ...],
    lengths_of: Callable[[str], tuple[NDArray[np.float64], float]],
    size: int,
) -> NDArray[np.float32]:
    """What one occurrence of a term in each doc field adds to its weighted term frequency, [size << FIELD_BITS].

    That is weight / (1 - b + b * length / mean length), with the weight and the b of the field (BM25F; see `Ranking`).
    `lengths_of` gives the lengths of a field, [size], and their mean over the generation.
    """
    # Narrow, since it is looked up in at random for every posting; equal lengths are rounded to equal norms.
    by_field = np.zeros((size, FIELD_COUNT), dtype=np.float32)
    b_of_fields = dict(b)
    for field, weight in weights:
        if field in FIELD_NUMBERS:
            (lengths, mean), own = lengths_of(field), b_of_fields.get(field, 0.0)
            norm = 1 - own + own * lengths / (mean or 1.0)
            by_field[:, FIELD_NUMBERS[field]] = weight / np.where(norm > 0, norm, np.inf)
    return by_field.ravel()
