"""The glossary gives a term as its sources have it, and marks what a language lacks."""

from __future__ import annotations

import pytest

from analysis.catalog import GlossaryError, load_glossary


def test_there_are_100_terms_each_with_a_source() -> None:
    terms = list(load_glossary())
    assert len(terms) == 100
    assert all(term.mk and term.source for term in terms)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", "asylum seeker"),
        ("mk", "барател на азил"),
        ("sq", "azilkërkues"),
        ("sr-Latn", "tražilac azila"),
        ("sr-Cyrl", "tražilac azila"),
    ],
)
def test_a_term_is_said_in_each_language(code: str, expected: str) -> None:
    assert load_glossary().term("Asylum seeker", code) == expected


def test_a_term_that_a_language_lacks_is_english_behind_a_mark() -> None:
    name = "Commission for compensation of victims of violent crime"
    assert load_glossary().term(name, "sq") == f"[en] {name}"
    assert load_glossary().term(name, "mk").startswith("Комисија")


def test_an_unknown_term_or_language_is_a_sentence() -> None:
    with pytest.raises(GlossaryError, match="'weather' is not a term of the glossary"):
        load_glossary().get("weather")
    with pytest.raises(GlossaryError, match="'de' is not a language of the glossary.*mk, sq"):
        load_glossary().term("integration", "de")


def test_nothing_is_called_verified_that_its_source_doubts() -> None:
    for term in load_glossary():
        if "unverified" in term.source:
            assert term.verification != "verified", term.term_en
