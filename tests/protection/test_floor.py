"""The floor under the thresholds: only a signed file of the administrator moves it."""

from __future__ import annotations

import os
import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

from analysis.protection.floor import FILE, FloorError, read_floor
from analysis.protection.policy import PolicyError, read_policy

if TYPE_CHECKING:
    from pathlib import Path

SIGNED = 'changed_by = "A"\nchanged_on = "2026-03-01"\nreason = "b"\n'


def _policy() -> dict[str, Any]:
    text = (resources.files("analysis.protection") / "policy.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _write(folder: Path, text: str, mode: int = 0o644) -> dict[str, str]:
    path = folder / "floor.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return {FILE: str(path)}


def test_a_threshold_below_its_floor_is_refused() -> None:
    content = _policy()
    content["threshold"]["below_national"] = 9
    with pytest.raises(PolicyError, match="'below_national' is 9, below its floor of 10"):
        read_policy(content, read_floor({}))


def test_the_file_of_the_administrator_lowers_the_floor_and_says_who(tmp_path) -> None:
    named = _write(tmp_path, f"below_national = 5\nnational_breakdown = 3\n{SIGNED}")
    content = _policy()
    content["threshold"]["below_national"] = 5
    policy = read_policy(content, read_floor(named))
    assert policy.below_national == 5
    assert (policy.floor.changed_by, policy.floor.changed_on) == ("A", "2026-03-01")
    assert policy.sha256 != read_policy(_policy(), read_floor({})).sha256


def test_the_file_of_the_administrator_can_raise_the_floor(tmp_path) -> None:
    named = _write(tmp_path, f"below_national = 20\nnational_breakdown = 5\n{SIGNED}")
    with pytest.raises(PolicyError, match="'below_national' is 10, below its floor of 20"):
        read_policy(_policy(), read_floor(named))


@pytest.mark.parametrize("word", ["changed_by", "changed_on", "reason"])
def test_an_unsigned_floor_is_refused(tmp_path, word) -> None:
    text = f"below_national = 10\nnational_breakdown = 5\n{SIGNED}"
    unsigned = "\n".join(line for line in text.splitlines() if not line.startswith(word))
    with pytest.raises(FloorError, match=f"does not say '{word}'.*who changed them"):
        read_floor(_write(tmp_path, unsigned))


@pytest.mark.skipif(os.name != "posix", reason="rights of files are another matter elsewhere")
@pytest.mark.parametrize("mode", [0o664, 0o646])
def test_a_floor_that_others_can_write_is_refused(tmp_path, mode) -> None:
    text = f"below_national = 10\nnational_breakdown = 5\n{SIGNED}"
    with pytest.raises(FloorError, match="can be written by others.*chmod go-w"):
        read_floor(_write(tmp_path, text, mode))


def test_a_floor_that_is_not_there_is_an_error(tmp_path) -> None:
    with pytest.raises(FloorError, match=r"absent\.toml', which is no file"):
        read_floor({FILE: str(tmp_path / "absent.toml")})


@pytest.mark.parametrize("least", ["2", '"10"', "9.5"])
def test_a_floor_under_three_is_refused_whoever_signs_it(tmp_path, least) -> None:
    text = f"below_national = {least}\nnational_breakdown = 5\n{SIGNED}"
    with pytest.raises(FloorError, match=r"for 'below_national'. Give a whole number of 3 or more"):
        read_floor(_write(tmp_path, text))


def test_an_absent_rule_is_refused_by_its_name() -> None:
    content = _policy()
    del content["zeros"]["may_be_withheld"]
    with pytest.raises(PolicyError, match="no rule 'may_be_withheld'"):
        read_policy(content, read_floor({}))


@pytest.mark.parametrize("order", [["suppress", "longer_period"], ["hide", "suppress"], []])
def test_remedies_end_in_withholding(order) -> None:
    content = _policy()
    content["remedies"]["order"] = order
    with pytest.raises(PolicyError, match="'suppress' last"):
        read_policy(content, read_floor({}))
