from __future__ import annotations

import pandas as pd
import pytest

from analysis.assessment import load_profile
from analysis.documents.about import about_section
from analysis.documents.changes_page import SHOWN, changes_html
from analysis.documents.wording import Wording
from analysis.store.read import read_public
from analysis.suite.contact import read_contact
from analysis.suite.suite_file import SuiteError
from analysis.text import translator

CHANGED = pd.DataFrame(
    {
        "area_id": ["MK-703", "MK-703", "MK"],
        "indicator_id": ["resident_population_persons"] * 3,
        "kind": ["revised", "revised", "state"],
    }
)


@pytest.fixture(scope="module")
def data(workspace):
    return read_public(workspace)


def test_changes_are_counted_by_area_and_figure(data):
    page = changes_html("en", ["en", "mk"], data, CHANGED)

    assert page.index("Kumanovo") < page.index("North Macedonia</th>")
    assert '<data value="2">2</data>' in page
    assert "another state" in page
    assert 'href="../../mk/changes/index.html"' in page


def test_a_long_list_says_how_much_is_left_out(data):
    many = pd.DataFrame(
        {
            "area_id": [f"X{i:03}" for i in range(SHOWN + 7)],
            "indicator_id": "resident_population_persons",
            "kind": "new",
        }
    )
    page = changes_html("en", ["en"], data, many)

    assert "7 more lines are not shown." in page
    assert f"X{SHOWN - 1:03}" in page
    assert f"X{SHOWN:03}" not in page


def test_without_a_former_build_the_page_says_so(data):
    page = changes_html("en", ["en"], data)

    assert "There is no former build to compare with" in page
    assert "No address for reports has been set here yet." in page


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("data@example.org", 'href="mailto:data@example.org"'),
        ("https://example.org/report", 'href="https://example.org/report"'),
    ],
)
def test_the_address_for_reports_is_a_link(data, contact, link):
    page = changes_html("en", ["en"], data, None, contact)

    assert link in page
    assert "No address for reports" not in page


def test_the_next_updates_come_soonest_first(data):
    page = changes_html("en", ["en"], data)
    table = page[page.index('data-table="updates"') :]

    assert "by 20" in table
    assert table.index("by 20") < table.index("with the next census")


def test_every_figure_of_a_page_is_explained_once(workspace):
    profile = load_profile(workspace, "kumanovo")
    (table,) = about_section(profile, Wording(translator("en"))).blocks
    names = [row[0] for row in table.rows]
    used = profile.data.take_rows([r.reference for r in profile.results if r.reference])

    assert len(names) == len(set(names)) == used["indicator_id"].nunique()
    assert "Persons with usual residence in the area on the day of the census." in {
        row[1] for row in table.rows
    }
    assert {row[5] for row in table.rows} >= {"with the next census"}


def test_the_contact_is_read_from_the_suite_file(own_workspace):
    path = own_workspace.suite_file
    assert read_contact(path) == ""
    text = path.read_text(encoding="utf-8")
    path.write_text(f'{text}\n[contact]\nerrors_to = "data@example.org"\n', encoding="utf-8")
    assert read_contact(path) == "data@example.org"
    path.write_text(f'{text}\n[contact]\nerrors_to = "the mayor"\n', encoding="utf-8")
    with pytest.raises(SuiteError, match="'the mayor' is no address. Write an e-mail address"):
        read_contact(path)
