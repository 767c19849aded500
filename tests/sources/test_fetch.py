"""Fetching several sources: one that fails stops no other and loses nothing."""

from __future__ import annotations

import datetime as dt
import json
import socket

import pytest
from servers.faults import Asked, Handler, Reply

from analysis.sources import fetch
from analysis.sources.client import Client
from analysis.sources.eurostat import EurostatSource
from analysis.sources.fetch import fetch_sources
from analysis.sources.protocol import About, Received, Reshaped, SourceError, read_rows
from analysis.sources.registry import CONNECTORS, all_sources, short_names
from analysis.sources.snapshots import latest
from analysis.workspace import Workspace

MONDAY = dt.date(2026, 11, 16)
SUNDAY = dt.date(2026, 11, 22)


class OfficeHandler(Handler):
    """Gives the number that the test set."""

    def answer(self, asked: Asked) -> Reply:  # noqa: ARG002 - every question has one answer
        return Reply.json(self.server.state)


class OfficeSource:
    """A small connector: one file, one figure."""

    def __init__(self, base: str, source_id: str = "office") -> None:
        self.base = base
        self.about = About(source_id, "Office", "Figures", "Office", "CC0", "", base, "yearly")

    def fetch(self, client: Client) -> list[Received]:
        answer = client.get(f"{self.base}/births")
        return [
            Received("births.json", answer.content, answer.address, "Births", "", answer.media_type)
        ]

    def read(self, content: bytes, name: str):
        data = json.loads(content)
        if data.get("code"):
            raise KeyError(data["code"])
        if "births" not in data:
            msg = f"{name} has no 'births', expected it."
            raise Reshaped(msg)
        row = {
            "indicator_id": "live_births_persons",
            "area_id": "MK",
            "period_start": "2024-01-01",
            "period_end": "2024-12-31",
            "value": str(data["births"]),
            "state": "value",
            "status": "final",
            "source_id": self.about.source_id,
        }
        return read_rows([row] * bool(data["births"]))


@pytest.fixture
def space(tmp_path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def offices(serve, monkeypatch):
    """Two sources that are the only ones, with their servers."""
    servers = {name: serve(OfficeHandler, births=5) for name in ("office", "bureau")}
    made = {name: OfficeSource(server.address, name) for name, server in servers.items()}
    monkeypatch.setattr(fetch, "all_sources", lambda: made)
    return servers


def _everything(space: Workspace) -> dict[str, bytes]:
    files = (p for p in space.snapshots.rglob("*") if p.is_file())
    return {p.relative_to(space.snapshots).as_posix(): p.read_bytes() for p in files}


def test_sources_are_new_then_unchanged_then_revised(space, offices, client) -> None:
    first = fetch_sources(space, [], client, MONDAY)
    assert [(o.source_id, o.state, o.code) for o in first] == [
        ("office", "new", 0),
        ("bureau", "new", 0),
    ]
    assert first[0].sentence == "office: 1 new."
    assert [o.state for o in fetch_sources(space, ["bureau", "bureau"], client, SUNDAY)] == [
        "unchanged"
    ]
    offices["bureau"].state["births"] = 6
    revised = fetch_sources(space, ["bureau"], client, SUNDAY)
    assert revised[0].state == "revised"
    assert json.loads(latest(space, "bureau")[0].path.read_bytes()) == {"births": 6}


@pytest.mark.parametrize(
    ("fault", "code", "sentence"),
    [
        ("403", 12, "status 403"),
        ("500", 11, "status 500"),
        ("html", 13, "gave a web page"),
        ("cut", 14, "ended before its answer was whole"),
        ("empty", 13, "gave 0 bytes for births.json, expected 1 to"),
        ("broken", 10, "The connector of office met what it does not know (JSONDecodeError"),
    ],
)
def test_a_source_that_fails_stops_no_other_and_loses_nothing(
    space, offices, client, fault, code, sentence
) -> None:
    fetch_sources(space, ["office"], client, MONDAY)
    before = _everything(space)
    offices["office"].always = fault
    outcomes = fetch_sources(space, [], client, SUNDAY)
    assert [(o.state, o.code) for o in outcomes] == [("failed", code), ("new", 0)]
    assert sentence in outcomes[0].sentence
    assert before.items() <= _everything(space).items()
    assert json.loads(latest(space, "office")[0].path.read_bytes()) == {"births": 5}


@pytest.mark.parametrize(
    ("answer", "code", "sentence"),
    [
        ({"deaths": 5}, 13, "births.json has no 'births', expected it."),
        ({"births": 0}, 13, "gave no figure for any area of the catalogue"),
        ({"code": "odd"}, 10, "met what it does not know (KeyError: 'odd'). Please report it"),
    ],
)
def test_an_answer_that_cannot_be_read_is_put_aside(
    space, offices, client, answer, code, sentence
) -> None:
    fetch_sources(space, ["office"], client, MONDAY)
    offices["office"].state.clear()
    offices["office"].state.update(answer)
    outcome = fetch_sources(space, ["office"], client, SUNDAY)[0]
    assert (outcome.state, outcome.code) == ("failed", code)
    assert sentence in outcome.sentence
    assert "What came was put aside in '" in outcome.sentence
    assert json.loads(outcome.files[0].read_bytes()) == answer
    assert outcome.files[0].parent.name == "refused"
    assert json.loads(latest(space, "office")[0].path.read_bytes()) == {"births": 5}


def test_what_looks_like_a_person_is_not_even_put_aside(space, offices, client) -> None:
    offices["office"].state["number"] = "01019" + "90450123"
    outcome = fetch_sources(space, ["office"], client, MONDAY)[0]
    assert (outcome.state, outcome.files) == ("failed", ())
    assert "what looks like a personal number" in outcome.sentence
    assert _everything(space) == {}


@pytest.mark.usefixtures("offices")
def test_a_file_that_is_too_large_is_not_kept(space, client, monkeypatch) -> None:
    monkeypatch.setattr(fetch, "MAX_BYTES", 5)
    outcome = fetch_sources(space, ["office"], client, MONDAY)[0]
    assert "gave 13 bytes for births.json, expected 1 to 5" in outcome.sentence
    assert _everything(space) == {}


def test_a_workspace_that_cannot_be_written_is_told_for_each_source(space, offices, client) -> None:
    space.snapshots.parent.mkdir(parents=True)
    space.snapshots.write_text("a file", encoding="utf-8")
    for births in (5, 0):
        offices["office"].state["births"] = births
        outcomes = fetch_sources(space, [], client, MONDAY)
        assert [o.code for o in outcomes] == [10, 10]
        assert "could not be written" in outcomes[0].sentence


def test_a_name_that_is_no_source_is_told_before_anybody_is_asked(space, offices, client) -> None:
    with pytest.raises(SourceError, match="'offise' is not a source. Expected one of: office, bur"):
        fetch_sources(space, ["office", "offise"], client, MONDAY)
    assert offices["office"].calls == []


def test_a_source_may_be_named_short(space, monkeypatch, serve, client) -> None:
    server = serve()
    made = EurostatSource(server.address)
    monkeypatch.setattr(fetch, "all_sources", lambda: {made.about.source_id: made})
    outcomes = fetch_sources(space, ["eurostat", "eurostat-asyapp"], client, MONDAY)
    assert [o.source_id for o in outcomes] == ["eurostat-asyapp"]
    assert "is not a dataset of JSON-stat 2.0" in outcomes[0].sentence


def test_without_a_network_each_real_source_has_its_sentence(space, monkeypatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    # All connections go to a proxy that is not there.
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, nobody)
    with Client(deadline=2.0, sleep=lambda _: None) as cut_off:
        outcomes = fetch_sources(space, [], cut_off, MONDAY)
    assert [o.source_id for o in outcomes] == list(all_sources())
    assert {(o.state, o.code, o.files) for o in outcomes} == {("failed", 11, ())}
    assert all("could not be reached" in o.sentence for o in outcomes)
    assert not space.snapshots.exists()


@pytest.mark.usefixtures("offices")
def test_without_a_client_one_is_made(space) -> None:
    assert [o.state for o in fetch_sources(space, [], None, MONDAY)] == ["new", "new"]


def test_every_source_says_who_publishes_it() -> None:
    sources = all_sources()
    assert {"makstat", "eurostat-asyapp", "sors"} <= set(sources)
    assert set(short_names().values()) == set(sources)
    assert short_names()["eurostat"] == "eurostat-asyapp"
    assert len(sources) <= len(CONNECTORS)
    for source_id, source in sources.items():
        about = source.about
        assert about.source_id == source_id
        assert all((about.publisher, about.title, about.citation, about.licence, about.schedule))
        assert about.home.startswith("https://")
