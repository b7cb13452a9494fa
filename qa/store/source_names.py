"""Which source a person means by a name, and how a source is named in short."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from qa.errors import UnknownSource
from qa.store.protocol import LibraryReader
from qa.store.records import StoredSource

_SHOWN_NAMES = 10
_COMPARED_NAMES = 2000  # finding near names is quadratic in their length; enough is enough


def resolve_source(reader: LibraryReader, name: str) -> str:
    """Return the path of the source that a name means: itself, or the only one that ends with its
    components. Raises UnknownSource, with the candidates or the near names."""
    return resolve_name(name, reader.paths())


def source_at(reader: LibraryReader, path: str) -> StoredSource | None:
    """Return the source under exactly this path."""
    return next(iter(reader.sources([path])), None)


def text_of(reader: LibraryReader, path: str) -> str:
    """Return the whole stored text of a source. Raises UnknownSource."""
    with reader.snapshot():
        source = source_at(reader, path)
        if source is None:
            raise unknown_path(path, reader.paths())
        return reader.excerpt(source.text_id, 0, source.characters).text


def unknown_path(path: str, paths: Sequence[str]) -> UnknownSource:
    """Return the error for a path that no source has, though it may name one none the less."""
    try:
        meant = resolve_name(path, paths)
    except UnknownSource as error:
        return error
    return UnknownSource(f"No source has the path {path!r}; there is {meant!r}.")


def resolve_name(name: str, paths: Sequence[str]) -> str:
    """Return the path that a name means: itself, or the only path that ends with its components.

    Raises UnknownSource, which lists the several paths meant or the names that are near.

    >>> resolve_name("b/x.txt", ["/a/x.txt", "/b/x.txt"])
    '/b/x.txt'
    """
    if name in paths:
        return name
    wanted = _components(name)
    count = len(wanted)
    meant = [path for path in paths if count and _components(path)[-count:] == wanted]
    if len(meant) == 1 and not name.startswith("/"):
        return meant[0]
    if len(meant) > 1 and not name.startswith("/"):
        raise UnknownSource(
            f"{name!r} may be any of {len(meant)} sources: {_listed(meant)}. Give more of the path."
        )
    raise UnknownSource(f"No source goes by the name {name!r}. {_suggestion(name, paths)}")


def sources_in(name: str, paths: Sequence[str]) -> tuple[str, ...]:
    """Return the sources in the folder or archive that a name means: a whole path, or the end of
    the path of only one folder. None: no source's path leads through such a folder.

    Raises UnknownSource where several folders are meant.

    >>> sources_in("b", ["/a/b/x.txt", "/a/b/c/y.txt", "/a/z.txt"])
    ('/a/b/x.txt', '/a/b/c/y.txt')
    """
    whole = name.rstrip("/") + "/"
    if name.startswith("/"):
        return tuple(path for path in paths if path.startswith(whole))
    wanted = _components(name)
    count = len(wanted)
    meant: dict[tuple[str, ...], list[str]] = {}
    for path in paths:
        parts = _components(path)
        for end in range(count, len(parts)):
            if count and parts[end - count : end] == wanted:
                meant.setdefault(tuple(parts[:end]), []).append(path)
                break
    if len(meant) > 1:
        folders = ["/" + "/".join(folder) for folder in meant]
        raise UnknownSource(
            f"{name!r} may be any of {len(meant)} folders: {_listed(folders)}. "
            "Give more of the path."
        )
    return tuple(path for found in meant.values() for path in found)


def short_name_of(path: str, paths: Sequence[str]) -> str:
    """Return the shortest end of a path, in whole components, that none of the other paths has.

    >>> short_name_of("/a/x.txt", ["/a/x.txt", "/b/x.txt"])
    'a/x.txt'
    """
    own = _components(path)
    others = [_components(other) for other in paths if other != path]
    for count in range(1, len(own) + 1):
        end = own[-count:]
        if not any(other[-count:] == end for other in others):
            return "/".join(end)
    return path


def _components(path: str) -> list[str]:
    return [part for part in path.split("/") if part not in ("", ".")]


def _listed(paths: Sequence[str]) -> str:
    shown = ", ".join(repr(path) for path in paths[:_SHOWN_NAMES])
    more = len(paths) - _SHOWN_NAMES
    return f"{shown} and {more} more" if more > 0 else shown


def _suggestion(name: str, paths: Sequence[str]) -> str:
    if not paths:
        return "The library has no sources yet: add some with `qa add`."
    last = (_components(name) or [""])[-1].casefold()
    by_name: dict[str, list[str]] = {}
    for path in paths[:_COMPARED_NAMES]:
        by_name.setdefault((_components(path) or [""])[-1].casefold(), []).append(path)
    near = [path for key in get_close_matches(last, by_name, n=3) for path in by_name[key]]
    if near:
        return f"Near it: {_listed(near)}."
    return "`qa sources` lists the names."
