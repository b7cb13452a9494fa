"""Labels of publications that no list knows: each paragraph here says whose it is.

The texts are made up. A sample is its paragraphs in order, each with the speaker to whom it must be
given; None is nobody, so that a heading, a note of the record or a stage direction has none.
"""

from __future__ import annotations

import time

import pytest

from qa.records import SourceText
from qa.structure.documents import find_documents
from qa.structure.turns import find_turns

Sample = tuple[tuple[str, str | None], ...]

APART: dict[str, Sample] = {
    "an assembly whose offices are of another language": (
        ("Dáil debate", None),
        ("An Ceann Comhairle: We will now take questions.", "An Ceann Comhairle"),
        ("Deputy Mary Quillam: I raise the price of dredging.", "Mary Quillam"),
        ("Will the Taoiseach act?", "Mary Quillam"),
        ("The Taoiseach: I thank the Deputy. We acted.", "The Taoiseach"),
        ("Deputy Mary Quillam: That is no answer.", "Mary Quillam"),
        ("An Ceann Comhairle: Deputy Brask, please.", "An Ceann Comhairle"),
        ("The Taoiseach: It works.", "The Taoiseach"),
    ),
    "a full stop and a dash after each name": (
        ("Verbatim report of proceedings", None),
        ("President. – The next item is the channel.", "President"),
        ("Ada Quillam, Member of the Commission. – We have a plan.", "Ada Quillam"),
        ("It has three parts.", "Ada Quillam"),
        ("Iver Brask, on behalf of the Reform Group. – We heard this before.", "Iver Brask"),
        ("Signe Vorland (Left). – Who will pay for it?", "Signe Vorland"),
        ("President. – The debate is closed.", "President"),
    ),
    "French forms of address before a full stop": (
        ("Mme la présidente. La séance est ouverte.", "Mme la présidente"),
        ("(La séance est ouverte à quinze heures.)", None),
        ("Mme la présidente. La parole est à M. Iver Brask.", "Mme la présidente"),
        ("M. Iver Brask. Madame la présidente, que ferez-vous ?", "M. Iver Brask"),
        ("M. Olin Holt, ministre des ports. Nous avons agi.", "M. Olin Holt"),
        ("M. Iver Brask. C'est faux !", "M. Iver Brask"),
        ("Mme la présidente. Silence.", "Mme la présidente"),
    ),
    "Spanish offices in capitals": (
        ("La señora PRESIDENTA: Se abre la sesión.", "La señora PRESIDENTA"),
        ("El señor BRASK HOLT: Señora presidenta, ¿qué va a hacer usted?", "El señor BRASK HOLT"),
        ("(Aplausos).", None),
        ("La señora PRESIDENTA: Gracias.", "La señora PRESIDENTA"),
        ("El señor BRASK HOLT: No es verdad.", "El señor BRASK HOLT"),
        ("La señora PRESIDENTA: Silencio, por favor.", "La señora PRESIDENTA"),
    ),
    "Ukrainian surnames with initials": (
        ("ГОЛОВУЮЧА. Доброго ранку! Прошу реєструватися.", "ГОЛОВУЮЧА"),
        ("БРАСК І.П. Ми вимагаємо звіту. Порт втрачає вантажі.", "БРАСК І.П"),
        ("ГОЛОВУЮЧА. Дякую. Слово має Ворланд.", "ГОЛОВУЮЧА"),
        ("ВОРЛАНД С.О. Я підтримую пропозицію.", "ВОРЛАНД С.О"),
        ("(Шум у залі)", None),
        ("БРАСК І.П. Дайте сказати!", "БРАСК І.П"),
        ("ГОЛОВУЮЧА. Прошу дотримуватися регламенту.", "ГОЛОВУЮЧА"),
    ),
    "Dutch forms of address in small letters": (
        ("De voorzitter: Ik open de vergadering.", "De voorzitter"),
        ("De heer Brask (PLX): De haven verliest verkeer, en wij doen niets.", "De heer Brask"),
        ("Mevrouw Vorland (PCY): Dank u wel, voorzitter.", "Mevrouw Vorland"),
        ("De voorzitter: Het woord is aan de minister.", "De voorzitter"),
        ("De heer Brask (PLX): Dat is niet waar.", "De heer Brask"),
        ("De voorzitter: Dank u wel.", "De voorzitter"),
    ),
    "a record's long dash, with times": (
        ("The SPEAKER (Hon. Ada Tarn) took the chair at 2.00 p.m.", None),
        ("Mr McLEAN (Hale—Minister for Ports) (2:01 p.m.)—I move:", "Mr McLEAN"),
        ("That this bill be now read a second time.", "Mr McLEAN"),
        ("Ms VORLAND (Ellery) (2:09 p.m.)—We support the bill.", "Ms VORLAND"),
        ("Mr McLEAN—I thank the member.", "Mr McLEAN"),
        ("The SPEAKER—The question is that the bill be read.", "Ada Tarn"),
        ("Mr McLEAN—I ask leave to speak again.", "Mr McLEAN"),
    ),
    "brackets within brackets": (
        ("Le Président: Le député a la parole.", "Le Président"),
        ("M. Iver Brask (Tarn, PLX): Monsieur le Président, le port perd.", "M. Iver Brask"),
        ("L'hon. Ada Quillam (ministre des Ports (Côtes), PCY): Nous agissons.", "Ada Quillam"),
        ("Le canal sera dragué.", "Ada Quillam"),
        ("Le Président: Une dernière question.", "Le Président"),
        ("L'hon. Olin Holt: Qui va payer?", "Olin Holt"),
    ),
    "a heading with a colon among titled speakers": (
        ("Harbour Independence: Tarn—Question", None),
        ("Lord Brask: To ask when the review will end.", "Lord Brask"),
        ("Lord Holt: My Lords, in June.", "Lord Holt"),
        ("Lord Brask: My Lords, that is late.", "Lord Brask"),
        ("Lord Holt: My Lords, it is.", "Lord Holt"),
    ),
    "names in bold with a linked time": (
        ("**Ada Quillam** [4:42](https://example.org/v?t=282s): We are live.", "Ada Quillam"),
        ("**Holt** [5:41](https://example.org/v?t=341s): I can begin.", "Holt"),
        ("**Ada Quillam** [5:55](https://example.org/v?t=355s): Please do.", "Ada Quillam"),
        ("**Iver Brask** [7:41](https://example.org/v?t=461s): It was closed.", "Iver Brask"),
    ),
    "minutes in which each line is quoted": (
        ("> *Ada Quillam:* the primer is late", "Ada Quillam"),
        ("**Iver Brask:** it is not part of the freeze", "Iver Brask"),
        ("> *Signe Holt:* we could move it", "Signe Holt"),
        ("**Iver Brask:** I would rather not.", "Iver Brask"),
        ("> *Ada Quillam:* then we vote.", "Ada Quillam"),
        ("> *Signe Holt:* you decide.", "Signe Holt"),
        ("**Iver Brask:** we close here.", "Iver Brask"),
        ("> *Signe Holt:* see you in May.", "Signe Holt"),
    ),
    "a guest whose first name stands in a web address": (
        ("Part 2: <https://example.org/talks/sigge-holt-part2>", None),
        ("Jonas: Welcome to the podcast.", "Jonas"),
        ("John: Hi Sigge.", "John"),
        ("Sigge: Hello John and Jonas.", "Sigge"),
        ("Jonas: You are our best guest.", "Jonas"),
        ("Sigge: Thank you for having me.", "Sigge"),
        ("John: We are here to talk about harbours.", "John"),
    ),
    "numbered speakers": (
        ("Speaker 1: Thank you for meeting with me.", "Speaker 1"),
        ("Speaker 2: You're welcome.", "Speaker 2"),
        ("Speaker 1: When did you start?", "Speaker 1"),
        ("Speaker 2: I started in 1971. It was another place then.", "Speaker 2"),
        ("Speaker 3: I came a year later.", "Speaker 3"),
    ),
}
LINES: dict[str, Sample] = {
    "a hearing wrapped and indented, labels end in a stop": (
        ("    The committee met, pursuant to call, at 10:30 a.m.", None),
        ("    The Chairman. I call to order this hearing on the dredging of", "The Chairman"),
        ("the harbour. The record will stay open for five days.", "The Chairman"),
        ("    Mr. Brask. Thank you, Madam Chairman. The channel was last", "Mr. Brask"),
        ("surveyed by Mr. Holt. He is retired.", "Mr. Brask"),
        ("    The Chairman. And who paid?", "The Chairman"),
        ("    Mr. Brask. The port did.", "Mr. Brask"),
        ("    [Laughter.]", None),
        ("    It had to.", "Mr. Brask"),
        ("    Ms. Vorland. I have no questions at this time.", "Ms. Vorland"),
    ),
    "a record's capitals, mixed in a name and before a bracket": (
        ("  The PRESIDENT pro tempore. The Senator from Ellery is recognized.", "The PRESIDENT"),
        ("  Mr. McBRASK. Mr. President, I rise to speak. It was", "Mr. McBRASK"),
        ("last surveyed eleven years ago.", "Mr. McBRASK"),
        ("  The PRESIDING OFFICER (Mr. Vorland). The clerk will call the roll.", "Mr. Vorland"),
        ("  The legislative clerk proceeded to call the roll.", None),
        ("  Mr. QUILLAM of Ellery. Mr. President, I ask consent.", "Mr. QUILLAM"),
        ("  Mr. BROWNE. I thank the Senator.", "Mr. BROWNE"),
        ("  Mr. QUILLAM of Ellery. I yield the floor.", "Mr. QUILLAM"),
    ),
    "a chat's nicknames": (
        ("17:00 <brask-v> #startmeeting", "brask-v"),
        ("17:00 <holt> hello", "holt"),
        ("17:01 <brask-v> welcome everyone", "brask-v"),
        ("17:02 <quillam77> I read the notes", "quillam77"),
        ("17:03 <holt> I ran it", "holt"),
        ("17:04 <brask-v> holt: thanks, did it finish?", "brask-v"),
        ("17:04 <holt> yes", "holt"),
    ),
    "a telephone's messages": (
        ("[04/03/2031, 14:02:11] Ada Quillam: Are we meeting at the quay?", "Ada Quillam"),
        ("[04/03/2031, 14:02:40] Iver Brask: Yes, at three.", "Iver Brask"),
        ("[04/03/2031, 14:03:02] Ada Quillam: I will bring the charts", "Ada Quillam"),
        ("[04/03/2031, 14:05:19] Signe: Can I come too?", "Signe"),
        ("[04/03/2031, 14:05:31] Ada Quillam: Of course!", "Ada Quillam"),
    ),
    "names above the words of a play": (
        ("\nEnter Quillam and Holt.", None),
        ("\nQUILLAM\nThe lamp is out again tonight,", "QUILLAM"),
        ("And no one climbs the stair.", "QUILLAM"),
        ("\nHOLT\nI climbed it yesterday.", "HOLT"),
        ("\nQUILLAM\nAnd left the door ajar.", "QUILLAM"),
        ("\nHOLT\nThe wind was in it then.", "HOLT"),
    ),
    "names above the words of a court": (
        ("\nIver J. Brask, Jr.\nWe will hear argument. Ms. Vorland.", "Iver J. Brask"),
        ("\nSigne Vorland\nMay it please the Court: The statute is old.", "Signe Vorland"),
        ("\nOlin T. Holt\n-- has it ever been read?", "Olin T. Holt"),
        ("\nSigne Vorland\n-- and yet it must be.", "Signe Vorland"),
        ("\nOlin T. Holt\n-- but does it say so?", "Olin T. Holt"),
        ("\nSigne Vorland\nIt does, in the third line.", "Signe Vorland"),
        ("\nIver J. Brask, Jr.\nThank you, counsel.", "Iver J. Brask"),
    ),
    "labels that the paper's width breaks": (
        ("The President: I give the floor to our guest.", "The President"),
        (
            "Mr. Salgado Viana (Confederation of the Northern\nCoasts): We thank you.",
            "Salgado Viana",
        ),
        ("The President: I thank the speaker.", "The President"),
        ("Mrs. Ortega-Lund (Tarn): We agree with what you\nhave said.", "Mrs. Ortega-Lund"),
        ("The President: We have heard the last speaker.", "The President"),
    ),
}
RECORDS: dict[str, Sample] = {
    "questions and answers on numbered lines": (
        (" 1   BY MS. HARGROVE:", None),
        (" 2       Q.  State your name.", "MS. HARGROVE"),
        (" 3       A.  Edwin Tolliver.", None),
        (" 4       Q.  Where do you work?", "MS. HARGROVE"),
        (" 5       A.  At the quay.", None),
        (" 6       MR. DENBY:  Objection.", "MR. DENBY"),
        (" 7       THE COURT:  Overruled.", "THE COURT"),
    ),
    "names with the time on the line below": (
        ("#harbour", None),
        ("\nAda Quillam\n  9:02 AM\nMorning! Are you there?", "Ada Quillam"),
        ("\nBruno Teixeira\n  9:04 AM\nI am. What is new?", "Bruno Teixeira"),
        ("\nAda Quillam\n  9:05 AM\nThe lock is open.", "Ada Quillam"),
        ("\nBruno Teixeira\n  9:07 AM\nThank you!", "Bruno Teixeira"),
    ),
    "a line that no label of the record's form can hold": (
        ("Mr. Alden: Who will pay for it?", "Mr. Alden"),
        ("Ms. Brook: I think that the port will.", "Ms. Brook"),
        ("d'Arcy: Nonsense.", None),
        ("Ms. Brook: It will.", "Ms. Brook"),
        ("[Mr. Dane]: I was not heard.", None),
        ("Mr. Alden: You are heard now.", "Mr. Alden"),
        ("Speaker #2: Me too.", None),
        ("Ms. Brook: We close here.", "Ms. Brook"),
    ),
    "the end of a sitting": (
        ("Mr. Alden: Who will pay for it?", "Mr. Alden"),
        ("Ms. Brook: I think that the port will.", "Ms. Brook"),
        ("Mr. Alden: I thank you.", "Mr. Alden"),
        ("Ms. Brook: We close here.", "Ms. Brook"),
        ("\nThe House adjourned at 3.14 p.m.", None),
    ),
    "two persons of one surname": (
        ("Mr. Smith: I open the meeting.", "Mr. Smith"),
        ("Ms. Smith: I thank you.", "Ms. Smith"),
        ("Mr. Smith: You are welcome.", "Mr. Smith"),
        ("Ms. Smith: Shall we begin?", "Ms. Smith"),
    ),
    "an office with its holder in brackets": (
        ("O Sr. Ministro do Mar (Ada Quaresma): Em junho.", "Ada Quaresma"),
        ("El señor VICEPRESIDENTE (Sáez Trillo): Gracias.", "Sáez Trillo"),
        ("O Sr. Ministro do Mar (Ada Quaresma): Obrigado.", "Ada Quaresma"),
        ("El señor VICEPRESIDENTE (Sáez Trillo): Silencio.", "Sáez Trillo"),
    ),
}
DECLARED: dict[str, Sample] = {
    "a chair named before the sitting": (
        ("[Ada Quillam in the Chair]", None),
        ("The Chair: We begin. Mr Brask has a question.", "Ada Quillam"),
        ("Mr Brask: Who will pay for it?", "Mr Brask"),
        ("The Deputy Chair: I shall answer that.", "The Deputy Chair"),
        ("The Chair: Thank you.", "Ada Quillam"),
    ),
    "two chairs, so that neither is meant": (
        ("[Ada Quillam in the Chair]", None),
        ("[Olin Holt in the Chair]", None),
        ("The Chair: We begin.", "The Chair"),
        ("Mr Brask: Who will pay for it?", "Mr Brask"),
        ("The Chair: Thank you.", "The Chair"),
    ),
    "initials after the first label": (
        ("Signe Vorland (SV): Welcome, we are three today.", "Signe Vorland"),
        ("Iver Brask (IB): Thank you.", "Iver Brask"),
        ("SV: What do you think of the lock?", "Signe Vorland"),
        ("IB: I think that it leaks.", "Iver Brask"),
        ("SV: Do we mend it?", "Signe Vorland"),
        ("IB: We do.", "Iver Brask"),
    ),
    "first names of those present": (
        ("Present: Signe Vorland, Iver Brask", None),
        ("Signe: Shall we begin?", "Signe Vorland"),
        ("Iver: Yes, I have an hour.", "Iver Brask"),
        ("Signe: What did you find?", "Signe Vorland"),
        ("Iver: Nothing that we did not know.", "Iver Brask"),
    ),
    "an answerer who is only mentioned is none": (
        ("Minister Ada Quillam sent her regrets.", None),
        ("Q: Who came?", None),
        ("A: Nobody.", None),
        ("Q: Why?", None),
        ("A: I can't say.", None),
    ),
}
NOBODY: dict[str, str] = {
    "a form filled in more than once": (
        "Ship: Ada. Built in Tarn.\nPort: Ellery. Open all year.\nCargo: fish.\n\n"
        "Ship: Berta. Built in Hale.\nPort: Tarn. Closed in winter.\nCargo: salt.\n\n"
        "Ship: Clara. Never sailed.\nPort: Hale. Closed.\nCargo: coal.\n"
    ),
    "steps of a recipe": (
        "Step one: cut the fish. You need a knife.\nStep two: boil it.\n"
        "Step one: repeat. I like it hot.\nStep two: serve. We do.\n"
    ),
    "a programme on the full five minutes": (
        "Harbour day\n\n09:30 Ada Quillam: Welcome and what we do\n11:00 Isla Fenwick: Why mud moves\n"
        "11:45 Euan Tarbert: What we learned\n14:30 Isla Fenwick: Bring your own mud\n15:30 Close\n"
    ),
    "knots, twice under their names": (
        "Bowline\n\nA loop that won't slip. You tie it with one hand.\n\nClove Hitch\n\n"
        "For a post. Do you want it to hold?\n\nBowline\n\nOn a bight, the same knot doubled.\n\n"
        "Clove Hitch\n\nIn the middle of a rope. Try it yourself!\n"
    ),
    "a glossary that speaks to its reader": (
        "Aft: Toward the stern. If you face the bow, it is behind you.\n"
        "Ballast: Weight that we put low in the hull.\nBoom: The spar that you should duck under.\n"
        "Cleat: A fitting to which you make a line fast.\nKedge Anchor: What we use to haul off.\n"
    ),
    "a list of changes": (
        "Added: You can now set the flag.\nAdded: We support arm64.\nFixed: It eats no comments.\n"
        "Changed: Our default is 30 s.\nBreaking Change: You must rename your hooks.\n"
        "Breaking Change: We dropped it.\nUpgrade Guide: See our site.\n"
    ),
    "notes and tips": (
        "Note: you need Python. I recommend it.\n\nTip: use the installer.\n\n"
        "Note: we advise to read on.\n\nTip: you can also skip this.\n"
    ),
    "files named before their listings": (
        "Filename: src/main.rs\n\nHere we print.\n\nFilename: src/lib.rs\n\nYou can see it.\n\n"
        "Filename: src/main.rs\n\nAnd again.\n\nNote: I left out tests.\n\nNote: we add them later.\n"
    ),
    "a mail's header lines": (
        "Received: from mail.example.org by mx.example.org; 4 Mar 2031.\nX-Tag: list\n"
        "List-Post: you may write to us.\nReceived: from a.example.org by b.example.org.\n"
        "X-Tag: other\nReceived: from b.example.org by c.example.org.\nList-Post: closed.\n"
    ),
    "short sentences at the beginning of lines": (
        "I went down.\nThank you. I did not stay.\nThe Old Quay. It was dark.\nThank you. You know.\n"
        "The Old Quay. Nobody was there.\nWe left.\n"
    ),
}


def speakers_of(text: str) -> list[tuple[int, int, str | None]]:
    """Return start, end and speaker of each turn that can be quoted."""
    source = SourceText(text, "text", "text/1")
    return [
        (turn.start, turn.end, turn.speaker)
        for document in find_documents(source)
        for turn in find_turns(source, document)
        if turn.kind.quotable
    ]


def assert_given(sample: Sample, separator: str) -> None:
    text = separator.join(words for words, _ in sample) + "\n"
    turns = speakers_of(text)
    at = 0
    for words, who in sample:
        at = text.index(words, at)
        last = at + len(words) - 1
        found = next((speaker for start, end, speaker in turns if start <= last < end), None)
        if who is None:
            assert found is None, f"{words!r} is nobody's, given to {found}"
        else:
            assert found is not None, f"{words!r} is {who}'s, given to nobody"
            assert who in found, f"{words!r} is {who}'s, given to {found}"


@pytest.mark.parametrize("sample", (APART | DECLARED).values(), ids=(APART | DECLARED))
def test_paragraphs_set_apart(sample: Sample) -> None:
    assert_given(sample, "\n\n")


@pytest.mark.parametrize("sample", (LINES | RECORDS).values(), ids=(LINES | RECORDS))
def test_paragraphs_on_lines_below_each_other(sample: Sample) -> None:
    assert_given(sample, "\n")


@pytest.mark.parametrize("text", NOBODY.values(), ids=NOBODY)
def test_what_only_looks_like_labels_is_nobodys(text: str) -> None:
    assert [speaker for _, _, speaker in speakers_of(text) if speaker] == []


def test_time_grows_with_the_text_alone() -> None:
    """Twice the text takes about twice the time, also where every line looks like a label."""

    def seconds(lines: int) -> float:
        text = "".join(
            f"Name {n % 7} ([{n}): words (and: more. – again: and\n" for n in range(lines)
        )
        began = time.process_time()
        speakers_of(text)
        return time.process_time() - began

    seconds(200)
    assert seconds(4_000) < 20 * max(seconds(500), 0.01)


def test_an_impersonal_paragraph_is_nobodys_where_speeches_are_of_one_paragraph() -> None:
    spoken = [
        ("MS. ORLE: Will you take the chair, Mr. Dane?", "MS. ORLE"),
        ("MR. DANE: I will, and I thank you all.", "MR. DANE"),
    ] * 4
    aside = "A letter from the harbour master was handed round."
    text = "\n\n".join(
        [*(words for words, _ in spoken[:4]), aside, *(words for words, _ in spoken[4:])]
    )
    assert _speaker_at(text, aside) is None
    assert _speaker_at(text.replace(aside, "I hold a letter here."), "I hold") == "MR. DANE"
    # Where speeches do go on, so may this one.
    longer = text.replace("thank you all.", "thank you all.\n\nWe begin with the letters I hold.")
    assert _speaker_at(longer, aside) == "MR. DANE"


def _speaker_at(text: str, words: str) -> str | None:
    at = text.index(words)
    return next((who for start, end, who in speakers_of(text) if start <= at < end), None)
