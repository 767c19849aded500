"""The pinned download is checked before a byte is kept, and overwrites nothing."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from servers.faults import Asked, Handler, Publisher, Reply

from analysis.sources import boundary_download
from analysis.sources.boundaries import BoundaryError
from analysis.sources.boundary_download import fetch_boundaries
from analysis.sources.protocol import CutShort, Refused, Reshaped, SourceError, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from analysis.sources.client import Client

CONTENT = b'{"type": "FeatureCollection", "features": []}'


class MapHandler(Handler):
    """Gives the map, or what a test has put in its place."""

    def answer(self, asked: Asked) -> Reply:
        assert asked.path.removeprefix("/moved") == "/map.geojson"
        return Reply(self.server.state.get("content", CONTENT), "text/plain")


@pytest.fixture
def publisher(serve: Callable[..., Publisher], monkeypatch: pytest.MonkeyPatch) -> Publisher:
    server = serve(MapHandler)
    monkeypatch.setattr(boundary_download, "PIN_SHA256", hashlib.sha256(CONTENT).hexdigest())
    monkeypatch.setattr(boundary_download, "PIN_SIZE", len(CONTENT))
    monkeypatch.setattr(boundary_download, "PIN_ADDRESS", f"{server.address}/map.geojson")
    return server


def test_what_fits_the_pin_is_kept_with_its_sidecar(
    tmp_path: Path, publisher: Publisher, client: Client
) -> None:
    target = tmp_path / "deep" / "map.geojson"
    assert fetch_boundaries(target, client) == target
    assert len(publisher.calls) == 1
    assert target.read_bytes() == CONTENT
    sidecar = json.loads((tmp_path / "deep" / "map.geojson.json").read_text(encoding="utf-8"))
    assert sidecar["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert sidecar["licence"] == "CC BY 4.0"
    assert sidecar["size"] == len(CONTENT)
    assert sorted(p.name for p in target.parent.iterdir()) == ["map.geojson", "map.geojson.json"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (CONTENT[:-5], r"gave 40 bytes .* Nothing was kept"),
        (CONTENT.replace(b"F", b"G"), "expected 45 bytes with"),
    ],
)
def test_other_bytes_than_the_pinned_ones_are_not_kept(
    tmp_path: Path, publisher: Publisher, client: Client, content: bytes, sentence: str
) -> None:
    publisher.state["content"] = content
    with pytest.raises(BoundaryError, match=sentence):
        fetch_boundaries(tmp_path / "map.geojson", client)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("403", Refused),
        ("404", Refused),
        ("429", Refused),
        ("500", Unreachable),
        ("drop", CutShort),
        ("cut", CutShort),
        ("cut-chunk", CutShort),
        ("html", Reshaped),
        ("endless", SourceError),
        ("trickle", SourceError),
    ],
)
def test_a_faulty_answer_is_a_sentence_and_leaves_nothing_behind(
    tmp_path: Path, publisher: Publisher, client: Client, fault: str, kind: type[SourceError]
) -> None:
    publisher.always = fault
    client.deadline = 0.5
    with pytest.raises(kind, match=r"map\.geojson .*\w+\. "):
        fetch_boundaries(tmp_path / "map.geojson", client)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fault", ["500", "429", "drop", "redirect"])
def test_a_passing_fault_is_overcome(
    tmp_path: Path, publisher: Publisher, client: Client, fault: str
) -> None:
    publisher.faults.append(fault)
    assert fetch_boundaries(tmp_path / "map.geojson", client).read_bytes() == CONTENT
    assert len(publisher.calls) == 2


def test_a_folder_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, publisher: Publisher, client: Client
) -> None:
    (tmp_path / "folder").write_text("a file", encoding="utf-8")
    with pytest.raises(BoundaryError, match="could not be written"):
        fetch_boundaries(tmp_path / "folder" / "map.geojson", client)
    assert publisher.calls


def test_a_file_that_is_there_is_used_or_named_but_never_overwritten(
    tmp_path: Path, publisher: Publisher, client: Client
) -> None:
    target = tmp_path / "map.geojson"
    target.write_bytes(CONTENT)
    assert fetch_boundaries(target, client) == target
    target.write_bytes(b"mine")
    with pytest.raises(BoundaryError, match=r"is not the pinned file\. Move it away first"):
        fetch_boundaries(target, client)
    assert target.read_bytes() == b"mine"
    assert publisher.calls == []
