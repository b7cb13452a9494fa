"""Make a library anew from the texts it stores, with the model and the rules in use now."""

from __future__ import annotations

import os
from collections.abc import Callable

from embeddings.encoder import Encoder
from qa.index.vectors import LibraryVectors
from qa.index.words import LibraryWords
from qa.ingest import VERSIONS
from qa.ingest.write import AddReport, Ingest, Progress
from qa.settings import Settings, library_folder
from qa.store.opening import open_library


def rebuild(
    folder: str | os.PathLike[str] | None = None,
    *,
    settings: Settings | None = None,
    encoder: Encoder | None = None,
    progress: Callable[[Progress], None] | None = None,
    notify: Callable[[str], None] | None = None,
) -> AddReport:
    """Structure and encode all stored texts again; nothing is read from the original files.

    The model is `settings.model`, else the library's own. The old library stays in use, and
    stays as it is should this be interrupted, until the new one is whole. Raises
    LibraryMissing, LibraryDamaged, LibraryBusy, EmbeddingError.
    """
    place = library_folder(folder)
    chosen = settings or Settings()
    if encoder is None:
        from embeddings.loading import load_encoder

        with open_library(place) as old:
            own = old.provenance.identity.name
        encoder = load_encoder(chosen.model or own, notify=notify)
    with open_library(place) as old, old.rebuild(encoder.identity, VERSIONS) as work:
        report = Ingest(work.new, encoder, chosen, progress).copy_from(work.old)
        work.finish()
    with open_library(place, identity=encoder.identity, versions=VERSIONS) as store:
        # The first question should not be the one that waits for them.
        LibraryVectors(encoder).save(store)
        LibraryWords().save(store)
    return report
