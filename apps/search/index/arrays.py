"""Shapes of the index's arrays. A slot is the row of one version of one recipe."""

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Ids = NDArray[np.bytes_]
Int64 = NDArray[np.int64]
# Slots as stored, half the size of those that numpy indexes with; converting first makes `a[slots] = b` three times
# faster than indexing with the stored ones (30,000 slots: 29 µs against 85 µs).
Stored = NDArray[np.int32]
Slots = NDArray[np.intp]
