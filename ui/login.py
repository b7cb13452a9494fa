"""The log-in page: plain HTML without scripts, shown when the server has a password file."""

from __future__ import annotations

import anyio.to_thread
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ui.passwords import LONGEST_NAME, LONGEST_PASSWORD, Accounts
from ui.resources import Texts, asset_text, language_of
from ui.sessions import COOKIE, LIFETIME_SECONDS, Attempts, Sessions


def add_login(app: FastAPI, people: Accounts, sessions: Sessions, root_path: str) -> None:
    """Serve /login and /logout."""
    attempts = Attempts()

    def page(request: Request, message: str = "", status: int = 200) -> HTMLResponse:
        texts = Texts.of(language_of(request.headers.get("accept-language", "")))
        fields = {key: texts[f"login.{key}"] for key in ("title", "name", "password", "enter")}
        html = asset_text("login.html")
        for key, text in {**fields, "lang": texts.language, "message": message}.items():
            html = html.replace(f"[[{key}]]", text)
        return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})

    @app.get("/login")
    async def show(request: Request) -> Response:
        return page(request)

    @app.get("/citewell/login.css")
    async def style() -> Response:
        return Response(asset_text("login.css"), media_type="text/css")

    @app.post("/login")
    async def enter(request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=8)
        name, password = str(form.get("name", "")), str(form.get("password", ""))
        texts = Texts.of(language_of(request.headers.get("accept-language", "")))
        address = request.client.host if request.client else ""
        wait = attempts.wait(f"address {address}", f"name {name[:LONGEST_NAME]}")
        if wait > 0:
            response = page(request, texts["login.wait"].replace("{seconds}", f"{wait:.0f}"), 429)
            response.headers["Retry-After"] = f"{wait:.0f}"
            return response
        known = len(name) <= LONGEST_NAME and len(password) <= LONGEST_PASSWORD
        # scrypt takes its time by design; the page must not stand still meanwhile.
        if not (known and await anyio.to_thread.run_sync(people.check, name, password)):
            return page(request, texts["login.wrong"], 401)
        done = RedirectResponse(f"{root_path}/", 303)
        done.set_cookie(
            COOKIE,
            sessions.begin(name),
            max_age=LIFETIME_SECONDS,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
            path=f"{root_path}/",
        )
        return done

    @app.get("/logout")
    async def leave(request: Request) -> Response:
        sessions.end(request.cookies.get(COOKIE, ""))
        done = RedirectResponse(f"{root_path}/login", 303)
        done.delete_cookie(COOKIE, path=f"{root_path}/")
        return done
