"""The documents and turns of the acceptance corpus, as read by a person from its text."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from qa.records import Boundary, Document, SourceText, Turn, TurnKind
from qa.structure.documents import find_documents
from qa.structure.turns import find_turns

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the acceptance corpus (../shared/corpus) is not beside the project"
)

Words = tuple[str | None, str | None, str]


def read(number: int) -> SourceText:
    (path,) = CORPUS.glob(f"{number:03d}_*.txt")
    return SourceText(path.read_text(encoding="utf-8"), "txt", "txt/1")


def dated(documents: tuple[Document, ...]) -> list[tuple[str | None, str | None, str | None]]:
    return [(document.date, document.time, document.place) for document in documents]


def spoken(source: SourceText, document: Document, *kinds: TurnKind) -> list[Words]:
    """Speaker, role and the first words of the turns of some kinds."""
    return [
        (turn.speaker, turn.role, first_words(source, turn))
        for turn in find_turns(source, document)
        if turn.kind in (kinds or (TurnKind.SPEECH,))
    ]


def first_words(source: SourceText, turn: Turn, count: int = 4) -> str:
    return " ".join(source.text[turn.start : turn.end].split()[:count])


def cut(source: SourceText, turn: Turn) -> str:
    return source.text[turn.start : turn.end]


def test_number_of_documents() -> None:
    assert [len(find_documents(read(number))) for number in range(5)] == [1, 2, 3, 1, 5]


def test_single_label_is_enough_for_a_whole_speech() -> None:
    source = read(0)
    (document,) = find_documents(source)
    assert (document.title, document.date) == (None, None)
    turns = find_turns(source, document)
    assert [turn.kind for turn in turns] == [
        TurnKind.NARRATION,
        TurnKind.BOILERPLATE,
        TurnKind.LABEL,
        TurnKind.SPEECH,
    ]
    assert cut(source, turns[2]) == "President of Russia Vladimir Putin:"
    assert (turns[3].speaker, turns[3].role) == ("Vladimir Putin", "President of Russia")
    assert cut(source, turns[3]).startswith("Friends, colleagues,\nI am very glad")
    assert cut(source, turns[3]).endswith("in the coming years.\nThank you.")


def test_delegations_and_an_interview() -> None:
    source = read(1)
    first, second = find_documents(source)
    assert (first.title, first.date, first.boundary) == (None, None, Boundary.FILE)
    title = "Aleksandr Pankin on Interaction between the Russian Foreign Ministry and the CSTO PA"
    assert (second.title, second.date, second.boundary) == (title, "2025-02-10", Boundary.STRONG)
    assert source.text[second.start :].startswith(title + "\n10 February 2025")
    assert [turn.kind for turn in find_turns(source, first)] == [TurnKind.NARRATION]
    minister = ("Aleksandr Pankin", "Deputy Foreign Minister of Russia")
    assert spoken(source, second, TurnKind.SPEECH, TurnKind.QUESTION) == [
        (None, None, "Mr. Pankin, how do"),
        (*minister, "The Collective Security Treaty"),
        (None, None, "Which key initiatives suggested"),
        (*minister, "The intensity and, more"),
        (None, None, "How do you assess"),
        (*minister, "I would like to"),
    ]


def test_dated_notes_and_an_address() -> None:
    source = read(2)
    documents = find_documents(source)
    assert dated(documents) == [
        ("2024-04-24", None, None),
        ("2024-04-24", None, None),
        ("2023-12-19", None, "Moscow"),
    ]
    assert [document.title for document in documents] == [
        None,
        None,
        "The CSTO Secretary General Imangali Tasmagambetov addressed the joint meeting of the "
        "Council and the 16th plenary session of the CSTO Parliamentary Assembly",
    ]
    assert spoken(source, documents[0]) == spoken(source, documents[1]) == []
    assert spoken(source, documents[2]) == [
        ("Imangali Tasmagambetov", "CSTO Secretary General", "Dear Chairman Dear members")
    ]
    turns = find_turns(source, documents[2])
    assert cut(source, turns[-2]).endswith("Thank you for your attention.")
    assert cut(source, turns[-1]).split("\n\n") == [
        "Go back",
        "Back to the section",
        "Back to the all news",
    ]
    assert turns[-1].kind is TurnKind.BOILERPLATE


KROTOV = (
    "Plenipotentiary Representative of the Federal Assembly of the Russian Federation – Deputy "
    "Executive Secretary of the CSTO Parliamentary Assembly"
)
VASILEV = (
    "Plenipotentiary Representative of the Russian Federation in the CSTO, Ambassador at Large of "
    "the Ministry of Foreign Affairs of the Russian Federation"
)
YAKOVLEV = (
    "Head of the CSTO Troops (Collective Forces) Planning and Application Department – Deputy Head "
    "of the CSTO Troops (Collective Forces) Application and Training Planning Centre of the Joint "
    "Staff of the Collective Security Treaty Organization"
)
QUOTATIONS: list[Words] = [
    (
        "Anatoly Suprunovsky",
        "Deputy Minister for Civil Defence, Emergencies and Elimination of Consequences of Natural "
        "Disasters of the Russian Federation – Chief State Inspector of the Russian Federation for "
        "Fire Supervision",
        "All CSTO member states",
    ),
    (
        "Anton Lisitsyn",
        "Deputy Director, Federal Financial Monitoring Service",
        "The CSTO is an",
    ),
    ("Mikhail Krotov", KROTOV, "The CSTO Charter [article"),
    (
        "Sergei Pospelov",
        "Plenipotentiary Representative of the Russian Federation at the Collective Security "
        "Treaty Organization; Executive Secretary, CSTO Parliamentary Assembly",
        "The issue of electoral",
    ),
    (
        "Oleg Sviridenko",
        "Deputy Minister of Justice of the Russian Federation",
        "Given the unprecedented pressure",
    ),
    (
        "Dmitriy Perevalov",
        "Senior Researcher, Border Security Research Department, Research Unit of the Institute of "
        "Border Service of the Republic of Belarus State Institution, Expert Advisory Council "
        "member",
        "One aspect of foreign",
    ),
    ("Viktor Vasilev", VASILEV, "Sadly, we are currently"),
    ("Anatoliy Yakovlev", YAKOVLEV, "According to the joint"),
    (
        "Abdukhalil Davlatali Gafurzoda",
        "Plenipotentiary Representative of the Majlisi Oli of the Republic of Tajikistan to the "
        "Parliamentary Assembly of the CSTO",
        "The challenges and threats",
    ),
    ("Viktor Vasilev", VASILEV, "An alternative is dialogue"),
    (
        "Artem Kolesnik",
        "employee of the Research Centre of the Federal Security Service of the Russian "
        "Federation, Expert Advisory Council member",
        "In the immediate to",
    ),
    (
        "Aleksey Ageev",
        "Head of the Legal Support Group of the Antiterrorist Center of the CIS Member States, "
        "Expert Advisory Council member",
        "It appears to me",
    ),
    ("Anatoliy Yakovlev", YAKOVLEV, "To further develop model"),
]


def test_attributed_quotations_of_a_release() -> None:
    source = read(3)
    (document,) = find_documents(source)
    assert document.date is None
    assert document.title is not None
    assert document.title.startswith("Special meeting of the Expert Advisory Council of the")
    assert spoken(source, document, TurnKind.QUOTATION) == QUOTATIONS
    assert spoken(source, document) == []
    turns = find_turns(source, document)
    headings = [cut(source, turn) for turn in turns if turn.kind is TurnKind.HEADING]
    assert headings[2:] == [
        "KEY CONCLUSIONS",
        "Partnership between CSTO member states offers great potential",
        "Military and economic cooperation is a key area of focus for the CSTO",
        "PROBLEMS",
        "The West’s destructive influence on CSTO countries",
        "The potential for international conflict",
        "SOLUTIONS",
        "Strengthening security-related cooperation among CSTO member states",
        "Improving legislation for CSTO member states",
    ]
    first = next(turn for turn in turns if turn.kind is TurnKind.QUOTATION)
    assert cut(source, first).endswith("natural and man‑made emergencies")


def test_five_talks_of_one_day() -> None:
    documents = find_documents(read(4))
    assert [document.title for document in documents] == [
        "Conversation with Prime Minister of Armenia Nikol Pashinyan",
        "CSTO summit",
        "Meeting with President of Tajikistan Emomali Rahmon",
        "Conversation with President of Kazakhstan Kassym-Jomart Tokayev",
        "Talks with President of Kyrgyzstan Sadyr Japarov",
    ]
    kremlin = "The Kremlin, Moscow"
    assert dated(documents) == [
        ("2022-05-16", time, kremlin) for time in ("21:20", "18:00", "12:40", "19:20", "20:30")
    ]
    assert [document.boundary for document in documents] == [
        Boundary.FILE,
        *[Boundary.STRONG] * 4,
    ]


def test_a_boundary_falls_inside_a_line() -> None:
    source = read(4)
    documents = find_documents(source)
    for before, after in pairwise(documents):
        assert before.end == after.start
        assert source.text[: before.end].endswith("Text version")
        assert source.text[after.start :].startswith("Events\n")


PUTIN = ("Vladimir Putin", "President of Russia")
PASHINYAN = ("Nikol Pashinyan", "Prime Minister of the Republic of Armenia")
LUKASHENKO = ("Alexander Lukashenko", "President of the Republic of Belarus")
TOKAYEV = ("Kassym-Jomart Tokayev", "President of Kazakhstan")
SUMMIT: list[Words] = [
    (*PUTIN, "Colleagues, good afternoon! I"),
    (*PASHINYAN, "Thank you, Mr Putin."),
    (*LUKASHENKO, "Mr Pashinyan, dear friends!"),
    (*PASHINYAN, "Thank you, Mr Lukashenko."),
    (*TOKAYEV, "Mr Pashinyan, colleagues! First"),
    (*PASHINYAN, "Thank you, Mr Tokayev."),
    ("Sadyr Japarov", "President of the Kyrgyz Republic", "Good afternoon. Mr Putin,"),
    (*PASHINYAN, "Thank you, Mr Japarov."),
    (*PUTIN, "Friends and colleagues, I"),
    (*PASHINYAN, "Thank you, Mr Putin."),
    ("Emomali Rahmon", "President of the Republic of Tajikistan", "Colleagues, First of all,"),
    (*PASHINYAN, "Thank you very much."),
    ("Stanislav Zas", "CSTO Secretary General", "Mr Chairman, members of"),
    (*PASHINYAN, "Colleagues, I propose to"),
]


def test_every_turn_of_the_summit() -> None:
    source = read(4)
    summit = find_documents(source)[1]
    assert spoken(source, summit) == SUMMIT
    ends = [
        " ".join(cut(source, turn).split()[-3:])
        for turn in find_turns(source, summit)
        if turn.kind is TurnKind.SPEECH
    ]
    assert ends == [
        "Minister of Armenia.",
        "Go ahead, please.",
        "for your attention.",
        "Kazakhstan Kassym-Jomart Tokayev.",
        "for your attention.",
        "take the floor.",
        "for your attention.",
        "go ahead, please.",
        "for your attention.",
        "Please go ahead.",
        "responsibility. Thank you.",
        "going to sign.",
        "documents. Thank you.",
        "of the documents.",
    ]


def test_the_turns_of_the_other_talks() -> None:
    source = read(4)
    documents = find_documents(source)
    rahmon = ("Emomali Rahmon", "President of Tajikistan")
    japarov = ("Sadyr Japarov", "President of Kyrgyzstan")
    assert spoken(source, documents[0]) == [
        (*PUTIN, "Mr Prime Minister, We"),
        (*PASHINYAN, "Thank you. Mr President,"),
        (*PUTIN, "Thank you."),
    ]
    assert spoken(source, documents[2]) == [
        (*PUTIN, "Mr Rahmon, I am"),
        (*rahmon, "Mr Putin, First of"),
        (*PUTIN, "Thank you."),
    ]
    assert spoken(source, documents[3]) == [
        (*PUTIN, "Mr President, We have"),
        (*PUTIN, "Here everything is developing"),
        (*TOKAYEV, "Thank you, Mr President."),
        (*PUTIN, "I am very glad"),
        (*TOKAYEV, "Thank you."),
    ]
    assert spoken(source, documents[4]) == [
        (*PUTIN, "Mr Japarov, I am"),
        (*japarov, "Thank you, Mr Putin."),
        (*PUTIN, "Thank you."),
    ]


def test_a_menu_interrupts_a_turn_without_ending_it() -> None:
    source = read(4)
    turns = find_turns(source, find_documents(source)[3])
    at = next(i for i, turn in enumerate(turns) if turn.continues)
    assert [turn.kind for turn in turns[at - 2 : at + 1]] == [
        TurnKind.SPEECH,
        TurnKind.BOILERPLATE,
        TurnKind.SPEECH,
    ]
    assert cut(source, turns[at - 1]) == "See also\nCSTO summit\nMay 16, 2022"
    assert sum(turn.continues for turn in turns) == 1


def test_a_line_break_inside_a_sentence_does_not_end_a_turn() -> None:
    source = read(4)
    at = source.text.index("the CSTO’s\nmilitary capacity")
    turns = find_turns(source, find_documents(source)[1])
    (around,) = [turn for turn in turns if turn.start <= at < turn.end]
    assert around.speaker == "Stanislav Zas"
    assert around.end > at + len("the CSTO’s\nmilitary capacity")


def test_captions_and_menus_are_nobodys_speech() -> None:
    source = read(4)
    for document in find_documents(source):
        for turn in find_turns(source, document):
            words = cut(source, turn)
            if turn.kind in (TurnKind.SPEECH, TurnKind.NARRATION):
                assert "Publication date" not in words
                assert "Photo: TASS" not in words
                assert "From left to right" not in words
                assert "See also" not in words
            if turn.kind is TurnKind.CAPTION:
                assert turn.speaker is None
                assert not words.startswith(("1 of", "2 of"))


@pytest.mark.parametrize("number", range(5))
def test_documents_and_turns_cover_the_text(number: int) -> None:
    source = read(number)
    documents = find_documents(source)
    assert documents[0].start == 0
    assert documents[-1].end == len(source.text)
    for document in documents:
        at = document.start
        for turn in find_turns(source, document):
            assert source.text[at : turn.start].strip() == ""
            assert cut(source, turn) == cut(source, turn).strip() != ""
            at = turn.end
        assert source.text[at : document.end].strip() == ""
