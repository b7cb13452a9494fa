"""Fixtures of the whole suite. No test may reach the network.

A test module names its files in FILES, name → text; `papers` are these files, `library` is a
library that they were added to, `store` and `own_store` are its store without a model.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from filelock import FileLock

import qa
from qa import sample
from qa.store.protocol import LibraryStore
from tests.support.checking_samples import store_of
from tests.support.hashing_encoder import HashingEncoder
from tests.support.library_homes import HOMES, Home


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Tests of single files run in the process that was started: to start others takes longer."""
    if all(".py" in argument for argument in config.args):
        return 0
    return None  # as many as there are processors


# What takes longest begins first, so that no process works alone at the end.
_LONGEST = (
    "tests/browser/",
    "tests/readers/test_hostile_files.py",
    "tests/cli/test_commands.py",
    "tests/ui/test_server.py",
    "tests/store/test_processes.py",
    "tests/embeddings/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; all others stay in their order."""

    def place(item: pytest.Item) -> int:
        begins = (item.nodeid.startswith(name) for name in _LONGEST)
        return next((number for number, found in enumerate(begins) if found), len(_LONGEST))

    items.sort(key=place)


@pytest.fixture(scope="module", autouse=True)
def collected_behind() -> Iterator[None]:
    """What Gradio left of a file's servers is collected when they have ended, not in the middle of
    the next file's tests, whichever that is."""
    yield
    if "gradio" in sys.modules:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """One empty cache of compiled models for all processes of this run; the person's own stays
    as it is."""
    run = tmp_path_factory.getbasetemp()
    folder = (run if worker_id == "master" else run.parent) / "cache"
    os.environ["CITEWELL_CACHE"] = str(folder)
    return folder


@pytest.fixture(scope="session")
def model_cache(cache_folder: Path) -> Path:
    """The cache with the default model in it. Whichever process needs it first compiles it."""
    from embeddings.loading import load_encoder

    with FileLock(f"{cache_folder}.lock"):
        load_encoder(cache=cache_folder)
    return cache_folder


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every attempt to open a socket fails and is recorded."""
    attempts: list[object] = []

    def refuse(*arguments: object, **named: object) -> None:
        attempts.append((arguments, named))
        raise OSError("the network is blocked in this test")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return attempts


def files_of(request: pytest.FixtureRequest) -> Mapping[str, str | bytes]:
    """The FILES of the module whose test is run."""
    files: Mapping[str, str | bytes] = request.module.FILES
    return files


@pytest.fixture
def encoder() -> HashingEncoder:
    """What `library` is made with: no model. A module may have one of its own."""
    return HashingEncoder()


@pytest.fixture
def papers(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The module's files in a folder of the test's own."""
    folder = tmp_path / "papers"
    folder.mkdir()
    for name, content in files_of(request).items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def library(papers: Path, tmp_path: Path, encoder: HashingEncoder) -> Iterator[qa.Library]:
    """A library of the module's files, the test's own."""
    with qa.open(tmp_path / "library", encoder=encoder) as opened:
        opened.add(papers)
        yield opened


@pytest.fixture(scope="module")
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LibraryStore]:
    """A store of the module's files, for all its tests: they read it and change nothing."""
    with store_of(tmp_path_factory.mktemp("store") / "library", files_of(request)) as made:
        yield made


@pytest.fixture
def own_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LibraryStore]:
    """A store of the module's files that the test may change."""
    with store_of(tmp_path / "library", files_of(request)) as made:
        yield made


@pytest.fixture(scope="session")
def sample_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a library of the sample documents, to be copied by whoever changes it."""
    folder = tmp_path_factory.mktemp("sample") / "library"
    with qa.open(folder, encoder=HashingEncoder()) as library:
        library.add(sample.documents())
    return folder


@pytest.fixture(params=HOMES)
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """The home of a library of each kind, in which nothing is yet."""
    return HOMES[request.param](tmp_path)
