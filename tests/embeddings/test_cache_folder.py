"""The cache of compiled models clears away what no installed version can use any more."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from embeddings import compiled_form
from embeddings.cache_folder import mark_used, new_folder
from embeddings.compiled_form import (
    FILES,
    CompiledForm,
    Parity,
    Prompt,
    Side,
    is_current,
    write_form,
)
from embeddings.sentence_head import PoolingMode, SentenceHead

DAY = 86_400.0
CONTENT = "0123456789ab"


def make_form(root: Path, name: str, days: float) -> Path:
    """A compiled form of no network that was last used so many days ago."""
    folder = root / name
    folder.mkdir(parents=True)
    nothing = Prompt("", 0)
    head = SentenceHead((PoolingMode.MEAN,), pools_prompt=True, layers=())
    write_form(
        folder,
        CompiledForm("r", 4, "float32", 8, 0, Side.RIGHT, nothing, nothing, head, Parity(1.0, 1.0)),
    )
    make_old(folder / FILES.manifest, days)
    return folder


def make_old(path: Path, days: float) -> None:
    then = time.time() - days * DAY
    os.utime(path, (then, then))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A cache that knows one model."""
    known = tmp_path / "known"
    known.mkdir()
    (known / "folder.json").write_text(json.dumps({"content": CONTENT + "f" * 52, "files": []}))
    return tmp_path


def test_forms_of_the_installed_versions_stay_however_old(root: Path) -> None:
    forms = [make_form(root, f"{CONTENT}-{key}", days=400) for key in ("one", "two")]
    new_folder(root)
    assert all(is_current(form) for form in forms)


def test_forms_of_other_versions_go_a_month_after_their_last_use(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = (f"{CONTENT}-used", f"{CONTENT}-unused", "ffffffffffff-unused")
    used, unused, other = (
        make_form(root, name, days) for name, days in zip(names, (29, 31, 31), strict=True)
    )
    monkeypatch.setattr(compiled_form, "installed_version", lambda _: "another")
    assert not is_current(used)
    new_folder(root)
    assert [form.exists() for form in (used, unused, other)] == [True, False, False]
    assert len(list(root.glob(".making-*"))) == 1


def test_forms_of_a_model_that_has_changed_go_too(root: Path) -> None:
    changed = make_form(root, "ffffffffffff-key", days=31)
    recent = make_form(root, "ffffffffffff-other", days=29)
    new_folder(root)
    assert not changed.exists()
    assert is_current(recent)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"body": 3}', '{"body": {"format": 2}}', "[" * 100_000]
)
def test_what_is_no_form_any_more_goes_and_what_never_was_one_stays(root: Path, text: str) -> None:
    damaged = make_form(root, f"{CONTENT}-damaged", days=1)
    (damaged / FILES.manifest).write_text(text)
    make_old(damaged / FILES.manifest, days=31)
    bystander = root / "notes"
    bystander.mkdir()
    (bystander / "mine.txt").write_text("kept")
    make_old(bystander / "mine.txt", days=400)
    new_folder(root)
    assert not damaged.exists()
    assert (bystander / "mine.txt").read_text() == "kept"
    assert (root / "known" / "folder.json").exists()


def test_use_is_remembered_to_the_day(root: Path) -> None:
    form = make_form(root, f"{CONTENT}-key", days=20)
    mark_used(form)
    first = (form / FILES.manifest).stat().st_mtime
    assert time.time() - first < 60
    make_old(form / FILES.manifest, days=0.5)
    half = (form / FILES.manifest).stat().st_mtime
    mark_used(form)
    assert (form / FILES.manifest).stat().st_mtime == half
    # A cache that can't be written, or is gone, is no reason not to run.
    mark_used(root / "gone")
