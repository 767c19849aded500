"""Downloads are kept as received: once, whole, with their origin, and never overwritten."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest

from analysis.sources.protocol import About, Received, SourceError
from analysis.sources.snapshots import INDEX, keep, keep_aside, latest
from analysis.workspace import Workspace

ABOUT = About(
    source_id="office",
    publisher="The Office",
    title="Figures",
    citation="The Office, Figures",
    licence="CC BY 4.0",
    licence_address="https://office.example/licence",
    home="https://office.example",
    schedule="yearly",
)
MONDAY = dt.date(2026, 11, 16)
SUNDAY = dt.date(2026, 11, 22)


def _file(content: bytes, name: str = "births.json") -> Received:
    return Received(
        name=name,
        content=content,
        address="https://office.example/births",
        title="Births",
        published="2026-07-22",
        media_type="application/json",
    )


@pytest.fixture
def space(tmp_path) -> Workspace:
    return Workspace(tmp_path)


def _names(space: Workspace) -> list[str]:
    return sorted(p.name for p in (space.snapshots / "office").iterdir())


def test_a_file_is_kept_as_received_with_its_sidecar(space) -> None:
    kept = keep(space, ABOUT, _file(b"one"), MONDAY)
    digest = hashlib.sha256(b"one").hexdigest()
    assert (kept.state, kept.sha256) == ("new", digest)
    assert kept.path == space.snapshots / "office" / f"births.{digest[:12]}.json"
    assert kept.path.read_bytes() == b"one"
    assert kept.path.stat().st_mode & 0o777 == 0o644
    sidecar = json.loads(kept.path.with_name(kept.path.name + ".json").read_text(encoding="utf-8"))
    assert sidecar == {
        "title": "Births",
        "producer": "The Office",
        "citation": "The Office, Figures",
        "address": "https://office.example/births",
        "date_published": "2026-07-22",
        "date_accessed": "2026-11-16",
        "licence": "CC BY 4.0",
        "licence_address": "https://office.example/licence",
        "sha256": digest,
        "size": 3,
        "media_type": "application/json",
        "name": "births.json",
    }
    assert _names(space) == [kept.path.name, kept.path.name + ".json", INDEX]


def test_the_same_bytes_again_change_no_file(space) -> None:
    first = keep(space, ABOUT, _file(b"one"), MONDAY)
    written = first.path.stat().st_mtime_ns
    again = keep(space, ABOUT, _file(b"one"), SUNDAY)
    assert (again.state, again.path) == ("unchanged", first.path)
    assert first.path.stat().st_mtime_ns == written
    assert latest(space, "office")[0].sidecar["date_accessed"] == "2026-11-16"


def test_a_revision_lies_beside_the_former_file_and_goes_before_it(space) -> None:
    first = keep(space, ABOUT, _file(b"one"), MONDAY)
    second = keep(space, ABOUT, _file(b"two"), SUNDAY)
    keep(space, ABOUT, _file(b"deaths", "deaths.json"), MONDAY)
    assert second.state == "revised"
    assert first.path.read_bytes() == b"one"
    assert [(s.name, s.path.read_bytes()) for s in latest(space, "office")] == [
        ("births.json", b"two"),
        ("deaths.json", b"deaths"),
    ]


def test_a_revision_that_is_taken_back_is_newest_again(space) -> None:
    for content in (b"one", b"two", b"one"):
        kept = keep(space, ABOUT, _file(content), MONDAY)
    assert kept.state == "revised"
    assert [s.path for s in latest(space, "office")] == [kept.path]


def test_a_file_fetched_on_an_earlier_day_is_not_newer(space) -> None:
    keep(space, ABOUT, _file(b"two"), SUNDAY)
    keep(space, ABOUT, _file(b"one"), MONDAY)
    assert latest(space, "office")[0].path.read_bytes() == b"two"


def test_nothing_fetched_is_no_snapshot(space) -> None:
    assert latest(space, "office") == []


def test_what_was_put_aside_is_never_in_use(space) -> None:
    aside = keep_aside(space, ABOUT, _file(b"odd"), MONDAY, "It was odd.")
    assert aside.parent == space.snapshots / "office" / "refused"
    assert aside.read_bytes() == b"odd"
    sidecar = json.loads(aside.with_name(aside.name + ".json").read_text(encoding="utf-8"))
    assert sidecar["refused"] == "It was odd."
    assert latest(space, "office") == []


def test_a_damaged_snapshot_is_named_and_not_mended_in_silence(space) -> None:
    kept = keep(space, ABOUT, _file(b"one"), MONDAY)
    kept.path.write_bytes(b"onE")
    for use in (lambda: latest(space, "office"), lambda: keep(space, ABOUT, _file(b"one"), SUNDAY)):
        with pytest.raises(SourceError, match=r"births\..*\.json' is damaged: its SHA-256 is"):
            use()
    assert kept.path.read_bytes() == b"onE"


def test_a_snapshot_that_is_gone_is_named(space) -> None:
    keep(space, ABOUT, _file(b"one"), MONDAY).path.unlink()
    with pytest.raises(SourceError, match="its SHA-256 is nothing, expected"):
        latest(space, "office")


@pytest.mark.parametrize("content", [None, "{", "\udcff"])
def test_a_snapshot_without_its_origin_is_not_used(space, content) -> None:
    kept = keep(space, ABOUT, _file(b"one"), MONDAY)
    sidecar = kept.path.with_name(kept.path.name + ".json")
    sidecar.unlink()
    if content:
        sidecar.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(SourceError, match="A snapshot without its origin is not used"):
        latest(space, "office")


@pytest.mark.parametrize("line", ["{", "[]", '{"name": "births.json"}', '{"name": "../a"}'])
def test_a_line_of_the_index_that_cannot_be_read_is_named(space, line) -> None:
    keep(space, ABOUT, _file(b"one"), MONDAY)
    with (space.snapshots / "office" / INDEX).open("a", encoding="utf-8") as index:
        index.write(line + "\n")
    with pytest.raises(SourceError, match=r"Line 2 of '.*index.jsonl' cannot be read"):
        latest(space, "office")


def test_snapshots_without_an_index_are_not_guessed_at(space) -> None:
    keep(space, ABOUT, _file(b"one"), MONDAY)
    (space.snapshots / "office" / INDEX).unlink()
    with pytest.raises(SourceError, match=r"no index\.jsonl, so which is newest is unknown"):
        latest(space, "office")


@pytest.mark.parametrize("name", ["../births.json", ".births", "", "a/b.json", "index.jsonl", "ж"])
def test_a_name_that_leads_elsewhere_is_refused(space, name) -> None:
    with pytest.raises(SourceError, match="cannot be the name of a snapshot"):
        keep(space, ABOUT, _file(b"one", name), MONDAY)
    assert not space.snapshots.exists()


def test_a_folder_that_cannot_be_written_is_a_sentence(space) -> None:
    space.snapshots.mkdir(parents=True)
    (space.snapshots / "office").write_text("a file", encoding="utf-8")
    with pytest.raises(SourceError, match="could not be written"):
        keep(space, ABOUT, _file(b"one"), MONDAY)
