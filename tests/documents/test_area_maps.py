"""What a map says is what its table says, in every language, and nothing that is withheld."""

from __future__ import annotations

import pytest

from analysis.assessment import load_profile
from analysis.assessment.compare import make_comparison
from analysis.documents.area_maps import make_area_map, map_notes
from analysis.documents.compare_tables import compare_table
from analysis.documents.live_map_words import live_map_words
from analysis.documents.map_comparison import map_comparison, picture_comparison
from analysis.documents.map_pictures import describe_map
from analysis.documents.model import Bound
from analysis.documents.profile_pictures import map_change, picture_map
from analysis.documents.wording import Wording
from analysis.methods import Result
from analysis.sources.boundary_files import workspace_boundaries
from analysis.store.read import read_public
from analysis.text import translator

STATELESS = "unhcr_stateless_persons"
SHOWN = (
    ("population_change_pct", "all"),
    ("population_change_persons", "size"),
    ("resident_population_persons", "region"),
    (STATELESS, "all"),
    ("municipal_departures_persons", "all"),
    ("has_local_antitrafficking_commission", "all"),
)


@pytest.fixture(scope="module")
def data(workspace):
    return read_public(workspace)


@pytest.fixture(scope="module")
def boundaries(workspace):
    return workspace_boundaries(workspace)


@pytest.fixture(params=["mk", "sq", "en", "sr-Latn", "sr-Cyrl"])
def w(request):
    return Wording(translator(request.param))


@pytest.fixture
def english():
    return Wording(translator("en"))


@pytest.mark.parametrize(("figure", "peers"), SHOWN)
def test_the_map_has_the_numbers_of_the_table(data, w, figure, peers):
    found = make_comparison(data, "kumanovo", figure, peers)
    shown = map_comparison(found, w)
    table = compare_table(found, w)
    printed = [{str(c) for c in row if isinstance(c, Bound)} for row in table.rows]
    assert [a.name for a in shown.areas] == [str(row[0]).split(" (")[0] for row in table.rows]
    assert all(a.text in row for a, row in zip(shown.areas, printed, strict=True))
    results = {p.area.area_id: p.shown for p in found.places}
    assert {a.area_id: (a.state, a.value) for a in shown.areas} == {
        i: (r.state, r.value) for i, r in results.items()
    }
    assert shown.here == "MK-703"


@pytest.mark.parametrize(("figure", "peers"), SHOWN)
def test_the_key_lists_what_occurs(data, english, figure, peers):
    found = make_comparison(data, "kumanovo", figure, peers)
    shown = map_comparison(found, english)
    states = {a.state for a in shown.areas} - {"value"}
    told = {e.style for e in shown.key} - {"step", "gain", "loss"}
    assert told == states | ({"other"} if len(shown.areas) < 80 else set())
    used = {a.step for a in shown.areas if a.step >= 0}
    assert {e.step for e in shown.key if e.style == "step"} == used


@pytest.mark.parametrize(
    ("figure", "is_shaded", "is_fact"),
    [
        ("population_change_pct", True, False),
        (STATELESS, True, False),
        ("resident_population_persons", False, False),
        ("municipal_departures_persons", False, False),
        ("has_local_antitrafficking_commission", True, True),
    ],
)
def test_rates_are_shades_counts_are_points(data, english, figure, is_shaded, is_fact):
    found = make_comparison(data, "kumanovo", figure, "all")
    shown = map_comparison(found, english)
    numbers = [a for a in shown.areas if a.state == "value"]
    assert numbers
    assert all((a.step >= 0) == is_shaded for a in numbers)
    assert set(shown.sizes) == (set() if is_shaded else {a.area_id for a in numbers})
    assert shown.is_fact == is_fact


def test_a_withheld_number_has_neither_class_nor_size(data, english):
    found = make_comparison(data, "kumanovo", STATELESS, "all")
    withheld = [a for a in map_comparison(found, english).areas if a.state == "suppressed"]
    assert withheld
    for area in withheld:
        assert (area.value, area.step, area.said, area.text) == (None, -1, "", "× withheld")


def values(unit, *numbers):
    ids = ("MK-101", "MK-102", "MK-103", "MK-104", "MK-105", "MK-106", "MK-107", "MK-108")
    return {
        i: Result(state="value", value=n, unit=unit) for i, n in zip(ids, numbers, strict=False)
    }


def test_numbers_that_read_the_same_are_in_the_same_class(english):
    near = values("percent", 1.04, 0.96, 1.01, 1.0, 9.0, 9.04, 8.96, 9.01)
    shown = make_area_map(near, "percent", "t", "", english)
    assert [e.text for e in shown.key[:2]] == ["low numbers: 1.0\xa0%", "high numbers: 9.0\xa0%"]


@pytest.mark.parametrize("number", [2.45, 2.35, -2.45, 0.25, 12.05])
def test_a_limit_reads_as_the_number_does(english, number):
    shown = make_area_map(values("percent", number), "percent", "t", "", english)
    assert shown.key[0].text == f"{shown.areas[0].said}: {shown.areas[0].text}"


def test_limits_are_written_as_the_numbers_are(english):
    small = values("per_1000", 0.0431, 0.05, 0.06, 0.07, 12.34, 12.5, 13.0, 13.1)
    shown = make_area_map(small, "per_1000", "t", "", english)
    assert [e.text for e in shown.key[:2]] == [
        "low numbers: 0.043 … 0.070",
        "high numbers: 12.3 … 13.1",
    ]


def test_losses_and_gains_have_words_of_their_own(english):
    both = values("percent", -30.0, -29.0, -28.0, -3.0, -2.0, 4.0, 5.0, 6.0)
    shown = make_area_map(both, "percent", "t", "", english)
    assert (shown.losses, shown.gains) == (1, 1)
    assert [e.text.split(":")[0] for e in shown.key[:2]] == ["decrease", "increase"]
    assert {a.said for a in shown.areas if (a.value or 0) < 0} == {"decrease"}


def test_points_of_losses_alone_show_losses_in_the_key(english):
    shown = make_area_map(values("persons", -400.0, -90.0), "persons", "t", "", english)
    assert [(e.style, e.text) for e in shown.key[:3]] == [
        ("loss", "−200"),
        ("loss", "−50"),
        ("loss", "−20"),
    ]


def test_points_of_both_say_what_each_shape_means(english):
    shown = make_area_map(values("persons", -400.0, 90.0), "persons", "t", "", english)
    said = {e.text: e.style for e in shown.key}
    assert said["circle: an increase"] == "gain"
    assert said["square: a decrease"] == "loss"
    one_side = make_area_map(values("persons", 400.0, 90.0), "persons", "t", "", english)
    assert not {"circle: an increase", "square: a decrease"} & {e.text for e in one_side.key}


def test_without_any_number_there_is_a_key_all_the_same(english):
    silent = {"MK-101": Result(state="no_data", unit="percent", reason="none")}
    shown = make_area_map(silent, "percent", "t", "MK-101", english)
    assert [e.style for e in shown.key] == ["no_data", "other"]
    assert describe_map(shown, english) == (
        "t. Outlined is Veles: – no data. Municipalities by shade: – no data, which is not a "
        "zero: 1."
    )


def test_the_alternative_says_the_finding(data, boundaries, english):
    found = make_comparison(data, "kumanovo", "population_change_pct", "all")
    country, squares = picture_comparison(found, boundaries, english)
    assert country.alt == squares.alt
    assert "Outlined is Kumanovo: −7.0\xa0%, small decrease." in country.alt
    assert "Numbers of 80 municipalities run from −42.9\xa0% to 27.4\xa0%." in country.alt
    assert country.caption != country.alt
    assert "Natural Earth" in country.caption
    assert len(country.data) == 80
    assert list(country.data["area_id"][:1]) == ["MK-801"]


def test_the_alternative_of_points_tells_who_has_none(data, boundaries, english):
    found = make_comparison(data, "kumanovo", "municipal_departures_persons", "all")
    alt = picture_comparison(found, boundaries, english)[0].alt
    assert "Numbers of 3 municipalities run from" in alt
    assert "Without a number: – no data, which is not a zero: 77." in alt


def test_the_profile_has_the_same_classes_as_the_comparison(data, workspace, boundaries, english):
    found = make_comparison(data, "kumanovo", "population_change_pct", "all")
    profile = load_profile(workspace, "kumanovo")
    own, other = map_change(profile, english), map_comparison(found, english)
    assert own.areas == other.areas
    assert own.key == other.key
    picture = picture_map(profile, english, boundaries)
    assert picture.name == "map"
    assert "Kumanovo: −7.0\xa0%" in picture.alt


def test_words_of_the_map_are_in_the_language(data, w):
    shown = map_comparison(make_comparison(data, "kumanovo", STATELESS, "all"), w)
    words = live_map_words(shown, w)
    assert words.language == w.language.code
    here = next(a for a in shown.areas if a.area_id == "MK-703")
    assert here.words in words.title
    assert w.language.code == "en" or "Schematic" not in map_notes(w).schematic
