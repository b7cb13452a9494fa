"""Tell web pages' boilerplate (menus, footers, separators, captions) and entries of lists and forms
("Chair: Jane Doe", "Phone: 555 0102") from text and speech."""

from __future__ import annotations

import re

from qa.language import WORDS
from qa.language.datelines import read_time
from qa.language.dates import parse_date
from qa.language.names import is_person_name
from qa.language.offices import fold_word, is_heading_word, is_institution_word, is_office_word

_PUBLICATION = re.compile(
    r"(?:publication date|date of publication|publication status|"
    r"published(?: on| in sections| in| under)?|"
    r"posted(?: on)?|last updated|updated(?: on)?|last modified|дата публикации|"
    r"опубликовано(?: в разделах?)?|обновлено)"
    r"(?:\s?:[^!?]{0,120}|\s[^.!?:]{0,12}\d{1,4}[^!?]{0,24})$",
    re.IGNORECASE,
)
_COUNT_MORE = re.compile(r"(?:\d{1,4} more|ещё \d{1,4}|еще \d{1,4}|\+\d{1,4})$", re.IGNORECASE)
_BACK = re.compile(r"(?:go |return )?back to [^.!?:,]{1,60}$", re.IGNORECASE)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)\s*(?:\d{4}|copyright)|copyright\b|all rights reserved)", re.IGNORECASE
)
_SEPARATOR = re.compile(
    r"(?:[*·•∗⁂][ \t]*){1,9}$|[-–—=_~#*+.]{3,}$|[<\[(]\s?(?:…|\.\.\.)\s?[>\])]$"
)
_COUNTER = re.compile(
    r"(?:(?:photo|image|slide|фото) )?\d{1,3} ?(?:of|/|из|von|sur) ?\d{1,3}$", re.I
)
_CAPTION_START = re.compile(
    r"(?:photos?|images?|pictures?|figure credit|caption|photo credit|image credit|credit|"
    r"photo by|фото|на фото|на снимке|foto|bild)\s?(?::|/)|"
    r"(?:from )?left to right\s?[:,]|(?:from )?right to left\s?[:,]|"
    r"(?:in the (?:photo|picture)|pictured|слева направо|на фото|на снимке|photo by|фото:)\b",
    re.IGNORECASE,
)
_CAPTION_END = re.compile(
    r"(?:[.)\s](?:photo|фото|image|foto)(?: credit)?\s?:\s?[^.:]{1,60}\.?$)", re.I
)
_LEFT_TO_RIGHT = re.compile(r"[.(]\s?(?:from )?(?:left to right|слева направо)\s?:", re.IGNORECASE)
_URL = re.compile(r"(?:https?://|www\.)\S+$", re.IGNORECASE)
_CONTACT = re.compile(r"(?:https?://|www\.|\S+@\S+\.\w|[+(]?\d[\d\s()/-]{5,}$)", re.IGNORECASE)


def is_section_term(text: str) -> bool:
    """Return whether the line is the name of a site's section ("News")."""
    return len(text) <= 40 and text.casefold() in WORDS.site_sections


def opens_link_list(text: str) -> bool:
    """Return whether the line heads a list of links or notes about the page ("See also")."""
    return len(text) <= 40 and text.casefold().rstrip(":") in WORDS.link_list_heads


def is_button(text: str) -> bool:
    """Return whether the line is a button, a footer or a note about the page's publication."""
    if len(text) > 200:
        return False
    return (
        (len(text) <= 40 and text.casefold() in WORDS.buttons)
        or _COUNT_MORE.match(text) is not None
        or _PUBLICATION.match(text) is not None
        or _BACK.match(text) is not None
        or _COPYRIGHT.match(text) is not None
        or _URL.match(text) is not None
    )


def is_menu_term(text: str) -> bool:
    """Return whether the line's wording alone marks it as boilerplate."""
    return len(text) <= 40 and (
        is_section_term(text) or opens_link_list(text) or text.casefold() in WORDS.buttons
    )


def is_separator(text: str) -> bool:
    """Return whether the line is a break between parts: "* * *", a rule, an omission "<…>"."""
    return len(text) <= 120 and _SEPARATOR.match(text) is not None


def is_omission(text: str) -> bool:
    """Return whether the separator says that words were left out ("<…>")."""
    return len(text) <= 8 and text[:1] in "<[(" and is_separator(text)


def is_picture_counter(text: str) -> bool:
    """Return whether the line counts the pictures of a gallery ("1 of 2")."""
    return len(text) <= 24 and _COUNTER.match(text) is not None


def is_caption(text: str) -> bool:
    """Return whether the line's own words say that it describes a picture."""
    if len(text) > 1000:
        return False
    return (
        _CAPTION_START.match(text) is not None
        or _CAPTION_END.search(text, max(0, len(text) - 80)) is not None
        or _LEFT_TO_RIGHT.search(text) is not None
    )


def is_entry(rest: str, by_office: bool) -> bool:
    """Return whether what follows the colon belongs to a form or a list and is not speech."""
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
    """Return whether the words are only a name (a list entry's value, and nothing said)."""
    words = text.strip().rstrip(",;")
    if not words or len(words) > 80 or words[-1] in '!?…”"':
        return False
    bare = words[:-1] if words[-1] == "." and not re.search(r"\b\w\.$", words) else words
    return words[-1] != "." and (is_person_name(bare) or is_person_name(bare.split(",")[0]))


def _is_list_of_names(text: str) -> bool:
    """Return whether the text is names or nouns between commas, without a full stop."""
    if text[-1] in ".!?…,:" or len(text) >= 200:
        return False
    parts = [part.strip() for part in re.split(r"[,;]", text)]
    return len(parts) > 1 and all(is_name_like(part) or _is_noun_phrase(part) for part in parts)


def _is_noun_phrase(text: str) -> bool:
    words = text.split()
    return bool(words) and all(
        is_office_word(word) or is_institution_word(word) or is_heading_word(word)
        for word in words
        if fold_word(word) not in WORDS.title_particles
    )
