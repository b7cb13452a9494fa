"""What every index of passages can do, of vectors and of words alike.

An index holds one thing of each passage, its content, under the passage's id. It is asked with
one question, and the `Matches` that it answers with are then read under any number of filters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from qa.errors import LibraryError
from qa.index.checked_file import Arrays

Ids = NDArray[np.int64]
Scores = NDArray[np.float32]

Content = TypeVar("Content", contravariant=True)
Question = TypeVar("Question", contravariant=True)


class IndexMismatch(LibraryError):
    """Content of another shape than the index holds, or a saved index of another form."""


@dataclass(frozen=True, slots=True)
class SavedIndex:
    """All that an index is restored from: numbers and words as JSON can hold them, and arrays."""

    entries: Mapping[str, Any]
    arrays: Arrays


class Matches(Protocol):
    """How the passages of an index meet one question; higher scores are better.

    Read it before the index changes, under whatever lock keeps it from changing.
    """

    def best(self, count: int, among: Ids | None = None) -> Ids:
        """Return the ids of the `count` best passages, best first; fewer where fewer match.

        `among`: the ascending ids that may be found at all, a filter before ranking.
        """
        ...

    def scores(self, ids: Ids) -> Scores:
        """Return the (n,) scores of (n,) passages. Of vectors each must be in the index, else
        KeyError is raised; what holds none of the words scores 0."""
        ...


class Index(Protocol[Content, Question]):
    """One index in memory. Not safe to change while it is searched.

    `form` names it in files; `exact`: whether its scores are the true ones; `drifted`: whether it
    has changed so much that one built anew would serve better.
    """

    form: ClassVar[str]
    exact: ClassVar[bool]

    def __len__(self) -> int:
        """Return how many passages it holds."""
        ...

    @property
    def kind(self) -> str:
        """What it is, in words."""
        ...

    @property
    def drifted(self) -> bool: ...

    def add(self, ids: Ids, content: Content, /) -> None:
        """Add (n,) passages that are not there yet. Raises IndexMismatch if the content is not
        theirs."""
        ...

    def remove(self, ids: Ids) -> int:
        """Forget those passages and return how many of them were there."""
        ...

    def search(self, question: Question, /) -> Matches:
        """Compare a question with all passages."""
        ...

    def save(self) -> SavedIndex:
        """Return what `restore` makes an equal index of."""
        ...

    @classmethod
    def restore(cls, saved: SavedIndex) -> Self:
        """Return the index that was saved. Raises IndexMismatch for anything else."""
        ...


@contextmanager
def restoring(form: str) -> Iterator[None]:
    """Within it, whatever shows that a saved index is not what it should be is IndexMismatch."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise IndexMismatch(f"this was never saved by an index of the form {form}") from error


def require_shape(name: str, array: NDArray[Any], dtype: type, *shape: int | None) -> None:
    """Raise IndexMismatch unless the array is of that type and shape (None: of any length)."""
    fits = array.ndim == len(shape) and all(
        wanted in (None, got) for wanted, got in zip(shape, array.shape, strict=True)
    )
    if array.dtype != dtype or not fits:
        raise IndexMismatch(f"{name} is {array.dtype} {array.shape}, expected {shape}")
