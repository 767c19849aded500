"""Every sign that pictures write is one of our font: no machine draws it in a font of its own."""

from __future__ import annotations

import struct
from importlib import resources

import pytest

from analysis.documents.area_maps import STATES
from analysis.documents.compare_words import SYMBOLS
from analysis.text import LANGUAGES, translator


def read_signs() -> set[int]:
    """Read which characters the font has, from its table ``cmap`` (format 12 or 4)."""
    name = "SourceSansPro-Regular.ttf"
    font = (resources.files("font_source_sans_pro") / "files" / name).read_bytes()
    tables = {
        font[at : at + 4]: struct.unpack(">II", font[at + 8 : at + 16])
        for at in range(12, 12 + 16 * struct.unpack(">H", font[4:6])[0], 16)
    }
    start, _ = tables[b"cmap"]
    found: set[int] = set()
    for at in range(
        start + 4, start + 4 + 8 * struct.unpack(">H", font[start + 2 : start + 4])[0], 8
    ):
        part = start + struct.unpack(">I", font[at + 4 : at + 8])[0]
        if struct.unpack(">H", font[part : part + 2])[0] == 4:
            half = struct.unpack(">H", font[part + 6 : part + 8])[0]
            ends = struct.unpack(f">{half // 2}H", font[part + 14 : part + 14 + half])
            begins = part + 16 + half
            starts = struct.unpack(f">{half // 2}H", font[begins : begins + half])
            for first, last in zip(starts, ends, strict=True):
                found |= set(range(first, last + 1))
    return found - {0xFFFF}


@pytest.fixture(scope="module")
def signs() -> set[int]:
    return read_signs()


def test_the_font_has_letters_and_lacks_a_plain_ring(signs):
    assert {ord(letter) for letter in "Aаčћëŷ×–÷"} <= signs
    assert ord("\N{WHITE CIRCLE}") not in signs


def test_marks_of_states_are_of_the_font(signs):
    assert {ord(sign) for sign in "".join(SYMBOLS.values())} <= signs


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_key_of_a_map_is_of_the_font_in_every_language(signs, language):
    say = translator(language)
    assert {ord(sign) for text in STATES.values() for sign in say(text)} <= signs
