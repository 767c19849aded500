"""Two runners: one works, the other is told who, for what and since when."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from analysis.suite.lock import LockedError, hold_lock, read_holder

if TYPE_CHECKING:
    from pathlib import Path

HOLD = """
import sys, time
from pathlib import Path
from analysis.suite.lock import hold_lock
with hold_lock(Path(sys.argv[1]), "3 runs"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_second_is_told_who_works(tmp_path: Path) -> None:
    path = tmp_path / "new" / "lock"
    with hold_lock(path, "20 runs (02_municipal_profile)"):
        told = rf"process {os.getpid()} holds 20 runs \(02_municipal_profile\) since \d{{4}}-"
        with pytest.raises(LockedError, match=told), hold_lock(path, "another"):
            pass
        assert read_holder(path)["work"] == "20 runs (02_municipal_profile)"
    assert read_holder(path) is None
    with hold_lock(path, "another"):
        assert read_holder(path)["work"] == "another"


def test_nobody_holds_what_is_not_there(tmp_path: Path) -> None:
    assert read_holder(tmp_path / "lock") is None


def test_a_lock_ends_with_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with pytest.raises(RuntimeError, match="torn"), hold_lock(path, "one"):
        raise RuntimeError("torn")
    with hold_lock(path, "two"):
        pass


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match=f"process {other.pid} "), hold_lock(path, "one"):
            pass
    finally:
        other.kill()
        other.communicate()
    with hold_lock(path, "one"):
        pass
