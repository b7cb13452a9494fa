"""A library's own constants of the evidence model: `calibration.json` in its folder.

    {"version": 1,
     "model": {"interaction": 24.75, "coverage": 6.02, "dense": 11.19, "intercept": -16.26},
     "verdicts": {"answered": 0.5, "weak": 0.1},
     "fitted": {"collection": "minutes.json", "answerable": 200, "unanswerable": 180,
                "encoder": "…"}}

The constants hold for the figures of one encoder only, which `encoder` names by its revision.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import LibraryDamaged, LibraryError, LibraryMismatch
from qa.settings import EvidenceSettings

CALIBRATION_FILE = "calibration.json"
_VERSION = 1
# Far more than the file ever has; what is longer is no calibration and is not read.
_MOST_BYTES = 64 * 1024
_CONSTANTS = ("interaction", "coverage", "dense", "intercept")
_THRESHOLDS = ("answered", "weak")


@dataclass(frozen=True, slots=True)
class Calibration:
    """Constants, and what they were fitted on: how many questions of which collection, with
    the encoder of which revision."""

    evidence: EvidenceSettings
    collection: str
    answerable: int
    unanswerable: int
    encoder: str


def evidence_settings(folder: Path, encoder: str) -> EvidenceSettings:
    """Return the constants for a library whose encoder has the revision `encoder`: its own, else
    the default. Raises LibraryDamaged, and LibraryMismatch if its own were fitted with another."""
    own = read_calibration(folder)
    if own is None:
        return EvidenceSettings()
    if own.encoder != encoder:
        raise LibraryMismatch(
            f"{folder / CALIBRATION_FILE} was fitted with another model than the library has "
            "now, so it would judge wrongly: fit it again with `qa calibrate … --save`, or go "
            "back to the default with `qa calibrate --reset`"
        )
    return own.evidence


def read_calibration(folder: Path) -> Calibration | None:
    """Return the calibration in a library's folder; None if it has none.

    Raises LibraryDamaged for a file that is not one, or not as it was written.
    """
    path = folder / CALIBRATION_FILE
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LibraryError(f"{path} can't be read: {error.strerror or error}") from error
    if len(data) > _MOST_BYTES:
        raise _damaged(path, f"more than {_MOST_BYTES:,} bytes")
    try:
        return _parse(json.loads(data), path)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError and JSON errors too
        raise _damaged(path, f"not JSON ({type(error).__name__})") from error


def write_calibration(folder: Path, calibration: Calibration) -> Path:
    """Put a calibration into a library's folder, in the place of the one before; its path.

    The file is there whole or not at all. Raises ValueError for constants that would not be
    read again, LibraryError if the folder can't be written to.
    """
    path = folder / CALIBRATION_FILE
    data = _data(calibration)
    if problem := _problem(data):
        raise ValueError(problem)
    try:
        handle, name = tempfile.mkstemp(prefix="new-", suffix=".json", dir=folder)
        made = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(json.dumps(data, indent=2) + "\n")
                file.flush()
                os.fsync(file.fileno())
            made.replace(path)
        finally:
            made.unlink(missing_ok=True)
    except OSError as error:
        raise LibraryError(f"{path} can't be written: {error.strerror or error}") from error
    return path


def remove_calibration(folder: Path) -> bool:
    """Go back to the default constants; whether there were others."""
    path = folder / CALIBRATION_FILE
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise LibraryError(f"{path} can't be removed: {error.strerror or error}") from error
    return True


def _data(calibration: Calibration) -> dict[str, Any]:
    evidence = calibration.evidence
    return {
        "version": _VERSION,
        "model": {name: getattr(evidence, name) for name in _CONSTANTS},
        "verdicts": {name: getattr(evidence, name) for name in _THRESHOLDS},
        "fitted": {
            "collection": calibration.collection,
            "answerable": calibration.answerable,
            "unanswerable": calibration.unanswerable,
            "encoder": calibration.encoder,
        },
    }


def _parse(data: object, path: Path) -> Calibration:
    if problem := _problem(data):
        raise _damaged(path, problem)
    assert isinstance(data, dict)
    numbers = {name: float(data["model"][name]) for name in _CONSTANTS}
    numbers |= {name: float(data["verdicts"][name]) for name in _THRESHOLDS}
    return Calibration(EvidenceSettings(**numbers), **data["fitted"])


def _problem(data: object) -> str | None:
    """Return what is wrong with a file's content, in words; None if nothing is."""
    if not isinstance(data, dict):
        return "not a JSON object"
    if data.get("version") != _VERSION:
        return f"version {data.get('version')!r}, expected {_VERSION}"
    for part, names in (("model", _CONSTANTS), ("verdicts", _THRESHOLDS)):
        given = data.get(part)
        if not isinstance(given, dict) or given.keys() != set(names):
            return f"{part!r} should have exactly {', '.join(names)}"
        for name in names:
            if not _is_number(given[name]):
                return f"{name} is {given[name]!r}, expected a finite number"
    verdicts = data["verdicts"]
    if not 0 <= verdicts["weak"] <= verdicts["answered"] <= 1:
        return (
            f"weak is {verdicts['weak']} and answered {verdicts['answered']}, expected "
            "0 ≤ weak ≤ answered ≤ 1"
        )
    return _problem_of_fitted(data.get("fitted"))


def _problem_of_fitted(given: object) -> str | None:
    kinds = {"collection": str, "answerable": int, "unanswerable": int, "encoder": str}
    if not isinstance(given, dict) or given.keys() != kinds.keys():
        return f"'fitted' should have exactly {', '.join(kinds)}"
    for name, kind in kinds.items():
        if type(given[name]) is not kind:
            return f"{name} is {given[name]!r}, expected {'words' if kind is str else 'a number'}"
    return None


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond any float
        return False


def _damaged(path: Path, problem: str) -> LibraryDamaged:
    return LibraryDamaged(
        f"{path} is no calibration that can be used: {problem}. Remove it with "
        "`qa calibrate --reset` (for a library elsewhere, with --library), or fit it again "
        "with `qa calibrate … --save` after that"
    )
