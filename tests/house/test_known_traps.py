"""Traps that cost seconds or a whole afternoon once, and that must not come back."""

from __future__ import annotations

import compileall
import importlib.util
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STAMP = Path(sys.prefix) / ".installed"


def test_slow_grammars_are_not_locked() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower().replace("_", "-")

    assert "jsonschema==" in lock
    assert "rfc3987-syntax" not in lock


def test_slow_grammars_cannot_be_imported() -> None:
    assert importlib.util.find_spec("rfc3987_syntax") is None


@pytest.mark.parametrize("module", ["analysis", "altair", "nbformat"])
def test_slow_grammars_are_not_imported_on_the_way(module: str) -> None:
    code = f"import sys, {module}; print('rfc3987_syntax' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert answer.stdout.strip() == "False"


@pytest.mark.skipif(not STAMP.exists(), reason="this environment was not made by `make install`")
@pytest.mark.parametrize("package", ["altair", "pandas", "geopandas", "statsmodels", "IPython"])
def test_packages_are_byte_compiled(package: str) -> None:
    folder = Path(sysconfig.get_path("purelib")) / package
    sources = [path for path in folder.rglob("*.py") if "tests" not in path.parts]
    uncompiled = [
        path for path in sources if not Path(importlib.util.cache_from_source(str(path))).exists()
    ]

    assert sources
    assert uncompiled == []


def test_compiling_writes_files_where_python_may_not(tmp_path: Path) -> None:
    """PYTHONDONTWRITEBYTECODE stops imports from writing, but not compileall."""
    module = tmp_path / "module.py"
    module.write_text("x = 1\n", encoding="utf-8")

    assert compileall.compile_file(module, quiet=1)
    assert Path(importlib.util.cache_from_source(str(module))).exists()
