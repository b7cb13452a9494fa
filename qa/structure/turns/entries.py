"""Tells entries of lists and forms ("Chair: Jane Doe", "Phone: 555 0102") from speech."""

from __future__ import annotations

import re

from qa.language.dates import parse_date, read_time
from qa.language.names import is_person_name
from qa.language.offices import fold_word, is_heading_word, is_institution_word, is_office_word

_CONTACT = re.compile(r"(?:https?://|www\.|\S+@\S+\.\w|[+(]?\d[\d\s()/-]{5,}$)", re.IGNORECASE)


def is_entry(rest: str, by_office: bool) -> bool:
    """Whether what follows the colon belongs to a form or a list rather than being said."""
    short = rest[:200].strip()
    if not short:
        return True
    if _CONTACT.match(short) or parse_date(short) or read_time(short):
        return True
    if not any(character.isalpha() for character in short):
        return True
    if short[0].isdigit() and len(short) < 40 and short[-1] not in ".!?":
        return True
    if by_office:
        return is_name_like(short) or _is_list_of_names(short)
    return _is_list_of_names(short)


def is_name_like(text: str) -> bool:
    """Whether the words are only a name (what a list's entry holds, not what is said)."""
    words = text.strip().rstrip(",;")
    if not words or len(words) > 80 or words[-1] in '!?…”"':
        return False
    bare = words[:-1] if words[-1] == "." and not re.search(r"\b\w\.$", words) else words
    return words[-1] != "." and (is_person_name(bare) or is_person_name(bare.split(",")[0]))


def _is_list_of_names(text: str) -> bool:
    """Whether the text is names or nouns between commas without a sentence's stop."""
    if text[-1] in ".!?…,:" or len(text) >= 200:
        return False
    parts = [part.strip() for part in re.split(r"[,;]", text)]
    return len(parts) > 1 and all(is_name_like(part) or _is_noun_phrase(part) for part in parts)


def _is_noun_phrase(text: str) -> bool:
    words = text.split()
    return bool(words) and all(
        is_office_word(word) or is_institution_word(word) or is_heading_word(word)
        for word in words
        if fold_word(word) not in {"of", "the", "and", "for"}
    )
