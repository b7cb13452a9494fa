"""A compiled model on disk: what its folder holds, and that it is what was written.

The manifest lists every file with its size and SHA-256 and carries a seal over itself, so a
changed, missing or half-written file shows before anything is read from it. A form is made for
one kind of processor, and in the precision that it computes in.
"""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.encoder import FloatMatrix
from embeddings.errors import CompiledFormDamaged
from embeddings.model_files import installed_version
from embeddings.sentence_head import Activation, Dense, Normalize, PoolingMode, SentenceHead

# Raised when the layout or the meaning of a compiled form changes: older ones are made again.
FORMAT = 2
# With another version of any of these it is made again.
LIBRARIES = ("openvino", "sentence-transformers", "tokenizers", "torch", "transformers")


@dataclass(frozen=True, slots=True)
class FormFiles:
    """Every name inside a compiled form's folder."""

    manifest: str = "manifest.json"
    network: str = "transformer.xml"
    weights: str = "transformer.bin"
    tokenizer: str = "tokenizer.json"

    def dense(self, index: int, part: str) -> str:
        return f"dense-{index}-{part}.npy"


FILES = FormFiles()
_CPUINFO = Path("/proc/cpuinfo")
_FLAG_LINES = ("flags", "features")
_BFLOAT16_FLAGS = frozenset({"amx_bf16", "avx512_bf16"})
_DENSE_PARTS = ("weight", "bias")


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Prompt:
    """Text put before every text, and how many word pieces it makes at the front."""

    text: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Parity:
    """The lowest cosine to the float32 reference over the probe texts: of sentence vectors, and of
    a text's token vectors on average."""

    sentences: float
    tokens: float


@dataclass(frozen=True, slots=True)
class CompiledForm:
    """What the compiled encoder needs beside the network and the tokenizer."""

    revision: str
    dimension: int
    precision: str
    max_tokens: int
    pad_id: int
    truncation: Side
    question: Prompt
    passage: Prompt
    head: SentenceHead
    parity: Parity


def write_form(folder: Path, form: CompiledForm) -> None:
    """Write the head's arrays and, last, the manifest of all files in `folder`."""
    layers: list[dict[str, str]] = []
    for index, layer in enumerate(form.head.layers):
        if isinstance(layer, Normalize):
            layers.append({"kind": "normalize"})
            continue
        for part in _DENSE_PARTS:
            np.save(folder / FILES.dense(index, part), getattr(layer, part), allow_pickle=False)
        layers.append({"kind": "dense", "activation": layer.activation})
    body: dict[str, Any] = {
        name: value
        for name, value in ((name, getattr(form, name)) for name in CompiledForm.__slots__)
        if name not in ("question", "passage", "head", "parity")
    }
    body |= {name: asdict(getattr(form, name)) for name in ("question", "passage", "parity")}
    body["head"] = {
        "modes": list(form.head.modes),
        "pools_prompt": form.head.pools_prompt,
        "layers": layers,
    }
    body |= _made_by()
    body["files"] = {
        path.name: {"size": path.stat().st_size, "sha256": _sha256(path)}
        for path in sorted(folder.iterdir())
        if path.name != FILES.manifest
    }
    text = json.dumps({"seal": _seal(body), "body": body}, indent=1, sort_keys=True)
    (folder / FILES.manifest).write_text(text, encoding="utf-8")


def read_form(folder: Path) -> CompiledForm:
    """Return a compiled form whose every file is as it was written. Raises CompiledFormDamaged."""
    try:
        manifest = json.loads((folder / FILES.manifest).read_text(encoding="utf-8"))
        body = manifest["body"]
        if manifest["seal"] != _seal(body):
            raise CompiledFormDamaged(f"{folder / FILES.manifest} does not match its own seal")
        if body["format"] != FORMAT:
            raise CompiledFormDamaged(f"{folder} has format {body['format']!r}, expected {FORMAT}")
        for name in _names(body["head"]["layers"]):
            file = body["files"][name]
            _verify(folder / name, file["size"], file["sha256"])
        return _form(folder, body)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise CompiledFormDamaged(f"{folder} is no complete compiled model ({error!r})") from error


def is_current(folder: Path) -> bool:
    """Return whether a compiled form is one that the versions installed here would look for."""
    try:
        body = json.loads((folder / FILES.manifest).read_text(encoding="utf-8"))["body"]
        return {name: body[name] for name in _made_by()} == _made_by()
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return False


def _made_by() -> dict[str, Any]:
    return {"format": FORMAT, "libraries": {name: installed_version(name) for name in LIBRARIES}}


def _form(folder: Path, body: dict[str, Any]) -> CompiledForm:
    head = body["head"]
    return CompiledForm(
        revision=str(body["revision"]),
        dimension=int(body["dimension"]),
        precision=str(body["precision"]),
        max_tokens=int(body["max_tokens"]),
        pad_id=int(body["pad_id"]),
        truncation=Side(body["truncation"]),
        question=Prompt(**body["question"]),
        passage=Prompt(**body["passage"]),
        head=SentenceHead(
            modes=tuple(PoolingMode(mode) for mode in head["modes"]),
            pools_prompt=bool(head["pools_prompt"]),
            layers=tuple(_layer(folder, i, layer) for i, layer in enumerate(head["layers"])),
        ),
        parity=Parity(**body["parity"]),
    )


def _names(layers: list[dict[str, str]]) -> list[str]:
    """Return every file that will be read: one the manifest does not list is not trusted either."""
    dense = [
        FILES.dense(index, part)
        for index, layer in enumerate(layers)
        if layer["kind"] == "dense"
        for part in _DENSE_PARTS
    ]
    return [FILES.network, FILES.weights, FILES.tokenizer, *dense]


def _layer(folder: Path, index: int, layer: dict[str, str]) -> Dense | Normalize:
    if layer["kind"] == "normalize":
        return Normalize()
    weight, bias = (_array(folder / FILES.dense(index, part)) for part in _DENSE_PARTS)
    return Dense(weight, bias, Activation(layer["activation"]))


def _array(path: Path) -> FloatMatrix:
    return np.asarray(np.load(path, allow_pickle=False), dtype=np.float32)


def _verify(path: Path, size: int, sha256: str) -> None:
    if path.stat().st_size != size or _sha256(path) != sha256:
        raise CompiledFormDamaged(f"{path} is not the file that was written there")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _seal(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


# ---- the processor ------------------------------------------------------------------------------


def processor_flags(cpuinfo: Path = _CPUINFO) -> frozenset[str] | None:
    """Return the instruction set extensions of the first core, or None where the system lists
    none."""
    try:
        with cpuinfo.open(encoding="utf-8", errors="replace") as lines:
            # The first core speaks for all: reading on costs milliseconds on large machines.
            for line in lines:
                name, _, flags = line.partition(":")
                if name.strip().lower() in _FLAG_LINES:
                    return frozenset(flags.split())
    except OSError:
        return None
    return None


def multiplies_bfloat16(flags: frozenset[str] | None) -> bool | None:
    """Return whether bfloat16 products run in hardware (AMX or AVX512-BF16); None if that isn't
    known."""
    return None if flags is None else bool(flags & _BFLOAT16_FLAGS)


def processor_fingerprint(flags: frozenset[str] | None) -> str:
    """16 hexadecimal digits that differ between processors of different instruction sets."""
    words = [platform.system(), platform.machine(), *sorted(flags or ())]
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]
