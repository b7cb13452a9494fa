"""Drafts: their quotations, what is claimed of them, the warnings, the reports, the fixing."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from qa.check.checker import Checker
from qa.check.drafts import draft_of, read_draft
from qa.check.fixing import diff_lines, fixed
from qa.check.quotations import find_quotations, spoken, unclosed
from qa.check.records import CheckReport
from qa.check.reports.data import report_data, report_junit, report_sarif
from qa.check.reports.html import report_html
from qa.check.reports.text import report_markdown
from qa.cli import main as command_line
from qa.errors import ReadError
from qa.language.dates import agrees, dates_in
from qa.language.people import same_person
from qa.store.protocol import LibraryStore
from qa.store.source_names import text_of
from tests.support.checking_samples import store_of

MEETING = """Events
Meeting of the bridge council
The council met at the town hall.
March 4, 2024
15:30
Town Hall, Lidmar
* * *
Mayor of Lidmar Ada Brandt: Colleagues, good afternoon.
We support a time limit, and we can live with ninety minutes. But the toll is another matter.
A lock-keeper told me: “The river did not surprise us, madam.” I will never sign a rule that
closes the bridge at night.
Engineer of Lidmar Ben Kolar: Thank you. If the money comes, we shall begin in May.
The divers worked on nineteen days. I do not think the pier has failed.
Ada Brandt: Then it is decided. The bridge stays open.
"""
INTERVIEW = """Tomas Pell on the Viaduct
18 April 2024
Tomas Pell, Chief Engineer of the Railway, spoke to the staff paper.
– What did the divers find under the pier?
The viaduct has eleven spans and was finished in 1889.
– When will trains run again over the river?
We had expected to reopen both tracks on 27 May.
– And what will the whole repair cost in the end?
For the viaduct alone our estimate today is 12.4 million crowns.
"""
RUSSIAN = """Заседание комиссии
12 апреля 2024 года
г. Ветлужин
* * *
Председатель комиссии Аглая Северцева: Добрый день, коллеги. Начну с неприятного.
Главный инженер Глеб Тарханин: Спасибо. Технически есть третий путь, но он дорогой.
Аглая Северцева: Благодарю. Решаем на один сезон.
"""


# ---- finding quotations --------------------------------------------------------------
FILES = {"meeting.txt": MEETING, "pell.txt": INTERVIEW, "ru.txt": RUSSIAN}


@pytest.mark.parametrize(
    ("draft", "texts"),
    [
        ('He said “yes” and "no".', ["yes", "no"]),
        (
            "«Да», „Nein“, »Doch«, ”Ja”, ‘Aye’ and 'nay'.",
            ["Да", "Nein", "Doch", "Ja", "Aye", "nay"],
        ),
        ("We don't know the governments' plan of the '90s.", []),
        ("‘The governments’ plan is good’, he said.", ["The governments’ plan is good"]),
        ("“Outer ‘inner’ rest”", ["Outer ‘inner’ rest", "inner"]),
        ("A 5\" pipe of 6' length.", []),
        ("“Over\ntwo lines”", ["Over\ntwo lines"]),
        ("“First part.\n\n“Second part.”", ["First part.", "Second part."]),
        ("“Never closed and “closed” here", ["closed"]),
        ("「東京」と言った", ["東京"]),
        ("> A block quote.\n\nText.", ["A block quote."]),
        ("“…”", []),
    ],
)
def test_quotation_marks_of_all_kinds(draft: str, texts: list[str]) -> None:
    found = find_quotations(draft)
    assert [quotation.text for quotation in found] == texts
    assert all(draft[q.start : q.end] == q.text for q in found)


def test_a_block_quote_of_several_lines_is_one_without_its_marks() -> None:
    (found,) = find_quotations("Said:\n\n> one\n> two\n> — Ada Brandt\n")
    assert found.text == "one\n> two"
    assert spoken(found) == "one\ntwo"


# ---- claims and attribution ----------------------------------------------------------


@pytest.mark.parametrize(
    ("draft", "speaker", "date", "attribution"),
    [
        ("As Ada Brandt said in March 2024, “{q}”", "Ada Brandt", "2024-03", "right"),
        ("“{q}” (Brandt, 4 March 2024).", "Brandt", "2024-03-04", "right"),
        ("“{q}” (Brandt, 5 March 2024).", "Brandt", "2024-03-05", "wrong_date"),
        ("“{q},” said Ben Kolar.", "Ben Kolar", None, "wrong_speaker"),
        ("“{q},” Kolar told the paper on 4 March 2024.", "Kolar", "2024-03-04", "wrong_speaker"),
        ("According to Ada Brandt, “{q}”.", "Ada Brandt", None, "right"),
        ("Ada Brandt: “{q}”", "Ada Brandt", None, "right"),
        ("The mayor, Ada Brandt, said “{q}”.", "Ada Brandt", None, "right"),
        ("Ben Kolar was told by Ada Brandt: “{q}”", "Ada Brandt", None, "right"),
        ("Ada Brandt (the mayor) said: “{q}”", "Ada Brandt", None, "right"),
        ("Ben Kolar, the engineer, said “{q}”.", "Ben Kolar", None, "wrong_speaker"),
        ("“{q}” — Ada Brandt, Mayor", "Ada Brandt", None, "right"),
        ("“{q},” she said.", None, None, "no_claim"),
        ("Kolar was there. “{q}” That was all.", None, None, "no_claim"),
        ("“{q}”[^1]\n\n[^1]: Ben Kolar, 4 March 2024", "Ben Kolar", "2024-03-04", "wrong_speaker"),
    ],
)
def test_claims_near_a_quotation(
    store: LibraryStore, draft: str, speaker: str | None, date: str | None, attribution: str
) -> None:
    text = draft.format(q="We support a time limit, and we can live with ninety minutes")
    checked = Checker(store).draft(text).quotations[0]
    assert checked.verdict.verified
    assert (checked.claimed.speaker, checked.claimed.date) == (speaker, date)
    assert checked.attribution.value == attribution


@pytest.mark.parametrize(
    ("draft", "attribution"),
    [
        ("«Технически есть третий путь», — сказал Глеб Тарханин.", "right"),
        ("По словам Глеба Тарханина, «технически есть третий путь».", "right"),
        ("Как отметила Северцева, «технически есть третий путь».", "wrong_speaker"),
        ("«Технически есть третий путь», — заявил он.", "no_claim"),
    ],
)
def test_claims_in_russian(store: LibraryStore, draft: str, attribution: str) -> None:
    assert Checker(store).draft(draft).quotations[0].attribution.value == attribution


def test_what_is_not_the_speakers_own_word(store: LibraryStore) -> None:
    question = Checker(store).quote(
        "What did the divers find under the pier?", speaker="Tomas Pell"
    )
    assert question.attribution.value == "interviewer"
    heading = Checker(store).quote("Meeting of the bridge council", speaker="Ada Brandt")
    assert heading.attribution.value == "not_speech"
    reported = Checker(store).quote("The river did not surprise us", speaker="Ada Brandt")
    assert reported.attribution.value == "reported"
    elsewhere = Checker(store).quote("We support a time limit", source="pell.txt")
    assert elsewhere.attribution.value == "wrong_document"
    right = Checker(store).quote(
        "We support a time limit", source="meeting.txt", speaker="Brandt", date="2024"
    )
    assert right.attribution.value == "right"
    assert not question.ok
    assert right.ok


def test_a_file_named_beside_a_quotation_is_a_claim(store: LibraryStore) -> None:
    draft = "“We support a time limit” (pell.txt). “The bridge stays open” (see meeting.txt)."
    first, second = Checker(store).draft(draft).quotations
    assert first.attribution.value == "wrong_document"
    assert second.attribution.value == "right"


def test_names_and_dates_agree_or_not() -> None:
    assert same_person("Putin", "Vladimir Putin")
    assert same_person("Северцевой", "Аглая Северцева")
    assert not same_person("Brandt", "Ben Kolar")
    assert not same_person("Ada Kolar", "Ben Kolar")
    written = "On 4 March 2024, May 16, 2022, 2022-05-16, in мае 2022 года, 16.05.2022, 31.02.2022"
    assert [date.date for date in dates_in(written)] == [
        *("2024-03-04", "2022-05-16", "2022-05-16", "2022-05", "2022-05-16"),
    ]
    assert agrees("--05-16", "2022-05-16") is True
    assert agrees("2022-05", "2022") is None


# ---- warnings ------------------------------------------------------------------------


def kinds(store: LibraryStore, quote: str) -> set[str]:
    return {warned.kind for warned in Checker(store).quote(quote).warnings}


def test_what_is_left_out_is_warned_of(store: LibraryStore) -> None:
    assert "omitted_negation" in kinds(store, "I will … sign a rule that closes the bridge")
    assert "omitted_negation" in kinds(store, "I [do] think the pier has failed")
    assert "inserted_negation" in kinds(store, "The bridge stays [not] open")
    assert "crosses_speaker" in kinds(store, "begin in May … The bridge stays open")
    assert kinds(store, "The bridge … open.") == set()


def test_the_sentence_around_is_warned_of(store: LibraryStore) -> None:
    assert {"begins_mid_sentence", "turned_before"} <= kinds(store, "we shall begin in May")
    assert {"begins_mid_sentence", "turned_before"} <= kinds(store, "the pier has failed")
    assert "sentence_goes_on" in kinds(store, "We support a time limit")
    assert "turned_next" in kinds(
        store, "We support a time limit, and we can live with ninety minutes."
    )
    assert kinds(store, "The divers worked on nineteen days.") == set()
    offered = Checker(store).quote("we shall begin in May").warnings[0]
    assert offered.text == "If the money comes, we shall begin in May."
    assert offered.start is not None
    assert MEETING[offered.start : offered.end] == offered.text


def test_an_answers_quote_can_be_warned_of_too(store: LibraryStore) -> None:
    start = MEETING.index("we shall begin in May")
    found = Checker(store).warnings("meeting.txt", start, start + len("we shall begin in May"))
    assert [warned.kind for warned in found] == ["begins_mid_sentence", "turned_before"]


# ---- reports -------------------------------------------------------------------------

DRAFT = (
    "Ada Brandt said: “We support a time limit, and we can live with eighty minutes.” "
    "“The bridge stays open.” <b>“$nothing `like` {this} at all, ever”</b>\n"
)


@pytest.fixture(scope="module")
def report(store: LibraryStore) -> CheckReport:
    return Checker(store).draft(DRAFT)


def test_the_report_as_data(store: LibraryStore, report: CheckReport) -> None:
    data = json.loads(json.dumps(report_data(report)))
    assert data["counts"] == {"exact": 1, "encoded": 0, "shortened": 0, "altered": 1, "absent": 1}
    first, second, _ = data["quotations"]
    assert first["verdict"] == "altered"
    assert first["changes"] == [{"kind": "number", "draft": "eighty", "source": "ninety"}]
    assert {"text", "start", "end", "verdict", "matches", "attribution", "warnings"} <= set(second)
    match = second["matches"][0]
    assert match["speaker"] == "Ada Brandt"
    assert match["date"] == "2024-03-04"
    assert text_of(store, match["source"])[match["start"] : match["end"]] == match["text"]
    for quotation in data["quotations"]:
        assert DRAFT[quotation["start"] : quotation["end"]] == quotation["text"]


def test_html_escapes_what_it_shows_and_runs_nothing(report: CheckReport) -> None:
    page = report_html(report, "<i>draft</i>")
    assert "<b>" not in page
    assert "<i>draft" not in page
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_markdown_holds_no_markup_of_the_draft(report: CheckReport) -> None:
    page = report_markdown(report, "draft.md")
    assert "\\$nothing \\`like\\` \\{this\\}" in page


def test_sarif_points_at_the_draft(report: CheckReport) -> None:
    run = json.loads(report_sarif(report, "my draft.md"))["runs"][0]
    errors = [result for result in run["results"] if result["level"] == "error"]
    assert [result["ruleId"] for result in errors] == ["altered", "absent"]
    where = errors[0]["locations"][0]["physicalLocation"]
    assert where["artifactLocation"]["uri"] == "my%20draft.md"
    region = where["region"]
    start = region["charOffset"]
    assert DRAFT[start : start + region["charLength"]] == report.quotations[0].text
    assert (region["startLine"], region["startColumn"]) == (1, start + 1)


def test_junit_is_well_formed_and_counts_failures(report: CheckReport) -> None:
    suite = ElementTree.fromstring(report_junit(report, "a\x00b.md"))[0]
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")


# ---- fixing --------------------------------------------------------------------------


def test_fixing_puts_the_real_wording_in_and_nothing_else(
    store: LibraryStore, report: CheckReport
) -> None:
    new = fixed(report)
    assert new == DRAFT.replace("eighty", "ninety")
    assert Checker(store).draft(new).quotations[0].verdict.verified
    changed = [line for line in diff_lines(report, "d.md") if line[:1] in "+-"]
    assert changed[2:] == [f"-{DRAFT.rstrip()}", f"+{new.rstrip()}"]


def test_block_quotes_in_a_list() -> None:
    draft = (
        "1. > The bridge\n   > stays open.\n   >\n   > — Ada Brandt\n\n- > Then it is decided.\n"
    )
    assert [spoken(quotation) for quotation in find_quotations(draft)] == [
        "The bridge\nstays open.",
        "Then it is decided.",
    ]


def test_marks_that_nothing_closes_are_told(
    store: LibraryStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = "He isn't “sure”.\n\nShe said: \"We shall begin.\n\nHe: «Нет.\n\n“One.\n\n“Two.”\n"
    assert [draft[at : at + 3] for at in unclosed(draft)] == ['"We', "«Не"]
    assert unclosed('“a” "b" «c» „d“ ‘e’ 5" x 10" isn\'t \'tis the workers\' ``') == ()
    assert len(unclosed("“" * 10_000)) <= 10_000
    path = tmp_path / "open.md"
    path.write_text("One.\nShe: “The bridge", encoding="utf-8")
    assert run(store.index_folder, str(path)) == 0
    said = capsys.readouterr()
    assert "open.md:2:6: nothing closes the quotation that opens with" in said.err
    assert "nothing closes" not in said.out


def test_a_quotation_around_verified_words_is_not_replaced_by_them(store: LibraryStore) -> None:
    words = "The divers worked on nineteen days"
    report = Checker(store).draft(f"“He said that ‘{words}’ and left.”")
    assert [q.verdict.value for q in report.quotations] == ["altered", "exact"]
    assert fixed(report) == report.draft


# ---- files and the command -----------------------------------------------------------


def docx(*paragraphs: str) -> bytes:
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w") as archive:
        document = f'<w:document xmlns:w="{name}"><w:body>{body}</w:body></w:document>'
        archive.writestr("word/document.xml", document)
    return place.getvalue()


def test_drafts_of_four_formats(tmp_path: Path) -> None:
    assert draft_of(docx("One “two”", "three"), Path("d.docx")).text == "One “two”\n\nthree\n"
    page = draft_of(b"<p>One</p><blockquote>Two words</blockquote>", Path("d.html"))
    assert [page.text[b.start : b.end] for b in page.blocks] == ["Two words"]
    assert draft_of("“é”".encode(), Path("d.md")).text == "“é”"
    file = tmp_path / "d.txt"
    file.write_text("“x”", encoding="utf-8")
    assert read_draft(file).name == "d.txt"


def test_a_docx_that_is_none_or_a_trap_is_refused() -> None:
    with pytest.raises(ReadError, match="Word document"):
        draft_of(b"not a zip", Path("d.docx"))
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(ReadError, match="declares entities"):
        draft_of(place.getvalue(), Path("d.docx"))


def run(folder: Path, *words: str) -> int:
    return command_line.run(["check", "--library", str(folder), *words])


def test_the_command_prints_and_its_status_tells(
    store: LibraryStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("“The bridge stays open.”", encoding="utf-8")
    bad.write_text(DRAFT, encoding="utf-8")
    assert run(store.index_folder, str(good)) == 0
    assert "1 quotation, 1 in order, 0 to look at" in capsys.readouterr().out
    assert run(store.index_folder, str(bad), "--json") == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False
    assert run(store.index_folder, str(bad), "--fix") == 1
    assert "+Ada Brandt said" in capsys.readouterr().err
    assert (tmp_path / "bad.fixed.txt").read_text("utf-8") == DRAFT.replace("eighty", "ninety")
    assert bad.read_text("utf-8") == DRAFT


def test_a_checker_sees_what_was_added_since(tmp_path: Path) -> None:
    from tests.support.checking_samples import put

    with store_of(tmp_path, {"a.txt": "The gate was shut at ten."}) as made:
        checker = Checker(made)
        assert not checker.quote("The siren was silent all night.").ok
        put(made, "b.txt", "The siren was silent all night.")
        assert checker.quote("The siren was silent all night.").ok
