from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from analysis import open_dashboard
from analysis.dashboard import base, first_view, late
from analysis.dashboard.first_view import SENT, FirstViewMaker, name_edition
from analysis.dashboard.frame import edition_standing
from analysis.dashboard.registry import DashboardError
from analysis.store.read import read_public

QUERY = "area=gevgelija&language=en"


@pytest.fixture
def served(monkeypatch):
    """As in a session whose first view the server has sent."""
    monkeypatch.setenv(SENT, "sent")


@pytest.fixture
def asked(monkeypatch):
    """What is to be done after a page was answered."""
    steps = []

    # Stands for the loop of this module alone: what comes later than that is not of interest.
    loop = SimpleNamespace(call_soon=steps.append)
    monkeypatch.setattr(late, "asyncio", SimpleNamespace(get_running_loop=lambda: loop))
    return steps


@pytest.mark.parametrize("name", ["municipal_profile", "compare", "trafficking", "data_readiness"])
def test_a_made_first_view_is_the_one_that_a_session_would_show(workspace, name):
    maker = FirstViewMaker(workspace)

    made = maker.make(name, "language=mk")

    assert made.markup == open_dashboard(f"{name}?language=mk", workspace).first_view().markup
    assert made.text == name_edition(workspace, edition_standing(workspace))


def test_the_data_of_an_edition_are_read_once(workspace, monkeypatch):
    read = []
    monkeypatch.setattr(
        first_view, "read_public", lambda where: read.append(where) or read_public(where)
    )
    maker = FirstViewMaker(workspace)
    maker.make("municipal_profile", QUERY)
    maker.make("municipal_profile", "area=butel&language=en")
    assert read == [workspace]

    monkeypatch.setattr(first_view, "name_edition", lambda *_: "another")
    assert maker.make("municipal_profile", QUERY).text == "another"
    assert read == [workspace, workspace]


def test_data_that_were_switched_while_they_were_read_are_read_again(workspace, monkeypatch):
    names = iter(["old", "new", "new", "new"])
    monkeypatch.setattr(first_view, "name_edition", lambda *_: next(names))

    assert FirstViewMaker(workspace).make("municipal_profile", QUERY).text == "new"


def test_an_edition_is_another_one_with_other_figures_or_another_standing(workspace, tmp_path):
    standing = edition_standing(workspace)
    here = name_edition(workspace, standing)
    other = replace(workspace, root=tmp_path)
    other.public.mkdir(parents=True)
    (other.public / "release.json").write_bytes((workspace.public / "release.json").read_bytes())
    assert name_edition(other, standing) == here
    assert name_edition(other, replace(standing, state="released")) != here
    assert name_edition(other, None) != here
    (other.public / "release.json").write_text("{}")
    assert name_edition(other, standing) != here
    (other.public / "release.json").unlink()
    assert len(name_edition(other, standing)) == 64


def test_a_dashboard_that_there_is_not_is_refused(workspace):
    with pytest.raises(DashboardError, match="'nothing' is not a dashboard"):
        FirstViewMaker(workspace).make("nothing", "")


@pytest.mark.usefixtures("served")
def test_a_session_leaves_out_the_first_view_that_was_sent(workspace):
    assert open_dashboard(QUERY, workspace).first_view().markup == ""


@pytest.mark.usefixtures("served")
def test_a_live_view_is_made_when_its_page_asks_and_once(workspace, asked):
    dashboard = open_dashboard(QUERY, workspace)
    dashboard.live_view()
    assert dashboard._figures.value == dashboard._rest.value == ""
    assert asked == []
    dashboard._figures.get_state("value")
    assert asked == []

    dashboard._figures.get_state()
    dashboard._figures.get_state()
    (make,) = asked
    make()

    assert '<table data-table="residents">' in dashboard._figures.value
    assert "data-live" in dashboard._rest.value
    assert dashboard._updates == 1


@pytest.mark.usefixtures("served")
def test_who_chooses_before_the_page_was_answered_sees_the_choice(workspace, asked):
    dashboard = open_dashboard(QUERY, workspace)
    dashboard.live_view()
    dashboard._figures.get_state()
    dashboard._controls.menus["area"].value = "MK-803"
    shown = dashboard._figures.value

    asked[0]()

    assert "Butel" in shown
    assert dashboard._figures.value is shown


@pytest.mark.usefixtures("served")
def test_memory_is_given_back_when_all_is_drawn(workspace, asked, monkeypatch):
    drawn = []
    dashboard = open_dashboard(QUERY, workspace)
    dashboard.live_view()
    monkeypatch.setattr(base, "give_back_memory", lambda: drawn.append(dashboard._rest.value))
    dashboard._figures.get_state()
    asked[0]()

    assert ["data-live" in rest for rest in drawn] == [True]


def test_memory_is_given_back_where_the_system_knows_how(monkeypatch):
    calls = []

    class Library:
        malloc_trim = staticmethod(calls.append)

    monkeypatch.setattr(late.ctypes, "CDLL", lambda _: Library())
    late.give_back_memory()
    monkeypatch.setattr(late.ctypes, "CDLL", lambda _: object())
    late.give_back_memory()
    monkeypatch.setattr(late.sys, "platform", "win32")
    monkeypatch.setattr(late.ctypes, "CDLL", None)
    late.give_back_memory()

    assert calls == [0]


def test_markup_that_is_not_late_is_there_at_once():
    assert late.LateHtml("a").get_state()["value"] == "a"
