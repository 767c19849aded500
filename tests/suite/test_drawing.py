"""One picture service for a suite: who shares it, who has lost it, and who can have none."""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Self

import pytest

from analysis.figures.client import VARIABLE
from analysis.figures.service import PicturesError
from analysis.suite import drawing

if TYPE_CHECKING:
    from collections.abc import Iterator


class Services:
    """Starts services that do nothing, each with a socket of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.started, self.ended = folder, 0, 0
        self.lines: list[socket.socket] = []

    def start(self) -> object:
        self.started += 1
        return _Pictures(self.folder / f"p{self.started}", self)


class _Pictures:
    def __init__(self, address: Path, services: Services) -> None:
        self.socket, self._services = address, services
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._line.bind(str(address))
        self._line.listen()
        services.lines.append(self._line)

    def stop(self) -> None:
        self._line.close()
        self._services.ended += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    made = Services(tmp_path)
    monkeypatch.setattr(drawing, "start_pictures", made.start)
    monkeypatch.setattr(drawing, "atexit", SimpleNamespace(register=lambda _: None))
    # Set and then taken away, so that it is put back as it was.
    monkeypatch.setenv(VARIABLE, "")
    monkeypatch.delenv(VARIABLE)
    drawing._start_own.cache_clear()
    yield made
    for line in made.lines:
        line.close()
    drawing._start_own.cache_clear()


@contextmanager
def refuse(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def start() -> None:
        message = "no sockets here"
        raise PicturesError(message)

    with monkeypatch.context() as patch:
        patch.setattr(drawing, "start_pictures", start)
        yield


def test_all_that_are_started_meanwhile_share_one(services: Services) -> None:
    with drawing.share_pictures():
        shared = os.environ[VARIABLE]
        assert drawing.offer_pictures() == drawing.offer_pictures() == shared
        assert Path(shared).exists()
        # A suite within a suite.
        with drawing.share_pictures():
            assert os.environ[VARIABLE] == shared
        assert os.environ[VARIABLE] == shared

    assert VARIABLE not in os.environ
    assert (services.started, services.ended) == (1, 1)


def test_it_ends_with_a_suite_that_fails(services: Services) -> None:
    with pytest.raises(RuntimeError, match="all is lost"), drawing.share_pictures():
        raise RuntimeError("all is lost")

    assert VARIABLE not in os.environ
    assert services.ended == 1


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="there are no Unix sockets")
def test_a_worker_that_has_lost_it_starts_its_own_once(services: Services) -> None:
    with drawing.share_pictures():
        shared = drawing.offer_pictures()
        # Killed: its socket stays, and nobody listens.
        services.lines[0].close()
        assert Path(shared).exists()
        own = drawing.offer_pictures()

        assert own != shared
        assert drawing.offer_pictures() == os.environ[VARIABLE] == own
    assert services.started == 2


def test_a_worker_of_nobody_starts_its_own(services: Services) -> None:
    assert drawing.offer_pictures() == drawing.offer_pictures() == os.environ[VARIABLE]
    assert Path(os.environ[VARIABLE]).exists()
    assert services.started == 1


@pytest.mark.usefixtures("services")
def test_where_there_can_be_none_kernels_draw_by_themselves(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with refuse(monkeypatch), drawing.share_pictures():
        assert VARIABLE not in os.environ
        assert drawing.offer_pictures() == os.environ[VARIABLE] == ""
        assert drawing.offer_pictures() == ""

    assert [record.message for record in caplog.records] == [
        "Each worker has its pictures drawn by itself: no sockets here",
        "Kernels draw their pictures by themselves: no sockets here",
    ]
