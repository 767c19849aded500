"""Who may enter what is withheld and what was handed over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from analysis.protection.details import close_zone
from analysis.sources.returns.ledger import ROOMS, alone
from analysis.workspace import Workspace

pytestmark = pytest.mark.skipif(os.name != "posix", reason="other systems have no such modes")


def find_mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    space = Workspace(tmp_path)
    for room in ROOMS:
        (space.received / room).mkdir(parents=True)
        (space.received / room).chmod(0o775)
    space.received.chmod(0o755)
    return space


def test_a_build_closes_what_was_handed_over_and_leaves_the_map_open(space: Workspace) -> None:
    close_zone(space)
    assert [find_mode(space.received / room) for room in ROOMS] == [0o770] * 3
    assert find_mode(space.restricted) == 0o700
    assert find_mode(space.received) == 0o755


def test_an_import_closes_it_too_from_its_beginning_to_its_end(space: Workspace) -> None:
    (space.received / "aside").rmdir()
    with alone(space.received):
        assert find_mode(space.received / "accepted") == 0o770
        (space.received / "aside").mkdir(mode=0o755)
    assert find_mode(space.received / "aside") == 0o750


def test_a_folder_of_a_colleague_stops_nobody(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, _: int) -> None:
        raise PermissionError(path)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "chmod", refuse)
        with alone(space.received):
            pass
    assert find_mode(space.received / "accepted") == 0o775


def test_what_is_not_there_is_not_made(tmp_path: Path) -> None:
    close_zone(Workspace(tmp_path))
    assert not (tmp_path / "data_raw").exists()
