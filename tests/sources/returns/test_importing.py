"""Importing: nothing is lost, counted twice or half loaded; what fails can be mended."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest

from analysis.sources.returns import importing
from analysis.sources.returns.importing import import_file
from analysis.sources.returns.kinds import KINDS, find_kind
from analysis.sources.returns.ledger import active_rows, ledger_path, read_ledger
from analysis.sources.returns.remarks import ImportRefused
from analysis.sources.returns.report import to_html, to_markdown
from analysis.text import LanguageError

MK = ("Шифра на центарот", "Датум", "Кревети", "Присутни", "Пристигнати", "Заминати")
FIVE = ["value", "zero", "suppressed", "no_data", "not_applicable"]


def balanced(report) -> bool:
    return report.rows_read == report.loaded + report.already_there + report.set_aside


def test_five_states_survive_from_cell_to_ledger(team_book, received) -> None:
    report = import_file(team_book, "a.xlsx", None, received)
    ledger = read_ledger(received, find_kind("mobile_team_month"))

    assert (report.rows_read, report.loaded, report.set_aside) == (6, 6, 0)
    assert ledger["n_state"].tolist() == [
        "value", "zero", "suppressed", "no_data", "not_applicable", "no_data"]  # fmt: skip
    assert ledger["n"].isna().tolist() == [False, False, True, True, True, True]
    assert ledger["n"].tolist()[:2] == [12, 0]
    assert report.states == {
        "value": 1, "zero": 1, "suppressed": 1, "no_data": 2, "not_applicable": 1}  # fmt: skip
    assert ledger["file_sha256"].eq(report.file_sha256).all()
    assert ledger["row"].tolist() == [2, 3, 4, 5, 6, 7]


def test_the_same_file_twice_counts_once(team_book, received) -> None:
    import_file(team_book, "a.xlsx", None, received)
    before = ledger_path(received, find_kind("mobile_team_month")).read_bytes()
    again = import_file(team_book, "copy.xlsx", None, received)

    assert (again.loaded, again.already_there, again.set_aside) == (0, 6, 0)
    assert ledger_path(received, again.kind).read_bytes() == before


def test_two_files_with_the_same_keys(make_book, received) -> None:
    first = make_book(("A", [MK, ("RC-01", "01.03.2024", 120, 87, 12, 10)]))
    rows = [MK, ("rc-01 ", "2024-03-01", 120, 88, 12, 10), ("RC-02", "01.03.2024", 60, 9, 1, 1)]
    second = make_book(("B", rows))
    import_file(first, "a.xlsx", None, received)
    report = import_file(second, "b.xlsx", None, received)

    assert (report.loaded, report.already_there, report.set_aside) == (1, 0, 1)
    assert report.failed[0].sort == "conflict"
    assert report.failed[0].reason.say(str) == "Another value is already held under this key."
    newer = import_file(second, "b.xlsx", None, received, replace=True)
    ledger = read_ledger(received, report.kind)
    assert (newer.loaded, newer.replaced, newer.already_there) == (1, 1, 1)
    assert active_rows(ledger)["present"].tolist() == [9, 88]
    old = ledger.loc[ledger["superseded_by"].ne("")]
    assert old["present"].tolist() == [87]
    assert old["superseded_by"].tolist() == [newer.file_sha256]


def test_a_file_that_contradicts_itself_loads_neither_row(make_book, received) -> None:
    row = ("RC-01", "01.03.2024", 120, 87, 12, 10)
    rows = [MK, row, (*row[:3], 90, 12, 10), ("RC-02", *row[1:]), ("RC-02", *row[1:])]
    report = import_file(make_book(("A", rows)), "a.xlsx", None, received, replace=True)

    assert (report.loaded, report.already_there, report.set_aside) == (1, 1, 2)
    assert "The file gives this key twice" in report.failed[0].reason.say(str)


@pytest.mark.parametrize("language", ["en", "mk", "sq", "sr-Cyrl", "sr-Latn"])
def test_rows_to_mend_come_back_marked_up_and_load_when_mended(language, make_book, received):
    rows = [
        MK,
        ("RC-01", "01.03.2024", 120, "осумдесет", 12, 10),
        ("RC-01", "02.03.2024", 120.5, 1, 1, 1),
        ("RC-01", "03.03.2024", 120, 1, 1, 1),
    ]
    report = import_file(make_book(("A", rows)), "a.xlsx", None, received, language)
    assert report.mend is not None
    book = openpyxl.load_workbook(report.mend)
    sheet = book.worksheets[0]
    assert sheet["D2"].value == "осумдесет"
    assert "осумдесет" in sheet["D2"].comment.text
    assert sheet["D2"].fill.fgColor.rgb.endswith("F8D7C4")
    assert sheet["C3"].comment is not None
    assert sheet["D3"].comment is None
    assert "осумдесет" in sheet["G2"].value

    sheet["D2"], sheet["C3"] = 80, 120
    mended = io.BytesIO()
    book.save(mended)
    again = import_file(mended.getvalue(), "mended.xlsx", None, received, language)
    assert (again.loaded, again.set_aside) == (2, 0)
    assert read_ledger(received, report.kind)["present"].tolist() == [1, 80, 1]


def test_a_break_between_days_warns_and_the_warning_stays(make_book, received) -> None:
    first = make_book(("A", [MK, ("RC-01", "01.03.2024", 120, 87, 12, 10)]))
    second = make_book(("A", [MK, ("RC-01", "02.03.2024", 120, 90, 2, 1)]))
    assert import_file(first, "a.xlsx", None, received).warnings == ()
    report = import_file(second, "b.xlsx", None, received)
    sentence = "RC-01, 2024-03-02: 87 + 2 - 1 = 88, but 90 are reported as present (difference 2)."
    assert [w.say(str) for w in report.warnings] == [sentence]
    assert report.loaded == 1, "a figure that fails a guard is loaded with its warning"
    assert read_ledger(received, report.kind)["warning"].tolist() == ["", sentence]


INDICATORS = (
    "indicator_id", "area", "period_start", "period_end", "sex", "value", "state", "source",
)  # fmt: skip


def indicator(*rows) -> bytes:
    lines = [";".join(INDICATORS)] + [
        f"resident_population_persons;{area};01.01.2024;{end};{sex};{value};{state};SSO"
        for area, end, sex, value, state in rows
    ]
    return "\n".join(lines).encode()


def test_a_table_of_indicators_with_states_sums_and_overlaps(received) -> None:
    content = indicator(
        ("Куманово", "31.12.2024", "total", "98.104", ""),
        ("MK-703", "31.12.2024", "ж", "49.000", "value"),
        ("Kumanova", "31.12.2024", "m", "49.000", ""),
        ("Gevgelija", "31.12.2024", "total", "", "suppressed"),
        ("Gevgelija", "31.12.2023", "total", "5", ""),
        ("Gevgelija", "31.12.2024", "f", "5", "suppressed"),
        ("Вкупно", "31.12.2024", "total", "98.104", ""),
    )
    report = import_file(content, "a.csv", None, received)
    ledger = read_ledger(received, report.kind)
    assert balanced(report)
    assert ledger["area"].tolist() == ["MK-703"] * 3 + [ledger["area"].iloc[3]]
    assert ledger["value_state"].tolist() == ["value", "value", "value", "suppressed"]
    reasons = [(a.row, a.reason.say(str)) for a in report.aside]
    assert reasons == [
        (6, "The period ends before it begins."),
        (7, "The state 'suppressed' contradicts the value, which says 'value'."),
        (8, "A row of totals; sums are made anew from the rows."),
    ]
    sums = [w.say(str) for w in report.warnings if "sum to" in w.say(str)]
    assert any("sum to 98000, but 98104 is printed" in sentence for sentence in sums)


def test_a_failure_while_writing_leaves_nothing(make_book, received, monkeypatch) -> None:
    rows = [MK, ("RC-01", "01.03.2024", 1, 1, 1, 1), ("RC-01", "02.03.2024", "?", 1, 1, 1)]
    whole = importing.write_atomically

    def full(path, content):
        if path.suffix == ".parquet":
            message = "no space left"
            raise OSError(message)
        whole(path, content)

    monkeypatch.setattr(importing, "write_atomically", full)
    with pytest.raises(OSError, match="no space left"):
        import_file(make_book(("A", rows)), "a.xlsx", None, received)
    assert [p for p in received.rglob("*") if p.is_file()] == []


def test_two_imports_at_once_do_not_lose_rows(team_book, received) -> None:
    lock = received / "accepted" / ".import.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    with pytest.raises(ImportRefused, match="Another import is running. Wait until it ends"):
        import_file(team_book, "a.xlsx", None, received)
    assert lock.exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"kind": "letters"}, "'letters' is not a kind of return. Use one of: training_register"),
        ({"kind": "reception_day"}, "No sheet has the header of a return. Expected columns"),
        ({"kind": None, "dash": "maybe"}, "'maybe' is not what a dash may mean. Use one of: zero"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(options, said, team_book, received) -> None:
    with pytest.raises(ImportRefused, match=said):
        import_file(team_book, "a.xlsx", received=received, **options)
    assert not received.exists()


def test_an_unknown_language_is_refused_before_anything(team_book, received) -> None:
    with pytest.raises(LanguageError, match="'fr' is not a language that Patokaz speaks"):
        import_file(team_book, "a.xlsx", None, received, "fr")
    assert not received.exists()


def test_a_dash_may_mean_zero_for_one_sender(team_book, received) -> None:
    report = import_file(team_book, "a.xlsx", None, received, dash="zero")
    assert report.states["zero"] == 2


def test_the_report_says_all_and_holds_no_markup_of_the_file(make_book, received) -> None:
    rows = [MK, ("<script>alert(1)</script>", "01.03.2024", "=1+1", "| x | [a](b)", 1, 1)]
    report = import_file(make_book(("A", rows)), "<b>.xlsx", None, received)
    page, text = to_html(report, "en"), to_markdown(report, "en")
    assert "<script" not in page
    assert "<b>" not in page
    assert "\\| x \\| \\[a\\](b)" in text
    assert "- Rows read: 1" in text
    assert "- Set aside: 1" in text
    assert "is not a number" in text
    assert report.mend is not None
    sheet = openpyxl.load_workbook(report.mend).worksheets[0]
    assert sheet["C2"].value == "'=1+1"
    assert sheet["C2"].data_type == "s"
    assert json.dumps(dict(report.states))


def test_reports_are_written_in_every_language(team_book, received) -> None:
    report = import_file(team_book, "a.xlsx", None, received)
    for language in ("mk", "en", "sq", "sr-Cyrl", "sr-Latn"):
        assert "a.xlsx" in to_html(report, language)
        assert f'lang="{language}"' in to_html(report, language)


def test_no_kind_keeps_a_column_of_the_file_that_it_does_not_know(make_book, received) -> None:
    rows = [(*MK, "Мое"), ("RC-01", "01.03.2024", "?", 1, 1, 1, "тајно")]
    report = import_file(make_book(("A", rows)), "a.xlsx", None, received)
    assert report.mend is not None
    cells = [c.value for row in openpyxl.load_workbook(report.mend).worksheets[0] for c in row]
    assert "тајно" not in cells
    assert all("тајно" not in a.value for a in report.aside)


def test_every_kind_names_its_keys_and_needs() -> None:
    for kind in KINDS.values():
        assert kind.keys
        assert kind.needed >= {c.column_id for c in kind.columns if c.required}
        assert len(set(kind.ledger_columns)) == len(kind.ledger_columns)
        assert all(c.example for c in kind.columns)
