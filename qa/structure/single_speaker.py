"""Find the one person who speaks in a document without labels: an interview or an address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.language import WORDS
from qa.language.lexicon import alternatives
from qa.language.names import Person, fold_name, is_person_name, read_person
from qa.language.people import nominative
from qa.structure.head_fields import FieldKind, declared_author, head_fields, is_genre
from qa.structure.lines import Line
from qa.structure.people import People, find_people

_DASH = re.compile(r"[–—―‒-]\s?(?=\S)")
_BOLD_QUESTION = re.compile(r"(?:\*\*|__)[^*_\n]{5,600}\?\s?(?:\*\*|__)$")
_CLOSING_NOTE = re.compile(
    r"(?:the )?interview(?:ed)? (?:was )?(?:conducted|by|recorded|prepared)\b|interviewed by\b|"
    r"беседовал|интервью (?:взял|вел|подготовил|провел)|записал[аи]? ",
    re.IGNORECASE,
)
_INTERVIEW_WITH = re.compile(r"\binterview(?:ed)?\s+(?:with|of)?\s*", re.IGNORECASE)
_TITLE_TOPIC = re.compile(r"\s+(?:on|about)\s+|:\s+|\s+[–—]\s+", re.IGNORECASE)
_GENRE = re.compile(
    r"(?:(?:full|complete|opening|closing|keynote|welcoming|welcome|introductory|inaugural|"
    r"concluding|official|special|new year(?:['’]s)?|video|prepared|the|text of(?: the)?|"
    r"transcript of(?: the)?)\s+){0,4}"
    r"(?:speech|statement|address|remarks|message|lecture|comments|greetings|welcome|toast|"
    r"opening|keynote|testimony)\s+(?:made\s+|delivered\s+|given\s+|to\s.{2,80}?\s)?"
    r"(?:by|of|from)\s+",
    re.IGNORECASE,
)
_RUSSIAN_GENRE = re.compile(
    r"(?:(?:вступительное|приветственное|заключительное|новогоднее)\s+)?"
    r"(?:выступление|заявление|обращение|речь|доклад|послание|приветствие|слово)\s+",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(
    r"(?P<who>.{4,200}?)['’]s?\s+(?:(?:opening|closing|keynote|welcoming|new year)\s+){0,2}"
    r"(?:speech|statement|address|remarks|message|lecture)\b",
    re.IGNORECASE,
)
_SPOKE = re.compile(
    r"\s(?:addressed|addresses|spoke (?:at|to|before)|speaks (?:at|to)|delivered|delivers|"
    r"made a (?:speech|statement)|gave a (?:speech|lecture)|выступил[аи]? |обратил(?:ся|ась) )"
)
_AFTER_NAME = re.compile(
    r"\s+(?:at|to|on|in|during|before|following|after|for|with|delivered|regarding|about)\s|"
    r"\s[–—-]\s|:|\s\(|,\s(?=\d|[A-Z][a-z]+,?\s\d)"
)
_AFTER_RUSSIAN_NAME = re.compile(r"\s+(?:на|в|во|перед|по|о|об|к|с)\s|\s[–—-]\s|:|\s\(")
_SALUTATION = re.compile(
    r"(?:dear|ladies and gentlemen|distinguished|excellencies|your excellenc|your majest|"
    r"friends|colleagues|comrades|honou?rable|mr\.? (?:president|speaker|chair)|"
    r"madam(?:e)? (?:president|speaker|chair)|members of|fellow|my fellow|good (?:morning|"
    r"afternoon|evening)|esteemed|thank you|citizens of|уважаем|дорог|друзья|коллеги|товарищи|"
    r"добрый (?:день|вечер)|доброе утро|дамы и господа|здравствуйте|sehr geehrte|liebe |"
    r"meine damen|mesdames|monsieur le|chers? |señoras y señores)",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(rf"\b(?:{alternatives(WORDS.own_voice)})\b", re.IGNORECASE)
_NEAR = 4000


@dataclass(frozen=True, slots=True)
class Interview:
    """The lines that ask, and the one who answers if exactly one person can."""

    questions: frozenset[int]
    answers_marked: bool
    interviewee: Person | None


@dataclass(frozen=True, slots=True)
class Address:
    """A speech from the line `first` on, by one person."""

    first: int
    speaker: Person


def is_salutation(text: str) -> bool:
    """Return whether the line greets an audience."""
    return _SALUTATION.match(text) is not None


def is_closing_note(text: str) -> bool:
    """Return whether the line credits the interview's makers rather than being part of it."""
    return _CLOSING_NOTE.match(text) is not None


def question_start(text: str) -> int:
    """Return where a question's words begin after its dash or its emphasis mark."""
    dash = _DASH.match(text)
    return dash.end() if dash else 2 if text.startswith(("**", "__")) else 0


def find_interview(lines: tuple[Line, ...], body: list[int], head: str) -> Interview | None:
    """Return the document as an interview, if its questions are marked by a dash or in bold.

    `body` are the indices of lines that can be speech, `head` the title and the introduction.
    """
    bold = [i for i in body if _BOLD_QUESTION.match(lines[i].text)]
    dashed = [i for i in body if _DASH.match(lines[i].text) and len(lines[i].text) < 3000]
    asking = [i for i in dashed if "?" in lines[i].text[-400:]]
    asks = set(asking)
    if len(bold) >= 2 and len(bold) >= len(asking):
        return Interview(frozenset(bold), False, _interviewee(lines, bold, head))
    if len(asking) < 2:
        return None
    position = {index: at for at, index in enumerate(body)}
    dashes = set(dashed)

    def answered(index: int) -> bool:
        after = position[index] + 1
        return after < len(body) and body[after] not in dashes

    if all(answered(index) for index in dashed) or (
        2 * len(asking) >= len(dashed) and sum(map(answered, asking)) * 3 >= 2 * len(asking)
    ):
        questions = frozenset(i for i in dashed if i in asks or answered(i))
        return Interview(questions, False, _interviewee(lines, asking, head))
    replied = [i for i in asking if position[i] + 1 < len(body) and body[position[i] + 1] in dashes]
    alternate = all(body[position[i] + 1] not in asks for i in replied)
    if len(replied) * 3 >= 2 * len(asking) and alternate and len(dashed) <= 3 * len(asking):
        return Interview(frozenset(asking), True, _interviewee(lines, asking, head))
    return None


def _interviewee(lines: tuple[Line, ...], questions: list[int], head: str) -> Person | None:
    """Return the only person introduced before the first question, or addressed in questions."""
    people = People()
    found = [people.add(person) for person in find_people(head)]
    for text in head.splitlines():
        named = _topic_person(text) or _interviewed_person(text)
        if named is not None:
            found.append(people.add(named))
    distinct = {fold_name(person.name): person for person in found}
    final = [people.find(person.name) or person for person in distinct.values()]
    if len(final) == 1:
        return final[0]
    spoken_to = set()
    for index in questions:
        words = lines[index].text[question_start(lines[index].text) :][:80].split(",")[0]
        person = people.find(words) if len(words.split()) <= 4 else None
        if person is not None:
            spoken_to.add(person)
    return spoken_to.pop() if len(spoken_to) == 1 else None


def _topic_person(text: str) -> Person | None:
    """Read a title of the form `Jane Doe on the new law` or `Jane Doe: “We …”`."""
    found = _TITLE_TOPIC.search(text[:200])
    if found is None or text.endswith("."):
        return None
    name = text[: found.start()].strip()
    return read_person(name) if is_person_name(name) or "," in name else None


def _interviewed_person(text: str) -> Person | None:
    found = _INTERVIEW_WITH.search(text[:400])
    if found is None:
        return None
    rest = re.split(
        r"[.;:“”\"(]|\s(?:on|about|for|to|by|at|in)\s", text[found.end() :], maxsplit=1
    )[0]
    return read_person(rest.strip())


def find_address(lines: tuple[Line, ...], body: list[int], titles: list[str]) -> Address | None:
    """Return the document as an address, if its title names one speaker, in whose words it is.

    A title "X addressed …" may head a report about a speech too, so the text must greet an
    audience, or (under "Speech by X") speak in the first person and never of X.
    """
    if not body:
        return None
    for title in titles:
        genre, speaker = _announced(title, lines, body)
        if speaker is None:
            continue
        greeting = next((i for i in body[:5] if is_salutation(lines[i].text)), None)
        after = [i for i in body if greeting is None or i > greeting]
        if _speaks_of(lines, after, speaker):
            return None
        if greeting is not None and (_first_persons(lines, after) or genre):
            return Address(greeting, speaker)
        if genre and _first_persons(lines, body[:6]) >= 2:
            return Address(body[0], speaker)
    return None


def declared_address(lines: tuple[Line, ...], body: list[int]) -> Address | None:
    """Return the speech that a page's head declares by its genre or day of delivery and one author,
    if the text after the fields is in the first person."""
    fields = head_fields(lines)
    author = declared_author(fields)
    given = any(field.kind is FieldKind.DELIVERED for field in fields)
    if author is None or not (given or any(is_genre(lines, at, spoken=True) for at in range(3))):
        return None
    after = [index for index in body if index > max(field.line for field in fields)]
    return Address(after[0], author) if after and _first_persons(lines, after) >= 2 else None


def _announced(title: str, lines: tuple[Line, ...], body: list[int]) -> tuple[bool, Person | None]:
    """Return who speaks according to the title, and whether it names the genre ("Speech by …")."""
    text = title[:400]
    genre = _GENRE.match(text)
    if genre is not None:
        return True, _person_at(text[genre.end() :])
    russian = _RUSSIAN_GENRE.match(text)
    if russian is not None:
        rest = _AFTER_RUSSIAN_NAME.split(text[russian.end() :], maxsplit=1)[0]
        person = read_person(rest.strip())
        return True, nominative(person) if person else None
    possessive = _POSSESSIVE.match(text)
    if possessive is not None:
        return True, _person_at(possessive["who"])
    spoke = _SPOKE.search(text)
    if spoke is not None:
        return False, _person_at(text[: spoke.start()])
    return False, None


def _person_at(text: str) -> Person | None:
    """Return the person with whom the text begins; None if it names several."""
    whole = text.strip().rstrip(".,")
    pieces = [whole, *(whole[: found.start()] for found in _AFTER_NAME.finditer(whole))]
    for piece in pieces:
        if " and " in piece and len(find_people(piece)) > 1:
            return None
        person = read_person(piece.strip().rstrip(",").strip())
        if person is not None and (is_person_name(person.name) or person.role):
            role = person.role
            cut = _AFTER_NAME.search(role) if role and "," in piece else None
            if role and cut is not None and cut.group().strip() in {"at", "to", "on", "during"}:
                role = role[: cut.start()].rstrip(",")
            return Person(person.name, role, person.honorific)
    return None


def _speaks_of(lines: tuple[Line, ...], body: list[int], speaker: Person) -> bool:
    """Return whether the text mentions its own speaker by surname, as only a report does."""
    surname = fold_name(speaker.name)[-1:]
    if not surname:
        return True
    signature = set(body[-2:])
    for index in body:
        text = lines[index].text
        if index in signature and len(body) > 2 and len(text) <= 80 and text[-1] not in ".!?…":
            continue
        words = (word.strip(".,;:!?()“”\"’'").casefold() for word in text.split())
        if any(word.removesuffix("’s").removesuffix("'s") == surname[0] for word in words):
            return True
    return False


def _first_persons(lines: tuple[Line, ...], body: list[int]) -> int:
    return sum(len(_FIRST_PERSON.findall(lines[i].text[:_NEAR])) for i in body[:40])
