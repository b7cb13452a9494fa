"""The whole path with the real model: the acceptance corpus, no network, what is imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import qa
from tests.support.corpora import ROOT, acceptance_corpus

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, model_cache):
    folder = tmp_path_factory.mktemp("corpus-library")
    with qa.open(folder) as library:
        report = library.add(acceptance_corpus())
        assert report.failed == ()
        yield library


def test_the_sentence_that_says_it_comes_first(corpus):
    answer = corpus.ask(
        "What did Pashinyan say about the CSTO's response when Azerbaijani troops invaded?"
    )
    quote = answer.quotes[0]
    said = "Unfortunately, we cannot say that the organisation responded as the Republic of Armenia"
    assert said in quote.text
    assert "Azerbaijani troops invaded the sovereign territory of Armenia" in quote.text
    citation = quote.citation
    assert citation.speaker == "Nikol Pashinyan"
    assert citation.role == "Prime Minister of the Republic of Armenia"
    assert citation.date == "2022-05-16"
    assert citation.document == "CSTO summit"
    assert Path(citation.source).name.startswith("004_")
    line = Path(citation.source).read_text(encoding="utf-8").splitlines()[citation.lines[0] - 1]
    assert quote.text in line
    assert answer.query.understood.speakers == ("Nikol Pashinyan",)


@pytest.mark.parametrize(
    ("question", "words", "speaker"),
    [
        ("How many model acts have been adopted?", "Ninety-seven model acts", "Aleksandr Pankin"),
        (
            "What did the President of Belarus say about NATO drawing in Finland and Sweden?",
            "drawing Finland and Sweden into its net",
            "Alexander Lukashenko",
        ),
        ("Who was appointed Chief of the Joint Staff?", "Serdyukov", "Imangali Tasmagambetov"),
        ("Which recommendations did EMERCOM develop?", "five recommendations", "Suprunovsky"),
    ],
)
def test_facts_are_found_with_their_speakers(corpus, question, words, speaker):
    quote = corpus.ask(question).quotes[0]
    assert words in quote.text
    assert speaker in (quote.citation.speaker or "")


def test_nothing_opens_a_socket(tmp_path, model_cache, no_network):
    from qa.sample import documents

    with qa.open(tmp_path / "library") as library:
        library.add(documents())
        assert library.ask("How was the viaduct repaired?").quotes
    assert no_network == []


def test_asking_imports_no_framework(tmp_path, model_cache):
    """From a cold start, neither torch nor transformers is on the way of add and ask."""
    (tmp_path / "note.txt").write_text("The quay has seven cranes.", encoding="utf-8")
    code = (
        "import sys\n"
        "from qa.cli.main import main\n"
        f"assert main(['add', '--library', {str(tmp_path / 'library')!r}, "
        f"{str(tmp_path / 'note.txt')!r}]) == 0\n"
        f"main(['ask', '--library', {str(tmp_path / 'library')!r}, 'How many cranes?'])\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'gradio'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    with qa.open(tmp_path / "warm") as library:
        library.encoder.question("compiled before")
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "CITEWELL_CACHE": str(model_cache)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "The quay has seven cranes." in done.stdout
