"""Knowledge of languages: their words, and how dates, names, sentences and tokens are read.

A language is one record of type `Lexicon`, in a module of its own or among the further ones; a
new one is added to `LEXICONS`. What texts are read with is `WORDS`, all languages together.
"""

from __future__ import annotations

from qa.language import further
from qa.language.english import ENGLISH
from qa.language.lexicon import Lexicon, merged
from qa.language.russian import RUSSIAN

LEXICONS: tuple[Lexicon, ...] = (ENGLISH, RUSSIAN, *further.LEXICONS)
WORDS = merged(LEXICONS)
