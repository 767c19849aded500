"""A comparison in words: chart, table and sentence say the same, in each language."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.assessment.compare import PeerComparison, make_comparison
from analysis.catalog import load_indicators
from analysis.documents.compare_pictures import picture_compare
from analysis.documents.compare_sections import compose_comparison
from analysis.documents.compare_sentences import (
    care_sentences,
    finding_sentence,
    nothing_sentence,
)
from analysis.documents.compare_tables import compare_table
from analysis.documents.compare_words import order_places, span_words
from analysis.documents.html import section_html
from analysis.documents.model import Bound, Figure, Paragraph, Table
from analysis.documents.rows import reading_rows
from analysis.documents.wording import Wording
from analysis.methods import Result
from analysis.store.files import OBSERVATIONS, read_table
from analysis.store.read import PublicData, read_public
from analysis.store.schema import COLUMNS, DIMENSIONS, TOTAL, identify
from analysis.text import LANGUAGES, translator

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.documents.model import Document
    from analysis.figures import Picture
    from analysis.workspace import Workspace

HERE = "MK-703"
CASES = [
    ("population_change_pct", "all"),
    ("resident_population_persons", "region"),
    ("unhcr_stateless_persons", "size"),
    ("reception_capacity_places", "all"),
    ("has_mobile_team", "region"),
]
BIRTHS = "live_births_persons"
RESIDENTS = "resident_population_persons"
REGION = ("MK-701", "MK-702", "MK-703", "MK-704", "MK-705", "MK-706")


@pytest.fixture(scope="module")
def data(workspace: Workspace) -> PublicData:
    return read_public(workspace)


@pytest.fixture(scope="module")
def compose(data: PublicData) -> Callable[..., Document]:
    @functools.cache
    def write(indicator: str, peers: str, code: str, area: str = HERE) -> Document:
        return compose_comparison(make_comparison(data, area, indicator, peers), code)

    return write


def english() -> Wording:
    return Wording(translator("en"))


def pictures_of(document: Document) -> list[Picture]:
    return [b.picture for s in document.sections for b in s.blocks if isinstance(b, Figure)]


def table_of(document: Document) -> Table:
    found = [b for b in document.section("compare").blocks if isinstance(b, Table)]
    assert found[0].name == "compare"
    return found[0]


def facts(numbers: tuple[Bound, ...]) -> list[str]:
    return sorted(str((n.value, n.reference, n.inputs, n.state)) for n in numbers)


@pytest.mark.parametrize(("indicator", "peers"), CASES)
def test_every_language_has_the_same_numbers(
    compose: Callable[..., Document], indicator: str, peers: str
) -> None:
    expected = facts(compose(indicator, peers, "mk").numbers)
    assert expected
    for code in LANGUAGES:
        assert facts(compose(indicator, peers, code).numbers) == expected, code


@pytest.mark.parametrize(("indicator", "peers"), CASES)
def test_numbers_come_from_the_public_table_or_name_what_they_were_made_of(
    compose: Callable[..., Document], workspace: Workspace, indicator: str, peers: str
) -> None:
    rows = read_table(workspace.public / OBSERVATIONS).set_index("observation_id")
    for number in compose(indicator, peers, "en").numbers:
        if number.reference:
            value = rows.loc[number.reference, "value"]
            assert (pd.isna(value) and number.value is None) or number.value == value
        elif number.value is not None:
            assert number.method
            assert set(number.inputs) <= set(rows.index)


@pytest.mark.parametrize("code", list(LANGUAGES))
@pytest.mark.parametrize(("indicator", "peers"), CASES[:3])
def test_the_chart_draws_what_the_table_lists_in_the_same_order(
    compose: Callable[..., Document], indicator: str, peers: str, code: str
) -> None:
    document = compose(indicator, peers, code)
    table = table_of(document)
    drawn = pd.concat([p.data for p in pictures_of(document)])
    assert len(table.rows) == len(drawn)
    for row, (name, value, label) in zip(
        table.rows, drawn[["name", "value", "label"]].itertuples(index=False), strict=True
    ):
        assert str(name) in str(row[0])
        cells = [c for c in row[1:] if isinstance(c, Bound)]
        match = [c for c in cells if c.value == value or (c.value is None and pd.isna(value))]
        assert any(str(label).startswith(c.text) for c in match), (row, label)


def test_all_municipalities_are_drawn_in_parts_of_one_scale(
    compose: Callable[..., Document],
) -> None:
    parts = pictures_of(compose("population_change_pct", "all", "en"))
    assert [p.name for p in parts] == ["compare_1", "compare_2"]
    assert [len(p.data) for p in parts] == [40, 40]
    domains = {json.dumps(_domain(p)) for p in parts}
    assert len(domains) == 1
    assert "Part 1 of 2, from Aerodrom to" in parts[0].caption
    low, high = _domain(parts[0])
    values = pd.concat([p.data["value"] for p in parts])
    assert low < values.min() < values.max() < high


def _domain(picture: Picture) -> list[float]:
    return picture.chart.values["domain"]  # noqa: PD011  # a mapping


def test_the_alternative_text_says_the_finding(compose: Callable[..., Document]) -> None:
    (picture,) = pictures_of(compose("unhcr_stateless_persons", "size", "en"))
    assert picture.alt.startswith("Stateless persons registered by UNHCR (Per 1,000 residents).")
    assert "Kumanovo: 0.143 (95 % interval: 0.078 to 0.239)" in picture.alt
    assert "the whole country: 0.163" in picture.alt
    assert "Municipalities drawn: 11. With a number: 3, from 0.143 to 0.329; withheld: 1;" in (
        picture.alt
    )
    assert picture.alt not in picture.caption
    assert "Source: UNHCR" in picture.caption


def test_the_chosen_one_is_named_in_words_and_marked_in_the_picture(
    compose: Callable[..., Document],
) -> None:
    document = compose("unhcr_stateless_persons", "size", "en")
    chosen = [str(row[0]) for row in table_of(document).rows if "(chosen)" in str(row[0])]
    assert chosen == ["Kumanovo (chosen)"]
    (picture,) = pictures_of(document)
    assert picture.data.loc[picture.data["is_here"], "name"].tolist() == ["Kumanovo"]


def test_both_groups_of_peers_are_named(compose: Callable[..., Document]) -> None:
    section = compose("population_change_pct", "all", "en").section("peers")
    said = " ".join(str(item) for item in section.blocks[0].items)
    assert "nearest to that, as a ratio, are Aerodrom, Bitola, Chair, Gazi Baba" in said
    assert "98,104 residents by the census of 2021" in said
    assert "lies in the Northeast Region, with Kratovo, Kriva Palanka, Lipkovo" in said
    assert "no judgement" in str(section.blocks[1].sentence)


@pytest.mark.parametrize("code", ["mk", "sr-Cyrl", "sr-Latn", "sq", "en"])
def test_places_stand_in_the_alphabet_of_the_language(
    compose: Callable[..., Document], code: str
) -> None:
    rows = table_of(compose("population_change_pct", "all", code)).rows
    names = [str(row[0]) for row in rows]
    if code == "mk":
        assert names.index("Дојран") < names.index("Ѓорче Петров") < names.index("Желино")
        assert names.index("Илинден") < names.index("Јегуновце") < names.index("Кавадарци")
    assert len(set(names)) == 80


def test_by_value_those_without_a_number_stand_last_by_the_alphabet() -> None:
    counts = {"MK-701": 50, "MK-702": None, "MK-703": 90, "MK-704": None, "MK-705": 0}
    found = replace(_compare(counts), order="value")
    w = english()
    places = order_places(found, w)
    shown = [p.shown.value for p in places if p.shown.value is not None]
    assert shown == sorted(shown, reverse=True)
    assert [p.shown.is_number for p in places] == [True] * 3 + [False] * 3
    silent = [w.area_name(p.area) for p in places if not p.shown.is_number]
    assert silent == sorted(silent)
    assert {p.shown.state for p in places[3:]} == {"suppressed", "no_data"}


def test_each_state_has_its_own_mark_and_word() -> None:
    counts = {"MK-701": 50, "MK-702": None, "MK-703": 90, "MK-705": 0}
    rows = compare_table(_compare(counts, not_applicable="MK-704"), english()).rows
    assert sorted(str(row[3]) for row in rows) == [
        "5.0",
        "9.0",
        "× withheld",
        "÷ does not apply",
        "– no data",
        "◌ 0.0",
    ]
    key = compare_table(_compare(counts), english()).notes[0]
    assert all(symbol in key for symbol in "•◌×–÷")


def test_a_withheld_municipality_is_told_so_and_not_compared(
    compose: Callable[..., Document],
) -> None:
    document = compose("unhcr_stateless_persons", "size", "en", "prilep")
    blocks = document.section("compare").blocks
    lead = next(str(b.sentence) for b in blocks if isinstance(b, Paragraph))
    assert "the number is withheld so that nobody can be found" in lead
    assert not re.search(r"\d", lead.replace("2025", ""))
    assert any("Withheld are numbers of persons" in str(getattr(b, "sentence", "")) for b in blocks)


def test_no_figure_is_no_zero_and_has_an_owner(compose: Callable[..., Document]) -> None:
    blocks = compose("unhcr_stateless_persons", "size", "en", "vevchani").section("compare").blocks
    lead = str(blocks[0].sentence)
    assert "no figure, which is not a zero. It may be held by: UNHCR." in lead
    births = load_indicators().get(BIRTHS)
    assert "State Statistical Office" in str(nothing_sentence(births, english()))


def test_people_come_with_the_warning_of_the_league_table(compose: Callable[..., Document]) -> None:
    def said(indicator: str) -> str:
        blocks = compose(indicator, "region", "en").section("compare").blocks
        return " ".join(str(b.sentence) for b in blocks if isinstance(b, Paragraph))

    assert "No league table" in said("unhcr_stateless_persons")
    assert "No league table" not in said("population_change_pct")
    assert "No interval, so that nothing is said of the difference" in said("population_change_pct")
    assert "the country's is their sum" in said("resident_population_persons")
    assert "A fact has no average" in said("has_mobile_team")


def test_a_fact_is_yes_and_has_its_year_and_no_chart(compose: Callable[..., Document]) -> None:
    document = compose("has_mobile_team", "region", "en")
    assert pictures_of(document) == []
    here = next(row for row in table_of(document).rows if "chosen" in str(row[0]))
    assert [str(c) for c in here[1:]] == ["yes", "2018"]
    assert "Kumanovo: yes (2018)" in str(document.section("compare").blocks[0].sentence)


def test_sources_that_differ_are_listed_both(compose: Callable[..., Document]) -> None:
    blocks = compose("reception_capacity_places", "all", "en").section("compare").blocks
    differing = next(b for b in blocks if isinstance(b, Table) and b.name == "compare_others")
    assert [[str(c) for c in row] for row in differing.rows] == [
        ["Butel", "Welcome to Europe", "150"],
        ["Butel", "UNHCR", "200"],
    ]


def test_the_words_follow_the_interval() -> None:
    w = english()
    higher = _compare({"MK-703": 600, "MK-701": 90})
    assert "higher than the country, which has 10.0" in str(finding_sentence(higher, w))
    assert "by chance alone" in " ".join(str(s) for s in care_sentences(higher, w))
    bounded = replace(
        higher.here, rate=None, standing="worse", count=Result("value", 30.0, 20.0, 40.0)
    )
    judged = replace(
        higher, places=(bounded,), national=Result(state="value", value=50.0, unit="percent")
    )
    said = str(finding_sentence(judged, w))
    assert "30 (95 % interval: 20 to 40); worse than the country's, which is 50.0" in said


def test_no_benchmark_has_its_reason() -> None:
    w = english()
    found = _compare({"MK-703": 600}, national=None)
    assert "withheld, so that nothing is compared" in " ".join(map(str, care_sentences(found, w)))
    silent = replace(found, national=Result(state="no_data", reason="no row"))
    assert "gives no number of the whole country" in " ".join(map(str, care_sentences(silent, w)))


def test_periods_are_written_as_people_write_them() -> None:
    found = _compare({"MK-703": 600})
    assert span_words(found.span) == "2022"
    assert span_words(replace(found.span, start="2013-01-01")) == "2013–2022"
    assert span_words(replace(found.span, start="2022-07-01")) == "2022-07-01 – 2022-12-31"


def test_rows_for_download_hold_counts_and_rates(data: PublicData) -> None:
    found = make_comparison(data, HERE, "unhcr_stateless_persons", "size")
    rows = reading_rows(found, english())
    rates = rows.loc[rows["kind"].eq("rate_per_1000_residents")]
    # Eleven places, and the country that stands beside each of them.
    assert len(rates) == 12
    assert rates["area"].tolist().count("North Macedonia") == 1
    country = rates.loc[rates["area"].eq("North Macedonia"), "value"]
    assert country.tolist() == [found.national.value]
    withheld = rates.loc[rates["state"].eq("suppressed")]
    assert withheld["value"].isna().all()
    assert withheld["area"].tolist() == ["Prilep"]


def test_a_page_holds_chart_and_table_as_one_view(compose: Callable[..., Document]) -> None:
    document = compose("unhcr_stateless_persons", "size", "en")
    page = section_html(document.section("compare"), document.language)
    assert page.count('<table data-table="compare"') == 1
    assert page.count('role="img"') == 1
    assert "<script" not in page


# What is withheld

counts = st.one_of(st.none(), st.integers(0, 300))


@settings(max_examples=15)
@given(
    shown=st.lists(counts, min_size=6, max_size=6),
    hidden=st.lists(st.integers(1, 5_000_000), min_size=6, max_size=6),
    order=st.sampled_from(["name", "value"]),
)
def test_order_position_and_scale_tell_nothing_of_what_is_withheld(
    shown: list[int | None], hidden: list[int], order: str
) -> None:
    plain = replace(_compare(dict(zip(REGION, shown, strict=True))), order=order)
    told = replace(_compare(dict(zip(REGION, shown, strict=True)), hidden=hidden), order=order)
    assert _everything(plain) == _everything(told)
    for picture in picture_compare(told, english()):
        drawn = picture.chart.to_dict()["datasets"]
        silent = {r["name"] for r in drawn["words"] if "×" in r["label"]}
        assert not silent & {r["name"] for r in (*drawn["here"], *drawn["others"])}
        withheld = picture.data.loc[picture.data["state"].eq("suppressed")]
        assert withheld[["value", "lower", "upper"]].isna().all(axis=None)


def _everything(found: PeerComparison) -> str:
    """Write all that a reader or a program sees of a comparison; ids of rows left out."""
    w = english()
    pictures = [
        (p.alt, p.caption, p.data.to_csv(), p.chart.to_dict()) for p in picture_compare(found, w)
    ]
    table = compare_table(found, w)
    words = [str(finding_sentence(found, w)), *map(str, care_sentences(found, w))]
    rows = [[(str(c), getattr(c, "value", None)) for c in row] for row in table.rows]
    return json.dumps([pictures, rows, table.notes, words], ensure_ascii=False)


def _compare(
    shown: dict[str, int | None],
    *,
    hidden: list[int] | None = None,
    national: float | None = 10_000,
    not_applicable: str = "",
) -> PeerComparison:
    secrets = dict(zip(REGION, hidden or [], strict=False))
    rows = [_row(RESIDENTS, a, 2021, 10_000) for a in REGION]
    rows += [_row(RESIDENTS, "MK", 2021, 1_000_000), _row(BIRTHS, "MK", 2022, national)]
    rows += [_row(BIRTHS, a, 2022, n, secrets.get(a)) for a, n in shown.items()]
    if not_applicable:
        silent = _row(BIRTHS, not_applicable, 2022, None)
        rows.append(silent | {"state": "not_applicable"})
    frame = pd.DataFrame(rows)
    sources = pd.DataFrame(
        {"source_id": ["s"], "publisher": ["Office"], "as_of": ["2024"], "verification": ["read"]}
    )
    data = PublicData(frame.assign(observation_id=identify(frame)), sources, load_indicators())
    return make_comparison(data, HERE, BIRTHS, "region")


def _row(
    indicator: str, area: str, year: int, value: float | None, secret: float | None = None
) -> dict[str, object]:
    # What must never be used of a withheld row stays in it here.
    extra = float("nan") if value is not None or secret is None else float(secret)
    return (
        dict.fromkeys(COLUMNS, "")
        | dict.fromkeys(DIMENSIONS, TOTAL)
        | dict.fromkeys(("numerator", "denominator", "lower", "upper"), extra)
        | {
            "indicator_id": indicator,
            "area_id": area,
            "period_start": f"{year}-01-01",
            "period_end": f"{year}-12-31",
            "value": float("nan") if value is None else float(value),
            "state": "suppressed" if value is None else "value" if value else "zero",
            "status": "final",
            "source_id": "s",
            "reason": "",
        }
    )
