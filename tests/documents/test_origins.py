"""The last part of a brief says of every number where it comes from; closed, it is one stop."""

from __future__ import annotations

import pytest
from lxml import html

from analysis.assessment import load_profile
from analysis.assessment.migration import load_migration
from analysis.assessment.trafficking import load_trafficking
from analysis.documents.briefs import compose_brief
from analysis.documents.briefs.web import to_html
from analysis.documents.origins import group_origins
from analysis.documents.traces import find_numbers
from analysis.store.trace import trace_observations

OPENED = {
    "kumanovo": lambda space: load_profile(space, "kumanovo"),
    "migration": lambda space: load_migration(space, "MK", "2014-2025"),
    "trafficking": lambda space: load_trafficking(space, "RS", "2014-2025"),
}
MOST = 0.15


@pytest.fixture(scope="module", params=list(OPENED))
def brief(request, workspace):
    return compose_brief(OPENED[request.param](workspace), "mk", workspace)


@pytest.fixture(scope="module")
def tree(brief):
    return html.document_fromstring(to_html(brief))


def listed(tree):
    """The numbers of the last part, with the section that each stands in."""
    heads = tree.xpath("//details[@class='origins']/dl/dt")
    found = {}
    for head in heads:
        (link,) = head.xpath("./a")
        parts = head.getnext().text_content().split("; ")
        pairs = [part.rsplit(": ", 1) for part in parts]
        found[link.get("href")] = [(" ".join(t.split()), tuple(c.split())) for t, c in pairs]
    return found


def test_every_number_is_listed_under_its_section_with_its_observations(brief, tree) -> None:
    found = listed(tree)
    wanted = {}
    for section in tree.xpath("//main/section"):
        whole = f"<html><body>{html.tostring(section, encoding='unicode')}</body></html>"
        if "data-observation" not in whole and "data-inputs" not in whole:
            continue
        numbers = find_numbers("a.html", whole.encode())
        wanted[f"#{section.get('id')}"] = list(
            dict.fromkeys((n.text, n.observations) for n in numbers)
        )

    assert found == wanted
    assert sum(map(len, found.values())) > 10
    assert [f"#{group.name}" for group in group_origins(brief)] == list(found)


def test_every_code_that_is_listed_leads_to_its_row(workspace, tree) -> None:
    codes = {c for pairs in listed(tree).values() for _, held in pairs for c in held}

    assert set(trace_observations(workspace, sorted(codes))) == codes


def test_the_list_is_closed_and_puts_no_link_around_a_number(tree) -> None:
    (details,) = tree.xpath("//details")

    assert details.get("open") is None
    assert not tree.xpath("//a//data | //data//a")
    assert not tree.xpath("//main//a[starts-with(@href, '#')]")


def test_the_list_is_a_small_part_of_the_page(tree) -> None:
    whole = len(html.tostring(tree))
    (details,) = tree.xpath("//details")

    assert len(html.tostring(details)) < MOST * whole


def test_the_list_is_no_second_set_of_numbers(brief, tree) -> None:
    held = [n for n in brief.numbers if n.reference or n.inputs]

    assert len(find_numbers("a.html", html.tostring(tree))) == len(held)
