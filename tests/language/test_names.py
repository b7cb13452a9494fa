"""Names of persons, offices before and after them, short forms."""

from __future__ import annotations

import pytest

from qa.language.names import Person, fold_name, is_person_name, is_surname, read_person
from qa.language.people import is_short_form, nominative
from qa.structure.people import People, find_people


@pytest.mark.parametrize(
    ("label", "name", "role"),
    [
        ("President of Russia Vladimir Putin", "Vladimir Putin", "President of Russia"),
        (
            "Prime Minister of the Republic of Armenia Nikol Pashinyan",
            "Nikol Pashinyan",
            "Prime Minister of the Republic of Armenia",
        ),
        (
            "President of the Republic of Belarus, Alexander Lukashenko",
            "Alexander Lukashenko",
            "President of the Republic of Belarus",
        ),
        (
            "President of Kazakhstan Kassym-Jomart Tokayev",
            "Kassym-Jomart Tokayev",
            "President of Kazakhstan",
        ),
        ("The CSTO Secretary General Stanislav Zas", "Stanislav Zas", "CSTO Secretary General"),
        (
            "President of the European Commission Ursula von der Leyen",
            "Ursula von der Leyen",
            "President of the European Commission",
        ),
        (
            "President of South Africa Cyril Ramaphosa",
            "Cyril Ramaphosa",
            "President of South Africa",
        ),
        ("Governor of Ohio James M. Cox", "James M. Cox", "Governor of Ohio"),
        ("Minister of Health J. R. R. Tolkien", "J. R. R. Tolkien", "Minister of Health"),
        (
            "Minister for Digital Transformation Anna Kowalska",
            "Anna Kowalska",
            "Minister for Digital Transformation",
        ),
        (
            "Director of the Centre for Marine Biology Dr. Ana-Lucía de la Cruz",
            "Ana-Lucía de la Cruz",
            "Director of the Centre for Marine Biology",
        ),
        (
            "Chief Executive of Example Ltd Aisha bin Saleh",
            "Aisha bin Saleh",
            "Chief Executive of Example Ltd",
        ),
        ("Bundesministerin Petra Klein", "Petra Klein", "Bundesministerin"),
        ("PRESIDENT MARLOWE", "MARLOWE", "PRESIDENT"),
        ("Prime Minister Berg", "Berg", "Prime Minister"),
        ("President of France Macron", "Macron", "President of France"),
        ("Governor of New York Adams", "Adams", "Governor of New York"),
        ("Jane Doe, Minister of Ports", "Jane Doe", "Minister of Ports"),
        ("Jane Doe, Harbour Times", "Jane Doe", "Harbour Times"),
        ("Sarah Lee -- Chief Executive Officer", "Sarah Lee", "Chief Executive Officer"),
        ("Hon. Bill Morneau (Minister of Finance)", "Bill Morneau", "Minister of Finance"),
        ("The Chair (Hon. Ann Rota (East Bay, Lib.))", "Ann Rota", "Chair"),
        ("Mr. Nebula (Ruritania) (spoke in French)", "Mr. Nebula", "Ruritania"),
        ("Mr. Chris d'Entremont", "Chris d'Entremont", None),
        ("Mr. Don Davies", "Don Davies", None),
        ("Lynne Neagle AM", "Lynne Neagle", "AM"),
        ("MR. PRICE", "MR. PRICE", None),
        ("Theresa May", "Theresa May", None),
        ("Martin Luther King", "Martin Luther King", None),
        ("Президент России Владимир Путин", "Владимир Путин", "Президент России"),
        (
            "Президент Республики Беларусь Александр Лукашенко",
            "Александр Лукашенко",
            "Президент Республики Беларусь",
        ),
        ("Министр финансов Антон Силуанов", "Антон Силуанов", "Министр финансов"),
        ("Президент России В.В. Путин", "В.В. Путин", "Президент России"),
        (
            "Председатель Совета Федерации Валентина Ивановна Матвиенко",
            "Валентина Ивановна Матвиенко",
            "Председатель Совета Федерации",
        ),
    ],
)
def test_read_person(label: str, name: str, role: str | None) -> None:
    person = read_person(label)
    assert person is not None
    assert (person.name, person.role) == (name, role)


@pytest.mark.parametrize(
    "label",
    [
        "Governor of New York",
        "Mayor of Santa Rosa Adams",  # Rosa Adams?
        "President of Russia",
        "The Chair",
        "Mr. Chairman",
        "Press Secretary",
        "Deputy Minister Agriculture",
        "Key Findings",
        "Next Steps",
        "Website of the House",
        "The goals are clear",
        "Paris, France",
        "Anna",
        "",
        "x" * 5000,
    ],
)
def test_labels_that_cannot_be_cut_surely(label: str) -> None:
    assert read_person(label) is None


def test_a_name_that_the_document_uses_alone_shows_where_to_cut() -> None:
    label = "Director of Ocean Deep Marine Trust Ada Berg"
    assert read_person(label) is None
    known = frozenset({fold_name("Ada Berg")})
    assert read_person(label, known) == Person("Ada Berg", "Director of Ocean Deep Marine Trust")


def test_name_shapes() -> None:
    assert is_person_name("Jean-Claude Van Damme")
    assert is_person_name("В.В. Путин")
    assert not is_person_name("Opening Remarks")
    assert not is_person_name("jane doe")
    assert is_surname("Van Popta")
    assert is_surname("O'Neil")
    assert not is_surname("Note")


def test_fold_name() -> None:
    assert fold_name("Mr. Yves-François BLANCHET") == ("yves-francois", "blanchet")
    assert fold_name("В.В. Путин") == ("в", "в", "путин")
    assert fold_name("Jane Doe, PhD") == ("jane", "doe")


@pytest.mark.parametrize(
    ("short", "full", "expected"),
    [
        ("Putin", "Vladimir Putin", True),
        ("V. Putin", "Vladimir Putin", True),
        ("A. Putin", "Vladimir Putin", False),
        ("Pashinyan Nikol", "Nikol Pashinyan", True),
        ("Anna", "Anna Petrova", True),
        ("О. С. Белова", "Ольга Сергеевна Белова", True),
        ("Ольга Белова", "Ольга Сергеевна Белова", True),
        ("Jane Smith", "John Smith", False),
        ("Putin", "Vladimir Petrov", False),
    ],
)
def test_short_forms(short: str, full: str, expected: bool) -> None:
    assert is_short_form(fold_name(short), fold_name(full)) is expected


def test_roster_resolves_only_what_is_unique() -> None:
    roster = People()
    roster.add(Person("John Smith", "Mayor"))
    assert roster.find("Smith") == Person("John Smith", "Mayor")
    roster.add(Person("Jane Smith", "Clerk"))
    assert roster.find("Smith") is None
    assert roster.find("J. Smith") is None
    assert roster.find("Jane Smith") == Person("Jane Smith", "Clerk")
    assert "Brown" not in roster


def test_roster_tells_mr_from_ms() -> None:
    roster = People()
    roster.add(Person("John Smith", None, "Mr."))
    roster.add(Person("Jane Smith", None, "Ms."))
    found = roster.find("Smith", "Ms.")
    assert found is not None
    assert found.name == "Jane Smith"


def test_roster_keeps_the_role_given_earlier() -> None:
    roster = People()
    roster.add(Person("Nikol Pashinyan", "Prime Minister"))
    assert roster.add(Person("Pashinyan")) == Person("Nikol Pashinyan", "Prime Minister")
    assert roster.only() == Person("Nikol Pashinyan", "Prime Minister")


@pytest.mark.parametrize(
    ("text", "people"),
    [
        (
            "Today Aleksandr Pankin, Deputy Foreign Minister of Russia, spoke in an interview.",
            [("Aleksandr Pankin", "Deputy Foreign Minister of Russia")],
        ),
        (
            "The Executive Director of United Harbours, Mirela Stanescu, welcomed the accord.",
            [("Mirela Stanescu", "Executive Director of United Harbours")],
        ),
        (
            "Talks with President of Kyrgyzstan Sadyr Japarov were held.",
            [("Sadyr Japarov", "President of Kyrgyzstan")],
        ),
        (
            "From left to right: Prime Minister of Armenia Nikol Pashinyan, President of Belarus "
            "Alexander Lukashenko and others.",
            [
                ("Nikol Pashinyan", "Prime Minister of Armenia"),
                ("Alexander Lukashenko", "President of Belarus"),
            ],
        ),
        ("February 10 is Diplomatic Worker's Day in Russia.", []),
        ("He met Jane Doe, who is a friend.", []),
        ("Mirela Stanescu, head of the “Blue” Institute, came.", []),
    ],
)
def test_find_people(text: str, people: list[tuple[str, str]]) -> None:
    assert [(person.name, person.role) for person in find_people(text)] == people


@pytest.mark.parametrize(
    ("genitive", "expected"),
    [
        ("Ивана Петрова", "Иван Петров"),
        ("Марии Петровой", "Мария Петрова"),
        ("Сергея Сергеевича Орлова", "Сергей Сергеевич Орлов"),
        ("Никиты Михалкова", "Никита Михалков"),
        ("Игоря Сечина", "Игорь Сечин"),
        ("Павла Дурова", "Павел Дуров"),
        ("Ким Чен Ына", None),
        ("Ivan Petrov", None),
    ],
)
def test_nominative_of_russian_names(genitive: str, expected: str | None) -> None:
    person = nominative(Person(genitive, "Президента"))
    assert (person.name if person else None) == expected
