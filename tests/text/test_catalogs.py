"""The catalogs hold every message, keep its placeholders, and mark what they lack."""

from __future__ import annotations

import io
import string
from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from analysis.text import LANGUAGES, LanguageError, find_language, mark, translator
from analysis.text.extract import LOCALES, extract_messages, update_catalog

if TYPE_CHECKING:
    from pathlib import Path

COMPLETE = [c for c, language in LANGUAGES.items() if language.state == "complete" and c != "en"]
FILES = sorted(LOCALES.glob("*.po"))


@pytest.fixture(scope="module")
def messages() -> Catalog:
    return extract_messages()


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_code_says_something(messages: Catalog) -> None:
    said = {m.id for m in messages}
    assert "What we do not know" in said, "messages of Python code are found"
    assert "Skip to the content" in said, "messages of templates are found"


@pytest.mark.parametrize("code", COMPLETE)
def test_a_complete_language_lacks_no_message(code: str, messages: Catalog) -> None:
    say = translator(code)
    missing = [m.id for m in messages if m.id and not say.has(str(m.id))]
    assert missing == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_translation_keeps_the_placeholders(path: Path) -> None:
    catalog = read_po(io.BytesIO(path.read_bytes()))
    translated = [m for m in catalog if m.id and m.string]
    assert translated, "a language that has begun says at least something"
    for message in translated:
        assert _placeholders(str(message.string)) == _placeholders(str(message.id)), message.id


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_catalog_is_up_to_date_with_the_code(path: Path, messages: Catalog) -> None:
    held = {m.id for m in read_po(io.BytesIO(path.read_bytes()))}
    assert held == {m.id for m in messages}, "run `python -m analysis.text.extract`"


def test_updating_keeps_translations_and_drops_what_nothing_says(tmp_path: Path) -> None:
    path = tmp_path / "mk.po"
    path.write_text(
        'msgid "Kept"\nmsgstr "Останува"\n\nmsgid "Gone"\nmsgstr "Нема"\n', encoding="utf-8"
    )
    new = Catalog()
    new.add("Kept")
    new.add("Kept a little")
    path.write_bytes(update_catalog(path, new))
    found = {m.id: m.string for m in read_po(io.BytesIO(path.read_bytes()))}
    assert found["Kept"] == "Останува"
    assert found["Kept a little"] == "", "a similar message is not guessed"
    assert "Gone" not in found


def test_a_missing_message_is_marked_and_stays_english() -> None:
    assert translator("mk")("Never said anywhere") == "[en] Never said anywhere"


def test_serbian_latin_is_the_cyrillic_catalog_in_other_letters() -> None:
    assert translator("sr-Cyrl")("Sources") == "Извори"
    assert translator("sr-Latn")("Sources") == "Izvori"


def test_marking_changes_nothing() -> None:
    assert mark("Sources") == "Sources"


def test_an_unknown_language_is_a_sentence() -> None:
    with pytest.raises(LanguageError, match="'fr' is not a language that Patokaz speaks. Use one"):
        find_language("fr")
