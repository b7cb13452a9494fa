"""Fixtures of the whole suite. No test may reach the network."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

# Before any library that would look at them is imported.
os.environ.update(
    GRADIO_ANALYTICS_ENABLED="False",
    HF_HUB_OFFLINE="1",
    HF_HUB_DISABLE_TELEMETRY="1",
    DO_NOT_TRACK="1",
)


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache of compiled models for all tests, so that the model is compiled once."""
    folder = tmp_path_factory.mktemp("cache")
    os.environ["CITEWELL_CACHE"] = str(folder)
    return folder


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
