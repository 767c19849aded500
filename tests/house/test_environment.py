"""pyproject.toml, environment.yml and requirements.lock say the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

# Where conda-forge has another name for the same package.
CONDA_NAMES = {
    "pandera": "pandera-pandas",
    "playwright": "playwright-python",
    "typst": "typst-py",
    "duckdb": "python-duckdb",
}
CONDA_ONLY = {"python", "pip"}


def read_declared() -> dict[str, Requirement]:
    """Every direct dependency of pyproject.toml, by its canonical name."""
    lines = [*PROJECT["dependencies"]]
    for extra in PROJECT["optional-dependencies"].values():
        lines += extra
    return {canonicalize_name(found.name): found for found in map(Requirement, lines)}


def read_conda() -> dict[str, Requirement]:
    """Every entry of environment.yml, those for pip included."""
    entries = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    lines = [entry for entry in entries if isinstance(entry, str)]
    for entry in entries:
        lines += entry["pip"] if isinstance(entry, dict) else []
    return {canonicalize_name(found.name): found for found in map(Requirement, lines)}


def read_locked() -> dict[str, list[str]]:
    """Every locked name with its versions: one, or one for each range of Pythons."""
    locked: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", LOCK, re.MULTILINE):
        locked.setdefault(canonicalize_name(name), []).append(version)
    return locked


DECLARED = read_declared()
CONDA = read_conda()
LOCKED = read_locked()


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_conda_has_the_same_bounds(name: str) -> None:
    conda = CONDA.get(CONDA_NAMES.get(name, name))

    assert conda is not None, f"environment.yml lacks {name}"
    assert conda.specifier == DECLARED[name].specifier


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_locked_version_is_within_bounds(name: str) -> None:
    assert name in LOCKED, f"requirements.lock lacks {name}: run `make lock`"
    for version in LOCKED[name]:
        assert DECLARED[name].specifier.contains(version, prereleases=True)


def test_conda_lists_nothing_else() -> None:
    expected = {CONDA_NAMES.get(name, name) for name in DECLARED} | CONDA_ONLY

    assert set(CONDA) == expected


def test_python_is_the_same() -> None:
    assert CONDA["python"].specifier == Requirement(f"x{PROJECT['requires-python']}").specifier


def test_jsonschema_stays_below_4_25_everywhere() -> None:
    for bounds in (DECLARED["jsonschema"].specifier, CONDA["jsonschema"].specifier):
        assert "4.24.1" in bounds
        assert "4.25.0" not in bounds
    assert all(version.startswith("4.24.") for version in LOCKED["jsonschema"])


def test_lock_names_no_host() -> None:
    stray = [line for line in LOCK.splitlines() if re.search(r"://|index-url|find-links", line)]

    assert stray == []


def test_every_locked_entry_has_hashes() -> None:
    entries = re.split(r"^(?=[A-Za-z0-9])", LOCK, flags=re.MULTILINE)
    packages = [entry for entry in entries if "==" in entry.split("\n", 1)[0]]
    bare = [entry.split("==")[0] for entry in packages if "--hash=sha256:" not in entry]

    assert len(packages) > 100, "the lock was not read as it is written"
    assert bare == []


def test_lock_was_resolved_for_every_supported_python() -> None:
    """A universal lock that was resolved for one Python would carry no markers for others."""
    assert "sys_platform == 'win32'" in LOCK
    assert re.search(r"python_full_version (<|>=) '3\.1[123]'", LOCK)
