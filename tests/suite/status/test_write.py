"""The status is written whole, in every language, with the page of each failed run."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis.suite.records import write_record
from analysis.suite.schedule.memory import Seen, write_seen
from analysis.suite.status.events import find_events
from analysis.suite.status.gather import read_facts, read_former, read_state
from analysis.suite.status.report import tell_lines
from analysis.suite.status.write import write_status
from analysis.text.languages import LANGUAGES

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from analysis.workspace import Workspace

KUMANOVO = "02_municipal_profile/kumanovo_mk_public"
BUTEL = "02_municipal_profile/butel_mk_public"
PAGE = "failed/02_municipal_profile.butel_mk_public.html"
REASON = "the table <b>holds</b> 7 persons too many"


@pytest.fixture
def space(own_workspace: Workspace, record: Any) -> Workspace:
    """Kumanovo is good, Butel failed at its second cell, all else never ran."""
    write_record(own_workspace, record(KUMANOVO))
    failed = record(BUTEL, state="failed", reason=REASON, cell=1, area="MK-803")
    write_record(own_workspace, failed)
    notebook = new_notebook(cells=[new_code_cell("a = 1"), new_code_cell("a / 0")])
    nbformat.write(notebook, own_workspace.runs / BUTEL / "02_municipal_profile.ipynb")
    return own_workspace


def _status(space: Workspace) -> dict[str, Any]:
    return json.loads((space.status / "status.json").read_text(encoding="utf-8"))


def _cell(space: Workspace, name: str) -> dict[str, Any]:
    return next(c for c in _status(space)["cells"] if c["name"] == name)


class Links(HTMLParser):
    """Collects what a page leads to, what it loads, and its places."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.places: set[str] = set()
        self.tags: set[str] = set()
        self.lang = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        self.places.add(found.get("id") or "")
        if tag == "html":
            self.lang = found.get("lang") or ""
        if tag == "a":
            self.targets.append(found.get("href") or "")
        assert not found.get("src")
        assert not any(name.startswith("on") for name in found)


def _read(path: Path) -> Links:
    links = Links()
    links.feed(path.read_text(encoding="utf-8"))
    return links


def test_every_page_is_whole_and_its_links_lead_to_something(
    space: Workspace, now: dt.datetime
) -> None:
    assert write_status(space, [], now) == space.status / "index.html"
    pages = sorted(space.status.rglob("*.html"))
    assert [p.relative_to(space.status).as_posix() for p in pages] == [
        "en/index.html",
        PAGE,
        "index.html",
        "mk/index.html",
        "sq/index.html",
        "sr-Cyrl/index.html",
        "sr-Latn/index.html",
    ]
    followed = 0
    for page in pages:
        links = _read(page)
        assert "script" not in links.tags
        assert links.lang == (page.parent.name if page.parent.name in LANGUAGES else "mk")
        for target in links.targets:
            file, _, place = target.partition("#")
            led_to = (page.parent / file).resolve() if file else page
            assert led_to.is_file(), (page, target)
            assert not place or place in _read(led_to).places, (page, target)
            followed += "#cell-1" in target
    # Twice on each page, the first one included: in what asks for somebody, and in the grid.
    assert followed == 2 * (len(LANGUAGES) + 1)


def test_a_page_says_the_state_in_words_and_the_reason_as_text(
    space: Workspace, now: dt.datetime
) -> None:
    write_status(space, [], now)
    page = (space.status / "en" / "index.html").read_text(encoding="utf-8")
    assert "the table &lt;b&gt;holds&lt;/b&gt; 7 persons" in page
    assert '<th scope="row" role="rowheader">Butel</th>' in page
    assert page.count('scope="col"') == 5
    for word in ("ok", "check", "failed", "not run", "held"):
        pattern = rf'<dt><span class="state[^>]+><span aria-hidden="true">.+?</span> {word}</span>'
        assert len(re.findall(pattern, page)) == 1, word
    assert '<time datetime="2026-03-02T04:01:00+00:00">2026-03-02 05:01</time>, 0.6 s' in page
    assert "data: 2025-12" in page
    assert "<code>patokaz run</code>" in page
    assert "19 of 20 runs ask for somebody." in page
    assert "://" not in page


def test_a_program_reads_the_same(space: Workspace, now: dt.datetime) -> None:
    write_status(space, [], now)
    said = _status(space)
    assert said["counts"] == {"failed": 1, "held": 0, "check": 0, "not run": 18, "ok": 1}
    assert said["last_run"] == said["made"] == "2026-03-02T04:30:00+00:00"
    butel = _cell(space, BUTEL)
    assert (butel["state"], butel["reason"], butel["link"]) == ("failed", REASON, f"{PAGE}#cell-1")
    assert "patokaz run" in butel["remedy"]
    assert _cell(space, KUMANOVO)["remedy"] == ""


def test_runs_that_the_file_does_not_name_are_planned_as_well(
    space: Workspace, now: dt.datetime
) -> None:
    veles = "02_municipal_profile/veles_en_public"
    write_status(space, [veles], now)
    assert _cell(space, veles)["state"] == "not run"


def test_the_page_of_a_failure_goes_when_the_run_is_good_again(
    space: Workspace, now: dt.datetime, record: Any
) -> None:
    write_status(space, [], now)
    assert (space.status / PAGE).is_file()
    write_record(space, record(BUTEL))
    write_status(space, [], now)
    assert not (space.status / PAGE).exists()
    assert _cell(space, BUTEL)["link"] == ""


def test_a_torn_notebook_or_none_costs_the_link_and_not_the_status(
    space: Workspace, now: dt.datetime, record: Any
) -> None:
    (space.runs / BUTEL / "02_municipal_profile.ipynb").write_text("{", encoding="utf-8")
    write_record(space, record(KUMANOVO, state="failed", reason="out of memory"))
    write_status(space, [], now)
    assert [_cell(space, n)["link"] for n in (BUTEL, KUMANOVO)] == ["", ""]
    assert _status(space)["counts"]["failed"] == 2


def test_what_was_said_of_the_edition_stays_until_somebody_says_otherwise(
    space: Workspace, now: dt.datetime
) -> None:
    write_status(space, [], now, refusal="A link is dead.", outdated={BUTEL: "data"})
    assert _cell(space, KUMANOVO)["state"] == "held"
    state = read_state(space, now)
    assert state.refusal == "A link is dead."
    write_status(space, [], now, is_run=False)
    assert _cell(space, KUMANOVO)["state"] == "held"
    assert _status(space)["outdated"] == {BUTEL: "data"}
    write_status(space, [], now, refusal="", outdated={KUMANOVO: "data"})
    assert _cell(space, KUMANOVO)["state"] == "check"


def test_who_runs_one_place_says_nothing_of_the_others(space: Workspace, now: dt.datetime) -> None:
    write_status(space, [], now, outdated={BUTEL: "data", KUMANOVO: "code"})
    write_status(space, [KUMANOVO], now, outdated={})
    assert _status(space)["outdated"] == {BUTEL: "data"}
    assert _cell(space, KUMANOVO)["state"] == "ok"
    write_status(space, [], now, outdated={})
    assert _status(space)["outdated"] == {}


def test_a_torn_record_is_a_run_that_is_not_there(space: Workspace, now: dt.datetime) -> None:
    (space.runs / KUMANOVO / "manifest.json").write_text("{torn", encoding="utf-8")
    write_status(space, [], now)
    assert _cell(space, KUMANOVO)["state"] == "not run"


def test_a_place_that_moved_more_than_expected_asks_for_a_look(
    space: Workspace, now: dt.datetime
) -> None:
    folder = space.root / "data_processed" / "current"
    folder.mkdir()
    moved = [{"area_id": "MK-703", "indicator_id": f"i{n}", "after": 812} for n in (1, 2, 1, 3, 4)]
    (folder / "differences.json").write_text(json.dumps({"moved": moved}), encoding="utf-8")
    write_status(space, [], now)
    cell = _cell(space, KUMANOVO)
    assert cell["state"] == "check"
    assert "report of differences: i1, i2, i3, …" in cell["reason"]
    assert "812" not in cell["reason"]
    (folder / "differences.json").write_text("{}", encoding="utf-8")
    assert read_facts(space, {}).looks == {}


def test_a_status_by_hand_leaves_the_time_of_the_last_run(
    space: Workspace, now: dt.datetime
) -> None:
    ran = now.replace(day=1)
    write_status(space, [], ran)
    write_status(space, [], now, is_run=False)
    # The history of the runs is later than what the first status said.
    assert _status(space)["last_run"] == "2026-03-02T04:01:00+00:00"
    (space.logs / "runs.jsonl").write_text('{"ended": "soon"}\n{"torn', encoding="utf-8")
    write_status(space, [], ran)
    write_status(space, [], now, is_run=False)
    assert _status(space)["last_run"] == "2026-03-01T04:30:00+00:00"


def test_a_torn_status_or_suite_file_does_not_keep_it_from_being_written(
    space: Workspace, now: dt.datetime
) -> None:
    space.status.mkdir(parents=True)
    (space.status / "status.json").write_text("{torn", encoding="utf-8")
    space.suite_file.write_text("[[run]\n", encoding="utf-8")
    write_status(space, [], now)
    assert _status(space)["counts"]["failed"] == 1
    assert len(_status(space)["cells"]) == 2
    assert read_former(space)["counts"]["ok"] == 1


def test_missed_runs_stand_on_the_page_and_in_the_lines(space: Workspace, now: dt.datetime) -> None:
    text = space.suite_file.read_text(encoding="utf-8")
    runs = text.split("[schedule]")[0]
    space.suite_file.write_text(runs + '\n[schedule]\nat = "02:00"\n', encoding="utf-8")
    write_seen(space, Seen("2026-02-28T01:00:00+00:00"))
    state = replace(read_state(space, now, last_run="2026-02-28T01:00:00+00:00"))
    lines = "\n".join(tell_lines(state))
    assert "20 runs: 1 ok, 18 not run, 0 check, 0 held, 1 failed." in lines
    assert "Missed runs: 2, last 2026-03-02 02:00" in lines
    assert "Next run: 2026-03-03 02:00 (Europe/Skopje)" in lines
    missed = [e for e in find_events(state) if e.key == "missed"]
    assert [e.what for e in missed] == [
        "A scheduled run was missed: 2026-03-02 02:00 (Europe/Skopje)"
    ]


def test_events_name_what_where_and_what_to_do_and_no_number(
    space: Workspace, now: dt.datetime
) -> None:
    state = read_state(space, now, facts=read_facts(space, {}, refusal="Row 12 names 5 people."))
    failed, refused = find_events(state)
    assert failed.key == f"failed:{BUTEL}"
    assert (failed.what, failed.where) == ("Municipal profiles: failed", "Butel (mk)")
    assert failed.reason == "It stopped at cell 2: the table <b>holds</b> … persons too many"
    assert "patokaz run" in failed.remedy
    assert refused.reason == "Row … names … people."
    assert not re.search(r"\d", failed.mark.removeprefix("2:") + refused.mark)


def test_data_that_grew_old_are_an_event(space: Workspace, now: dt.datetime) -> None:
    text = space.suite_file.read_text(encoding="utf-8")
    space.suite_file.write_text(text + "\n[alerts]\nstale_after_days = 30\n", encoding="utf-8")
    events = find_events(read_state(space, now))
    assert [(e.key, e.mark) for e in events if e.key == "stale"] == [("stale", "2025-12")]
    fresh = read_state(space, now.replace(month=1))
    assert [e for e in find_events(fresh) if e.key == "stale"] == []
