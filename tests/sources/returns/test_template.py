"""Templates: in each language, the same bytes each time, nothing that computes."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from analysis.sources.returns.importing import import_file
from analysis.sources.returns.kinds import KINDS
from analysis.sources.returns.remarks import ImportRefused
from analysis.sources.returns.template import write_template
from analysis.text import LANGUAGES, LanguageError

EVERY = [(kind, language) for kind in KINDS for language in LANGUAGES]


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_template_is_filled_in_and_read_back(kind, language, received) -> None:
    content = write_template(kind, language)
    book = openpyxl.load_workbook(io.BytesIO(content))
    data, dictionary, examples = book.worksheets
    columns = KINDS[kind].columns
    assert content == write_template(kind, language)
    assert data.max_column == len(columns)
    assert dictionary.max_row == examples.max_row == len(columns) + 1
    lists = {str(v.sqref).split(":")[0]: v.formula1 for v in data.data_validations.dataValidation}
    assert len(lists) == sum(bool(c.choices) for c in columns)

    for place, column in enumerate(columns, start=1):
        data.cell(2, place, column.example)
        chosen = lists.get(data.cell(2, place).coordinate)
        if chosen and column.holds == "choice":
            # What the list offers is what the import understands.
            data.cell(2, place, chosen.strip('"').split(",")[0])
    filled = io.BytesIO()
    book.save(filled)
    report = import_file(filled.getvalue(), "filled.xlsx", kind, received)
    assert (report.rows_read, report.loaded) == (1, 1), report.aside


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_an_empty_template_loads_nothing(kind, language, received) -> None:
    report = import_file(write_template(kind, language), "empty.xlsx", kind, received)
    assert report.rows_read == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_holds_no_formula(kind) -> None:
    with zipfile.ZipFile(io.BytesIO(write_template(kind, "mk"))) as book:
        sheets = [book.read(n) for n in book.namelist() if n.startswith("xl/worksheets/")]
    assert sheets
    assert all(b"<f>" not in sheet and b"<f " not in sheet for sheet in sheets)


def test_an_unknown_kind_or_language_is_refused() -> None:
    with pytest.raises(ImportRefused, match="'letters' is not a kind of return"):
        write_template("letters", "mk")
    with pytest.raises(LanguageError, match="'fr' is not a language"):
        write_template("reception_day", "fr")
