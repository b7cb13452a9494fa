"""Which sources' files are there no more."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from qa.store.sqlite.store import Store


def missing_sources(
    store: Store, paths: Sequence[Path], archives: Collection[str], members: Collection[str]
) -> Iterator[str]:
    """The sources under `paths` whose file is gone, or is no member any more of the archive it
    was in. `archives` are those that could be listed, `members` the paths of what they hold: of
    any other archive it isn't known, and nothing is missing.
    """
    # A folder that is not there at all may be an unmounted disk: nothing of it is missing.
    roots = [path.absolute() for path in paths if path.exists()]
    for source in store.sources():
        path = Path(source.path)
        if not any(path == root or root in path.parents for root in roots) or path.exists():
            continue
        there = next((parent for parent in path.parents if parent.exists()), path)
        listed = there.as_posix() in archives
        if not there.is_file() or (listed and source.path not in members):
            yield source.path
