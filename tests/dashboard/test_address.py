from __future__ import annotations

import pytest

from analysis.dashboard.address import printed_page, read_address
from analysis.dashboard.fields import area_options
from analysis.dashboard.frame import sentence_page
from analysis.dashboard.registry import frame_for, get_kind, list_dashboards
from analysis.documents.wording import Wording
from analysis.text import LANGUAGES, translator
from analysis.text.alphabet import alphabet_key, sort_by_name


@pytest.mark.parametrize(
    ("query", "area", "language"),
    [
        ("", "MK-703", "mk"),
        ("area=gevgelija&language=mk", "MK-405", "mk"),
        ("area=%D0%93%D0%B5%D0%B2%D0%B3%D0%B5%D0%BB%D0%B8%D1%98%D0%B0", "MK-405", "mk"),
        ("language=sr-latn&area=MK-803", "MK-803", "sr-Latn"),
        ("area=kumanovo&area=butel&language=EN", "MK-703", "en"),
        ("&".join(["a=b"] * 50), "MK-703", "mk"),
    ],
)
def test_an_address_names_a_municipality_and_a_language(query, area, language):
    asked = read_address(query)

    assert (asked.choice.area.area_id, asked.choice.language.code) == (area, language)
    assert asked.problems(Wording(translator("en"))) == ()


def test_an_unknown_municipality_is_answered_with_a_sentence():
    asked = read_address("area=<script>atlantis" + "x" * 500 + "&language=en")
    (sentence,) = asked.problems(Wording(translator("en")))

    assert asked.choice.area.slug == "kumanovo"
    assert "atlantis" in sentence
    assert "Kumanovo is shown instead" in sentence
    assert len(sentence) < 250


def test_an_unknown_language_is_answered_with_a_sentence():
    asked = read_address("area=butel&language=xx")

    assert asked.choice.language.code == "mk"
    assert "'xx'" in asked.problems(Wording(translator("en")))[0]


def test_the_state_stands_in_the_address_and_comes_back():
    choice = read_address("area=Kumanova&language=sq").choice

    assert choice.query == "area=kumanovo&language=sq"
    assert read_address(choice.query).choice == choice


@pytest.mark.parametrize("name", ["municipal_profile", "compare"])
def test_squares_stand_in_the_address_and_a_map_does_not(name):
    kind = get_kind(name)
    map_, squares = kind.read("language=en"), kind.read("language=en&view=Squares")

    assert (map_.choice["view"], squares.choice["view"]) == ("map", "squares")
    assert kind.read("view=map").choice.query == kind.read("").choice.query
    assert "view" not in map_.choice.query
    assert squares.choice.query == map_.choice.query.replace("language", "view=squares&language")
    assert kind.read(squares.choice.query).choice == squares.choice
    assert squares.choice.change("language", "sq").query.endswith("view=squares&language=sq")
    assert squares.problems(Wording(translator("en"))) == ()


@pytest.mark.parametrize("name", ["municipal_profile", "compare"])
def test_another_view_is_answered_with_a_sentence_and_the_map(name):
    asked = get_kind(name).read("view=globe&language=en")
    (sentence,) = asked.problems(Wording(translator("en")))

    assert asked.choice["view"] == "map"
    assert "map as 'globe'" in sentence
    assert "“Map” is shown instead" in sentence


def test_what_has_no_menu_is_in_no_form_and_in_no_reference(tmp_path):
    frame = frame_for("compare", "area=butel&view=squares&language=en", tmp_path)
    plain = frame_for("compare", "area=butel&language=en", tmp_path)

    assert "view=squares" in frame["query"]
    assert [choice["name"] for choice in frame["choices"]] == [
        "area", "figure", "peers", "period", "order", "language"
    ]  # fmt: skip
    # The same chart is the same part of a brief, however its map is seen.
    for name in ("collect_top", "collect_rest"):
        assert frame[name] == plain[name]


def test_the_page_to_print_is_linked_where_it_was_made(tmp_path):
    site = tmp_path / "site"

    assert printed_page("en", "gevgelija", site) == "/pages/en/gevgelija/index.html"
    (site / "en" / "kumanovo").mkdir(parents=True)
    assert printed_page("en", "gevgelija", site) == "/pages/"
    (site / "en" / "gevgelija").mkdir()
    (site / "en" / "gevgelija" / "index.html").touch()
    assert printed_page("en", "gevgelija", site) == "/pages/en/gevgelija/index.html"


@pytest.mark.parametrize("code", LANGUAGES)
def test_all_municipalities_are_offered_in_the_order_of_the_alphabet(code):
    options = area_options(Wording(translator(code)))
    names = [name for name, _ in options]

    assert len(options) == len(set(names)) == 80
    assert names == sorted(names, key=lambda name: alphabet_key(name, LANGUAGES[code]))


def test_macedonian_letters_stand_where_readers_look_for_them():
    names = ["Ќ", "Ј", "Ѓ", "Г", "А", "Џ", "Њ", "Н"]

    assert sort_by_name(names, str, LANGUAGES["mk"]) == ["А", "Г", "Ѓ", "Ј", "Н", "Њ", "Ќ", "Џ"]


@pytest.mark.parametrize("name", list_dashboards())
def test_the_frame_is_complete_in_every_language(name, tmp_path):
    for language in LANGUAGES.values():
        frame = frame_for(name, f"language={language.code}", tmp_path / "site")

        assert frame["language"] == language.code
        assert frame["address"] == f"/dashboards/{name}"
        assert all(frame[key] for key in ("title", "skip", "page_label", "failed", "show", "copy"))
        # Nobody publishes a page of every comparison: the view without scripts stands for it.
        assert frame["page"].startswith("/embed/compare?" if name == "compare" else "/pages/")
        for choice in frame["choices"]:
            keys = [key for _, key in choice["options"]]
            assert choice["label"]
            assert choice["chosen"] in keys
            assert len(keys) == len(set(keys))


def test_the_frame_has_what_the_form_without_scripts_needs(tmp_path):
    frame = frame_for("municipal_profile", "area=butel&language=en", tmp_path)

    assert len(frame["areas"]) == 80
    assert ["Butel", frame["area"]] in frame["areas"]
    assert (frame["area_label"], frame["language_label"]) == ("Municipality", "Language")
    assert ["Shqip", "sq"] in frame["languages"]


def test_a_sentence_page_speaks_every_complete_language():
    page = sentence_page(
        "No pages have been made yet. Type {command} and load this page anew.", "x"
    )

    assert "Type x and load" in page
    for language in LANGUAGES.values():
        assert (f'lang="{language.code}"' in page) == (language.state == "complete")
    assert "<h1>" in page
    assert "http" not in page
