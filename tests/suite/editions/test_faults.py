"""A publishing that ends at any point: readers see one whole edition, and the next one repairs."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

import pytest

from analysis.suite.editions.edition import EditionError, read_current
from analysis.suite.editions.publish import publish_edition
from analysis.suite.editions.rollback import rollback
from analysis.suite.editions.switch import switch_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.workspace import Workspace

    Runs = Any
    See = Callable[[Workspace], dict[str, bytes]]

SWITCHES = ("replace", "rename", "symlink")
EVERY = (*SWITCHES, "link", "unlink", "rmdir", "mkdir", "fsync", "chmod")


class Killed(BaseException):
    """The process is gone."""


class Disk:
    """Fails at one step, and from then on at each: a process that was killed cleans nothing up."""

    def __init__(self, patch: pytest.MonkeyPatch, names: tuple[str, ...]) -> None:
        self.steps, self.at = 0, -1
        self.failure: BaseException = Killed()
        self.is_dead = self.stays_dead = False
        for name in names:
            patch.setattr(os, name, self._wrap(getattr(os, name)))

    def _wrap(self, true: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **kwargs: Any) -> Any:
            self.steps += 1
            if self.steps - 1 == self.at or (self.is_dead and self.stays_dead):
                self.is_dead = True
                raise self.failure
            return true(*args, **kwargs)

        return step


def change(runs: Runs, value: str) -> None:
    for language in ("mk", "en"):
        runs.give("kumanovo", language, {"o1": value}, table=value.encode())


def strip(seen: dict[str, bytes]) -> dict[str, bytes]:
    return {k: v for k, v in seen.items() if "kumanovo" in k}


def count_steps(space: Workspace, runs: Runs, names: tuple[str, ...]) -> int:
    with pytest.MonkeyPatch.context() as patch:
        disk = Disk(patch, names)
        change(runs, "8")
        disk.steps = 0
        publish_edition(space)
        return disk.steps


def hurt(
    space: Workspace,
    runs: Runs,
    see: See,
    names: tuple[str, ...],
    failure: BaseException,
    last: int = 1000,
) -> int:
    """Publish again and again, each time with a failure one step later; count them."""
    steps = count_steps(space, runs, names)
    for at in range(max(0, steps - last), steps):
        value = 9 + at
        before = strip(see(space))
        change(runs, str(value))
        with pytest.MonkeyPatch.context() as patch:
            disk = Disk(patch, names)
            disk.at, disk.failure, disk.stays_dead = at, failure, isinstance(failure, Killed)
            try:
                publish_edition(space)
            except (Killed, EditionError):
                pass
            else:
                # A step that may fail: names that are on the disk already, tidying up.
                assert not isinstance(failure, Killed) or not disk.is_dead
        between = strip(see(space))
        publish_edition(space)
        after = strip(see(space))
        assert after["site/mk/kumanovo/table.txt"] == str(value).encode()
        assert between in (before, after)
        assert not [p.name for p in space.editions.iterdir() if p.name.startswith(".staging")]
        assert not [p.name for p in space.current.parent.iterdir() if p.name.startswith(".")]
    return steps


def test_killed_at_any_switch(published: Workspace, runs: Runs, see: See) -> None:
    # The last of them: from the note of the edition on to that of its publishing.
    assert hurt(published, runs, see, SWITCHES, Killed(), last=7) >= 7


@pytest.mark.slow
def test_killed_at_any_step(published: Workspace, runs: Runs, see: See) -> None:
    assert hurt(published, runs, see, EVERY, Killed()) >= 40


@pytest.mark.slow
def test_a_full_disk_at_any_step(published: Workspace, runs: Runs, see: See) -> None:
    full = OSError(28, "No space left on device")
    assert hurt(published, runs, see, EVERY, full) >= 40


def test_a_full_disk_is_a_sentence(
    published: Workspace, runs: Runs, see: See, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = see(published)
    change(runs, "8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("analysis.suite.editions.publish.write_edition", full)
    with pytest.raises(EditionError, match=r"No space left on device.*see to the disk, then try"):
        publish_edition(published)
    assert see(published) == before


@pytest.mark.parametrize("work", [publish_edition, rollback])
def test_a_room_that_cannot_be_written_is_a_sentence(
    published: Workspace, work: Callable[[Workspace], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(30, "Read-only file system")

    monkeypatch.setattr(f"{work.__module__}.hold_lock", refuse)
    with pytest.raises(EditionError, match="could not be changed: .*Read-only file system"):
        work(published)


@pytest.mark.parametrize("at", range(3))
def test_the_site_of_a_former_version_is_never_lost(space: Workspace, runs: Runs, at: int) -> None:
    old = space.site / "mk" / "kumanovo" / "index.html"
    old.parent.mkdir(parents=True)
    old.write_text("<p>old</p>", encoding="utf-8")
    for language in ("mk", "en"):
        runs.give("kumanovo", language)
    with pytest.MonkeyPatch.context() as patch:
        disk = Disk(patch, ("rename", "symlink"))
        disk.at, disk.stays_dead = at, True
        with pytest.raises(Killed):
            publish_edition(space)
    publish_edition(space)
    assert space.site.is_symlink()
    assert 'value="7"' in old.read_text(encoding="utf-8")
    rollback(space)
    assert old.read_text(encoding="utf-8") == "<p>old</p>"


def test_an_edition_that_nobody_saw_is_not_one_to_go_back_to(
    published: Workspace, runs: Runs
) -> None:
    change(runs, "8")
    with pytest.MonkeyPatch.context() as patch:
        disk = Disk(patch, ("symlink",))
        disk.at, disk.stays_dead = 0, True
        with pytest.raises(Killed):
            publish_edition(published)
    assert (published.editions / "0002").is_dir()
    change(runs, "9")
    assert publish_edition(published).number == 2
    assert rollback(published).number == 1


def test_readers_never_see_half(published: Workspace, runs: Runs) -> None:
    change(runs, "8")
    publish_edition(published)
    change(runs, "9")
    publish_edition(published)
    wrong: list[str] = []
    seen: set[bytes] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                # One address: always there. Several of one edition: resolved once.
                (published.site / "index.html").read_bytes()
                root = published.site.resolve()
                page = (root / "mk" / "kumanovo" / "index.html").read_bytes()
                table = (root / "mk" / "kumanovo" / "table.txt").read_bytes()
            except OSError as failure:
                wrong.append(str(failure))
                continue
            seen.add(table)
            if b'value="' + table + b'"' not in page:
                wrong.append(f"{table!r} beside another page")

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for turn in range(50):
            switch_to(published, 2 + turn % 2, "test")
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    assert seen == {b"8", b"9"}


def test_without_links_folders_are_renamed(
    space: Workspace, runs: Runs, see: See, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "symlink", refuse)
    change(runs, "7")
    publish_edition(space)
    assert space.site.is_dir()
    assert not space.site.is_symlink()
    change(runs, "8")
    assert publish_edition(space).number == 2
    assert see(space)["site/mk/kumanovo/table.txt"] == b"8"
    assert publish_edition(space).number == 2
    assert rollback(space).number == 1
    current = read_current(space)
    assert current is not None
    assert current.number == 1
    assert see(space)["site/mk/kumanovo/table.txt"] == b"7"
    assert see(space)["briefs/kumanovo_mk.docx.txt"] == b"kumanovo mk"


def test_a_link_that_the_disk_has_no_room_for_is_no_reason_to_copy(
    published: Workspace, runs: Runs, see: See, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    before = see(published)
    change(runs, "8")
    with monkeypatch.context() as patch:
        patch.setattr(os, "symlink", full)
        with pytest.raises(EditionError, match="No space left"):
            publish_edition(published)
    assert see(published) == before
    assert published.current.is_symlink()
    assert not (published.editions / "0002").exists()
