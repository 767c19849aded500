"""The pinned download is checked before a byte is kept, and overwrites nothing."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import httpx
import pytest

from analysis.sources import boundary_download
from analysis.sources.boundaries import BoundaryError
from analysis.sources.boundary_download import PIN_ADDRESS, fetch_boundaries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTENT = b'{"type": "FeatureCollection", "features": []}'


@pytest.fixture(autouse=True)
def _small_pin(monkeypatch: pytest.MonkeyPatch) -> None:
    digest = hashlib.sha256(CONTENT).hexdigest()
    monkeypatch.setattr(boundary_download, "PIN_SHA256", digest)
    monkeypatch.setattr(boundary_download, "PIN_SIZE", len(CONTENT))


def _client(answer: httpx.Response | Exception) -> httpx.Client:
    def handle(request: httpx.Request) -> httpx.Response:
        assert str(request.url) == PIN_ADDRESS
        if isinstance(answer, Exception):
            raise answer
        return answer

    return httpx.Client(transport=httpx.MockTransport(handle))


def test_what_fits_the_pin_is_kept_with_its_sidecar(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "map.geojson"
    assert fetch_boundaries(target, _client(httpx.Response(200, content=CONTENT))) == target
    assert target.read_bytes() == CONTENT
    sidecar = json.loads((tmp_path / "deep" / "map.geojson.json").read_text(encoding="utf-8"))
    assert sidecar["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert sidecar["licence"] == "CC BY 4.0"
    assert sidecar["size"] == len(CONTENT)
    assert sorted(p.name for p in target.parent.iterdir()) == ["map.geojson", "map.geojson.json"]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (httpx.Response(200, content=CONTENT[:-5]), r"gave 40 bytes .* Nothing was kept"),
        (httpx.Response(200, content=CONTENT.replace(b"F", b"G")), "expected 45 bytes with"),
        (httpx.Response(404), "answered with the status 404, expected 200"),
        (httpx.ConnectError("no route"), r"could not be reached \(no route\)"),
    ],
)
def test_what_does_not_fit_leaves_nothing_behind(
    tmp_path: Path, answer: httpx.Response | Exception, sentence: str
) -> None:
    target = tmp_path / "map.geojson"
    with pytest.raises(BoundaryError, match=sentence):
        fetch_boundaries(target, _client(answer))
    assert list(tmp_path.iterdir()) == []


class _Endless(httpx.SyncByteStream):
    """A publisher that never stops; it counts what was taken from it."""

    taken = 0

    def __iter__(self) -> Iterator[bytes]:
        while self.taken < 100:
            self.taken += 1
            yield b"x" * boundary_download.CHUNK


def test_a_download_that_is_too_long_is_broken_off(tmp_path: Path) -> None:
    stream = _Endless()
    with pytest.raises(BoundaryError, match="gave more than 45 bytes"):
        fetch_boundaries(tmp_path / "map.geojson", _client(httpx.Response(200, stream=stream)))
    assert stream.taken < 5
    assert list(tmp_path.iterdir()) == []


def test_a_redirect_is_followed_and_the_clients_owner_closes_it(tmp_path: Path) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        if str(request.url) == PIN_ADDRESS:
            return httpx.Response(302, headers={"location": "https://files.example/map"})
        return httpx.Response(200, content=CONTENT)

    client = httpx.Client(transport=httpx.MockTransport(handle))
    target = fetch_boundaries(tmp_path / "map.geojson", client)
    assert target.read_bytes() == CONTENT
    assert not client.is_closed


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file", encoding="utf-8")
    answer = _client(httpx.Response(200, content=CONTENT))
    with pytest.raises(BoundaryError, match="could not be written"):
        fetch_boundaries(tmp_path / "folder" / "map.geojson", answer)


def test_a_file_that_is_there_is_used_or_named_but_never_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "map.geojson"
    target.write_bytes(CONTENT)
    silent = _client(AssertionError("nobody asks the publisher"))
    assert fetch_boundaries(target, silent) == target
    target.write_bytes(b"mine")
    with pytest.raises(BoundaryError, match=r"is not the pinned file\. Move it away first"):
        fetch_boundaries(target, silent)
    assert target.read_bytes() == b"mine"
