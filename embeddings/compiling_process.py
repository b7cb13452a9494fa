"""Runs compiling.py in a process of its own and says how it went. Imports no library."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from embeddings.errors import ModelDamaged, ModelNotFound, NotCompilable

# Ends that somebody outside decided on: they say nothing about the model.
_STOPPED = {
    -getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGKILL", "SIGHUP")
    if hasattr(signal, name)
}
_ERRORS = {kind.__name__: kind for kind in (ModelDamaged, ModelNotFound, NotCompilable)}


def compile_apart(model: str | None, precisions: Sequence[str], folder: Path) -> None:
    """Compile `model` into the empty `folder`, as compiling.compile_model does.

    Raises NotCompilable, also if OpenVINO crashed on the model; ModelNotFound, ModelDamaged;
    OSError if `folder` can't be written or the process was stopped from outside.
    """
    ended = _run(model, precisions, folder)
    if ended.returncode == 0:
        return
    report = _report(ended)
    if report is None and ended.returncode not in _STOPPED and len(precisions) > 1:
        # OpenVINO crashed on the first; what is left in the folder is written over.
        return compile_apart(model, precisions[1:], folder)
    _raise(ended, report)


def _run(
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


def _report(ended: subprocess.CompletedProcess[str]) -> tuple[str, str] | None:
    """The error's class and message that compiling.py printed; None if it did not get so far."""
    try:
        report = json.loads(ended.stdout.strip().splitlines()[-1])
        return str(report["error"]), str(report["message"])
    except (IndexError, ValueError, KeyError, TypeError):
        return None


def _raise(ended: subprocess.CompletedProcess[str], report: tuple[str, str] | None) -> NoReturn:
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
