"""The suite. What its processes' environment says is set here, before anything is imported."""

from __future__ import annotations

import os

os.environ.update(
    GRADIO_ANALYTICS_ENABLED="False",
    HF_HUB_OFFLINE="1",
    HF_HUB_DISABLE_TELEMETRY="1",
    DO_NOT_TRACK="1",
)
if "PYTEST_XDIST_WORKER" in os.environ:
    # There is a process for each processor: libraries' own threads would only wait for each other.
    os.environ["OMP_NUM_THREADS"] = "1"
