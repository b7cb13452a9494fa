"""The user's cache of compiled models: where it is, what a model's place in it is called, and how
a finished folder gets there whole.

    ROOT/KEY/             a compiled form (compiled_form.py)
    ROOT/KEY.refused      why this model can't be compiled by these versions, one line
    ROOT/known/HASH.json  a model folder's digest, valid while its files' sizes and times stand
    ROOT/.making-*        a form being made; renamed to its place when it is finished
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.compiled_form import FILES, is_current
from embeddings.model_files import file_sha256, weights_revision

CACHE_VARIABLE = "CITEWELL_CACHE"
_MAKING = ".making-"
_DAY_SECONDS = 86_400.0
# A compiled form that nothing installed here would look for is kept so long after its last use:
# another environment may share the cache.
_KEPT_SECONDS = 30 * _DAY_SECONDS
# Files of a model folder that have no part in its vectors.
_IGNORED_SUFFIXES = (".md", ".png", ".jpg", ".gitattributes", ".lock")


@dataclass(frozen=True, slots=True)
class ModelDigest:
    """`content`: SHA-256 over all of a model's files; `revision`: over its weights, short."""

    content: str
    revision: str


def cache_root(cache: Path | None) -> Path:
    """`cache`, else $CITEWELL_CACHE, else the platform's cache folder for Citewell; in it,
    `encoders`."""
    chosen = cache or os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen).expanduser() / "encoders"
    import platformdirs

    return Path(platformdirs.user_cache_dir("citewell", appauthor=False)) / "encoders"


def form_key(content: str, parts: Mapping[str, str]) -> str:
    """Return the name of a compiled form's folder: it changes with the model's files and with every
    part (versions, precision, processor)."""
    text = json.dumps({"model": content, **parts}, sort_keys=True)
    return f"{content[:12]}-{hashlib.sha256(text.encode()).hexdigest()[:20]}"


def model_digest(root: Path, folder: Path) -> ModelDigest:
    """Return the digest of a model's folder, read anew only if a file's size or time has changed.

    Sizes and times are enough here: they only choose among compiled forms, and what a form
    holds is verified byte by byte whenever it is loaded.
    """
    files = sorted(p for p in folder.rglob("*") if p.is_file() and _counts(p, folder))
    stats = [[str(p.relative_to(folder)), p.stat().st_size, p.stat().st_mtime_ns] for p in files]
    memo = root / "known" / (hashlib.sha256(str(folder).encode()).hexdigest()[:32] + ".json")
    known = _read_json(memo)
    if known.get("files") == stats:
        with contextlib.suppress(KeyError, TypeError):
            return ModelDigest(str(known["content"]), str(known["revision"]))
    listing = [[str(p.relative_to(folder)), file_sha256(p)] for p in files]
    content = hashlib.sha256(json.dumps(listing).encode()).hexdigest()
    digest = ModelDigest(content, weights_revision(folder))
    with contextlib.suppress(OSError):
        entry = {"files": stats, "content": digest.content, "revision": digest.revision}
        _write_whole(memo, json.dumps(entry))
    return digest


def refusal(root: Path, key: str) -> str | None:
    """Why this model was found not to be compilable, if it was."""
    try:
        return (root / f"{key}.refused").read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def record_refusal(root: Path, key: str, reason: str) -> None:
    """Remember it, so that the next start does not try again; where that can't be written, it
    does try again."""
    with contextlib.suppress(OSError):
        _write_whole(root / f"{key}.refused", reason + "\n")


def new_folder(root: Path) -> Path:
    """Return an empty folder beside the finished ones, to make a form in; what is left over from
    earlier versions is cleared away first. Raises OSError."""
    root.mkdir(parents=True, exist_ok=True)
    _sweep(root)
    _prune(root)
    return Path(tempfile.mkdtemp(prefix=_MAKING, dir=root))


def install(made: Path, place: Path, is_whole: Callable[[Path], bool]) -> None:
    """Put a finished folder in its place in one step, unless a whole one stands there by then.

    Several processes may be doing the same; one of them wins and the others' work is dropped.
    What is there and not whole is replaced. Raises OSError.
    """
    for _ in range(10):
        try:
            made.rename(place)
            return
        except OSError as error:
            # It may have stood in the way and be gone by now: another process put it aside.
            if not place.exists() and error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                raise
        if is_whole(place):
            shutil.rmtree(made, ignore_errors=True)
            return
        aside = Path(tempfile.mkdtemp(prefix=_MAKING, dir=place.parent))
        with contextlib.suppress(FileNotFoundError):
            place.rename(aside / "old")
        shutil.rmtree(aside, ignore_errors=True)
    raise OSError(f"{place} is being replaced by other processes all the time")


def _counts(path: Path, folder: Path) -> bool:
    parts = path.relative_to(folder).parts
    hidden = any(part.startswith(".") for part in parts)
    return not hidden and path.suffix.lower() not in _IGNORED_SUFFIXES


def mark_used(place: Path) -> None:
    """Remember that a compiled form is in use, to the day; its manifest's time says so."""
    with contextlib.suppress(OSError):
        if _age(place / FILES.manifest) > _DAY_SECONDS:
            os.utime(place / FILES.manifest)


def _sweep(root: Path) -> None:
    """Remove what a process that was killed left behind a day or longer ago."""
    for left in root.glob(_MAKING + "*"):
        with contextlib.suppress(OSError):
            if _age(left) > _DAY_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def _prune(root: Path) -> None:
    """Remove compiled forms that were made by other versions, or of a model whose files have
    changed since, and that nobody has used for _KEPT_SECONDS."""
    models = {str(_read_json(memo).get("content"))[:12] for memo in (root / "known").glob("*.json")}
    for manifest in root.glob(f"*/{FILES.manifest}"):
        place = manifest.parent
        with contextlib.suppress(OSError):
            wanted = place.name.partition("-")[0] in models and is_current(place)
            if place.name.startswith(".") or wanted or _age(manifest) <= _KEPT_SECONDS:
                continue
            # In one step, so that nobody reads half of it.
            aside = Path(tempfile.mkdtemp(prefix=_MAKING, dir=root))
            place.rename(aside / "old")
            shutil.rmtree(aside, ignore_errors=True)


def _age(path: Path) -> float:
    """Return the seconds since it was last written. Raises OSError."""
    return time.time() - path.stat().st_mtime


def _write_whole(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=_MAKING, dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).replace(path)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
