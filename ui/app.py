"""The page: which Gradio components there are, and what each event does.

Everything that shows text of documents is a surface: a gr.HTML with a fixed, empty template,
whose script builds nodes from data. No value ever enters a template.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import gradio as gr

from ui.chat import LONGEST_QUESTION, Asked, answer, empty, resume
from ui.check_page import check_calls, limits
from ui.desk import Call, Desk, server_function
from ui.library_page import library_calls
from ui.notebook import notebook_calls
from ui.resources import all_words
from ui.routes import add_endpoints

TITLE = "Citewell"
_ANSWERS_AT_ONCE = 4
_MOUNT = """import(new URL('citewell/assets/main.js', document.baseURI).href).then(
  (page) => page.mount(NAME, { element, trigger, props, server, watch }),
);
// Events that Python listens to: EVENTS
"""


def interface_texts() -> gr.I18n:
    """Return the words of Gradio's own components, which picks the browser's language."""
    return gr.I18n(**all_words())


def build_page(desk: Desk) -> gr.Blocks:
    """Build the whole page over one library."""
    words = interface_texts()
    page: gr.Blocks
    with gr.Blocks(title=TITLE, fill_width=True, analytics_enabled=False) as page:
        _surface("topbar", {}, desk, value={"login": desk.sessions.login})
        conversation = gr.State("")
        with gr.Row(elem_id="cw-chat", elem_classes="cw-page"):
            filters = _side(desk, words)
            with gr.Column(elem_id="cw-main", scale=3, min_width=0):
                thread = _surface("thread", notebook_calls(desk), desk, ("ask", "open", "stop"))
                question, send, stop = _composer(words)
            with gr.Column(elem_id="cw-reader", scale=2, min_width=0):
                _surface("viewer", _viewer_calls(desk), desk)
        with gr.Column(elem_id="cw-check", elem_classes="cw-page"):
            _surface("check", check_calls(desk), desk, value=limits())
        with gr.Column(elem_id="cw-library", elem_classes="cw-page"):
            library = _surface("library", library_calls(desk), desk, ("changed",))
        with gr.Column(elem_id="cw-notebook", elem_classes="cw-page"):
            _surface("notebook", notebook_calls(desk), desk)
        _wire(desk, thread, conversation, question, send, stop, filters)
        library.changed(
            lambda: _choices(desk),
            outputs=filters[:2],
            api_visibility="private",
            show_progress="hidden",
        )
        page.load(
            lambda: _choices(desk),
            outputs=filters[:2],
            api_visibility="private",
            show_progress="hidden",
        )
        add_endpoints(desk)
    page.queue(default_concurrency_limit=_ANSWERS_AT_ONCE, max_size=200, api_open=False)
    return page


def _surface(
    name: str,
    calls: dict[str, Call],
    desk: Desk,
    events: tuple[str, ...] = (),
    value: Any = None,
) -> gr.HTML:
    """A place that the page's scripts fill. `events` must stand quoted in the script: that is how
    Gradio knows that the component has them."""
    script = _MOUNT.replace("NAME", json.dumps(name)).replace("EVENTS", json.dumps(events))
    return gr.HTML(
        value=value if value is not None else {},
        html_template='<div class="cw-surface"></div>',
        js_on_load=script,
        apply_default_css=False,
        elem_id=f"cw-{name}-surface",
        server_functions=[server_function(key, call, desk) for key, call in calls.items()],
    )


def _side(desk: Desk, words: gr.I18n) -> list[gr.components.Component]:
    with gr.Column(elem_id="cw-side", scale=1, min_width=0):
        _surface("conversations", notebook_calls(desk), desk)
        with gr.Column(elem_id="cw-filters"):
            speakers = gr.Dropdown(
                [], multiselect=True, label=words("filter.speakers"), elem_id="cw-speakers"
            )
            sources = gr.Dropdown(
                [], multiselect=True, label=words("filter.sources"), elem_id="cw-sources"
            )
            with gr.Row(elem_id="cw-dates"):
                since = gr.Textbox(
                    label=words("filter.since"), placeholder="2024-01", max_length=10, min_width=80
                )
                until = gr.Textbox(
                    label=words("filter.until"), placeholder="2024-12", max_length=10, min_width=80
                )
    return [speakers, sources, since, until]


def _composer(words: gr.I18n) -> tuple[gr.Textbox, gr.Button, gr.Button]:
    with gr.Row(elem_id="cw-composer"):
        question = gr.Textbox(
            label=words("ask.label"),
            show_label=False,
            placeholder=words("ask.placeholder"),
            lines=1,
            max_lines=6,
            max_length=LONGEST_QUESTION,
            autofocus=True,
            scale=1,
            elem_id="cw-question",
        )
        send = gr.Button(words("ask.send"), variant="primary", scale=0, elem_id="cw-send")
        stop = gr.Button(words("ask.stop"), variant="stop", scale=0, elem_id="cw-stop")
    return question, send, stop


def _wire(
    desk: Desk,
    thread: gr.HTML,
    conversation: gr.State,
    question: gr.Textbox,
    send: gr.Button,
    stop: gr.Button,
    filters: list[gr.components.Component],
) -> None:
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}

    def typed(
        words: str,
        held: str,
        speakers: Any,
        sources: Any,
        since: str,
        until: str,
        request: gr.Request,
    ) -> Iterator[tuple[Any, ...]]:
        if not words.strip():
            yield gr.skip(), held, gr.skip()
            return
        asked = _asked(words, speakers, sources, since, until)
        for step in answer(asked, held, desk.person(request), desk):
            yield step, step["conversation"], ""

    def clicked(
        held: str,
        speakers: Any,
        sources: Any,
        since: str,
        until: str,
        event: gr.EventData,
        request: gr.Request,
    ) -> Iterator[tuple[Any, ...]]:
        wanted = event._data or {}
        speakers, sources, since, until = _without(
            str(wanted.get("drop", "")), speakers, sources, since, until
        )
        asked = _asked(
            str(wanted.get("question", "")),
            speakers,
            sources,
            since,
            until,
            understand=wanted.get("understand") is not False,
        )
        for step in answer(asked, held, desk.person(request), desk):
            yield step, step["conversation"], speakers, sources, since, until

    def opened(event: gr.EventData, request: gr.Request) -> tuple[dict[str, Any], str]:
        wanted = str((event._data or {}).get("conversation", ""))
        shown = resume(wanted, desk.person(request), desk) if wanted else empty(desk)
        return shown, shown["conversation"]

    # Not "once": after a stop Gradio counts a question as pending until its thread ends, and would
    # drop the next one without a word.
    quiet["trigger_mode"] = "multiple"
    shown = {"outputs": [thread, conversation, question], **quiet}
    asks = [
        question.submit(typed, [question, conversation, *filters], **shown),
        send.click(typed, [question, conversation, *filters], **shown),
        thread.ask(clicked, [conversation, *filters], [thread, conversation, *filters], **quiet),
    ]
    thread.open(opened, None, [thread, conversation], **quiet)
    stop.click(
        None,
        cancels=asks,
        js="() => document.dispatchEvent(new Event('citewell:stopped'))",
        api_visibility="private",
    )


def _asked(
    words: str, speakers: Any, sources: Any, since: Any, until: Any, *, understand: bool = True
) -> Asked:
    return Asked(
        question=str(words),
        speakers=tuple(str(name) for name in speakers or ()),
        sources=tuple(str(name) for name in sources or ()),
        since=str(since or ""),
        until=str(until or ""),
        understand=understand,
    )


def _without(
    drop: str, speakers: Any, sources: Any, since: Any, until: Any
) -> tuple[Any, Any, Any, Any]:
    """Return the filters without the kind whose chip the person removed."""
    if drop == "speaker":
        speakers = []
    elif drop == "source":
        sources = []
    elif drop == "dates":
        since = until = ""
    return speakers, sources, since, until


def _choices(desk: Desk) -> tuple[Any, Any]:
    contents = desk.catalogue.contents()
    # An explicit pair keeps a name that looks like a translation from being taken for one.
    speakers = [(name, name) for name in contents.speakers]
    sources = [(name, name) for name in contents.names.values()]
    return gr.update(choices=speakers), gr.update(choices=sources)


def _viewer_calls(desk: Desk) -> dict[str, Call]:
    view = desk.view
    return {
        "source_open": lambda data, person: view.open(
            data["source"], int(data["start"]), int(data["end"]), data.get("check")
        ),
        "source_rows": lambda data, person: view.rows_near(
            data["source"],
            int(data["at"]),
            bool(data["back"]),
            (int(data["mark"][0]), int(data["mark"][1])),
        ),
        "source_find": lambda data, person: view.find(data["source"], str(data["needle"])),
        "source_outline": lambda data, person: view.outline(data["source"]),
    }
