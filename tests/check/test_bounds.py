"""Many quotations, citation tokens in every form of the report, and what the options say."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pytest

import qa
from qa.anchoring.resolving import Standing
from qa.check.checker import Checker
from qa.check.corpus_view import CorpusView
from qa.check.drift import citation_of
from qa.check.records import MOST_QUOTATIONS, CheckReport
from qa.check.reports.data import report_data, report_json, report_junit, report_sarif
from qa.check.reports.html import report_html
from qa.check.reports.text import report_lines, report_markdown
from qa.check.reports.wording import with_names
from qa.check.wording import find_words
from qa.cli.main import main
from qa.errors import InvalidQuery
from qa.records import Span
from qa.store.opening import open_citations
from qa.store.protocol import LibraryStore

TALK = """Talk on the bridge
4 March 2024

Mayor Ada Brandt: We support a time limit, and we can live with ninety minutes. The old bridge is
safe, and the gauge stood at 7.84 metres.
"""


# ---- bounds --------------------------------------------------------------------------
FILES = {"talk.txt": TALK}


def test_quotations_beyond_the_most_are_told_and_none_is_dropped(store: LibraryStore) -> None:
    draft = "“The old bridge”, “is safe”, “a time limit”, “ninety minutes”"
    report = Checker(store).draft(draft, most=2)
    assert [one.text for one in report.quotations] == ["The old bridge", "is safe"]
    assert [draft[s.start : s.end] for s in report.unchecked] == ["a time limit", "ninety minutes"]
    assert all(one.ok for one in report.quotations)
    assert not report.ok
    (warned,) = report.warnings
    assert warned.kind == "too_many_quotations"
    assert warned.message.startswith("2 further quotations were not checked: at most 2 of a draft")
    assert draft[warned.start : warned.end] == "a time limit”, “ninety minutes"
    data = report_data(report)
    assert data["warnings"][0]["kind"] == "too_many_quotations"
    assert data["unchecked"] == [{"start": s.start, "end": s.end} for s in report.unchecked]
    for form in (report_html, report_markdown, report_sarif, report_junit):
        assert "2 further quotations were not checked" in form(report, "d.md")
    assert list(report_lines(report, "d.md"))[-2:] == [
        f"warning: {warned.message}",
        "2 quotations, 2 in order, 0 to look at; 2 not checked",
    ]
    suite = ElementTree.fromstring(report_junit(report, "d.md"))[0]
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    with pytest.raises(InvalidQuery, match="most is 0"):
        Checker(store).draft(draft, most=0)


@pytest.mark.parametrize(
    ("draft", "checked"),
    [
        ("“the” " * 25_000, MOST_QUOTATIONS),
        ("“" + "the " * 25_000 + "”", 1),
        ("“" * 5_000 + "x" + "”" * 5_000 + '"' * 10_000, None),
        ("“" + "bridge " * 150_000 + "”", 1),
        ("“" + "safe … " * 20_000 + "”", 1),
        (", — сказал он, — «" * 5_000, None),
    ],
)
def test_pathological_drafts_end_in_bounded_time(
    store: LibraryStore, draft: str, checked: int | None
) -> None:
    began = time.perf_counter()
    report = Checker(store).draft(draft)
    assert time.perf_counter() - began < 10
    assert checked is None or len(report.quotations) == checked


def test_the_facade_takes_block_quotes_and_the_most(store: LibraryStore) -> None:
    draft = "As she said:\nWe support a time limit\n“The old bridge”"
    start = draft.index("We")
    with qa.open(store.index_folder, create=False, read_only=True) as library:
        report = library.check(draft, blocks=[Span(start, start + 23)], most=1)
        assert [one.text for one in report.quotations] == ["We support a time limit"]
        assert len(report.unchecked) == 1
        assert library._session.checking() is library._session.checking()


def test_threads_share_one_checker(store: LibraryStore) -> None:
    draft = "“The old bridge”, “the new bridge” and “ninety … minutes”, Ada Brandt said."
    with qa.open(store.index_folder, create=False, read_only=True) as library:
        alone = library.check(draft)
        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(library.check, [draft] * 12)) == [alone] * 12


def test_words_of_headings_are_found_where_only_the_index_and_letters_are_read(
    store: LibraryStore,
) -> None:
    found = find_words(CorpusView(store, small=0), "Talk on the bridge")
    assert found.wording.value == "exact"
    assert find_words(CorpusView(store, small=0), "Talk … bridge").wording.value == "shortened"
    assert (
        find_words(CorpusView(store, small=0), "[T]alk on the bridge").wording.value == "shortened"
    )
    assert find_words(CorpusView(store, small=0), "Talk off the bridge").wording.value != "exact"


def test_a_changed_decimal_is_shown_whole(store: LibraryStore) -> None:
    (found,) = Checker(store).draft("“the gauge stood at 7.85 metres”").quotations
    assert [(c.kind, c.draft, c.source) for c in found.changes] == [("number", "7.85", "7.84")]


# ---- citation tokens in reports ------------------------------------------------------


@pytest.fixture(scope="module")
def cited(store: LibraryStore) -> CheckReport:
    start = TALK.index("The old bridge")
    registry = open_citations(store.index_folder)
    own = registry.add(citation_of(store, "talk.txt", start, start + 14))
    draft = f"“The old bridge is\nsafe” [{own.token}]; cw:0000000000."
    return Checker(store, registry).draft(draft)


def test_every_form_lists_the_tokens_with_their_standing(cited: CheckReport) -> None:
    own, unknown = (one.token for one in cited.citations)
    assert [one.standing for one in cited.citations] == [Standing.INTACT, Standing.GONE]
    markdown = report_markdown(cited, "d.md")
    assert f"| 2 | `{own}` | intact | the source is unchanged |" in markdown
    assert f"| 2 | `{unknown}` | gone | no citation is kept under this token |" in markdown
    page = report_html(cited, "d.md")
    assert f"<code>{own}</code></a> intact: the source is unchanged</li>" in page
    assert f'<a id="c2"><mark class="bad">{unknown}</mark></a>' in page
    results = json.loads(report_sarif(cited, "d.md"))["runs"][0]["results"]
    told = {result["ruleId"]: result["level"] for result in results}
    assert (told["citation_intact"], told["citation_gone"]) == ("note", "error")
    gone = next(result for result in results if result["ruleId"] == "citation_gone")
    region = gone["locations"][0]["physicalLocation"]["region"]
    assert cited.draft[region["charOffset"] :][: region["charLength"]] == unknown


def test_a_report_for_people_names_sources_shortly(cited: CheckReport) -> None:
    short = with_names(cited, lambda path: Path(path).name)
    lines = "\n".join(report_lines(short, "d.md"))
    assert "· talk.txt, " in lines
    assert "/sources/" not in lines


def test_json_can_be_looked_at_in_a_terminal(store: LibraryStore) -> None:
    report = Checker(store).draft("“The old\u202e\x1b[31m bridge\x9b”")
    for written in (report_json(report), report_sarif(report, "d\x1b.md")):
        assert not re.search("[\x00-\x09\x1b\x80-\x9f\u202e]", written)
    assert json.loads(report_json(report))["quotations"][0]["text"] == report.quotations[0].text


def test_two_forms_at_once_are_refused(
    store: LibraryStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = tmp_path / "d.md"
    draft.write_text("“The old bridge”", encoding="utf-8")
    given = ["check", "--library", str(store.index_folder), str(draft), "--json"]
    assert main([*given, "--format", "html"]) == 2
    assert "--json and --format html are two forms" in capsys.readouterr().err
    assert main([*given, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True
    assert main([*given, "--most", "0"]) == 2
    assert "--most is 0" in capsys.readouterr().err
