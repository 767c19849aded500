"""What a connector calls its figures, the catalogue knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis import sources
from analysis.catalog import load_indicators

FOLDER = Path(sources.__file__).parent
MODULES = sorted(FOLDER.glob("*.py"))
NAME = re.compile(r'"([a-z0-9_]+_(?:persons|pct|crossings|places|offences|per_1000))"')
# An example in a docstring, the name of a register.
NOT_IDS = {"border_crossings"}


@pytest.mark.parametrize("module", MODULES, ids=lambda p: p.stem)
def test_every_indicator_of_a_connector_is_in_the_catalogue(module: Path) -> None:
    known = {i.indicator_id for i in load_indicators()}
    named = set(NAME.findall(module.read_text(encoding="utf-8"))) - NOT_IDS
    assert named <= known, sorted(named - known)


def test_connectors_do_name_indicators() -> None:
    named = {n for m in MODULES for n in NAME.findall(m.read_text(encoding="utf-8"))}
    assert len(named) > 25
