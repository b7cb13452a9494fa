"""The routes beside Gradio's own (static files, uploads, drafts in files), and the named endpoints
for programs: `gradio_client`, or plain HTTP on /gradio_api/call/NAME."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, get_type_hints

import gradio as gr
from fastapi import FastAPI
from gradio.events import api
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from qa import CitewellError, EmbeddingError
from qa.api import NAMES, Calls
from ui.desk import Desk
from ui.drafts import LARGEST_DRAFT_FILE, receive_draft
from ui.resources import all_words, asset_text, media_type
from ui.uploads import LARGEST_FILE, TooLarge, receive

_LONGEST_NAME = 1_000
_AT_ONCE = 4


def add_routes(app: FastAPI, desk: Desk) -> None:
    """Serve /citewell/assets/NAME and POST /citewell/upload and draft, both with ?name=NAME; an
    upload with &replaces=SOURCE is a later version of a source that was uploaded."""

    @app.get("/citewell/assets/{name}")
    async def asset(name: str) -> Response:
        if name == "texts.json":
            words = json.dumps(all_words(), ensure_ascii=False)
            return Response(words, media_type="application/json")
        kind = media_type(name)
        try:
            return Response(
                asset_text(name) if kind else "",
                200 if kind else 404,
                media_type=kind,
                headers={"Cache-Control": "no-cache"},
            )
        except FileNotFoundError:
            return Response(status_code=404)

    @app.post("/citewell/upload")
    async def upload(request: Request) -> Response:
        if desk.additions is None:
            return JSONResponse({"error": "this library is served for reading only"}, 403)
        name = request.query_params.get("name", "")[:_LONGEST_NAME]
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > LARGEST_FILE:
            return JSONResponse({"error": "too_large", "limit": LARGEST_FILE}, 413)
        try:
            earlier = _replaced(request, desk)
        except CitewellError as error:
            return JSONResponse({"error": str(error)}, 409)
        try:
            kept = await receive(request.stream(), name, desk.additions.folder, earlier)
        except TooLarge as error:
            return JSONResponse({"error": str(error), "limit": LARGEST_FILE}, 413)
        except CitewellError as error:
            return JSONResponse({"error": str(error)}, 507)
        except ClientDisconnect:
            return Response(status_code=400)
        job = desk.additions.submit(kept, desk.person(request))
        return JSONResponse({"job": job, "name": kept.path.name})

    @app.post("/citewell/draft")
    async def draft(request: Request) -> Response:
        """Return a draft's text, and where its format marks block quotes; it is not kept."""
        name = request.query_params.get("name", "")[:_LONGEST_NAME]
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > LARGEST_DRAFT_FILE:
            return JSONResponse({"error": "too_large", "limit": LARGEST_DRAFT_FILE}, 413)
        try:
            read = await receive_draft(request.stream(), name)
        except TooLarge as error:
            return JSONResponse({"error": str(error), "limit": LARGEST_DRAFT_FILE}, 413)
        except CitewellError as error:
            return JSONResponse({"error": str(error)}, 422)
        except ClientDisconnect:
            return Response(status_code=400)
        blocks = [[block.start, block.end] for block in read.blocks]
        return JSONResponse({"name": read.name, "text": read.text, "blocks": blocks})


def _replaced(request: Request, desk: Desk) -> Path | None:
    """Return the uploaded source that a request's file is a later version of."""
    name = request.query_params.get("replaces", "")[:_LONGEST_NAME]
    if not name:
        return None
    path = Path(desk.catalogue.path(name))
    if desk.additions is None or not desk.additions.uploaded(path):
        raise CitewellError(f"{name} was not uploaded here: add its new version where it lies")
    return path


def add_endpoints(desk: Desk) -> None:
    """Add the calls of qa.api, which ui.security lets through, to the page under
    construction."""
    calls = Calls(desk.library, desk.catalogue, desk.drafts.check)
    for name in NAMES:
        api(_endpoint(getattr(calls, name)), api_name=name, concurrency_limit=_AT_ONCE)


def _endpoint(call: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Return the call as Gradio takes it; errors of Citewell's own are told to the program."""

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
