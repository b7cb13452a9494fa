"""`qa cite`, `qa drift` and `qa pack`: options and what the commands do."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

from qa.errors import CitewellError
from qa.safe_text import safe_json

_PLACE = re.compile(r"(?P<source>.+):(?P<start>\d{1,12})-(?P<end>\d{1,12})")


def add_cite_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add `cite` to the commands."""
    cite = subparsers.add_parser(
        "cite",
        parents=[common],
        help="keep a citation and print its token",
        description=(
            "Keeps a citation of characters of a source and prints its token, which a draft may "
            "hold and `qa show` opens. `qa find` and `qa check` with --json tell the characters."
        ),
    )
    cite.add_argument("place", metavar="SOURCE:START-END", help="characters of a source")


def add_drift_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add `drift` to the commands."""
    drift = subparsers.add_parser(
        "drift",
        parents=[common],
        help="list kept citations that no longer stand as they did",
        description=(
            "Says of each kept citation whether its words are intact, moved (found at another "
            "place), changed (with what changed) or gone. Without FILE, of all that the library "
            "keeps: citations kept by token, conversations, notebooks and feedback of the web "
            "chat. Exit status 1 when one is changed or gone."
        ),
    )
    drift.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="instead: the tokens in a draft, exported annotations (.jsonld), an evidence pack",
    )
    drift.add_argument("--all", action="store_true", help="list those that are intact as well")


def add_pack_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add `pack` to the commands."""
    pack = subparsers.add_parser(
        "pack",
        parents=[common],
        help="write quotes as evidence that can be verified by itself",
        description=(
            "Writes a zip with the quotes, the sources' words around them and a verify.py that "
            "needs Python alone; its seal is printed. index.html in it is for reading. Named "
            "OUT.html it is one page with all of that in it: verify.py is saved from a link on "
            "the page and checks every byte of it."
        ),
    )
    pack.add_argument(
        "places", nargs="+", metavar="TOKEN|SOURCE:START-END", help="what to pack, in this order"
    )
    pack.add_argument("--output", required=True, metavar="OUT.zip|OUT.html", help="the pack")


def run_cite(given: argparse.Namespace) -> int:
    """Keep a citation; print its token, or with --json its annotation."""
    from qa.anchoring.citations import as_annotation, keep
    from qa.anchoring.registry import Registry
    from qa.settings import library_folder
    from qa.store.sqlite.store import Store

    folder = library_folder(given.library)
    with Store.open(folder, identity=None, versions=None, read_only=True) as store:
        kept = Registry(folder).add(keep(store, *_place(given.place)))
    print(
        safe_json(
            json.dumps(
                {"token": kept.token, "annotation": as_annotation(kept)},
                ensure_ascii=False,
                indent=2,
            )
        )
        if given.json
        else kept.token
    )
    return 0


def run_drift(given: argparse.Namespace) -> int:
    """List what has drifted; 1 when a citation has changed or is gone."""
    import qa
    from qa.check.drift import drift_data, drift_lines

    with qa.open(given.library, create=False, read_only=True) as library:
        drifts = library.drift(*given.files)
    if given.json:
        data = {"citations": [drift_data(drift) for drift in drifts]}
        print(safe_json(json.dumps(data, ensure_ascii=False, indent=2)))
    else:
        for line in drift_lines(drifts, every=given.all):
            print(line)
    return 0 if all(drift.ok for drift in drifts) else 1


def run_pack(given: argparse.Namespace) -> int:
    """Write the pack and print its seal."""
    from qa.anchoring.citations import TOKEN, keep
    from qa.anchoring.registry import Registry
    from qa.check.pack import make_pack
    from qa.settings import library_folder
    from qa.store.sqlite.store import Store

    ending = Path(given.output).suffix.lower()
    if ending not in (".zip", ".html"):
        raise CitewellError(
            f"{given.output}: a pack is a zip file or one HTML page: name it OUT.zip or OUT.html"
        )
    folder = library_folder(given.library)
    registry = Registry(folder)
    with Store.open(folder, identity=None, versions=None, read_only=True) as store:
        chosen = []
        for place in given.places:
            if TOKEN.fullmatch(place):
                kept = registry.find(place)
                if kept is None:
                    raise CitewellError(
                        f"no citation is kept under {place}; `qa drift --all` lists them"
                    )
            else:
                kept = keep(store, *_place(place))
            chosen.append(kept)
        pack = make_pack(store, chosen, as_page=ending == ".html")
    Path(given.output).write_bytes(pack.data)
    if given.json:
        print(
            json.dumps({"pack": given.output, "seal": pack.seal, "quotes": len(chosen)}, indent=2)
        )
    else:
        print(f"{pack.seal}  {given.output}")
        print("qa: note this seal apart from the pack", file=sys.stderr)
    return 0


def _place(text: str) -> tuple[str, int, int]:
    match = _PLACE.fullmatch(text)
    if match is None:
        raise CitewellError(
            f"{text!r}: expected SOURCE:START-END such as notes.txt:120-180, or a kept token"
        )
    return match["source"], int(match["start"]), int(match["end"])
