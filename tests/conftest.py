"""Fixtures of the whole suite. No test may reach the network."""

from __future__ import annotations

import gc
import os
import socket
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

# Before any library that would look at them is imported.
os.environ.update(
    GRADIO_ANALYTICS_ENABLED="False",
    HF_HUB_OFFLINE="1",
    HF_HUB_DISABLE_TELEMETRY="1",
    DO_NOT_TRACK="1",
)
if "PYTEST_XDIST_WORKER" in os.environ:
    # There is a process for each processor: libraries' own threads would only wait for each other.
    os.environ["OMP_NUM_THREADS"] = "1"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Tests of single files run in the process that was started: to start others takes longer."""
    if all(".py" in argument for argument in config.args):
        return 0
    return None  # as many as there are processors


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
