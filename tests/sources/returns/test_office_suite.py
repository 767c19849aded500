"""Returns saved by another office suite as XLS and ODS are read, and refused, alike."""

from __future__ import annotations

import pytest

from analysis.sources.returns.importing import import_file
from analysis.sources.returns.ledger import read_ledger
from analysis.sources.returns.remarks import ImportRefused

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def saved_as(save_by_office):
    def save(content: bytes, form: str) -> bytes:
        saved = save_by_office(content, "return.xlsx", form)
        if not saved.is_file():
            pytest.skip("This LibreOffice has no Calc: returns were NOT saved by it.")
        return saved.read_bytes()

    return save


@pytest.mark.parametrize("form", ["xls", "ods"])
def test_another_form_of_the_same_return_gives_the_same_rows(
    form, saved_as, team_book, received, tmp_path
) -> None:
    report = import_file(saved_as(team_book, form), f"a.{form}", None, received)
    twin = import_file(team_book, "a.xlsx", None, tmp_path / "twin")
    kept = list(report.kind.ledger_columns)
    ours, theirs = read_ledger(received, report.kind), read_ledger(tmp_path / "twin", twin.kind)

    assert report.states == twin.states
    assert ours[kept].equals(theirs[kept])


@pytest.mark.parametrize("form", ["xls", "ods"])
@pytest.mark.parametrize("where", ["comment", "cell", "sheet", "property"])
def test_another_form_hides_no_personal_number(
    form, where, saved_as, make_book, team_rows, received, number
) -> None:
    def hide(book):
        sheet = book.get_worksheet_by_name("March")
        if where == "comment":
            sheet.write_comment(3, 3, f"за лице {number} види")
        elif where == "cell":
            sheet.write(20, 8, f"за лице {number}")
        elif where == "sheet":
            book.add_worksheet(number)
        else:
            book.set_properties({"comments": f"за {number}"})

    content = saved_as(make_book(("March", team_rows), shape=hide), form)
    with pytest.raises(ImportRefused, match="personal number") as failure:
        import_file(content, f"a.{form}", None, received)
    assert number not in str(failure.value)
    assert not received.exists()
