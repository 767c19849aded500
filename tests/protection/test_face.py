"""What protection shows at its door, and that a worker which only asks does not pay for all."""

from __future__ import annotations

import subprocess
import sys

import pytest

import analysis.protection as door

# What a worker asks of each run: whether the edition is a draft.
ASK = """
import sys
import analysis.protection.ledger.standing
sys.exit(", ".join(sorted({"pandas", "pandera", "pyarrow", "scipy"} & set(sys.modules))) or 0)
"""


@pytest.mark.parametrize("name", door.__all__)
def test_every_name_of_the_door_is_there(name):
    assert getattr(door, name).__name__ == name


def test_another_name_is_refused():
    with pytest.raises(AttributeError, match=r"'hide' is not at the door of protection. It shows"):
        _ = door.hide


def test_who_asks_for_the_standing_loads_no_table():
    asked = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=False)
    assert asked.stderr.strip() == ""
    assert asked.returncode == 0
