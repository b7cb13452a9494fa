"""The page's own files, carried in the package: its words, style sheets, scripts and log-in page.

The words are in English and Russian, in ui/texts/*.json; the scripts use the same files.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "ru")
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


@cache
def asset_text(name: str) -> str:
    """Return the text of one file of ui/assets. Raises FileNotFoundError."""
    return files("ui").joinpath("assets", name).read_text(encoding="utf-8")


def media_type(name: str) -> str | None:
    """Return the media type of a file that browsers may fetch, by its ending, else None."""
    return _TYPES.get(name[name.rfind(".") :])


class Texts:
    """The words of one language, by key."""

    def __init__(self, language: str, words: dict[str, str]) -> None:
        self.language = language
        self._words = words

    def __getitem__(self, key: str) -> str:
        return self._words[key]

    @staticmethod
    def of(language: str) -> Texts:
        """Return the words of one of LANGUAGES."""
        return _load(language)


@cache
def _load(language: str) -> Texts:
    return Texts(language, all_words()[language])


@cache
def all_words() -> dict[str, dict[str, str]]:
    """Return the words of all languages: by language, then by key."""
    folder = files("ui").joinpath("texts")
    return {
        language: json.loads(folder.joinpath(f"{language}.json").read_text(encoding="utf-8"))
        for language in LANGUAGES
    }


def language_of(accepted: str) -> str:
    """Return the first of our languages that an Accept-Language header names, else English."""
    for part in accepted.split(",")[:20]:
        name = part.split(";")[0].strip().lower().split("-")[0]
        if name in LANGUAGES:
            return name
    return LANGUAGES[0]
