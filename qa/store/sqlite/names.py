"""Every name that the library writes to disk: files, tables, columns, keys."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MetaKey(StrEnum):
    """Keys of the table `meta`."""

    SCHEMA = "schema_version"
    TOKENS = "tokens_version"
    STRUCTURE = "structure_version"
    ENCODER_NAME = "encoder_name"
    ENCODER_REVISION = "encoder_revision"
    ENCODER_DIMENSION = "encoder_dimension"
    TOKEN_MEAN = "token_mean"
    GENERATION = "generation"


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows carry a checksum over `columns`, in this order, in a last column.

    The first `key` columns are the primary key.
    """

    name: str
    columns: tuple[str, ...]
    key: int = 1

    @property
    def insert(self) -> str:
        """SQL that inserts one row, the checksum last."""
        marks = ", ".join("?" * (len(self.columns) + 1))
        return f"INSERT INTO {self.name} ({', '.join(self.columns)}, checksum) VALUES ({marks})"

    @property
    def replace(self) -> str:
        """SQL that inserts one row in the place of the one with the same key."""
        return self.insert.replace("INSERT", "INSERT OR REPLACE", 1)

    @property
    def update(self) -> str:
        """SQL that changes the row of a key; its values are those of `insert`, then the key's."""
        changed = ", ".join(f"{column} = ?" for column in (*self.columns, "checksum"))
        where = " AND ".join(f"{column} = ?" for column in self.columns[: self.key])
        return f"UPDATE {self.name} SET {changed} WHERE {where}"

    def fields(self, alias: str | None = None) -> str:
        """The columns and the checksum, to select."""
        prefix = f"{alias or self.name}."
        return ", ".join(prefix + column for column in (*self.columns, "checksum"))


META = Table("meta", ("key", "value"))
TEXTS = Table("texts", ("id", "key", "format", "reader", "title", "date", "length"))
MARKUP = Table("markup", ("text_id", "blocks", "locators"))
CHUNKS = Table("chunks", ("text_id", "start", "first_line", "text"), key=2)
SOURCES = Table("sources", ("path", "file_sha256", "size", "mtime_ns", "added_at", "text_id"))
DOCUMENTS = Table(
    "documents",
    (
        *("text_id", "ordinal", "start", "stop", "title"),
        *("date", "time", "place", "boundary", "evidence"),
    ),
    key=2,
)
TURNS = Table(
    "turns",
    (
        *("text_id", "document", "ordinal", "kind", "start"),
        *("stop", "speaker", "role", "continues"),
    ),
    key=3,
)
FOUND_DOCUMENTS = Table("found_documents", ("text_id", "ordinal", "title", "date"), key=2)
FOUND_TURNS = Table("found_turns", ("text_id", "document", "ordinal", "speaker", "role"), key=3)
PASSAGES = Table(
    "passages",
    ("id", "text_id", "document", "turn", "start", "stop", "sentences", "context"),
)
VECTORS = Table("vectors", ("passage_id", "vector"))
CODES = Table("codes", ("passage_id", "codes"))
TOKEN_COUNTS = Table("token_counts", ("token_id", "passages"))
CORRECTIONS = Table(
    "corrections",
    (
        *("id", "path", "kind", "value", "role", "anchor"),
        *("found", "corrected_at", "person"),
    ),
)

LEXICAL = Table("lexical", ("rowid", "tokens"))  # FTS5; rowid is the passage's id


@dataclass(frozen=True, slots=True)
class OnDisk:
    """The library's names on disk.

    `tables` come parents first, so that rows can be inserted in this order. `lexical_terms` is
    the vocabulary of `lexical`. `numbered` are the tables whose ids are never given twice.
    """

    database: str = "library.sqlite3"
    write_ahead_log: str = "library.sqlite3-wal"
    rebuild_folder: str = "rebuild"
    rebuild_lock: str = "rebuild.lock"
    notebook: str = "conversations.sqlite"
    application_id: int = 0x43495445  # "CITE"
    tables: tuple[Table, ...] = (
        *(META, TEXTS, MARKUP, CHUNKS, SOURCES, DOCUMENTS),
        *(TURNS, FOUND_DOCUMENTS, FOUND_TURNS, CORRECTIONS),
        *(PASSAGES, VECTORS, CODES, TOKEN_COUNTS, LEXICAL),
    )
    lexical_terms: str = "lexical_terms"
    numbered: tuple[str, ...] = ("texts", "passages", "corrections")


ON_DISK = OnDisk()
