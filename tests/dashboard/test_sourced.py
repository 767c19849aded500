from __future__ import annotations

import hashlib

import pytest

from analysis.catalog import load_indicators
from analysis.dashboard.registry import find_dashboard, list_dashboards
from analysis.dashboard.sourced import say_origin, write_sourced
from analysis.documents.about import say_expected
from analysis.documents.wording import Wording
from analysis.methods import Result
from analysis.store.files import OBSERVATIONS
from analysis.store.read import read_public
from analysis.text import translator
from analysis.workspace import Workspace

EN = Wording(translator("en"))


@pytest.fixture(scope="module")
def data(workspace):
    return read_public(workspace)


def pick(data, indicator):
    row = data.frame.loc[data.frame["indicator_id"].eq(indicator)].iloc[-1]
    return Result(
        state="value", value=1.0, reference=row["observation_id"], source_id=row["source_id"]
    )


def test_a_view_names_its_publishers_date_and_next_update(data):
    said = write_sourced(data, [pick(data, "asylum_applications_persons")], EN)

    assert "Sources: UNHCR" in said
    assert "State Statistical Office" not in said
    assert "Newest source: <time" in said.replace("\n", "")
    assert "Next update: by 20" in said


def test_of_several_indicators_the_soonest_update_is_said(data):
    census = pick(data, "resident_population_persons")
    yearly = pick(data, "asylum_applications_persons")

    assert "Next update: with the next census" in write_sourced(data, [census], EN)
    assert "Next update: by 20" in write_sourced(data, [census, yearly], EN)


def test_a_number_of_a_method_has_the_sources_of_what_went_into_it(data):
    counted = pick(data, "asylum_applications_persons")
    worked_out = Result(state="value", value=1.0, method="m", inputs=(counted.reference,))

    assert "Sources: UNHCR" in write_sourced(data, [worked_out], EN)


def test_a_view_of_all_data_names_no_publishers_and_the_newest_date(data):
    said = write_sourced(data, [], EN)

    assert "Sources" not in said
    assert max(data.sources["as_of"]) in said


def test_what_nobody_has_announced_is_said_so():
    held = {i.schedule: i for i in load_indicators()}

    assert say_expected(held["yearly"], [], EN) == "not announced"
    assert say_expected(held["yearly"], ["", "2025"], EN) == "by 2027-07"
    assert say_expected(held["yearly"], ["2024", "2025"], EN) == "by 2027-07"
    assert say_expected(held["census"], ["2021"], EN) == "with the next census"


@pytest.mark.parametrize("name", list_dashboards())
def test_every_first_view_ends_with_its_sources(workspace, name):
    found = find_dashboard(name)
    shown = found(found.kind.read("language=en"), workspace)
    first = shown.make_first()
    line = first[first.rindex('<p class="note sourced"') :]

    assert "Newest source: " in line
    assert "Next update: " in line
    assert ("Sources: " in line) == (name != "data_readiness")
    assert shown.frame()["embed"] == "Embed this view"
    assert shown.frame()["origin"].endswith(
        hashlib.sha256((workspace.public / OBSERVATIONS).read_bytes()).hexdigest()
    )


def test_on_paper_a_view_names_its_table_and_the_run_of_its_page(tmp_path):
    site = Workspace(tmp_path)
    page = site.site / "en" / "butel" / "index.html"
    site.public.mkdir(parents=True)
    (site.public / OBSERVATIONS).write_bytes(b"rows")
    digest = hashlib.sha256(b"rows").hexdigest()
    told = f"Table of observations (SHA-256): {digest}"

    assert say_origin(site, "/pages/en/butel/index.html", EN) == told
    page.parent.mkdir(parents=True)
    page.write_text("<dt>Run</dt><dd><code>0123456789ab</code></dd>", encoding="utf-8")
    assert say_origin(site, "/pages/en/butel/index.html", EN) == f"Run: 0123456789ab · {told}"
    (site.public / OBSERVATIONS).write_bytes(b"other rows")
    assert digest not in say_origin(site, "", EN)
    (site.public / OBSERVATIONS).unlink()
    assert say_origin(site, "/pages/en/butel/index.html", EN) == ""
