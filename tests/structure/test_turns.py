"""Speakers in many shapes of transcript, and texts in which nobody speaks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.records import Block, BlockKind, SourceText, Turn, TurnKind
from qa.structure.documents import find_documents
from qa.structure.turns import find_turns

VOICES = (TurnKind.SPEECH, TurnKind.QUESTION, TurnKind.QUOTATION)


def turns_of(text: str) -> list[Turn]:
    source = SourceText(text, "txt", "txt/1")
    return [turn for document in find_documents(source) for turn in find_turns(source, document)]


def said(text: str) -> list[tuple[str | None, str | None, str]]:
    """Speaker, role and words of everything that is said, asked or quoted."""
    return [
        (turn.speaker, turn.role, text[turn.start : turn.end])
        for turn in turns_of(text)
        if turn.kind in VOICES
    ]


def kinds(text: str) -> list[tuple[str, str]]:
    return [(turn.kind.value, text[turn.start : turn.end]) for turn in turns_of(text)]


SHAPES: dict[str, tuple[str, list[tuple[str | None, str | None, str]]]] = {
    "office and name, then the name alone": (
        "President of Ruritania Rudolf Elph: Welcome.\nMinister of Ports Jane Doe: Thanks.\n"
        "Rudolf Elph:Go on.\nDoe: Gladly, I will.",
        [
            ("Rudolf Elph", "President of Ruritania", "Welcome."),
            ("Jane Doe", "Minister of Ports", "Thanks."),
            ("Rudolf Elph", "President of Ruritania", "Go on."),
            ("Jane Doe", "Minister of Ports", "Gladly, I will."),
        ],
    ),
    "name on one line, colon on the next": (
        "Mayor of Oslo, Kari Nord\n: Good evening.\nI am glad.",
        [("Kari Nord", "Mayor of Oslo", "Good evening.\nI am glad.")],
    ),
    "a label that can't be cut is kept whole": (
        "Director of Ocean Deep Marine Trust Ada Berg\n: Good evening.",
        [("Director of Ocean Deep Marine Trust Ada Berg", None, "Good evening.")],
    ),
    "parliamentary record": (
        "The Chair (Hon. Ann Rota (East Bay, Lib.)): Order.\n"
        "Mr. Paul Manly (Ladysmith, GP): Thank you, Madam Chair.\n"
        "The Chair: Mr. Poe is next.\nMr. Manly: A point of order.\nSome hon. members: Hear, hear!",
        [
            ("Ann Rota", "Chair", "Order."),
            ("Paul Manly", "Ladysmith, GP", "Thank you, Madam Chair."),
            ("Ann Rota", "Chair", "Mr. Poe is next."),
            ("Paul Manly", "Ladysmith, GP", "A point of order."),
            ("Some hon. members", None, "Hear, hear!"),
        ],
    ),
    "ministers with their holders in parentheses": (
        "Mr Tennant (Eastmarsh): Will the Minister resign?\n"
        "The Minister of Transport (Ms Clare Bond): I thank my friend, and no.\n"
        "Mr Tennant: Why not?\n"
        "The Parliamentary Under-Secretary of State for the Environment (Hugh Lark): We shall see.\n"
        "The Minister (Ms Bond): I have said so.",
        [
            ("Mr Tennant", "Eastmarsh", "Will the Minister resign?"),
            ("Clare Bond", "Minister of Transport", "I thank my friend, and no."),
            ("Mr Tennant", "Eastmarsh", "Why not?"),
            (
                "Hugh Lark",
                "Parliamentary Under-Secretary of State for the Environment",
                "We shall see.",
            ),
            ("Clare Bond", "Minister", "I have said so."),
        ],
    ),
    "labels of an unclear form among clear ones": (
        "Mr Tennant (Eastmarsh): I thank the House.\n"
        "Lord Hale of Mere (CB): My Lords, I have an interest.\n"
        "Mr Tennant: So have I.\n"
        "Dr. Anton Hof (NEUE LISTE 90/DIE FREIEN): Then let us vote.\n"
        "SEN. CRUZ: I object.\n"
        "Ladies and gentlemen: so do I.",
        [
            ("Mr Tennant", "Eastmarsh", "I thank the House."),
            ("Lord Hale of Mere", "CB", "My Lords, I have an interest."),
            ("Mr Tennant", "Eastmarsh", "So have I."),
            ("Anton Hof", "NEUE LISTE 90/DIE FREIEN", "Then let us vote."),
            ("SEN. CRUZ", None, "I object.\nLadies and gentlemen: so do I."),
        ],
    ),
    "voices and parties in a Russian record": (
        "Председатель: Коллеги, прошу вас сесть.\nИванов И.И., фракция «Край»: Я против.\n"
        "Председатель: Спасибо вам.\nИз зала: Позор!\nПредседатель: Прошу вас.\n"
        "Голос с места: Кто платит?",
        [
            ("Председатель", None, "Коллеги, прошу вас сесть."),
            ("Председатель", None, "Спасибо вам."),
            ("Председатель", None, "Прошу вас."),
        ],
    ),
    "a record's titles for names": (
        "Mr. DELGADO. I was there.\nSenator WARREN. Who was not?\n"
        "Mr. DELGADO. The mayor.\nRanking Member LEE. Thank you.",
        [
            ("Mr. DELGADO", None, "I was there."),
            ("Senator WARREN", None, "Who was not?"),
            ("Mr. DELGADO", None, "The mayor."),
            ("Ranking Member LEE", None, "Thank you."),
        ],
    ),
    "Hansard capitals": (
        "Mr SPEAKER: Order.\nMr BROWN (Eastport): I thank the House.\nMr Brown: I thank you again.",
        [
            ("Mr SPEAKER", None, "Order."),
            ("Mr BROWN", "Eastport", "I thank the House."),
            ("Mr BROWN", "Eastport", "I thank you again."),
        ],
    ),
    "record with stops for colons": (
        "Mr. SMITH. Mr. Speaker, I rise.\nThe SPEAKER pro tempore. The gentleman is recognized.",
        [
            ("Mr. SMITH", None, "Mr. Speaker, I rise."),
            ("The SPEAKER pro tempore", None, "The gentleman is recognized."),
        ],
    ),
    "questions and answers": (
        "Q: What did you do?\nA: I called.\nQ: And then?\nA: Nothing.",
        [
            (None, None, "What did you do?"),
            (None, None, "I called."),
            (None, None, "And then?"),
            (None, None, "Nothing."),
        ],
    ),
    "answers of the one person introduced": (
        "Talk with Jane Doe, Director of the Port\n\nQ: Who came?\nA: Nobody.",
        [(None, None, "Who came?"), ("Jane Doe", "Director of the Port", "Nobody.")],
    ),
    "court": (
        "THE COURT: Proceed.\nMR. JONES: Thank you.\nBY MR. JONES:\nQ. Where do you work?\n"
        "A. At the port.\nMS. O'NEIL: Objection.",
        [
            ("THE COURT", None, "Proceed."),
            ("MR. JONES", None, "Thank you."),
            ("MR. JONES", None, "Where do you work?"),
            (None, None, "At the port."),
            ("MS. O'NEIL", None, "Objection."),
        ],
    ),
    "press briefing": (
        "PRESIDENT MARLOWE: Good afternoon.\nQ    Will you resign?\nPRESIDENT MARLOWE: No.",
        [
            ("MARLOWE", "PRESIDENT", "Good afternoon."),
            (None, None, "Will you resign?"),
            ("MARLOWE", "PRESIDENT", "No."),
        ],
    ),
    "press conference": (
        "Question: Will it open?\nDirector of the Port Inga Sol: Yes.\nReporter: When?\n"
        "Inga Sol: Soon.",
        [
            (None, None, "Will it open?"),
            ("Inga Sol", "Director of the Port", "Yes."),
            ("Reporter", None, "When?"),
            ("Inga Sol", "Director of the Port", "Soon."),
        ],
    ),
    "journalist with a paper": (
        "Jane Doe (Harbour Times): Will you resign?\nMayor Otto Krull: No.",
        [
            ("Jane Doe", "Harbour Times", "Will you resign?"),
            ("Otto Krull", "Mayor", "No."),
        ],
    ),
    "podcast with time stamps": (
        "Anna [00:01:02]: Hi Ben.\nBen [00:01:07]: Fine.\nAnna [00:01:10]: Good.",
        [("Anna", None, "Hi Ben."), ("Ben", None, "Fine."), ("Anna", None, "Good.")],
    ),
    "names and time stamps on lines of their own": (
        "Anna Petrova  0:12\nSo we tried.\nIt worked.\nBen Okafor  0:31\nHow long?",
        [("Anna Petrova", None, "So we tried.\nIt worked."), ("Ben Okafor", None, "How long?")],
    ),
    "first names in conversation": (
        "Anna: How was it?\nBen: Long. Did you sleep?\nAnna: No.",
        [
            ("Anna", None, "How was it?"),
            ("Ben", None, "Long. Did you sleep?"),
            ("Anna", None, "No."),
        ],
    ),
    "numbered speakers": (
        "Speaker 1: Can you hear me?\nSpeaker 2: Yes.",
        [("Speaker 1", None, "Can you hear me?"), ("Speaker 2", None, "Yes.")],
    ),
    "capitals": (
        "MARLOWE: Are you there?\nPOE: I am.\nMARLOWE: Good.",
        [("MARLOWE", None, "Are you there?"), ("POE", None, "I am."), ("MARLOWE", None, "Good.")],
    ),
    "earnings call": (
        "Operator: Welcome.\nSarah Lee -- Chief Executive Officer: Thank you.\n"
        "Mark Chen: And I thank Sarah.\nSarah Lee: Thanks, Mark.",
        [
            ("Operator", None, "Welcome."),
            ("Sarah Lee", "Chief Executive Officer", "Thank you."),
            ("Mark Chen", None, "And I thank Sarah."),
            ("Sarah Lee", "Chief Executive Officer", "Thanks, Mark."),
        ],
    ),
    "Markdown emphasis": (
        "**Jane Doe:** Thank you all.\n\n**John Roe:** What is new?\n\n**Jane Doe**: A plan.",
        [
            ("Jane Doe", None, "Thank you all."),
            ("John Roe", None, "What is new?"),
            ("Jane Doe", None, "A plan."),
        ],
    ),
    "titles of scholars": (
        "Dr. Okoye: It was dry.\nProf. Lindgren: How dry?\nDr. Okoye: Very.",
        [
            ("Dr. Okoye", None, "It was dry."),
            ("Prof. Lindgren", None, "How dry?"),
            ("Dr. Okoye", None, "Very."),
        ],
    ),
    "assembly of nations": (
        "Mr. Nebula (Ruritania) (spoke in French): Thank you.\nThe President: I thank the speaker.",
        [
            ("Mr. Nebula", "Ruritania", "Thank you."),
            ("The President", None, "I thank the speaker."),
        ],
    ),
    "Russian transcript": (
        "Владимир Орлов: Добрый день.\nПредседатель: Спасибо.\nМинистр финансов Анна Кузнецова: "
        "Бюджет принят.\nОрлов: Есть вопросы?\nА. Кузнецова: Нет.",
        [
            ("Владимир Орлов", None, "Добрый день."),
            ("Председатель", None, "Спасибо."),
            ("Анна Кузнецова", "Министр финансов", "Бюджет принят."),
            ("Владимир Орлов", None, "Есть вопросы?"),
            ("Анна Кузнецова", "Министр финансов", "Нет."),
        ],
    ),
    "Russian questions": (
        "ВОПРОС: Когда откроют мост?\nОТВЕТ: Весной.",
        [(None, None, "Когда откроют мост?"), (None, None, "Весной.")],
    ),
    "German record": (
        "Der Präsident: Ich eröffne die Sitzung.\nBundesministerin Petra Klein: Vielen Dank.",
        [
            ("Der Präsident", None, "Ich eröffne die Sitzung."),
            ("Petra Klein", "Bundesministerin", "Vielen Dank."),
        ],
    ),
    "interview by dashes": (
        "Jane Doe on ports\n\nJane Doe, Director of the Port, spoke to us.\n\n– How is it?\n"
        "Well.\nVery well.\n– And the ships?\nThey sail.",
        [
            (None, None, "How is it?"),
            ("Jane Doe", "Director of the Port", "Well.\nVery well."),
            (None, None, "And the ships?"),
            ("Jane Doe", "Director of the Port", "They sail."),
        ],
    ),
    "interview with dashes before answers too": (
        "Interview with Helena Brandt, director of the Institute\n\n— How did it begin?\n"
        "— With a storm.\n— And how did it end?\n— With a book.",
        [
            (None, None, "How did it begin?"),
            ("Helena Brandt", "director of the Institute", "With a storm."),
            (None, None, "And how did it end?"),
            ("Helena Brandt", "director of the Institute", "With a book."),
        ],
    ),
    "interview with two people: the answers are nobody's": (
        "Jane Doe, Mayor of Oslo, and John Roe, Director of the Port, met us.\n\n– How is it?\n"
        "Well.\n– And the ships?\nThey sail.",
        [
            (None, None, "How is it?"),
            (None, None, "Well."),
            (None, None, "And the ships?"),
            (None, None, "They sail."),
        ],
    ),
    "press release": (
        "The Executive Director of United Harbours, Mirela Stan, welcomed the accord.\n\n"
        "“Ports feed cities,” Ms. Stan said. “They must stay open.”\n\n"
        "“We waited,” said Tomás de la Fuente, Deputy Minister for Ports, at a talk. It rained.",
        [
            ("Mirela Stan", "Executive Director of United Harbours", "Ports feed cities"),
            ("Mirela Stan", "Executive Director of United Harbours", "They must stay open."),
            ("Tomás de la Fuente", "Deputy Minister for Ports", "We waited"),
        ],
    ),
    "quotations without a verb": (
        "“It is built,” Jane Doe, Minister of Ports.\n“Soon,” John Roe, employee of the Port.",
        [
            ("Jane Doe", "Minister of Ports", "It is built"),
            ("John Roe", "employee of the Port", "Soon"),
        ],
    ),
    "quotation signed on the next line": (
        "It was a good year.\n\n“The nursery is full.”\n— Eva Strand, head gardener",
        [("Eva Strand", "head gardener", "The nursery is full.")],
    ),
    "quotation after its speaker": (
        "Peter Holm, Director of the Agency, said: “The soil is ready.”",
        [("Peter Holm", "Director of the Agency", "The soil is ready.")],
    ),
    "Russian quotations": (
        "«Мост откроют», — сказал министр транспорта Олег Ветров.\n«Скоро», — добавил Ветров.",
        [
            ("Олег Ветров", "министр транспорта", "Мост откроют"),
            ("Олег Ветров", "министр транспорта", "Скоро"),
        ],
    ),
    "statement": (
        "Statement by Ambassador Juan Pérez at the Council\n\n12 May 2020\n\nMadam President,\n"
        "I thank you.\n\nMy country agrees.",
        [
            (
                "Juan Pérez",
                "Ambassador",
                "Madam President,\nI thank you.\n\nMy country agrees.",
            )
        ],
    ),
    "address without a greeting": (
        "Remarks of Chair Helena Weiss on the Budget\n\nWe have met before. I keep my word.",
        [("Helena Weiss", "Chair", "We have met before. I keep my word.")],
    ),
    "address announced by a verb": (
        "The Secretary of the League Ada Berg addressed the assembly\n\nIt was on Monday.\n\n"
        "Dear friends,\n\nI thank you.",
        [("Ada Berg", "Secretary of the League", "Dear friends,\n\nI thank you.")],
    ),
    "Russian address": (
        "Выступление Президента Академии Ивана Петрова на съезде\n\nУважаемые коллеги!\nЯ рад.",
        [("Иван Петров", None, "Уважаемые коллеги!\nЯ рад.")],
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_speakers(shape: str) -> None:
    text, expected = SHAPES[shape]
    assert said(text) == expected


NOBODY = [
    "The goals are clear: to weaken us.",
    "Website of the House: http://house.example/en",
    "Plenipotentiary representative of the National Assembly: Viktor Kogut",
    "Chair: John Smith\nMembers: Jane Doe, Ann Poe",
    "Note: this is a draft, as you know.",
    "Topics: roads, ports",
    "Importantly: we need you.",
    "Time: 10:00\nVenue: City Hall\nDate: soon",
    "Press Secretary Jane Doe: +1 555 010 2030",
    "Minister of Ports Jane Doe: jane@ports.example",
    "Contact: Jane Doe\nPhone: 555 0102",
    "Dear Mr. Smith:\nThank you for your letter. We will reply.",
    "Mr. Chairman:\nI thank you for your letter.",
    "Pros: cheap and we like it.\nCons: slow.\nPros: small.\nCons: you wait.",
    "Strengths: we have people.\nWeaknesses: you know them.\nThreats: what shall we do?",
    "Step 1: you open it.\nStep 2: you close it. Why?",
    "To: Jane Doe\nFrom: John Roe\nSubject: We need your answer",
    "Ingredients: flour\nMethod: We mix all. Then you bake it.",
    "The begging question: What is keeping us?",
    "Jane Doe: a life in letters",
    "Genesis 1:1: In the beginning\nJohn 3:16 says: we",
    "A. Introduction\nB. Methods\nC. Results",
    "“War and Peace,” Leo Tolstoy, 1869.",
    "“Nothing is lost,” New York, USA.",
    "“It is over,” he said.",
    "“Nothing has been decided,” said the ministry.",
    "“We will see,” said Washington.",
    "- What is a port?\n- What is a ship?\n- What is a sea?",
    "Minister Jane Doe addressed the assembly\n\nThe minister said that all was well with us.",
    "Speech by Jane Doe\n\nDoe said that I, you and we would all be there in my time.",
    "Jane Doe: 12\nJohn Roe: 15",
    "Председатель: Иванов И. И.\nСекретарь: Петрова А. А.",
    "Повестка дня: бюджет\nПрисутствовали: 12 человек",
    "From left to right: President of Ruritania Rudolf Elph, Mayor Otto Krull.",
    "Photo: Jane Doe",
    "Key Findings: we grew.\nNext Steps: you will see.\nKey Findings: we shrank.",
    "for (;;) { x: 1 }\nstd::vector: we",
]


@pytest.mark.parametrize("text", NOBODY)
def test_nobody_speaks(text: str) -> None:
    for whole in (text, f"{text}\nThe report was published on the page.", f"Report\n\n{text}"):
        assert said(whole) == []
        assert all(turn.speaker is None for turn in turns_of(whole))


def test_a_separator_ends_speech_and_a_caption_only_interrupts_it() -> None:
    text = "Mayor Otto Krull: We begin.\nPhoto: Jane Doe\nWe go on.\n* * *\nThe sitting was closed."
    assert kinds(text) == [
        ("label", "Mayor Otto Krull:"),
        ("speech", "We begin."),
        ("caption", "Photo: Jane Doe"),
        ("speech", "We go on."),
        ("boilerplate", "* * *"),
        ("narration", "The sitting was closed."),
    ]
    assert [turn.continues for turn in turns_of(text)] == [False, False, False, True, False, False]


def test_a_heading_ends_speech() -> None:
    text = (
        "Mayor Otto Krull: We begin.\n(Applause)\nWe go on.\n\nCLOSING OF THE SITTING\n\n"
        "The sitting closed at 17:00."
    )
    assert kinds(text)[1:] == [
        ("speech", "We begin."),
        ("narration", "(Applause)"),
        ("speech", "We go on."),
        ("heading", "CLOSING OF THE SITTING"),
        ("narration", "The sitting closed at 17:00."),
    ]


def test_notes_of_the_proceedings_are_nobodys_words() -> None:
    text = (
        "The Chair (Ms Ann Rota): I put the motion.\n\nThe motion was put and carried: 8 for, 7 "
        "against.\n\nMayor Otto Krull: The council agreed to it.\n\nThe council adopted it in "
        "May.\n\nI thank you.\n\nResolved:\n(a) That the wall be built.\n(b) That it be high.\n\n"
        "The Chair: Next.\n\nAgreed.\n\nThe meeting closed at 10 p.m."
    )
    assert [words for _, _, words in said(text)] == [
        "I put the motion.",
        "The council agreed to it.\n\nThe council adopted it in May.\n\nI thank you.",
        "Next.",
    ]


def test_salutations_inside_speech_are_no_headings() -> None:
    text = "Mayor Otto Krull: We begin.\n\nDear friends\n\nLadies and gentlemen\n\nWe end."
    assert len(said(text)) == 1


def test_a_label_that_is_not_sure_ends_the_turn_before_it() -> None:
    text = "Mayor Otto Krull: We begin.\nAnna [00:01:02]: Do we?"
    assert said(text) == [("Otto Krull", "Mayor", "We begin.")]


def test_two_people_of_one_surname_stay_apart() -> None:
    text = "Mr. John Smith: I ask.\nMs. Jane Smith: I answer.\nMs. Smith: Again.\nSmith: Who am I?"
    assert [(speaker, words) for speaker, _, words in said(text)] == [
        ("John Smith", "I ask."),
        ("Jane Smith", "I answer."),
        ("Jane Smith", "Again."),
    ]


def test_menus_and_picture_counters() -> None:
    text = (
        "News\nPorts agree\n1 of 3\nThe mayor at the port.\nMayor Otto Krull: We agree.\n<…>\n"
        "See also\nPorts disagree\nTopics\nPorts\nShare"
    )
    assert kinds(text) == [
        ("boilerplate", "News"),
        ("heading", "Ports agree"),
        ("boilerplate", "1 of 3"),
        ("caption", "The mayor at the port."),
        ("label", "Mayor Otto Krull:"),
        ("speech", "We agree."),
        ("boilerplate", "<…>\nSee also\nPorts disagree\nTopics\nPorts\nShare"),
    ]


def test_blocks_of_marked_up_text() -> None:
    parts = [
        ("Home | Contact", BlockKind.NAVIGATION),
        ("# Ports", BlockKind.HEADING),
        ("Mayor Otto Krull: We agree.", BlockKind.PARAGRAPH),
        ("Mayor Otto Krull: code", BlockKind.CODE),
    ]
    text, blocks = "", []
    for line, kind in parts:
        blocks.append(Block(kind, len(text), len(text) + len(line), 1))
        text += line + "\n"
    source = SourceText(text, "md", "md/1", tuple(blocks))
    (document,) = find_documents(source)
    assert document.title == "Ports"
    assert [turn.kind for turn in find_turns(source, document)][:4] == [
        TurnKind.BOILERPLATE,
        TurnKind.HEADING,
        TurnKind.LABEL,
        TurnKind.SPEECH,
    ]


FRAGMENTS = st.sampled_from(
    [
        "President of Ruritania Rudolf Elph",
        ": Thank you.",
        "Rudolf Elph:Yes.",
        "Mr. Smith: Hello?",
        "Anna: Hi you.",
        "Q: Who?",
        "A: I.",
        "The Chair: Order.",
        "– Why?",
        "— Because.",
        "“We go,” said Jane Doe, Minister of Ports. “Now.”",
        "“We go.”",
        "— Jane Doe, Minister of Ports",
        "Speech by Jane Doe",
        "Dear friends,",
        "I thank you.",
        "KEY POINTS",
        "* * *",
        "<…>",
        "1 of 2",
        "Photo: me",
        "See also",
        "May 16, 2022",
        "Text versionNews",
        "**Jane Doe:** Hi.",
        "Владимир Орлов: Да?",
        "问：谁？",
        "😀 שלום",
        "",
        " \u00a0 ",
        ":",
        "“",
        "(",
        "Ab:" * 50,
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(FRAGMENTS, max_size=20), st.sampled_from(["\n", "\r\n", "\n\n", " ", ""]))
def test_turns_of_any_text(fragments: list[str], separator: str) -> None:
    text = separator.join(fragments)
    source = SourceText(text, "txt", "txt/1")
    for document in find_documents(source):
        at = document.start
        for ordinal, turn in enumerate(find_turns(source, document)):
            assert (turn.document, turn.ordinal) == (document.ordinal, ordinal)
            assert at <= turn.start < turn.end <= document.end
            assert text[at : turn.start].strip() == ""
            assert text[turn.start : turn.end] == text[turn.start : turn.end].strip()
            assert turn.speaker is None or turn.kind in (*VOICES, TurnKind.LABEL)
            at = turn.end
        assert text[at : document.end].strip() == ""


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from('Aa: .,\n“”"«»–—?()[]*1')), st.integers(1, 4))
def test_turns_of_noise(noise: str, times: int) -> None:
    text = noise * times
    for turn in turns_of(text):
        assert text[turn.start : turn.end].strip()


@pytest.mark.parametrize(
    "text",
    [
        "“a” " * 100_000,
        '"a" ' * 100_000,
        "Ab Cd, " * 100_000,
        "(" * 500_000,
        ":" * 500_000,
        "– a? " * 100_000,
        "Jane Doe said " * 50_000 + ": “x”",
        "Anna Poe: hi you\n" * 5_000,
        "– What?\nYes.\n" * 5_000,
        "“We are here,” said Jane Doe, Minister of X.\n" * 4_000,
        "See also\n" + "Foo bar\n" * 10_000,
        "".join(f"Mr. A{n:x} Smith: hello you\n".replace("0", "o") for n in range(3_000)),
    ],
)
def test_hostile_input_takes_bounded_time(text: str) -> None:
    turns = turns_of(text)
    assert turns[-1].end <= len(text)


def test_a_line_of_marks_alone_names_nobody() -> None:
    assert {turn.speaker for turn in turns_of("*\n::: words\n*\n:: more words")} == {None}


def test_a_footnote_is_nobodys_words_and_the_speaker_goes_on() -> None:
    parts = [
        ("Hearing", BlockKind.HEADING),
        ("Anna Poe: The quay was closed in June.", BlockKind.PARAGRAPH),
        ("See the harbour master's report of 3 June.", BlockKind.NOTE),
        ("It will open again in autumn.", BlockKind.PARAGRAPH),
        ("Ben Roe: Thank you for that.", BlockKind.PARAGRAPH),
        ("Anna Poe: We meet again in May.", BlockKind.PARAGRAPH),
        ("Ben Roe: Until then.", BlockKind.PARAGRAPH),
    ]
    text, blocks = "", []
    for words, kind in parts:
        blocks.append(Block(kind, len(text), len(text) + len(words), kind is BlockKind.HEADING))
        text += words + "\n\n"
    source = SourceText(text, "docx", "docx/1", tuple(blocks))
    (document,) = find_documents(source)
    said = [
        (turn.kind, turn.speaker, text[turn.start : turn.end])
        for turn in find_turns(source, document)
        if turn.kind.quotable
    ]
    assert said == [
        (TurnKind.SPEECH, "Anna Poe", "The quay was closed in June."),
        (TurnKind.NARRATION, None, "See the harbour master's report of 3 June."),
        (TurnKind.SPEECH, "Anna Poe", "It will open again in autumn."),
        (TurnKind.SPEECH, "Ben Roe", "Thank you for that."),
        (TurnKind.SPEECH, "Anna Poe", "We meet again in May."),
        (TurnKind.SPEECH, "Ben Roe", "Until then."),
    ]
