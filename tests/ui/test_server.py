"""The served page seen from outside: what is refused, who may see what, programs' endpoints."""

from __future__ import annotations

import gc
import io
import json
import re
import shutil
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

import ui
from qa.api.calls import NAMES, Calls, SourceNames
from qa.errors import CitewellError
from tests.support.hashing_encoder import HashingEncoder
from ui.passwords import set_password

# Gradio leaves event loops open and uses what pandas and others have deprecated.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
PASSWORDS = {"anna": "correct horse battery", "boris": "staple of the harbour"}


@pytest.fixture(scope="module")
def folder(sample_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that the module's tests keep conversations beside."""
    return shutil.copytree(sample_library, tmp_path_factory.mktemp("served") / "library")


@pytest.fixture(scope="module")
def open_server(folder: Path) -> Iterator[Any]:
    """For one person on this machine, without a log-in."""
    running = ui.start(folder, encoder=HashingEncoder())
    yield running
    running.stop()


@pytest.fixture(scope="module")
def login_server(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """For colleagues, with a file of people."""
    people = tmp_path_factory.mktemp("people") / "people.txt"
    for name, password in PASSWORDS.items():
        set_password(people, name, password)
    running = ui.start(folder, encoder=HashingEncoder(), auth_file=people)
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    yield
    gc.collect()


def client(server: Any, **options: Any) -> httpx.Client:
    return httpx.Client(base_url=server.url, timeout=20, **options)


def logged_in(server: Any, name: str) -> httpx.Client:
    session = client(server)
    answer = session.post("/login", data={"name": name, "password": PASSWORDS[name]})
    assert answer.status_code == 303
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=lax" in answer.headers["set-cookie"]
    return session


def components(session: httpx.Client) -> dict[str, int]:
    """elem_id → component id, as the page's own scripts learn it."""
    config = session.get("/config").json()
    return {
        part["props"]["elem_id"]: part["id"]
        for part in config["components"]
        if part["props"].get("elem_id")
    }


def server_call(session: httpx.Client, surface: str, name: str, data: Any) -> Any:
    answer = session.post(
        "/gradio_api/component_server",
        json={
            "component_id": components(session)[f"cw-{surface}-surface"],
            "fn_name": name,
            "session_hash": "test",
            "data": data,
        },
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def api(session: httpx.Client, name: str, *data: Any) -> Any:
    """The documented way over plain HTTP: POST for an id, then the event stream."""
    answer = session.post(f"/gradio_api/call/{name}", json={"data": list(data)})
    assert answer.status_code == 200, answer.text
    stream = session.get(f"/gradio_api/call/{name}/{answer.json()['event_id']}").text
    events = re.findall(r"event: (\w+)\ndata: (.*)\n", stream)
    kind, data_text = next(event for event in events if event[0] in ("complete", "error"))
    return json.loads(data_text)[0] if kind == "complete" else json.loads(data_text)


# ---- headers, hosts, origins, paths ------------------------------------------------------


def test_every_answer_carries_the_security_headers(open_server: Any) -> None:
    with client(open_server) as session:
        for path in ("/", "/config", "/nothing", "/citewell/assets/main.js", "/theme.css"):
            headers = session.get(path).headers
            policy = headers["content-security-policy"]
            assert "default-src 'self'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-frame-options"] == "DENY"
            assert headers["referrer-policy"] == "same-origin"
            assert "server" not in headers


def test_each_page_has_a_nonce_of_its_own_on_every_script(open_server: Any) -> None:
    nonces = set()
    with client(open_server) as session:
        for _ in range(2):
            page = session.get("/")
            nonce = re.search(r"'nonce-([\w-]+)'", page.headers["content-security-policy"])[1]
            scripts = re.findall(r"<script[^>]*>", page.text)
            assert len(scripts) >= 3
            assert all(f'nonce="{nonce}"' in script for script in scripts)
            nonces.add(nonce)
    assert len(nonces) == 2


def test_only_known_hosts_and_origins_are_served(open_server: Any) -> None:
    with client(open_server) as session:
        assert session.get("/", headers={"Host": "evil.example"}).status_code == 400
        assert session.get("/", headers={"Host": "localhost.evil.example:80"}).status_code == 400
        assert session.get("/", headers={"Host": "localhost:1"}).status_code == 200
        for headers in (
            {"Origin": "http://evil.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ):
            for path in (
                "/gradio_api/component_server",
                "/gradio_api/queue/join",
                "/citewell/upload?name=a.txt",
                "/gradio_api/call/ask",
            ):
                assert session.post(path, content="{}", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=http://127.0.0.1:1/secret",
        "/gradio_api/file=https://example.org/",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=..%2f..%2fetc%2fpasswd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=http://example.hf.space/",
        "/gradio_api/upload",
        "/gradio_api/vibe-edit",
        "/gradio_api/vibe-code",
        "/gradio_api/process_recording",
        "/gradio_api/runs",
        "/gradio_api/token",
        "/gradio_api/dev/reload",
        "/gradio_api/deep_link",
        "/gradio_api/stream/x/1/2/playlist.m3u8",
        "/monitoring",
        "/citewell/assets/..%2fapp.py",
        "/citewell/assets/login.html",
        "/docs",
        "/openapi.json",
    ],
)
def test_what_the_page_does_not_need_is_not_there(open_server: Any, path: str) -> None:
    with client(open_server) as session:
        assert session.get(path).status_code == 404
        assert session.post(path, content="{}").status_code in (404, 405)


def test_large_requests_are_refused(open_server: Any) -> None:
    with client(open_server) as session:
        big = "x" * (2 * 1024 * 1024)
        assert session.post("/gradio_api/component_server", content=big).status_code == 413
        chunks = (b"x" for _ in range(10))
        assert session.post("/gradio_api/queue/join", content=chunks).status_code == 413


def test_beyond_loopback_a_login_is_required(tmp_path: Path) -> None:
    with pytest.raises(CitewellError, match="a log-in is required"):
        ui.start(tmp_path / "library", host="0.0.0.0", encoder=HashingEncoder())
    with pytest.raises(CitewellError, match="can't be read"):
        ui.start(
            tmp_path / "library",
            host="0.0.0.0",
            encoder=HashingEncoder(),
            auth_file=tmp_path / "nobody.txt",
        )


# ---- logging in --------------------------------------------------------------------------


def test_nothing_is_served_without_logging_in(login_server: Any) -> None:
    with client(login_server) as session:
        assert session.get("/").headers["location"] == "/login"
        assert session.get("/login").status_code == 200
        for path in (
            "/config",
            "/gradio_api/info",
            "/gradio_api/queue/data?session_hash=a",
            "/citewell/assets/main.js",
            "/theme.css",
        ):
            assert session.get(path).status_code == 401
        for path in (
            "/gradio_api/call/ask",
            "/gradio_api/queue/join",
            "/gradio_api/cancel",
            "/gradio_api/component_server",
            "/citewell/upload?name=a.txt",
        ):
            assert session.post(path, content="{}").status_code == 401
        assert session.get("/", cookies={"citewell_session": "made-up"}).status_code == 303


def test_logging_in_and_out(login_server: Any) -> None:
    with closing(logged_in(login_server, "anna")) as session:
        assert "Citewell" in session.get("/").text
        token = session.cookies["citewell_session"]
        session.get("/logout")
        again = session.get("/", headers={"Cookie": f"citewell_session={token}"})
        assert again.status_code == 303


def test_wrong_passwords_are_slowed_down(folder: Path, tmp_path: Path) -> None:
    people = tmp_path / "people.txt"
    set_password(people, "anna", PASSWORDS["anna"])
    running = ui.start(folder, encoder=HashingEncoder(), auth_file=people, read_only=True)
    try:
        with client(running) as session:
            tries = [
                session.post("/login", data={"name": "anna", "password": f"guess {number}"})
                for number in range(8)
            ]
            assert [answer.status_code for answer in tries] == [401] * 5 + [429] * 3
            assert int(tries[-1].headers["retry-after"]) > 0
            right = session.post("/login", data={"name": "anna", "password": PASSWORDS["anna"]})
            assert right.status_code == 429
    finally:
        running.stop()


def test_one_persons_conversations_are_out_of_anothers_reach(login_server: Any) -> None:
    from qa.notebook.records import exchange_of
    from qa.store.opening import open_notebook

    keeping = open_notebook(login_server.library.folder)
    answer = login_server.library.ask("What was said about damage in crowns?")
    kept = exchange_of(answer, id="annas-own", asked_at="2024-05-01T10:00:00+00:00")
    conversation = keeping.keep_exchange("anna", None, kept)
    with (
        closing(logged_in(login_server, "anna")) as anna,
        closing(logged_in(login_server, "boris")) as boris,
    ):
        mine = server_call(anna, "conversations", "conversations", {})["conversations"]
        assert [item["id"] for item in mine] == [conversation]
        assert server_call(boris, "conversations", "conversations", {})["conversations"] == []
        for name, data in [
            ("rename_conversation", {"id": conversation, "title": "x"}),
            ("delete_conversation", {"id": conversation}),
            ("export", {"conversation": conversation, "format": "markdown"}),
            ("pin", {"exchange": "annas-own", "number": 0}),
            ("feedback", {"exchange": "annas-own", "number": 0, "kind": "right"}),
        ]:
            assert "error" in server_call(boris, "conversations", name, data), name
        assert server_call(anna, "thread", "pin", {"exchange": "annas-own", "number": 0})["pin"]
        assert server_call(boris, "notebook", "pins", {})["pins"] == []
    assert keeping.title("anna", conversation) == "What was said about damage in crowns?"


# ---- endpoints for programs --------------------------------------------------------------


def test_ask_source_and_sources_over_plain_http(open_server: Any) -> None:
    with client(open_server) as session:
        listed = api(session, "sources")
        assert len(listed["sources"]) == 10
        answer = api(
            session, "ask", "What damage was reported in crowns?", None, None, None, None, 3, True
        )
        assert 1 <= len(answer["quotes"]) <= 3
        for quote in answer["quotes"]:
            text = api(session, "source", quote["source"], quote["start"], quote["end"])
            assert text["text"] == quote["text"]
            assert "/" not in quote["source"]
        assert "/" not in json.dumps(listed).replace("text/", "")


def test_bad_calls_get_a_clear_error_and_no_path(open_server: Any) -> None:
    with client(open_server) as session:
        assert "no word in it" in json.dumps(
            api(session, "ask", "?!", None, None, None, None, 3, True)
        )
        limit = api(session, "ask", "pier", None, None, None, None, 9999, True)
        assert "expected 1 to 50" in json.dumps(limit)
        for name in ("/etc/passwd", "../../etc/passwd", "nothing.txt", ""):
            told = json.dumps(api(session, "source", name, 0, 10))
            assert "root:" not in told
            assert "error" in told


def test_only_the_named_endpoints_are_public(open_server: Any) -> None:
    with client(open_server) as session:
        info = session.get("/gradio_api/info").json()
        assert set(info["named_endpoints"]) == {
            "/ask",
            "/find",
            "/check",
            "/source",
            "/sources",
        }
        assert info["unnamed_endpoints"] == {}
        for name in ("typed", "clicked", "opened", "predict"):
            assert session.post(f"/gradio_api/call/{name}", json={"data": []}).status_code == 404


def test_http_takes_what_mcp_takes(open_server: Any) -> None:
    with client(open_server) as session:
        info = session.get("/gradio_api/info").json()["named_endpoints"]
    assert set(info) == {f"/{name}" for name in NAMES}
    from qa.api.mcp_server import tools

    for tool in tools(Calls(open_server.library, SourceNames(open_server.library))):
        name, schema = tool.name, tool.parameters
        taken = {one["parameter_name"]: one for one in info[f"/{name}"]["parameters"]}
        assert set(taken) == set(schema["properties"])
        assert info[f"/{name}"]["description"].split() == tool.description.split()
        for parameter, one in taken.items():
            assert one["parameter_has_default"] == (parameter not in schema.get("required", ()))
            if one["parameter_has_default"]:
                assert one["parameter_default"] == schema["properties"][parameter]["default"]


def test_the_official_client_can_ask(open_server: Any) -> None:
    from gradio_client import Client

    program = Client(open_server.url, verbose=False, analytics_enabled=False)
    answer = program.predict(question="What damage was reported?", limit=2, api_name="/ask")
    assert len(answer["quotes"]) == 2
    program.close()


def test_malformed_calls_are_answered_in_words(open_server: Any) -> None:
    with client(open_server) as session:
        for data in (
            None,
            [],
            "x",
            {},
            {"source": 5, "start": 0, "end": 1},
            {"source": "events-transcripts.txt", "start": "x", "end": 1},
            {"source": "../../etc/passwd", "start": 0, "end": 1},
        ):
            assert "error" in server_call(session, "viewer", "source_open", data)


# ---- uploads -----------------------------------------------------------------------------


def wait_for(session: httpx.Client, job: str) -> dict[str, Any]:
    for _ in range(400):
        (state,) = server_call(session, "library", "upload_status", {"ids": [job]})["jobs"]
        if state["ended"]:
            return state
        threading.Event().wait(0.05)
    raise AssertionError("the upload did not end")


def test_two_people_upload_at_once_and_lose_nothing(tmp_path: Path) -> None:
    running = ui.start(tmp_path / "library", encoder=HashingEncoder())
    texts = {
        (person, number): f"Report {number}\n\nThe {person} lighthouse number {number} was lit.\n"
        for person in ("north", "south")
        for number in range(4)
    }
    jobs: list[str] = []

    def upload(person: str) -> None:
        with client(running) as session:
            for number in range(4):
                answer = session.post(
                    "/citewell/upload",
                    params={"name": f"report-{number}.txt"},
                    content=texts[person, number].encode(),
                )
                jobs.append(answer.json()["job"])

    try:
        threads = [threading.Thread(target=upload, args=(name,)) for name in ("north", "south")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with client(running) as session:
            assert {wait_for(session, job)["state"] for job in jobs} == {"added"}
            again = session.post(
                "/citewell/upload",
                params={"name": "report-0.txt"},
                content=texts["north", 0].encode(),
            )
            assert wait_for(session, again.json()["job"])["state"] == "unchanged"
        held = {running.library.text(source.path) for source in running.library.sources()}
        assert held == set(texts.values())
        with client(running) as session:
            name = server_call(session, "library", "library_list", {})["sources"][0]["name"]
            server_call(session, "library", "library_remove", {"source": name})
            assert len(running.library.sources()) == 7
            assert len(list((tmp_path / "library" / "uploads").iterdir())) == 7
            assert server_call(session, "library", "library_verify", {})["ok"] is True
    finally:
        running.stop()


def test_an_archive_is_added_without_its_bad_members_and_goes_with_its_last(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("notes/quay.txt", "The quay was closed in June.\n")
        archive.writestr("notes/crane.txt", "The crane was painted in May.\n")
        archive.writestr("scan.pdf", b"%PDF-1.7 broken off")
    running = ui.start(tmp_path / "library", encoder=HashingEncoder())
    try:
        with client(running) as session:
            answer = session.post(
                "/citewell/upload", params={"name": "folder.zip"}, content=held.getvalue()
            )
            state = wait_for(session, answer.json()["job"])
            assert state["state"] == "added"
            assert re.fullmatch(r"scan\.pdf: is damaged, .+", state["reason"])
            listed = server_call(session, "library", "library_list", {})["sources"]
            names = [source["name"] for source in listed]
            assert len(names) == 2
            uploads = tmp_path / "library" / "uploads"
            server_call(session, "library", "library_remove", {"source": names[0]})
            assert [path.name for path in uploads.iterdir()] == ["folder.zip"]
            server_call(session, "library", "library_remove", {"source": names[1]})
            assert list(uploads.iterdir()) == []
    finally:
        running.stop()


def test_hostile_names_stay_in_the_uploads_folder(tmp_path: Path) -> None:
    running = ui.start(tmp_path / "library", encoder=HashingEncoder())
    names = [
        "../../escape.txt",
        "/etc/cron.d/x.txt",
        "C:\\windows\\x.txt",
        "..",
        "",
        "\0.txt",
        "a\u202etxt.exe",
        "x" * 900 + ".txt",
        "<img src=x onerror=alert(1)>.txt",
        ".hidden.txt",
        "con\n\r.txt",
        "${1+1}.txt",
    ]
    try:
        with client(running) as session:
            for number, name in enumerate(names):
                answer = session.post(
                    "/citewell/upload", params={"name": name}, content=f"Text {number}.\n".encode()
                )
                assert answer.status_code == 200, (name, answer.text)
                wait_for(session, answer.json()["job"])
        uploads = (tmp_path / "library" / "uploads").resolve()
        kept = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix == ".txt"]
        assert kept
        assert all(path.resolve().parent == uploads for path in kept)
        assert all(path.name.isprintable() and not path.name.startswith(".") for path in kept)
    finally:
        running.stop()


def test_only_what_was_uploaded_is_replaced(tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("The heronry has nine nests.\n", "utf-8")
    running = ui.start(tmp_path / "library", encoder=HashingEncoder())
    try:
        running.library.add(mine)
        with client(running) as session:
            for name in ("mine.txt", "nowhere.txt", "/etc/passwd"):
                where = f"/citewell/upload?name=a.txt&replaces={name}"
                assert session.post(where, content=b"other words").status_code == 409
            job = session.post("/citewell/upload?name=a.txt", content=b"First words.").json()["job"]
            wait_for(session, job)
            where = "/citewell/upload?name=b.txt&replaces=a.txt"
            for content, expected in (
                (b"\x89PNG\r\n\x1a\n\0\0", "First words."),
                (b"Later.", "Later."),
            ):
                wait_for(session, session.post(where, content=content).json()["job"])
                assert running.library.text("a.txt") == expected
        assert mine.read_text("utf-8") == "The heronry has nine nests.\n"
        uploads = tmp_path / "library" / "uploads"
        assert [file.name for file in uploads.iterdir()] == ["a.txt"]
        assert len(running.library.sources()) == 2
    finally:
        running.stop()


def test_uploads_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ui.routes
    import ui.uploads

    monkeypatch.setattr(ui.uploads, "LARGEST_FILE", 1000)
    monkeypatch.setattr(ui.routes, "LARGEST_FILE", 1000)
    running = ui.start(tmp_path / "library", encoder=HashingEncoder())
    try:
        with client(running) as session:
            for content in (b"x" * 2000, (b"x" * 100 for _ in range(20))):
                answer = session.post("/citewell/upload", params={"name": "a.txt"}, content=content)
                assert answer.status_code == 413
            binary = session.post(
                "/citewell/upload", params={"name": "a.png"}, content=b"\x89PNG\0\1"
            )
            state = wait_for(session, binary.json()["job"])
            assert state["state"] == "failed"
            assert state["reason"]
        assert list((tmp_path / "library" / "uploads").iterdir()) == []
    finally:
        running.stop()


def test_a_read_only_server_changes_nothing(folder: Path) -> None:
    running = ui.start(folder, encoder=HashingEncoder(), read_only=True)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    try:
        with client(running) as session:
            assert (
                session.post("/citewell/upload", params={"name": "a.txt"}, content=b"x").status_code
                == 403
            )
            for surface, name, data in [
                ("library", "library_remove", {"source": "events-transcripts.txt"}),
                ("thread", "pin", {"exchange": "x", "number": 0}),
            ]:
                assert "reading only" in server_call(session, surface, name, data)["error"]
            assert api(session, "ask", "damage", None, None, None, None, 1, True)["quotes"]
    finally:
        running.stop()
    after = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    assert set(after) - set(before) <= {
        path for path in after if path.name.endswith(("-shm", "-wal"))
    }
    assert all(
        after[path] == time
        for path, time in before.items()
        if path in after and not path.name.endswith(("-shm", "-wal"))
    )
