"""Briefs of many places at once are the briefs that each would be alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from typer.testing import CliRunner

from analysis.catalog import AreaError
from analysis.cli import app
from analysis.documents.brief_forms import FormError
from analysis.documents.briefs import write_briefs
from analysis.documents.face import open_profile
from analysis.suite import many_briefs
from analysis.suite.many_briefs import share_out, write_many
from analysis.suite.parameters import LAST_YEAR
from analysis.workspace import VARIABLE

ENDINGS = (".docx", ".pdf", ".html")


@pytest.mark.slow
def test_many_briefs_are_those_that_each_would_be_alone(workspace, tmp_path) -> None:
    files = list(write_many(["butel", "MK-307"], ["mk", "en"], workspace, "short", workers=2))
    alone = {
        path.name: path.read_bytes()
        for area in ("butel", "MK-307")
        for code in ("mk", "en")
        for path in write_briefs(
            open_profile(area, LAST_YEAR, workspace=workspace),
            code,
            workspace,
            folder=tmp_path,
            form="short",
        )
    }

    assert [f.name for f in files] == list(alone)
    assert len(files) == 12
    assert {f.name: f.read_bytes() for f in files} == alone


def pretend(workspace, area, languages, form):
    if area == "nowhere":
        msg = "'nowhere' is no area."
        raise AreaError(msg)
    return [workspace.own_briefs / f"{area}_{code}_{form}.pdf" for code in languages]


@pytest.fixture
def named(workspace, monkeypatch):
    monkeypatch.setattr(many_briefs, "write_place", pretend)
    with ThreadPoolExecutor(2) as pool:
        yield lambda areas: share_out(pool, areas, ["mk", "en"], workspace, "long")


def test_files_come_in_the_order_of_places_and_languages(named) -> None:
    found = [path.name for path in named(["b", "a"])]

    assert found == ["b_mk_long.pdf", "b_en_long.pdf", "a_mk_long.pdf", "a_en_long.pdf"]


def test_an_unknown_place_stops_the_rest_and_keeps_what_was_written(named) -> None:
    told = named(["a", "nowhere", "b"])

    assert [next(told).name, next(told).name] == ["a_mk_long.pdf", "a_en_long.pdf"]
    with pytest.raises(AreaError, match="'nowhere' is no area"):
        next(told)


def test_a_form_that_is_none_starts_no_process(workspace, monkeypatch) -> None:
    monkeypatch.setattr(many_briefs, "open_local", None)

    with pytest.raises(FormError, match="'poem' is no form of a brief"):
        list(write_many(["butel"], ["mk"], workspace, "poem"))


@pytest.mark.parametrize(
    "words", [[], ["butel", "--all"], ["--all", "--start-text"]], ids=["none", "both", "text"]
)
def test_the_command_wants_one_place_or_all(workspace, monkeypatch, words) -> None:
    monkeypatch.setenv(VARIABLE, str(workspace.root))
    told = CliRunner().invoke(app, ["brief", *words])

    assert isinstance(told.exception, ValueError)
    assert "Name one municipality or country" in str(told.exception)


def test_the_command_asks_for_every_municipality_in_the_languages_given(
    workspace, monkeypatch
) -> None:
    asked = []
    monkeypatch.setenv(VARIABLE, str(workspace.root))
    monkeypatch.setattr(
        many_briefs,
        "write_many",
        lambda *said: asked.append(said) or [workspace.own_briefs / "a.pdf"],
    )
    told = CliRunner().invoke(app, ["brief", "--all", "--language", "sq", "--form", "short"])

    assert told.output.strip().endswith("a.pdf")
    ((areas, languages, space, form),) = asked
    assert (len(areas), languages, space.root, form) == (80, ["sq"], workspace.root, "short")
