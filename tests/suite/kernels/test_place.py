from __future__ import annotations

import os
from pathlib import Path

import pytest

from analysis.suite.kernels import place
from analysis.suite.kernels.place import (
    BIND,
    NoWarmKernelError,
    find_place,
    find_room,
    make_key,
    start_variables,
)
from analysis.suite.kernels.place import make_room as open_room


@pytest.fixture
def package(tmp_path, monkeypatch):
    folder = tmp_path / "package"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "module.py").write_text("x = 1\n")
    monkeypatch.setattr(place, "PACKAGE", folder)
    return folder


@pytest.fixture
def lock(tmp_path):
    file = tmp_path / "requirements.lock"
    file.write_text("pandas==3\n")
    return file


def test_nothing_changed_means_the_same_key(package, lock):
    (package / "inner" / "__pycache__").mkdir()
    before = make_key(lock, {})
    (package / "inner" / "__pycache__" / "module.pyc").write_bytes(b"1")
    os.utime(package / "inner" / "module.py", (1, 1))

    assert make_key(lock, {"SECRET": "x"}) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda package, _: (package / "inner" / "module.py").write_text("x = 2\n"),
        lambda package, _: (package / "inner" / "words.po").write_text("msgid\n"),
        lambda package, _: (package / "inner" / "module.py").rename(package / "module.py"),
        lambda _, lock: lock.write_text("pandas==4\n"),
        lambda _, lock: lock.unlink(),
    ],
)
def test_a_changed_lock_or_package_means_another_key(package, lock, change):
    before = find_place(lock, Path("/r"))
    change(package, lock)
    after = find_place(lock, Path("/r"))

    assert after.key != before.key
    assert after.site == before.site
    assert after.socket != before.socket


@pytest.mark.usefixtures("package")
def test_what_python_reads_at_its_start_is_part_of_the_key(lock):
    keys = {
        make_key(lock, {}),
        make_key(lock, {"PYTHONHASHSEED": "0"}),
        make_key(lock, {"PYTHONHASHSEED": "1"}),
        make_key(lock, {"LC_ALL": "C"}),
    }

    assert len(keys) == 4


@pytest.mark.usefixtures("package")
def test_two_locks_have_two_sites(lock, tmp_path):
    other = tmp_path / "other.lock"
    other.write_text(lock.read_text())

    assert find_place(other, Path("/r")).site != find_place(lock, Path("/r")).site


def test_a_room_is_the_users_own():
    assert find_room({}).name == f"patokaz-{os.getuid()}"
    assert find_room({"XDG_RUNTIME_DIR": "/run/user/5"}) == Path("/run/user/5/patokaz")
    given = {"XDG_RUNTIME_DIR": "/run/user/5", "PATOKAZ_KERNEL_ROOM": "/rooms"}
    assert find_room(given) == Path("/rooms")


def test_a_path_that_is_too_long_is_refused(lock):
    with pytest.raises(NoWarmKernelError, match="more than the 107 .* Set PATOKAZ_KERNEL_ROOM"):
        find_place(lock, Path("/" + "r" * 90))


def test_only_the_owner_may_enter_a_room(tmp_path):
    room = tmp_path / "a" / "room"
    open_room(room)
    open_room(room)

    assert room.stat().st_mode & 0o777 == 0o700


def test_a_room_that_others_may_enter_is_refused(tmp_path):
    tmp_path.chmod(0o750)

    with pytest.raises(NoWarmKernelError, match="others may enter .* chmod 700"):
        open_room(tmp_path)


def test_a_link_in_the_place_of_a_room_is_refused(tmp_path):
    real = tmp_path / "real"
    real.mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(real)

    with pytest.raises(NoWarmKernelError, match="is not a folder of the user who asks"):
        open_room(tmp_path / "link")


def test_a_room_of_somebody_else_is_refused(tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setattr(os, "getuid", lambda: 12345)

    with pytest.raises(NoWarmKernelError, match="is not a folder of the user who asks"):
        open_room(tmp_path)


def test_a_room_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(NoWarmKernelError, match="cannot be made"):
        open_room(tmp_path / "file" / "room")


def test_how_a_parent_finds_its_functions_makes_no_other_parent():
    assert start_variables({**BIND, "LD_LIBRARY_PATH": "/x"}) == {"LD_LIBRARY_PATH": "/x"}
