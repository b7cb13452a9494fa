"""Which encoder runs: the compiled one wherever it is faithful, torch otherwise and saying why."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

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
from embeddings.compiled_form import FORMAT, LIBRARIES, read_form
from embeddings.compiling_process import compile_apart
from embeddings.encoder import Encoder
from embeddings.errors import CompiledFormDamaged, ModelNotFound, NotCompilable
from embeddings.model_files import ModelSource, installed_version, locate_model
from embeddings.processor import processor_fingerprint, processor_flags

_PRECISIONS = ("float32", "bfloat16")


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
    """The encoder for a model: a folder, a hub name, or None for the default model.

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
    """What a compiled form depends on beside the model: with any of it changed, it is another."""
    parts = {name: installed_version(name) for name in LIBRARIES}
    processor = processor_fingerprint(processor_flags())
    return parts | {"format": str(FORMAT), "precision": precision, "processor": processor}


def _cached(request: _Request) -> Encoder | None:
    """The compiled form from the cache, or None if there is none that is whole.

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
