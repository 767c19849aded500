"""What the tests of the methods share: the oracles, and a generator with a fixed seed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
CARRIED = ROOT / "tests" / "oracles" / "methods"
LISTS = ROOT / "tests" / "oracles" / "mse"
BESIDE = ROOT.parent / "shared" / "methods" / "oracles" / "given"


class Oracles:
    """Reads ``<id>.json`` and the tables beside it; an absent one skips its test."""

    def folder(self, name: str) -> Path:
        for folder in (CARRIED, BESIDE):
            if (folder / f"{name}.json").is_file():
                return folder
        pytest.skip(f"{name} may not be passed on, and ../shared is not beside this checkout")

    def read(self, name: str) -> dict[str, Any]:
        text = (self.folder(name) / f"{name}.json").read_text(encoding="utf-8")
        return json.loads(text)

    def table(self, name: str, part: str) -> pd.DataFrame:
        return pd.read_csv(self.folder(name) / f"{name}__{part}.csv")

    def lists(self, name: str) -> pd.DataFrame:
        return pd.read_csv(LISTS / f"{name}.csv")

    def published(self) -> dict[str, Any]:
        return json.loads((LISTS / "published_estimates.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def oracles() -> Oracles:
    return Oracles()


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20260101)
