"""What tells a secret and what does not, rule by rule."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.protection.scanner.match import Matcher
from analysis.protection.scanner.scan import scan_bytes
from analysis.protection.scanner.secrets import count_digits, make_secrets

if TYPE_CHECKING:
    from pathlib import Path

WITHHELD = "a1b2c3d4e5f6"
DISTINCTIVE = "b1b2c3d4e5f6"
BLANK = "c1b2c3d4e5f6"
PAGE = "<html><body>{}</body></html>"
SVG = '<svg><text>x</text><g aria-label="Kumanovo">{}</g></svg>'


@pytest.mark.parametrize(
    "number",
    [
        "7",
        "7.0",
        "7,0",
        "7 persons",
        "%7",
        "(7)",
        "n=7",
        "&#55;",
        "%37",
        "٧",
        "7\u200b",
        "<b>7</b>",
    ],
)
def test_a_small_number_is_found_however_it_is_written(find, number: str) -> None:
    assert find("a.html", PAGE.format(f"<p>Kumanovo, 2023: {number}</p>")) == [WITHHELD]


@pytest.mark.parametrize(
    "number",
    [
        "70",
        "0.7",
        "7.1",
        "1,7",
        "-7",
        "−7",
        "07",
        "17",
        "7.5",
        "<7",
        "7 %",
        "7px",
        "v7",
        "h7",
        "7.25",
    ],
)
def test_another_number_or_no_figure_is_not_found(find, number: str) -> None:
    assert find("a.txt", f"Kumanovo, 2023: {number}") == []


@pytest.mark.parametrize(
    "area", ["Kumanovo", "KUMANOVO", "Куманово", "Kumanovë", "MK-703", "kumanovo"]
)
def test_an_area_is_known_by_all_its_names(find, area: str) -> None:
    assert find("a.txt", f"{area} 2023 7") == [WITHHELD]


@pytest.mark.parametrize("line", ["Kumanovo: 7", "2023: 7", "Kumanovo, 2022: 7", "Kumanovo 2023"])
def test_a_small_number_without_area_or_year_is_not_found(find, line: str) -> None:
    assert find("a.txt", line) == []


@pytest.mark.parametrize("number", ["347", "347.0", "347,0", "347 lica"])
def test_a_distinctive_number_is_found_beside_the_area_or_the_indicator(find, number: str) -> None:
    assert find("a.txt", f"Kumanovo: {number}") == [DISTINCTIVE]
    assert find("a.txt", f"Other persons of concern to UNHCR: {number}") == [DISTINCTIVE]
    assert find("a.txt", f"unhcr_others_of_concern_persons {number}") == [DISTINCTIVE]
    assert find("a.txt", f"Veles: {number}") == []
    assert find("a.txt", number) == []
    assert find("a.txt", f"Kumanovo 2020: {number}") == []
    assert find("a.txt", f"Kumanovo, refugees registered by UNHCR: {number}") == []


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *((text, 1234) for text in ("1,234", "1.234", "1\u202f234", "1\u00a0234", "1 234", "1234")),
        ("1.234,0", 1234),
        ("0,0431", 0.0431),
        ("0.0431", 0.0431),
    ],
)
def test_large_and_fine_numbers_are_found_in_each_notation(rows_of, written, value) -> None:
    rows = rows_of([(WITHHELD, "unhcr_refugees_persons", "MK-703", 2023, value, True)])
    public = rows.assign(state="suppressed", value=float("nan"), numerator=float("nan"))
    matcher = Matcher(make_secrets(rows, public))
    found = scan_bytes("a.txt", f"Kumanovo: {written}".encode(), matcher)
    assert [leak.observation_id for leak in found] == [WITHHELD]


@pytest.mark.parametrize(
    ("value", "digits"), [(7, 1), (99, 2), (100, 3), (120, 3), (0.12, 2), (0.123, 3), (12.5, 3)]
)
def test_digits_are_counted_without_leading_noughts(value: float, digits: int) -> None:
    assert count_digits(value) == digits


def test_any_number_beside_the_id_is_found_even_without_area_and_year(find) -> None:
    assert find("a.txt", f"{WITHHELD} 7") == [WITHHELD]
    assert find("a.txt", f"{WITHHELD} 8") == []
    # A longer code that holds the id is another code.
    assert find("a.txt", f"{WITHHELD}aa 7") == []


def test_a_number_that_is_bound_to_a_shown_figure_explains_itself(find) -> None:
    row = (
        "<h2>Kumanovo</h2><table><tr><th>Year</th><th>A</th><th>B</th></tr><tr><td>2023</td>"
        '<td><span data-observation="a1b2c3d4e5f6">×</span></td><td>{}</td></tr></table>'
    )
    bound = '<data value="{0}" data-observation="e1b2c3d4e5f6">{0}</data>'
    assert find("a.html", PAGE.format(row.format(bound.format(18)))) == []
    # A wrong binding is no explanation.
    assert find("a.html", PAGE.format(row.format(bound.format(7)))) == [WITHHELD]
    # Something worked out from shown figures alone explains itself; from a withheld one never.
    derived = '<data value="{}" data-method="rate" data-inputs="{}">x</data>'
    shown = derived.format(7, "e1b2c3d4e5f6 f1b2c3d4e5f6")
    assert find("a.html", PAGE.format(row.format(shown))) == []
    assert find("a.html", PAGE.format(f"<p>{derived.format(0.5, f'{WITHHELD} x')}</p>")) == [
        WITHHELD
    ]


def test_a_derived_row_of_a_table_names_what_it_came_from(find) -> None:
    text = "kind,area_id,value,inputs\nrate,MK-703,{},{}\n"
    assert find("a.csv", text.format("0.71", f"{WITHHELD} f1b2c3d4e5f6")) == [WITHHELD]
    assert find("a.csv", text.format("", f"{WITHHELD} f1b2c3d4e5f6")) == []
    assert find("a.csv", text.format("0.71", "e1b2c3d4e5f6 f1b2c3d4e5f6")) == []


@pytest.mark.parametrize(
    "shape",
    [
        '<path d="M0,0h4v-9h-4Z"',
        '<path d="M1,1L1,9"',
        '<rect width="4" height="9"',
        '<circle r="2"',
        '<ellipse rx="2" ry="1"',
        '<line x1="0" x2="4"',
        '<line y1="1"',
        '<polygon points="0,0 4,0 4,9"',
        '<polyline points="0,0 4,9"',
    ],
)
def test_a_shape_with_a_size_that_is_bound_to_a_withheld_figure_is_found(find, shape: str) -> None:
    assert find("a.svg", SVG.format(f'{shape} data-observation="{WITHHELD}"/>')) == [WITHHELD]
    assert find("a.svg", SVG.format(f'{shape} data-observation="e1b2c3d4e5f6"/>')) == []
    above = f'<g data-observation="{WITHHELD}">{shape}/></g>'
    assert find("a.svg", SVG.format(above)) == [WITHHELD]
    # Nobody knows the number of this one, and nothing may be drawn for it either.
    assert find("a.svg", SVG.format(f'{shape} data-observation="{BLANK}"/>')) == [BLANK]


@pytest.mark.parametrize(
    "shape",
    [
        '<path d="M3,2h0v0h0Z"',
        '<path d="M3,2V2H3Z"',
        '<path d=""',
        '<rect width="4" height="0"',
        '<circle r="0"',
        '<line x1="3" x2="3"',
        '<polygon points="0,0 0,0"',
        "<text",
    ],
)
def test_what_has_no_size_may_be_bound_to_a_withheld_figure(find, shape: str) -> None:
    assert find("a.svg", SVG.format(f'{shape} data-observation="{WITHHELD}"/>')) == []


def test_a_shape_that_only_its_label_binds_is_found(find) -> None:
    shape = '<rect width="4" height="9" aria-label="{}"/>'
    label = "2023; Refugees registered by UNHCR"
    assert find("a.svg", SVG.format(shape.format(label))) == [WITHHELD]
    assert find("a.svg", SVG.format(shape.format(f"Veles, {label}"))) == []
    assert find("a.svg", SVG.format(shape.format("2022; Refugees registered by UNHCR"))) == []
    # Stateless persons are shown of that year: without an indicator it may be their bar.
    assert find("a.svg", SVG.format(shape.format("2023"))) == []
    assert find("a.svg", SVG.format(shape.format("2021"))) == [DISTINCTIVE]
    title = '<rect width="4" height="9"><title>2021</title></rect>'
    assert find("a.svg", SVG.format(title)) == [DISTINCTIVE]


def test_bars_of_a_page_that_are_bound_to_a_withheld_figure_are_found(find) -> None:
    bar = '<div data-observation="{}" style="width: {}"></div>'
    assert find("a.html", PAGE.format(bar.format(WITHHELD, "35%"))) == [WITHHELD]
    assert find("a.html", PAGE.format(bar.format("e1b2c3d4e5f6", "35%"))) == []


def test_ticks_of_axes_and_the_numbers_of_sources_are_explained(find) -> None:
    axis = (
        '<svg aria-label="Kumanovo, 2023"><g aria-roledescription="axis"><text>{}</text></g></svg>'
    )
    assert find("a.svg", axis.format("7")) == []
    assert find("a.svg", axis.format("persons: 7")) == [WITHHELD]
    assert find("a.txt", "Kumanovo, 2023, as the office says [7]. No more") == []
    tiers = (
        "<table><caption>{}</caption><tr><th>Country</th><th>2023</th></tr><tr><td>Kumanovo</td>"
    )
    tiers += "<td>7</td></tr></table>"
    excused = tiers.format("Tiers of the reports of the US Department of State")
    assert find("a.html", PAGE.format(excused)) == []
    assert find("a.html", PAGE.format(tiers.format("Persons"))) == [WITHHELD]


def test_a_shown_figure_of_the_same_place_and_year_explains_a_number(rows_of) -> None:
    cells = [
        (WITHHELD, "unhcr_refugees_persons", "MK-703", 2023, 12.0, True),
        ("e1b2c3d4e5f6", "unhcr_stateless_persons", "MK-703", 2023, 12.0, False),
    ]
    rows = rows_of(cells)
    public = rows.copy()
    public.loc[0, ["value", "numerator"]] = float("nan")
    public.loc[0, "state"] = "suppressed"
    matcher = Matcher(make_secrets(rows, public))

    def find(text: str) -> list[str]:
        return [k.observation_id for k in scan_bytes("a.html", PAGE.format(text).encode(), matcher)]

    assert find("<p>Kumanovo, 2023: 12</p>") == []
    assert find("<p>Kumanovo, 2023, stateless persons registered by UNHCR: 12</p>") == []
    assert find("<p>Kumanovo, 2023, refugees registered by UNHCR: 12</p>") == [WITHHELD]
    # In hidden places nothing is explained by what is shown elsewhere.
    assert find("<!-- Kumanovo, 2023: 12 -->") == [WITHHELD]
    assert find("<!-- Kumanovo, 2023, stateless persons registered by UNHCR: 12 -->") == []


def test_a_record_that_says_other_dimensions_or_another_period_is_another_cell(find) -> None:
    head = "indicator_id,area_id,period_start,period_end,sex,value\n"
    row = "unhcr_refugees_persons,MK-703,{0}-01-01,{1}-12-31,{2},7\n"
    assert find("a.csv", head + row.format(2023, 2023, "total")) == [WITHHELD]
    assert find("a.csv", head + row.format(2023, 2023, "female")) == []
    assert find("a.csv", head + row.format(2022, 2023, "total")) == []
    assert find("a.csv", head + row.format(2023, 2024, "total")) == []


def test_the_bounds_of_a_file_without_rows_are_read(find, tmp_path: Path) -> None:
    def bounds(number: float) -> bytes:
        table = pa.Table.from_pandas(
            pd.DataFrame({"area_id": ["MK-703"], "year": [2023], "value": [number]})
        )
        kept: list[pq.FileMetaData] = []
        pq.write_table(table, tmp_path / "a.parquet", metadata_collector=kept)
        out = io.BytesIO()
        pq.write_metadata(table.schema, out, metadata_collector=kept)
        return out.getvalue()

    assert WITHHELD in _ids(find, bounds(7.0))
    assert WITHHELD not in _ids(find, bounds(8.0))


def _ids(find, content: bytes) -> list[str]:
    matcher = find.__closure__[0].cell_contents
    return [leak.observation_id for leak in scan_bytes("a_metadata.parquet", content, matcher)]


def test_a_hidden_property_named_after_the_indicator_tells(find) -> None:
    text = '<?xml version="1.0"?><p><q name="{}">{}</q></p>'
    assert find("a.xml", text.format("unhcr_refugees_persons", 7)) == [WITHHELD]
    assert find("a.xml", text.format("unhcr_refugees_persons", 8)) == []
    assert find("a.xml", text.format("unhcr_stateless_persons", 7)) == []
    assert find("a.xml", text.format("unhcr_refugees_persons of Veles", 7)) == []
    assert find("a.xml", text.format(WITHHELD, 7)) == [WITHHELD]


def test_a_cell_that_the_public_table_lacks_is_withheld_too(rows_of) -> None:
    rows = rows_of([(WITHHELD, "unhcr_refugees_persons", "MK-703", 2023, 7.0, True)])
    secrets = make_secrets(rows, rows.iloc[:0])
    assert [s.observation_id for s in secrets.cells] == [WITHHELD]
    assert "7" not in repr(secrets.cells[0]).replace("MK-703", "")


def test_each_vintage_of_a_withheld_cell_is_a_secret(rows_of) -> None:
    rows = rows_of(
        [(WITHHELD, "unhcr_refugees_persons", "MK-703", 2023, n, True) for n in (7.0, 9.0)]
    )
    public = rows.assign(state="suppressed", value=float("nan"), numerator=float("nan"))
    assert set(make_secrets(rows, public).cells[0].values) == {7.0, 9.0}


def test_a_secret_knows_its_names_and_labels(secrets) -> None:
    secret = next(s for s in secrets.cells if s.observation_id == WITHHELD)
    assert {"Куманово", "Kumanovo", "Kumanovë", "MK-703"} <= secret.area_names
    assert "Refugees registered by UNHCR" in secret.indicator_names
    assert secret.period_labels == ("2023", "2023-01-01", "2023-12-31")
    assert (secret.period, secret.reason) == ((2023, 2023), "small count")
    assert dict(secret.dimensions)["sex"] == "total"
