"""The named endpoints for programs: `gradio_client`, or plain HTTP on /gradio_api/call/NAME."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, get_type_hints

import gradio as gr
from gradio.events import api

from qa import CitewellError, EmbeddingError
from qa.api import NAMES, Calls
from ui.desk import Desk

_AT_ONCE = 4


def add_endpoints(desk: Desk) -> None:
    """Add the calls of qa.api, which ui.security lets through, to the page under
    construction."""
    calls = Calls(desk.library, desk.catalogue, desk.drafts.check)
    for name in NAMES:
        api(_endpoint(getattr(calls, name)), api_name=name, concurrency_limit=_AT_ONCE)


def _endpoint(call: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """The call as Gradio takes it; what Citewell raises on purpose is told to the program."""

    @wraps(call)
    def told(*given: Any) -> dict[str, Any]:
        try:
            return call(*given)
        except (CitewellError, EmbeddingError, ValueError) as error:
            raise gr.Error(str(error), print_exception=False) from error

    # Gradio looks at the function itself, and evaluates annotations where that stands.
    del told.__wrapped__
    told.__signature__ = inspect.signature(call)  # type: ignore[attr-defined]
    told.__annotations__ = {**get_type_hints(call), "return": dict}
    return told
