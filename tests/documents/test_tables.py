from __future__ import annotations

import io
import math

import openpyxl
import pandas as pd
import pytest

from analysis.assessment import load_profile
from analysis.assessment.migration import make_migration
from analysis.assessment.trafficking import make_trafficking
from analysis.documents.rows import COLUMNS, reading_rows
from analysis.documents.tables import (
    note_sentences,
    sheet_name,
    to_csv_bytes,
    to_xlsx_bytes,
)
from analysis.documents.wording import Wording
from analysis.store.files import OBSERVATIONS
from analysis.store.read import read_public
from analysis.store.schema import DIMENSIONS
from analysis.text import LANGUAGES, translator

# Gevgelija has withheld years, Kumanovo most figures, Rankovce none of UNHCR's.
AREAS = ["gevgelija", "kumanovo", "rankovce"]


@pytest.fixture(scope="module")
def public(workspace):
    return pd.read_parquet(workspace.public / OBSERVATIONS).set_index("observation_id")


@pytest.fixture(params=AREAS, scope="module")
def profile(workspace, request):
    return load_profile(workspace, request.param)


@pytest.fixture(params=["mk", "en", "sq"])
def wording(request):
    return Wording(translator(request.param))


def workbook(profile, wording):
    rows = reading_rows(profile, wording)
    return to_xlsx_bytes(rows, profile.data.sources, "Title", wording)


def test_each_row_is_a_protected_observation_as_it_stands(profile, wording, public):
    every = reading_rows(profile, wording)
    rows = every.loc[every["kind"].eq("observation")].reset_index(drop=True)
    held = public.loc[rows["observation_id"]]

    assert list(every.columns) == list(COLUMNS)
    assert rows["observation_id"].is_unique
    for column in ("indicator_id", "area_id", "period_start", "period_end", "state", *DIMENSIONS):
        assert rows[column].tolist() == held[column].tolist()
    pd.testing.assert_series_equal(
        rows["value"], held["value"].reset_index(drop=True), check_names=False
    )


def test_every_number_of_the_profile_is_among_the_rows(profile, wording):
    every = reading_rows(profile, wording)
    rows = every.loc[every["kind"].eq("observation")]
    wanted = {r.reference for r in (*profile.results, *profile.change_everywhere.values())}

    assert set(rows["observation_id"]) == wanted
    assert rows["indicator_id"].eq("population_change_pct").sum() >= 80


def test_what_a_method_worked_out_names_its_observations(workspace, public):
    found = make_migration(read_public(workspace), "MK", "2014-2025")
    every = reading_rows(found, Wording(translator("mk")))
    computed = every.loc[every["kind"].ne("observation")]

    assert set(computed["kind"]) >= {"change_a_year", "share"}
    assert computed["observation_id"].eq("").all()
    told = computed.loc[computed["state"].eq("value")]
    assert len(told) > 10
    assert told["method"].ne("").all()
    assert (told["lower"] <= told["value"]).all()
    assert (told["value"] <= told["upper"]).all()
    assert all(set(ids.split()) <= set(public.index) for ids in told["inputs"])
    silent = computed.loc[~computed["state"].isin(["value", "zero"])]
    assert silent["reason"].ne("").all()
    assert silent["value"].isna().all()
    is_range = silent["kind"].eq("forecast_80")
    assert silent.loc[~is_range, ["lower", "upper"]].isna().all(axis=None)
    # A forecast that is too wide to plan by is printed as its range alone.
    assert is_range.any()
    assert silent.loc[is_range, ["lower", "upper"]].notna().all(axis=None)
    share = told.loc[told["kind"].eq("share")].iloc[0]
    part, whole = (public.loc[i, "value"] for i in share["inputs"].split())
    assert share["value"] == pytest.approx(100 * part / whole)


def test_parts_of_a_count_stay_apart_in_the_rows(workspace):
    found = make_trafficking(read_public(workspace), "RS", "2014-2025")
    rows = reading_rows(found, Wording(translator("en")))
    keys = ["indicator_id", "area_id", "period_start", "period_end", "source_id", *DIMENSIONS]
    observed = rows.loc[rows["kind"].eq("observation")]

    assert observed["category"].ne("total").any()
    assert not observed.duplicated(keys).any()


def test_a_withheld_number_is_blank_and_says_so(workspace):
    w = Wording(translator("en"))
    rows = reading_rows(load_profile(workspace, "gevgelija"), w)
    withheld = rows.loc[rows["state"].eq("suppressed")]

    assert len(withheld) >= 3
    assert withheld["value"].isna().all()
    assert set(withheld["state_in_words"]) == {"withheld"}
    assert withheld["reason"].ne("").all()
    assert rows.loc[rows["state"].eq("zero"), "value"].eq(0).all()
    assert not rows.loc[~rows["state"].eq("zero"), "value"].eq(0).any()


def test_the_csv_reads_back_to_the_same_rows(profile, wording):
    rows = reading_rows(profile, wording)
    written = to_csv_bytes(rows)
    back = pd.read_csv(io.BytesIO(written), keep_default_na=False, encoding="utf-8-sig")

    assert written.startswith(b"\xef\xbb\xbfkind,indicator_id,")
    assert b"\r\n" in written
    numbers = [float(cell) if cell != "" else math.nan for cell in back["value"].astype(str)]
    assert [None if math.isnan(n) else n for n in numbers] == [
        None if pd.isna(n) else n for n in rows["value"]
    ]
    assert back["area"].tolist() == rows["area"].tolist()


def test_a_count_has_no_decimal_point(workspace):
    rows = reading_rows(load_profile(workspace, "kumanovo"), Wording(translator("mk")))
    first = to_csv_bytes(rows).decode("utf-8-sig").splitlines()[1]

    assert ",105484," in first


def test_the_workbook_explains_itself(profile, wording):
    book = openpyxl.load_workbook(io.BytesIO(workbook(profile, wording)))
    data, dictionary, sources, note = book.worksheets
    rows = reading_rows(profile, wording)

    assert [cell.value for cell in data[1]] == list(COLUMNS)
    assert data.max_row == len(rows) + 1
    assert [row[0].value for row in dictionary.iter_rows(min_row=2)] == list(COLUMNS)
    assert {row[0].value for row in sources.iter_rows(min_row=2)} == set(rows["source_id"])
    assert [row[0].value for row in note.iter_rows(min_row=2)] == list(note_sentences(wording))
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible"] * 4


def test_the_cells_of_the_workbook_are_the_rows(workspace):
    w = Wording(translator("mk"))
    profile = load_profile(workspace, "gevgelija")
    rows = reading_rows(profile, w)
    book = openpyxl.load_workbook(io.BytesIO(workbook(profile, w)))
    column = list(COLUMNS).index("value")
    cells = [row[column].value for row in book.worksheets[0].iter_rows(min_row=2)]

    # A workbook keeps 16 digits.
    assert [cell is None for cell in cells] == rows["value"].isna().tolist()
    assert [c for c in cells if c is not None] == pytest.approx(rows["value"].dropna().tolist())


def test_the_same_rows_are_the_same_bytes(profile, wording):
    assert workbook(profile, wording) == workbook(profile, wording)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_four_names_that_a_sheet_may_bear(code):
    w = Wording(translator(code))
    names = [sheet_name(w.translate(t)) for t in ("Data", "Dictionary", "Sources", "Note")]

    assert len(set(names)) == 4
    assert all(0 < len(name) <= 31 for name in names)
