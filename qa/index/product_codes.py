"""Vectors as product codes, of which all are compared with a question, by FAISS.

Every two components of a vector are one of sixteen pairs (product quantization, Jégou et al.
2011), so that a vector of d components takes d/4 bytes; a question is compared with them by tables
that stay in registers (André et al. 2015).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import FloatMatrix
from qa.index.protocol import Ids, IndexMismatch

PAIRS = 16
_BITS = 4
_BLOCK = 32  # codes that FAISS lays out together


def learn_pairs(sample: FloatMatrix) -> FloatMatrix:
    """Return the (⌈d/2⌉, 16, 2) pairs that stand for vectors like those of the sample (n, d)."""
    import faiss

    faiss.omp_set_num_threads(1)
    rows = _even(sample)
    quantizer: Any = faiss.ProductQuantizer(rows.shape[1], rows.shape[1] // 2, _BITS)
    quantizer.cp.min_points_per_centroid = 1
    quantizer.train(rows if len(rows) >= PAIRS else np.resize(rows, (PAIRS, rows.shape[1])))
    pairs: FloatMatrix = faiss.vector_to_array(quantizer.centroids).reshape(-1, PAIRS, 2)
    return pairs


def only(among: Ids) -> Any:
    """Return FAISS's form of a filter, for some ids."""
    import faiss

    allowed = np.zeros(int(among.max()) + 1, np.bool_)
    allowed[among] = True
    bitmap: Any = faiss.IDSelectorBitmap
    return bitmap(np.packbits(allowed, bitorder="little"))


class ProductCodes:
    """Codes under ids of the caller's, each given once. Not safe to change while searched."""

    def __init__(self, pairs: FloatMatrix) -> None:
        import faiss

        self._faiss: Any = faiss
        width = 2 * len(pairs)
        # One list, which holds all: unlike its flat index, FAISS's index of lists takes filters
        # and removals.
        self._list: Any = faiss.IndexFlatIP(width)
        self._list.add(np.zeros((1, width), np.float32))
        self._index: Any = faiss.IndexIVFPQFastScan(
            self._list, width, 1, len(pairs), _BITS, faiss.METRIC_INNER_PRODUCT, _BLOCK
        )
        self._index.by_residual = False
        flat = np.ascontiguousarray(pairs, np.float32).reshape(-1)
        faiss.copy_array_to_vector(flat, self._index.pq.centroids)
        self._index.is_trained = True

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, ids: Ids, vectors: FloatMatrix) -> None:
        """Add (n, d) vectors under (n,) ids."""
        self._index.add_with_ids(_even(vectors), np.ascontiguousarray(ids, np.int64))

    def remove(self, ids: Ids) -> int:
        """Remove those ids and return how many there were."""
        removed = int(self._index.remove_ids(np.ascontiguousarray(ids, np.int64)))
        free = range(len(self) % _BLOCK or _BLOCK, _BLOCK)
        if removed and free:
            # FAISS 1.15 leaves there the codes of what was removed, and puts the next ones on top
            # of them bit by bit.
            block = self._memory().reshape(-1, self._bytes(1))[-1:]
            packer = self._index.get_CodePacker()
            for place in free:
                packer.pack_1(np.zeros(packer.code_size, np.uint8), place, block)
        return removed

    def best(self, vector: NDArray[np.float32], count: int, selector: Any) -> Ids:
        """Return the ids of about the `count` nearest by inner product to a (d,) vector, in no
        order; only such as FAISS's selector takes, if it is not None."""
        count = min(count, len(self))
        if count == 0:
            return np.empty(0, np.int64)
        # One question is no work for FAISS's own threads, which wait for the next by spinning.
        self._faiss.omp_set_num_threads(1)
        parameters = self._faiss.SearchParametersIVF(nprobe=1, sel=selector)
        ids = self._index.search(_even(vector[None, :]), count, params=parameters)[1][0]
        found: Ids = ids[ids >= 0]
        return found

    # ---- as arrays -------------------------------------------------------------------------

    def ids(self) -> Ids:
        """Return all ids (n,), in the order of `packed`."""
        if not len(self):
            return np.empty(0, np.int64)
        ids: Ids = self._faiss.rev_swig_ptr(self._index.invlists.get_ids(0), len(self)).copy()
        return ids

    def packed(self) -> NDArray[np.uint8]:
        """Return all codes, as FAISS lays them out."""
        return self._memory().copy()

    @classmethod
    def restore(cls, pairs: FloatMatrix, ids: Ids, packed: NDArray[np.uint8]) -> ProductCodes:
        """Return the codes that `ids` and `packed` are of. Raises IndexMismatch."""
        codes = cls(pairs)
        # FAISS checks nothing of what it is handed, so it is checked here.
        sound = (
            ids.dtype == np.int64
            and packed.dtype == np.uint8
            and ids.ndim == 1
            and bool((ids >= 0).all())
            and packed.shape == (codes._bytes(len(ids)),)
        )
        if not sound:
            raise IndexMismatch(f"{ids.shape} ids and {packed.shape} bytes of codes")
        if len(ids):
            swig = codes._faiss.swig_ptr
            codes._index.invlists.add_entries(0, len(ids), swig(ids), swig(packed))
            codes._index.ntotal = len(ids)
        return codes

    def _memory(self) -> NDArray[np.uint8]:
        if not len(self):
            return np.empty(0, np.uint8)
        memory: NDArray[np.uint8] = self._faiss.rev_swig_ptr(
            self._index.invlists.get_codes(0), self._bytes(len(self))
        )
        return memory

    def _bytes(self, count: int) -> int:
        """Return how many bytes FAISS lays `count` codes out in."""
        return -(-count // _BLOCK) * _BLOCK * int(self._index.M2) // 2


def _even(rows: FloatMatrix) -> FloatMatrix:
    """Return (n, d) rows with a zero behind them where d is odd."""
    return np.ascontiguousarray(np.pad(rows, ((0, 0), (0, rows.shape[1] % 2))), np.float32)
