"""What every part of the page works with: one library, what is kept beside it, who is asking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import gradio as gr
from starlette.requests import Request

from qa import CitewellError, EmbeddingError, Library, Notebook
from ui.additions import Additions
from ui.catalogue import Catalogue
from ui.drafts import Drafts
from ui.sessions import Sessions
from ui.source_view import SourceView

Call = Callable[[dict[str, Any], str], dict[str, Any]]
ServerFunction = Callable[[dict[str, Any], gr.Request], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Desk:
    """`keeping` is None where nothing may be written."""

    library: Library
    catalogue: Catalogue
    view: SourceView
    sessions: Sessions
    drafts: Drafts
    keeping: Notebook | None
    additions: Additions | None

    def person(self, request: gr.Request | Request) -> str:
        """Return who sent a request. Raises CitewellError if a login is required and missing."""
        # Component calls get Starlette's request itself, events get Gradio's wrapper of it.
        raw = request if isinstance(request, Request) else request.request
        person = self.sessions.person(raw.cookies if raw is not None else {})
        if person is None:
            raise CitewellError("log in first")
        return person


def server_function(name: str, call: Call, desk: Desk) -> ServerFunction:
    """Return a function that the page's scripts can call by name with one object.

    What Citewell raises on purpose comes back as {"error": message}; the page shows it. A
    malformed object is the caller's fault and named as such.
    """

    @wraps(call)
    def served(data: dict[str, Any], request: gr.Request) -> dict[str, Any]:
        try:
            person = desk.person(request)
            if not isinstance(data, dict):
                raise CitewellError(f"got {type(data).__name__}, expected one object")
            return call(data, person)
        except (CitewellError, EmbeddingError) as error:
            return {"error": str(error)}
        except (KeyError, TypeError, ValueError) as error:
            return {"error": f"the request can't be understood: {type(error).__name__} {error}"}

    # Gradio reads the parameters' annotations, and the wrapped function has others.
    del served.__wrapped__
    served.__annotations__ = {"data": dict, "request": gr.Request}
    served.__name__ = name
    return served
