"""Which encoder runs: the compiled one wherever it is faithful, torch otherwise and saying why."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

from embeddings.cache_folder import (
    cache_root,
    form_key,
    install,
    model_digest,
    new_folder,
    record_refusal,
    refusal,
)
from embeddings.compiled_encoder import CompiledEncoder, best_precision
from embeddings.compiled_form import (
    FORMAT,
    LIBRARIES,
    processor_fingerprint,
    processor_flags,
    read_form,
)
from embeddings.encoder import Encoder
from embeddings.errors import CompiledFormDamaged, ModelDamaged, ModelNotFound, NotCompilable
from embeddings.model_files import ModelSource, installed_version, locate_model

_PRECISIONS = ("float32", "bfloat16")
# Ends that somebody outside decided on: they say nothing about the model.
_STOPPED = {
    -getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGKILL", "SIGHUP")
    if hasattr(signal, name)
}
_ERRORS = {kind.__name__: kind for kind in (ModelDamaged, ModelNotFound, NotCompilable)}


class Runtime(StrEnum):
    """What is to compute the vectors."""

    AUTO = "auto"
    TORCH = "torch"


@dataclass(frozen=True, slots=True)
class _Request:
    """One call's choices: the model as named, its files, the precision asked for, whom to tell."""

    model: str | None
    source: ModelSource
    precision: str | None
    root: Path
    key: str
    notify: Callable[[str], None]

    @property
    def place(self) -> Path:
        return self.root / self.key


def load_encoder(
    model: str | None = None,
    *,
    precision: str | None = None,
    cache: Path | None = None,
    notify: Callable[[str], None] | None = None,
    runtime: Runtime = Runtime.AUTO,
    allow_download: bool = False,
) -> Encoder:
    """Return the encoder for a model: a folder, a hub name, or None for the default model.

    The first use of a model compiles it into the cache (`cache`, else $CITEWELL_CACHE, else the
    platform's), which `notify` is told; a model that can't be compiled faithfully runs in torch,
    and `runs_on` says why. `precision` None is bfloat16 where the processor has it. A hub name
    that is not on this machine is fetched only if `allow_download`.
    Raises ValueError, ModelNotFound, ModelDamaged.
    """
    if precision not in (None, *_PRECISIONS):
        raise ValueError(f"precision is {precision!r}, expected one of {', '.join(_PRECISIONS)}")
    in_torch = _TorchFallback(model, precision, allow_download)
    if Runtime(runtime) is Runtime.TORCH:
        return in_torch("as the settings ask")
    missing = [name for name in ("openvino", "tokenizers") if not _importable(name)]
    if missing:
        return in_torch(f"not compiled: {' and '.join(missing)} not installed")
    source = locate_model(model)
    if source is None and allow_download:
        # Torch fetches it on loading; the next start finds its files.
        return in_torch("not compiled yet: it is being fetched")
    if source is None:
        raise ModelNotFound(
            f"no sentence-transformers model at {model!r}: "
            "give a model's folder, or the name of one in the local cache"
        )
    try:
        best = precision or best_precision()
    except (ImportError, RuntimeError) as error:
        return in_torch(f"not compiled: OpenVINO can't be loaded ({error})")
    root = cache_root(cache)
    key = form_key(model_digest(root, source.folder).content, _parts(best))
    request = _Request(model, source, precision, root, key, notify or _nobody)
    try:
        return _cached(request) or _made(request, best)
    except NotCompilable as reason:
        return in_torch(f"not compiled: {reason}")


@dataclass(frozen=True, slots=True)
class _TorchFallback:
    model: str | None
    precision: str | None
    allow_download: bool

    def __call__(self, note: str) -> Encoder:
        from embeddings.sentence_encoder import SentenceEncoder

        return SentenceEncoder(
            self.model, precision=self.precision, allow_download=self.allow_download, note=note
        )


def _parts(precision: str) -> dict[str, str]:
    """Return what a compiled form depends on beside the model: with any of it changed, it is
    another."""
    parts = {name: installed_version(name) for name in LIBRARIES}
    processor = processor_fingerprint(processor_flags())
    return parts | {"format": str(FORMAT), "precision": precision, "processor": processor}


def _cached(request: _Request) -> Encoder | None:
    """Return the compiled form from the cache, or None if there is none that is whole.

    Raises NotCompilable if this model was refused before.
    """
    if (known := refusal(request.root, request.key)) is not None:
        raise NotCompilable(known)
    if not request.place.exists():
        return None
    try:
        return CompiledEncoder(request.place, request.source.name)
    except CompiledFormDamaged as damage:
        request.notify(f"the compiled model is damaged and is made again: {damage}")
        return None
    except ImportError as error:
        raise NotCompilable(f"OpenVINO can't be loaded ({error})") from error


def _made(request: _Request, precision: str) -> Encoder:
    """Compile it into the cache, or for this process alone where the cache can't be written."""
    name = request.source.name
    request.notify(f"compiling {name} for this machine (once, some seconds)")
    try:
        made = _compiled(request, precision, new_folder(request.root))
        try:
            install(made, request.place, _is_whole)
        finally:
            shutil.rmtree(made, ignore_errors=True)
        return CompiledEncoder(request.place, name)
    except (OSError, CompiledFormDamaged) as error:
        reason = f"the cache {request.root} can't be written ({error})"
    try:
        made = _compiled(request, precision, Path(tempfile.mkdtemp(prefix="citewell-")))
    except OSError as error:
        raise NotCompilable(f"{reason}, nor can a temporary folder ({error})") from error
    encoder = CompiledEncoder(made, name, note=f"compiled for this process only: {reason}")
    weakref.finalize(encoder, shutil.rmtree, made, ignore_errors=True)
    return encoder


def _compiled(request: _Request, precision: str, folder: Path) -> Path:
    """Compile into `folder`, which is removed again if that fails."""
    # Unless it was asked for, bfloat16 gives way to float32 where it is not faithful.
    precisions = (precision,) if request.precision else tuple(dict.fromkeys((precision, "float32")))
    try:
        compile_apart(request.model, precisions, folder)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, NotCompilable):
            record_refusal(request.root, request.key, str(error))
        raise
    return folder


def _is_whole(place: Path) -> bool:
    try:
        read_form(place)
    except CompiledFormDamaged:
        return False
    return True


def _importable(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ValueError:
        # sys.modules holds None for it: somebody has ruled it out.
        return False


def _nobody(_message: str) -> None:
    return None


# ---- compiling in a process of its own --------------------------------------------------------


def compile_apart(model: str | None, precisions: Sequence[str], folder: Path) -> None:
    """Compile `model` into the empty `folder`, as compiling.compile_model does, in a process of
    its own.

    Raises NotCompilable, also if OpenVINO crashed on the model; ModelNotFound, ModelDamaged;
    OSError if `folder` can't be written or the process was stopped from outside.
    """
    ended = _run_compiling(model, precisions, folder)
    if ended.returncode == 0:
        return
    report = _reported(ended)
    if report is None and ended.returncode not in _STOPPED and len(precisions) > 1:
        # OpenVINO crashed on the first; what is left in the folder is written over.
        return compile_apart(model, precisions[1:], folder)
    _raise_reported(ended, report)


def _run_compiling(
    model: str | None, precisions: Sequence[str], folder: Path
) -> subprocess.CompletedProcess[str]:
    # -P: a file in the user's own folder must not stand in for a module of the same name.
    command = [sys.executable, "-P", "-m", "embeddings.compiling", ",".join(precisions)]
    return subprocess.run(
        [*command, str(folder), *([] if model is None else [model])],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def _reported(ended: subprocess.CompletedProcess[str]) -> tuple[str, str] | None:
    """Return the error's class and message that compiling.py printed; None if it did not get so
    far."""
    try:
        report = json.loads(ended.stdout.strip().splitlines()[-1])
        return str(report["error"]), str(report["message"])
    except (IndexError, ValueError, KeyError, TypeError):
        return None


def _raise_reported(
    ended: subprocess.CompletedProcess[str], report: tuple[str, str] | None
) -> NoReturn:
    if report is not None:
        kind, message = report
        raise _ERRORS.get(kind, OSError)(message)
    if ended.returncode in _STOPPED:
        raise OSError("compiling was stopped before it was finished")
    last = (ended.stderr.strip().splitlines() or ["no message"])[-1][:200]
    raise NotCompilable(f"compiling it ended with status {ended.returncode} ({last})")


def _environment() -> dict[str, str]:
    """This process's, with the folder that the package embeddings is in on the import path."""
    home = str(Path(__file__).resolve().parents[1])
    paths = [home, os.environ.get("PYTHONPATH", "")]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "PYTHONIOENCODING": "utf-8",
    }
