"""`qa cite`, `qa drift` and `qa pack`: citations kept by token, and quotes with evidence."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qa.cli.command import Command, open_store
from qa.cli.output import print_json
from qa.errors import CitewellError
from qa.safe_text import one_line

if TYPE_CHECKING:
    from qa.check.drift import Drift

_PLACE = re.compile(r"(?P<source>.+):(?P<start>\d{1,12})-(?P<end>\d{1,12})")


def _cite_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("place", metavar="SOURCE:START-END", help="characters of a source")


def _drift_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="instead: the tokens in a draft, exported annotations (.jsonld), an evidence pack",
    )
    parser.add_argument("--all", action="store_true", help="list those that are intact as well")


def _pack_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "places", nargs="+", metavar="TOKEN|SOURCE:START-END", help="what to pack, in this order"
    )
    parser.add_argument("--output", required=True, metavar="OUT.zip|OUT.html", help="the pack")


def _cite(given: argparse.Namespace) -> int:
    from qa.anchoring.citations import as_annotation
    from qa.check.drift import citation_of
    from qa.settings import library_folder
    from qa.store.opening import open_citations

    folder = library_folder(given.library)
    with open_store(folder) as store:
        kept = open_citations(folder).add(citation_of(store, *_place(given.place)))
    if given.json:
        print_json({"token": kept.token, "annotation": as_annotation(kept)})
    else:
        print(kept.token)
    return 0


def _drift(given: argparse.Namespace) -> int:
    import qa
    from qa.check.drift import drift_data

    with qa.open(given.library, create=False, read_only=True) as library:
        drifts = library.drift(*given.files)
    if given.json:
        print_json({"citations": [drift_data(drift) for drift in drifts]})
    else:
        for line in drift_lines(drifts, every=given.all):
            print(line)
    return 0 if all(drift.ok for drift in drifts) else 1


def drift_lines(drifts: Sequence[Drift], *, every: bool = False) -> Iterator[str]:
    """Yield a paragraph for each citation that is not intact, or for each; then the sum."""
    from qa.anchoring.resolving import Standing

    counts = dict.fromkeys(Standing, 0)
    for drift in drifts:
        counts[drift.now.standing] += 1
        if drift.now.standing is Standing.INTACT and not every:
            continue
        kept = drift.kept
        where = f"{kept.source} (characters {kept.start}–{kept.end})" if kept.source else ""
        yield "  ".join(
            part for part in (f"{drift.now.standing.value:8}", kept.token, one_line(where)) if part
        )
        if kept.exact:
            yield f"    “{one_line(kept.exact[:200])}”"
        if drift.kept_in:
            yield f"    kept in {one_line('; '.join(drift.kept_in[:5]))}"
        yield f"    {one_line(drift.now.message)}"
        for change in drift.now.changes:
            yield (
                f"    {change.kind}: was “{one_line(change.draft[:200])}”, "
                f"is “{one_line(change.source[:200])}”"
            )
    if not drifts:
        yield "nothing is kept: no citation, no conversation, no notebook"
        return
    yield ", ".join(f"{count} {standing.value}" for standing, count in counts.items())


def _pack(given: argparse.Namespace) -> int:
    from qa.anchoring.citations import TOKEN
    from qa.check.drift import citation_of
    from qa.check.pack import make_pack
    from qa.settings import library_folder
    from qa.store.opening import open_citations

    ending = Path(given.output).suffix.lower()
    if ending not in (".zip", ".html"):
        raise CitewellError(
            f"{given.output}: a pack is a zip file or one HTML page: name it OUT.zip or OUT.html"
        )
    folder = library_folder(given.library)
    registry = open_citations(folder)
    with open_store(folder) as store:
        chosen = []
        for place in given.places:
            if TOKEN.fullmatch(place):
                kept = registry.find(place)
                if kept is None:
                    raise CitewellError(
                        f"no citation is kept under {place}; `qa drift --all` lists them"
                    )
            else:
                kept = citation_of(store, *_place(place))
            chosen.append(kept)
        pack = make_pack(store, chosen, as_page=ending == ".html")
    Path(given.output).write_bytes(pack.data)
    if given.json:
        print_json({"pack": given.output, "seal": pack.seal, "quotes": len(chosen)})
    else:
        print(f"{pack.seal}  {given.output}")
        print("qa: note this seal apart from the pack", file=sys.stderr)
    return 0


def _place(text: str) -> tuple[str, int, int]:
    """Return the source, the start and the end that SOURCE:START-END names."""
    match = _PLACE.fullmatch(text)
    if match is None:
        raise CitewellError(
            f"{text!r}: expected SOURCE:START-END such as notes.txt:120-180, or a kept token"
        )
    return match["source"], int(match["start"]), int(match["end"])


COMMANDS = (
    Command(
        "cite",
        "keep a citation, as a token",
        _cite,
        _cite_options,
        "Keeps a citation of characters of a source and prints its token, which a draft may hold "
        "and `qa show` opens. `qa find` and `qa check` with --json tell the characters.",
    ),
    Command(
        "drift",
        "list kept citations whose source has changed",
        _drift,
        _drift_options,
        "Says of each kept citation whether its words are intact, moved (found at another "
        "place), changed (with what changed) or gone. Without FILE, of all that the library "
        "keeps: citations kept by token, conversations, notebooks and feedback of the web "
        "chat. Exit status 1 when one is changed or gone.",
    ),
    Command(
        "pack",
        "write quotes with their evidence, to be checked by anybody",
        _pack,
        _pack_options,
        "Writes a zip with the quotes, the sources' words around them and a verify.py that "
        "needs Python alone; its seal is printed. index.html in it is for reading. Named "
        "OUT.html it is one page with all of that in it: verify.py is saved from a link on "
        "the page and checks every byte of it.",
    ),
)
