"""The same figure is the same number in page, dashboard, table, map, file and picture.

In every language. One test walks all that is published of each subject; beside it, one number is
changed in one artefact at a time, to see that the walk would find it.
"""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from browser.made_pages import DAY, list_runs, show_all
from documents.number_faults import compare_languages, find_faults
from documents.number_reading import Artefacts, read_features, read_page, read_picture

from analysis.dashboard.frame import wording
from analysis.dashboard.readiness import ReadinessDashboard
from analysis.dashboard.registry import find_dashboard, list_dashboards
from analysis.store.files import OBSERVATIONS
from analysis.suite.publish import publish_run
from analysis.text import LANGUAGES

# What each subject is called: its page, and the dashboard that shows the same.
SUBJECTS = {
    "butel": ("municipal_profile", "area=butel"),
    "kumanovo": ("municipal_profile", "area=kumanovo"),
    "gevgelija": ("municipal_profile", "area=gevgelija"),
    "migration-trends-north-macedonia": ("migration", "area=north-macedonia"),
    "migration-trends-serbia": ("migration", "area=serbia"),
    "migration-trends-western-balkans": ("migration", "area=western-balkans"),
    "trafficking-trends-north-macedonia": ("trafficking", "area=north-macedonia"),
    "trafficking-trends-serbia": ("trafficking", "area=serbia"),
    "trafficking-trends-western-balkans": ("trafficking", "area=western-balkans"),
    "data-readiness": ("data_readiness", ""),
    # Nothing is published of these but the dashboard: a change in per cent, and a rate.
    "compare-change": ("compare", "area=veles"),
    "compare-rate": ("compare", "area=gevgelija&figure=unhcr_refugees_persons&period=2021-12-31"),
}
PAGELESS = {"compare-change", "compare-rate"}


@pytest.fixture(scope="module")
def public(workspace):
    return pd.read_parquet(workspace.public / OBSERVATIONS).set_index("observation_id")


def take_all(workspace, folder, slug, code):
    """All that a reader of one language gets of a subject."""
    made = Artefacts(LANGUAGES[code])
    # Briefs have tests of their own, and take longer than all the rest.
    for found in (run for run in list_runs(workspace, [code]) if run.slug == slug):
        run = replace(found, outputs=tuple(kind for kind in found.outputs if kind != "brief"))
        page = publish_run(run, show_all(run, workspace), workspace, folder)[0]
        made.take_site(page.parent)
    name, query = SUBJECTS[slug]
    found = find_dashboard(name)
    asked = found.kind.read(f"{query}&language={code}")
    is_judged = issubclass(found, ReadinessDashboard)
    shown = found(asked, workspace, DAY) if is_judged else found(asked, workspace)
    w = wording(shown.choice)
    made.take_view("dashboard at first", shown.first_html(w))
    made.take_view("dashboard", shown.figures_html(w, shown.frame()))
    return made.take_view("dashboard, rest", shown.rest_html(w, shown.frame()))


@pytest.mark.slow
@pytest.mark.parametrize("slug", list(SUBJECTS))
def test_every_number_is_the_same_wherever_it_is_said(workspace, public, tmp_path, slug):
    every = {code: take_all(workspace, tmp_path / code, slug, code) for code in LANGUAGES}

    for code, made in every.items():
        assert (code, find_faults(made, public)) == (code, [])
    assert compare_languages(every) == []
    assert sum(len(read_page(text, "")) for text in every["mk"].pages.values()) > 40


def test_the_walk_leaves_no_page_and_no_dashboard_out(workspace):
    assert {run.slug for run in list_runs(workspace)} == set(SUBJECTS) - PAGELESS
    assert {name for name, _ in SUBJECTS.values()} == set(list_dashboards())


@pytest.fixture(scope="module")
def made(workspace, tmp_path_factory):
    """What is published of one municipality, in two languages that write numbers differently."""
    folder = tmp_path_factory.mktemp("numbers")
    return {code: take_all(workspace, folder / code, "butel", code) for code in ("mk", "en")}


def test_a_sample_of_it_is_equal_in_two_languages(made, public):
    assert find_faults(made["mk"], public) == []
    assert find_faults(made["en"], public) == []
    assert compare_languages(made) == []
    assert [len(areas) for areas in read_features(made["mk"].pages["dashboard, rest"])] == [80]
    assert {n.rsplit(".", 1)[1] for n in made["mk"].files} == {"csv", "xlsx", "svg", "png"}
    marks = read_picture(made["mk"].files["butel_registered_mk.svg"]).marks
    assert {m.panel for m in marks} == {
        "Бегалци регистрирани од УНХЦР",
        "Баратели на азил регистрирани од УНХЦР",
    }


def change_page(made, old, new):
    assert old in made.pages["page"]
    made.pages["page"] = made.pages["page"].replace(old, new)


def change_file(made, name, old, new):
    content = made.files[name].decode("utf-8-sig")
    assert old in content
    made.files[name] = content.replace(old, new, 1).encode("utf-8-sig")


def change_picture(made, pattern, new):
    name = "butel_registered_mk.svg"
    text, count = re.subn(pattern, new, made.files[name].decode(), count=1)
    assert count == 1
    made.files[name] = text.encode()
    made.files.pop("butel_registered_mk.png")


def change_sheet(made):
    book = openpyxl.load_workbook(io.BytesIO(made.files["butel_profile_mk.xlsx"]))
    cells = (cell for row in book.worksheets[0].iter_rows() for cell in row)
    next(cell for cell in cells if cell.value == 37968).value = 37969
    out = io.BytesIO()
    book.save(out)
    made.files["butel_profile_mk.xlsx"] = out.getvalue()


def change_png(made):
    made.files["butel_change_mk.png"] = made.files["butel_registered_mk.png"]


def change_map(made):
    name = "dashboard, rest"
    # Of Butel itself, in the words of the map that one moves.
    text = made.pages[name]
    said = '"words": "\\u0411\\u0443\\u0442\\u0435\\u043b: 5,0'.replace('"', "&#34;")
    assert said in text
    made.pages[name] = text.replace(said, said.replace("5,0", "6,0"))


def change_embedded(made):
    """A file that a dashboard carries inside its page says another number."""
    text = made.pages["dashboard"]
    found = re.search(r'download="butel_residents_table_mk\.csv" href="data:[^,]+,([^"]+)"', text)
    content = base64.b64decode(found[1]).decode().replace(",37968,", ",37986,")
    changed = base64.b64encode(content.encode()).decode()
    made.take_view("dashboard", text.replace(found[1], changed))


MUTATIONS = {
    "text of a page": (lambda m: change_page(m, ">37.968<", ">37.986<"), "is not 37968"),
    "value of a page": (lambda m: change_page(m, 'value="37968"', 'value="37986"'), "is not 37986"),
    "both": (
        lambda m: change_page(m, '"37968"', '"37986"') or change_page(m, ">37.968<", ">37.986<"),
        "is not observation",
    ),
    "sign": (lambda m: change_page(m, ">5,0", ">\N{MINUS SIGN}5,0"), "is not 5.01"),
    "state": (lambda m: change_page(m, "state-suppressed", "state-no_data"), "is not observation"),
    "rate": (lambda m: change_page(m, 'value="0.02068', 'value="0.12068'), "is not 0.12"),
    "table to take along": (
        lambda m: change_file(m, "butel_residents_table_mk.csv", ",37968,", ",37986,"),
        "butel_residents_table_mk.csv: 37986",
    ),
    "whole table": (
        lambda m: change_file(m, "butel_profile_mk.csv", ",37968,", ",37986,"),
        "butel_profile_mk.csv: 37986",
    ),
    "workbook": (change_sheet, "37969 in value"),
    "label in a picture": (lambda m: change_picture(m, ">340<", ">341<"), "label '341'"),
    "bar of a picture": (
        lambda m: change_picture(m, "(year: 2021; persons: )30", r"\g<1>31"),
        "31 of",
    ),
    "year of a bar": (
        lambda m: change_picture(m, "year: 2021; persons: 30", "year: 2020; persons: 30"),
        "30 of",
    ),
    "cross on a year that is told": (
        lambda m: change_picture(m, 'aria-label="year: 2018"', 'aria-label="year: 2019"'),
        "is crossed",
    ),
    "name of a picture": (
        lambda m: change_file(m, "butel_change_mk.svg", "Бутел 5,0", "Бутел 5,7"),
        "its name says",
    ),
    "picture as pixels": (change_png, "is no picture of"),
    "map": (change_map, "the map says"),
    "file inside a dashboard": (change_embedded, "37986"),
}


@pytest.mark.parametrize("name", list(MUTATIONS))
def test_a_number_that_is_changed_in_one_place_is_found(made, public, name):
    before = made["mk"]
    mutant = Artefacts(before.language, dict(before.pages), dict(before.files))
    change, told = MUTATIONS[name]
    change(mutant)

    assert any(told in fault for fault in find_faults(mutant, public)), find_faults(mutant, public)


def test_a_number_that_one_language_says_alone_is_found(made):
    before = made["mk"]
    mutant = Artefacts(before.language, dict(before.pages), dict(before.files))
    change_page(mutant, "2002", "2003")

    assert compare_languages({"en": made["en"], "mk": mutant})
