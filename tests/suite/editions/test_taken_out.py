"""What is taken out of the suite file leaves the next edition; its record stays."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from analysis.suite.editions import taken_out
from analysis.suite.editions.differences_report import compare_editions
from analysis.suite.editions.edition import EditionError
from analysis.suite.editions.publish import publish_edition
from analysis.suite.editions.rollback import rollback
from analysis.suite.editions.taken_out import NOTE, Names, read_names
from analysis.suite.records import read_records
from analysis.suite.suite_file import SuiteError

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.workspace import Workspace

    Runs = Any
    Plan = Callable[..., None]

NOTEBOOK = "02_municipal_profile"


@dataclass(frozen=True)
class Named:
    """As much of a run as counts here."""

    name: str


def name(slug: str, language: str) -> str:
    return f"{NOTEBOOK}/{slug}_{language}_public"


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch) -> Plan:
    """Sets what the suite file comes to: places, in both languages unless others are named."""

    def set_plan(*slugs: str, languages: tuple[str, ...] = ("mk", "en")) -> None:
        named = [Named(name(slug, code)) for slug in slugs for code in languages]
        monkeypatch.setattr(taken_out, "plan_runs", lambda _: named)

    return set_plan


@pytest.fixture
def both(space: Workspace, runs: Runs, plan: Plan) -> Workspace:
    """A workspace that shows two places in two languages, as its suite file says."""
    plan("kumanovo", "butel")
    for slug in ("kumanovo", "butel"):
        for language in ("mk", "en"):
            runs.give(slug, language)
    publish_edition(space)
    return space


def shown(space: Workspace) -> set[str]:
    pages = space.site.glob("*/*/index.html")
    return {f"{p.parent.parent.name}/{p.parent.name}" for p in pages} - {
        f"{code}/{slug}" for code in ("mk", "en") for slug in ("protection", "changes")
    }


ALL = {"mk/kumanovo", "en/kumanovo", "mk/butel", "en/butel"}


def test_a_place_that_is_taken_out_leaves_the_next_edition(both: Workspace, plan: Plan) -> None:
    assert shown(both) == ALL
    plan("kumanovo")
    edition = publish_edition(both)
    assert edition.number == 2
    assert shown(both) == {"mk/kumanovo", "en/kumanovo"}
    assert sorted(p.name for p in both.briefs.iterdir()) == [
        "kumanovo_en.docx.txt",
        "kumanovo_mk.docx.txt",
    ]
    assert "butel" not in (both.site / "mk" / "index.html").read_text(encoding="utf-8")
    # History: the record and what it gave are still there, and so is the former edition.
    assert name("butel", "mk") in {r.name for r in read_records(both)}
    assert (both.runs / name("butel", "mk") / "results/site/mk/butel/index.html").is_file()
    assert (both.editions / "0001/site/mk/butel/index.html").is_file()
    assert publish_edition(both).number == 2


def test_the_report_of_differences_names_what_is_gone(both: Workspace, plan: Plan) -> None:
    plan("kumanovo")
    publish_edition(both)
    said = json.loads((both.current / "differences.json").read_text(encoding="utf-8"))
    assert said["gone"] == [name("butel", "en"), name("butel", "mk")]
    assert said["asks_for_a_look"] is True
    page = (both.current / "differences.html").read_text(encoding="utf-8")
    assert "Pages that are not shown any more" in page
    assert "<li>Butel (English)</li>" in page
    assert [r.slug for r in compare_editions(both, 1, 2).gone] == ["butel", "butel"]
    assert compare_editions(both, 2, 1).gone == ()


def test_where_nothing_is_gone_the_report_is_silent(both: Workspace, runs: Runs) -> None:
    for language in ("mk", "en"):
        runs.give("butel", language, {"o1": "8"})
    publish_edition(both)
    said = json.loads((both.current / "differences.json").read_text(encoding="utf-8"))
    assert (said["gone"], said["asks_for_a_look"]) == ([], False)
    assert "not shown any more" not in (both.current / "differences.html").read_text("utf-8")


def test_a_language_that_is_taken_out_leaves_with_its_links(
    both: Workspace, runs: Runs, plan: Plan
) -> None:
    plan("kumanovo", "butel", languages=("mk",))
    for slug in ("kumanovo", "butel"):
        # Its pages are made anew, as they link to other languages now.
        record = runs.give(slug, "mk")
        page = runs.results(record) / f"site/mk/{slug}/index.html"
        alone = page.read_bytes().replace(b'<a href="../../en/' + slug.encode(), b'<a href="#main')
        alone = alone.replace(b'#main/index.html"', b'#main"')
        runs.replace_page(record, alone, ["mk"])
    with pytest.raises(EditionError, match="This edition has 0 pages in 'en', the one before had"):
        publish_edition(both)
    assert shown(both) == ALL
    assert read_names(both).taken_out == {}
    publish_edition(both, accept=True)
    assert shown(both) == {"mk/kumanovo", "mk/butel"}
    assert sorted(read_names(both).taken_out) == [name("butel", "en"), name("kumanovo", "en")]


def test_what_is_put_back_is_shown_again(both: Workspace, plan: Plan) -> None:
    plan("kumanovo")
    publish_edition(both)
    plan("kumanovo", "butel")
    # These are the files of the first edition, which nobody took back.
    assert publish_edition(both).number == 3
    assert shown(both) == ALL
    assert read_names(both).taken_out == {}


def test_what_somebody_asks_for_is_shown_although_it_was_taken_out(
    both: Workspace, plan: Plan
) -> None:
    plan("kumanovo")
    publish_edition(both)
    publish_edition(both, wanted=[name("butel", code) for code in ("mk", "en")])
    assert shown(both) == ALL
    # And stays, until the suite file names it once more and then not.
    publish_edition(both)
    assert shown(both) == ALL


def test_a_place_that_the_suite_file_never_named_stays(
    both: Workspace, runs: Runs, plan: Plan
) -> None:
    for language in ("mk", "en"):
        runs.give("gevgelija", language)
    publish_edition(both)
    plan("kumanovo")
    publish_edition(both)
    assert shown(both) == {"mk/kumanovo", "en/kumanovo", "mk/gevgelija", "en/gevgelija"}


@pytest.mark.parametrize("broken", [SuiteError("line 3"), FileNotFoundError("suite.toml")])
def test_a_suite_file_that_cannot_be_read_takes_nothing_out(
    both: Workspace, runs: Runs, monkeypatch: pytest.MonkeyPatch, broken: Exception
) -> None:
    def refuse(_: object) -> None:
        raise broken

    monkeypatch.setattr(taken_out, "plan_runs", refuse)
    runs.give("kumanovo", "mk", extra="<p>new</p>")
    assert publish_edition(both).number == 2
    assert shown(both) == ALL
    assert len(read_names(both).planned) == 4


def test_after_a_rollback_it_is_out_again_with_the_next_edition(
    both: Workspace, runs: Runs, plan: Plan
) -> None:
    plan("kumanovo")
    publish_edition(both)
    rollback(both, 1)
    assert shown(both) == ALL
    for language in ("mk", "en"):
        runs.give("kumanovo", language, {"o1": "9"})
    publish_edition(both)
    assert shown(both) == {"mk/kumanovo", "en/kumanovo"}


def test_since_when_it_is_out_stays_as_noted(both: Workspace, plan: Plan) -> None:
    plan("kumanovo")
    publish_edition(both)
    path = both.runs / NOTE
    said = json.loads(path.read_text(encoding="utf-8"))
    said["taken_out"] = dict.fromkeys(said["taken_out"], "2026-01-01T00:00:00+00:00")
    path.write_text(json.dumps(said), encoding="utf-8")
    plan("kumanovo", "gevgelija")
    publish_edition(both)
    assert set(read_names(both).taken_out.values()) == {"2026-01-01T00:00:00+00:00"}
    assert name("gevgelija", "mk") in read_names(both).planned


def test_a_torn_note_takes_nothing_out(both: Workspace, plan: Plan) -> None:
    (both.runs / NOTE).write_text("torn", encoding="utf-8")
    plan("kumanovo")
    publish_edition(both)
    assert shown(both) == ALL
    assert read_names(both) == Names(frozenset({name("kumanovo", c) for c in ("mk", "en")}), {})
