"""Proof that each oracle is met by a formula: where the formula is wrong, its tests fail.

``tests/oracles/mutations.toml`` names, for each oracle, the tests that read it and small wrong
turns of the formulas behind it. The tests run on a copy of the package as it is, where they have
to pass, and once for each wrong turn on a copy that takes it, where they have to fail. Where the
figures of an oracle cannot tell a wrong turn, it names the test beside the oracle that can. A wrong
turn that passes is a missing check: add the assertion, do not take the mutation out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
GIVEN = ROOT.parent / "shared" / "methods" / "oracles" / "given"
ELSEWHERE = "g08_joinpoint_nci"
PARTS = ("analysis", "tests/methods", "tests/protection", "tests/oracles")
GROUPS = tomllib.loads((ROOT / "tests/oracles/mutations.toml").read_text(encoding="utf-8"))
# In place of the conftest of the checkout, which builds workspaces: tests on any other package
# than the copy would prove nothing, so that they do not even start.
GUARD = """
from pathlib import Path

import analysis

home = Path(__file__).resolve().parents[1]
if not Path(analysis.__file__).resolve().is_relative_to(home):
    raise RuntimeError(f"{analysis.__file__} is not the package of {home}")
"""
ASSERTED = ("E   assert ", "E   AssertionError", "E       assert ", "E       AssertionError")


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Path:
    """A copy of the package and of its tests, without any mutation."""
    home: Path = tmp_path_factory.mktemp("plain")
    for part in PARTS:
        ignored = shutil.ignore_patterns("__pycache__", Path(__file__).name)
        shutil.copytree(ROOT / part, home / part, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", home)
    (home / "tests/conftest.py").write_text(GUARD, encoding="utf-8")
    for file in GIVEN.glob(f"{ELSEWHERE}*"):
        shutil.copy(file, home / "tests/oracles/methods")
    return home


def start(home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a copy, which is the first place where it looks for packages."""
    inherited = {name: held for name, held in os.environ.items() if not name.startswith("PYTEST_")}
    steady = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=home,
        env={**inherited, **steady, "PYTHONPATH": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def run_tests(home: Path, tests: list[str]) -> subprocess.CompletedProcess[str]:
    return start(home, "-m", "pytest", "-q", "-x", "--tb=short", "-p", "no:cacheprovider", *tests)


def mutate(home: Path, mutation: dict[str, Any]) -> None:
    """Write a wrong formula into a copy; one that fits no longer is an error of its own."""
    path = home / mutation["file"]
    text, old = path.read_text(encoding="utf-8"), mutation["old"]
    found, times = text.count(old), mutation.get("times", 1)
    assert found == times, f"{mutation['file']} holds {old!r} {found} times, and not {times}"
    assert old != mutation["new"]
    path.write_text(text.replace(old, mutation["new"]), encoding="utf-8")
    # Compiled modules are told apart by second and size, which a digit does not change.
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
        compiled.unlink()


@pytest.mark.parametrize("name", GROUPS)
def test_a_wrong_formula_fails_its_oracle(name, plain, tmp_path) -> None:
    group = GROUPS[name]
    if name == ELSEWHERE and not GIVEN.is_dir():
        pytest.skip(f"{name} may not be passed on, and ../shared is not beside this checkout")
    beside = [test for mutation in group["mutation"] for test in mutation.get("tests", [])]
    right = run_tests(plain, [*group["tests"], *beside])
    assert right.returncode == 0, right.stdout + right.stderr
    assert " passed" in right.stdout
    assert "skipped" not in right.stdout
    survivors = []
    for number, mutation in enumerate(group["mutation"]):
        home = tmp_path / str(number)
        shutil.copytree(plain, home)
        mutate(home, mutation)
        wrong = run_tests(home, mutation.get("tests", group["tests"]))
        # Neither a fault of collecting (2) nor of the call (4, 5), nor a formula that stops.
        assert wrong.returncode in {0, 1}, wrong.stdout + wrong.stderr
        told = [line for line in wrong.stdout.splitlines() if line.startswith("FAILED")]
        sys.stdout.write(f"{mutation['wrong']}: {told or 'SURVIVED'}\n")
        if wrong.returncode == 0:
            survivors.append(mutation["wrong"])
        else:
            assert any(sign in wrong.stdout for sign in ASSERTED), wrong.stdout
        shutil.rmtree(home)
    assert not survivors, f"{name} is met by wrong formulas: {survivors}"


def test_every_oracle_has_wrong_formulas() -> None:
    held = {path.stem for path in (ROOT / "tests/oracles/methods").glob("*.json")}
    assert held | {ELSEWHERE} == {name for name in GROUPS if not name.startswith("mse_")}
    assert all(group["tests"] and group["mutation"] for group in GROUPS.values())


def test_the_copy_is_what_is_imported(plain) -> None:
    told = start(plain, "-c", "import analysis.methods as it; print(it.__file__)")
    assert Path(told.stdout.strip()) == plain / "analysis/methods/__init__.py", told.stderr


def test_tests_of_another_package_do_not_start(plain, tmp_path) -> None:
    for part in ("tests", "pyproject.toml"):
        (tmp_path / part).symlink_to(plain / part)
    (tmp_path / "tests").unlink()
    shutil.copytree(plain / "tests", tmp_path / "tests")
    (tmp_path / "analysis").symlink_to(ROOT / "analysis")
    told = run_tests(tmp_path, ["tests/methods/test_multiplicity.py"])
    assert told.returncode == 4, told.stdout
    assert "is not the package of" in told.stdout + told.stderr


def test_a_mutation_that_fits_no_longer_is_an_error(tmp_path) -> None:
    (tmp_path / "formula.py").write_text("x = y + y\n", encoding="utf-8")
    for old, found in (("z", 0), ("y", 2)):
        with pytest.raises(AssertionError, match=f"holds '{old}' {found} times, and not 1"):
            mutate(tmp_path, {"file": "formula.py", "old": old, "new": "x"})
    mutate(tmp_path, {"file": "formula.py", "old": "y", "new": "x", "times": 2})
    assert (tmp_path / "formula.py").read_text(encoding="utf-8") == "x = x + x\n"
