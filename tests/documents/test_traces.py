"""Every number of a document leads to its rows, from the file alone."""

from __future__ import annotations

import io
import json
import zipfile

import docx
import pytest
from typer.testing import CliRunner

from analysis.assessment import load_profile
from analysis.assessment.migration import load_migration
from analysis.assessment.trafficking import load_trafficking
from analysis.cli import app
from analysis.documents.briefs import compose_brief
from analysis.documents.briefs.web import to_html
from analysis.documents.figure_files.evidence_mark import FigureMark, embed_mark
from analysis.documents.pdf import to_pdf
from analysis.documents.rows import reading_rows
from analysis.documents.tables import to_csv_bytes, to_xlsx_bytes
from analysis.documents.traces import TracesError, find_numbers
from analysis.documents.word import to_docx
from analysis.documents.wording import Wording
from analysis.store.files import OBSERVATIONS
from analysis.store.trace import TraceError, find_code, read_rows, trace_observations
from analysis.text import LANGUAGES, translator
from analysis.workspace import VARIABLE

OPENED = {
    "kumanovo": lambda space: load_profile(space, "kumanovo"),
    "butel": lambda space: load_profile(space, "butel"),
    "gevgelija": lambda space: load_profile(space, "gevgelija"),
    "migration": lambda space: load_migration(space, "MK", "2014-2025"),
    "trafficking": lambda space: load_trafficking(space, "RS", "2014-2025"),
}


def squeeze(text):
    return " ".join(text.split())


@pytest.mark.parametrize("name", list(OPENED))
def test_every_format_and_language_holds_the_same_numbers(workspace, name) -> None:
    reading = OPENED[name](workspace)
    every = {}
    for code in LANGUAGES:
        brief = compose_brief(reading, code, workspace)
        made = {
            "a.docx": to_docx(brief),
            "a.pdf": to_pdf(brief),
            "a.html": to_html(brief).encode("utf-8"),
        }
        found = {file: find_numbers(file, content) for file, content in made.items()}
        wanted = [squeeze(n.text) for n in brief.numbers if n.reference or n.inputs]
        for file, numbers in found.items():
            assert [n.text for n in numbers] == wanted, (code, file)
            assert numbers == found["a.docx"]
        every[code] = [(n.observations, n.method) for n in found["a.docx"]]

    assert len(every["en"]) > 10
    assert all(held == every["en"] for held in every.values())


@pytest.mark.parametrize("name", ["kumanovo", "trafficking"])
def test_every_number_leads_to_rows_files_and_code(workspace, checkout, name) -> None:
    brief = compose_brief(OPENED[name](workspace), "mk", workspace)
    ids = {i for n in find_numbers("a.docx", to_docx(brief)) for i in n.observations}
    rows = trace_observations(workspace, sorted(ids))

    assert set(rows) == ids
    for facts in rows.values():
        assert (checkout / facts["file"]).is_file()
        assert len(facts["file_sha256"]) == 64
        assert facts["publisher"]
        assert (checkout / facts["code"]).is_file()
        if facts["line"] != "0":
            assert facts["row"].startswith(f"{facts['indicator_id']},{facts['area_id']},")


def test_a_number_that_an_official_rewrote_still_leads_to_its_row(workspace) -> None:
    brief = compose_brief(OPENED["kumanovo"](workspace), "en", workspace)
    word = docx.Document(io.BytesIO(to_docx(brief)))
    run = next(r for p in word.paragraphs for r in p.runs if r.text == "98,104")
    run.text = "almost a hundred thousand"
    held = io.BytesIO()
    word.save(held)
    before, after = (find_numbers("a.docx", c) for c in (to_docx(brief), held.getvalue()))

    assert after[0].text == "almost a hundred thousand"
    assert [n.observations for n in after] == [n.observations for n in before]


def test_a_table_leads_to_its_rows_too(workspace) -> None:
    reading = OPENED["butel"](workspace)
    rows = reading_rows(reading, Wording(translator("en")))
    found = find_numbers("a.csv", to_csv_bytes(rows))

    assert len(found) == len(rows)
    observed = rows.loc[rows["observation_id"] != "", "observation_id"]
    assert {n.observations[0] for n in found if not n.method} == set(observed)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.mp4", b"", "of a kind that says nothing about its numbers. Trace a file that ends in"),
        ("a.html", b"<p>12</p>", "No number of 'a.html' says where it comes from"),
        ("a.docx", b"PK no zip", "'a.docx' cannot be read .* Fetch it again"),
        ("a.pdf", b"no pdf", "'a.pdf' cannot be read"),
        ("a.csv", b"a,b\n1,2\n", "'a.csv' cannot be read"),
        ("a.xlsx", b"PK no book", "'a.xlsx' cannot be read"),
        ("a.zip", b"PK no zip", "'a.zip' cannot be read"),
        ("a.png", b"", "'a.png' cannot be read"),
        ("a.svg", b"<svg></svg>", "No number of 'a.svg' says where it comes from"),
    ],
)
def test_a_file_that_says_nothing_is_a_sentence(name, content, sentence) -> None:
    with pytest.raises(TracesError, match=sentence):
        find_numbers(name, content)


def test_an_id_that_nothing_has_is_a_sentence(workspace) -> None:
    with pytest.raises(TraceError, match="No observation has the id 'nosuch'. Take the id from"):
        trace_observations(workspace, ["nosuch"])
    with pytest.raises(TraceError, match="observations begin with the id ''"):
        trace_observations(workspace, [""])


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("as published", "analysis/sources/published.py"),
        ("sum of 12 months", "analysis/store/derive.py"),
        ("sum of merged areas", "analysis/store/mergers.py"),
        ("residual: population change", "analysis/store/rates.py"),
        ("", "analysis/store/live.py"),
    ],
)
def test_every_way_to_make_a_row_names_its_code(checkout, method, code) -> None:
    assert find_code(method) == code
    assert (checkout / code).is_file()


def test_the_command_takes_an_id_or_a_file(workspace, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(VARIABLE, str(workspace.root))
    brief = compose_brief(OPENED["kumanovo"](workspace), "en", workspace)
    path = tmp_path / "renamed.docx"
    path.write_bytes(to_docx(brief))
    runner = CliRunner()
    first = find_numbers(path.name, path.read_bytes())[0]
    one = runner.invoke(app, ["trace", first.observations[0], "--json"])
    whole = runner.invoke(app, ["trace", str(path), "--json"])
    said = runner.invoke(app, ["trace", str(path)])

    assert json.loads(one.stdout)["value"] == "98104.0"
    assert json.loads(whole.stdout)[0]["rows"][0] == json.loads(one.stdout)
    assert said.stdout.startswith("98,104\n  ")
    assert "data_raw/published/population.csv:" in said.stdout


def test_a_workbook_holds_the_same_numbers_as_the_table(workspace) -> None:
    reading = OPENED["butel"](workspace)
    w = Wording(translator("mk"))
    rows = reading_rows(reading, w)
    book = to_xlsx_bytes(rows, reading.sources, "Butel", w)
    table = find_numbers("a.csv", to_csv_bytes(rows))
    found = find_numbers("a.xlsx", book)

    assert [(n.observations, n.method) for n in found] == [
        (n.observations, n.method) for n in table
    ]
    assert found[0].text == table[0].text


def test_a_figure_leads_to_everything_that_it_shows() -> None:
    drawn = embed_mark(b"<svg></svg>", ".svg", FigureMark(("ab12", "cd34"), title="Residents"))

    assert [(n.text, n.observations) for n in find_numbers("a.svg", drawn)] == [
        ("Residents", ("ab12",)),
        ("Residents", ("cd34",)),
    ]


def test_a_bundle_names_the_file_of_each_number_and_opens_no_bundle_inside() -> None:
    page = b'<p><data value="12" data-observation="ab12">12</data></p>'
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("b.html", page)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("z.html", page)
        archive.writestr("a.html", page)
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("sources.bib", "@misc{a}")

    assert [n.text for n in find_numbers("a.zip", held.getvalue())] == ["a.html: 12", "z.html: 12"]


@pytest.mark.parametrize(
    ("indicator", "area", "start", "parts"),
    [
        ("population_change_pct", "MK-703", "2002-01-01", ["596532eb2ec2", "4064654c0c9c"]),
        ("resident_population_persons", "MK-703", "2021-01-01", []),
        ("resident_population_persons", "MK", "2021-01-01", 80),
        ("resident_population_persons", "MK007", "2021-01-01", 6),
    ],
)
def test_a_derived_number_leads_to_its_parts(workspace, indicator, area, start, parts) -> None:
    table = {row["observation_id"]: row for row in read_rows(workspace.public / OBSERVATIONS)}
    sought = {"indicator_id": indicator, "area_id": area, "period_start": start}
    one = next(i for i, row in table.items() if sought.items() <= row.items())
    facts = trace_observations(workspace, [one])[one]
    found = facts["inputs"].split()

    if isinstance(parts, list):
        assert found == parts
        return
    assert len(found) == parts
    assert sum(table[i]["value"] for i in found) == table[one]["value"]


def test_a_year_of_detections_leads_to_its_twelve_months(workspace) -> None:
    table = {row["observation_id"]: row for row in read_rows(workspace.public / OBSERVATIONS)}
    years = [i for i, row in table.items() if row["method"] == "sum of 12 months"]

    assert len(years) > 10
    for one, facts in trace_observations(workspace, years).items():
        months = facts["inputs"].split()
        assert len(months) == 12
        assert sum(table[i]["value"] for i in months) == table[one]["value"]


def test_a_change_says_the_rows_that_it_came_from_in_the_command(workspace, monkeypatch) -> None:
    monkeypatch.setenv(VARIABLE, str(workspace.root))
    said = CliRunner().invoke(app, ["trace", "f6414e046097"]).stdout

    assert "    from 596532eb2ec2  resident_population_persons MK-703 2002-01-01" in said
    assert "data_raw/published/population.csv:138 (" in said
