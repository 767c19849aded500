"""The documentation says what the code does: each command, parameter, indicator and dashboard."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import pkgutil
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer.main

import analysis
from analysis.catalog import load_indicators
from analysis.cli import app

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
MODULES = sorted(
    m.name
    for m in pkgutil.walk_packages(analysis.__path__, "analysis.")
    if not m.name.endswith(("__main__",))
)
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    # The script finds the module beside it as it does when it is run.
    sys.path.insert(0, str(ROOT / "docs"))
    path = ROOT / "docs" / "make_reference.py"
    spec = importlib.util.spec_from_file_location("make_reference", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_reference"] = module
    spec.loader.exec_module(module)
    sys.path.remove(str(ROOT / "docs"))
    return module


def test_reference_pages_are_those_of_the_code(reference: ModuleType) -> None:
    for name, make in reference.PAGES.items():
        held = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
        assert held == make(), f"run `python docs/make_reference.py`: {name}"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_words_an_example_and_a_place_in_the_docs(command: str) -> None:
    text = typer.main.get_command(app).commands[command].help  # type: ignore[attr-defined]
    assert text
    assert f"Example: patokaz {command}" in text
    said = "".join(p.read_text(encoding="utf-8") for p in PAGES if "reference" not in p.parts)
    assert re.search(rf"`?(patokaz|make) {command}\b", said), "no guide names the command"


def test_commands_that_the_docs_name_exist() -> None:
    targets = re.findall(
        r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    named = 0
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for command in re.findall(r"(?:`|^|bin/)patokaz ([a-z]+)", text, re.MULTILINE):
            named += 1
            assert command in COMMANDS, (page.name, command)
        for target in re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE):
            named += 1
            assert target in targets, (page.name, target)
    assert named > 20


def test_every_indicator_has_a_page_and_no_page_is_left_over() -> None:
    folder = ROOT / "docs" / "reference"
    index = (folder / "indicators.md").read_text(encoding="utf-8")
    held = {path.stem for path in (folder / "indicators").glob("*.md")}
    assert held == {i.indicator_id for i in load_indicators()}
    for indicator in load_indicators():
        page = (folder / "indicators" / f"{indicator.indicator_id}.md").read_text(encoding="utf-8")
        assert page.startswith(f"# {indicator.indicator_id}\n")
        assert f"](indicators/{indicator.indicator_id}.md)" in index
        assert indicator.definition_en in page
        assert f"`{indicator.owner}`" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if not target.startswith(("http", "mailto")):
            assert (page.parent / target).exists(), target


def test_the_readme_keeps_its_order() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    marks = [
        "policy\nis worked out from figures",
        "![",
        "## Two commands",
        "## Where you begin",
        "## How to cite",
    ]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)
    for kind in ("policy expert", "municipal official", "scheduled runs", "assessor"):
        assert kind in text


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name: str) -> None:
    module = importlib.import_module(name)
    result = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0


METHOD_PAGES = sorted((ROOT / "docs" / "methods").glob("*.md"))


@pytest.mark.parametrize("page", METHOD_PAGES, ids=lambda p: p.stem)
def test_worked_examples_of_methods_run(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Examples read the published tables by their path, as a reader at the root of a clone would.
    monkeypatch.chdir(ROOT)
    result = doctest.testfile(
        str(page),
        module_relative=False,
        optionflags=doctest.NORMALIZE_WHITESPACE,
        parser=_FencedExamples(),
        encoding="utf-8",
    )
    assert result.failed == 0


class _FencedExamples(doctest.DocTestParser):
    """Reads examples from fenced blocks: a closing fence ends what is expected."""

    def parse(self, string: str, name: str = "<string>") -> list[str | doctest.Example]:
        return super().parse(re.sub(r"^```.*$", "", string, flags=re.MULTILINE), name)


def test_each_room_of_methods_has_a_page_with_a_worked_example() -> None:
    examples = {p.stem: p.read_text(encoding="utf-8").count("\n>>> ") for p in METHOD_PAGES}
    rooms = {
        p.stem
        for p in (ROOT / "analysis" / "methods").iterdir()
        if p.is_dir() and not p.name.startswith("__")
    }
    pages = {
        "surveillance": "early_warning",
        "hidden": "hidden",
        **{room: room for room in rooms - {"surveillance", "hidden"}},
    }
    for room in rooms:
        assert examples.get(pages[room], 0) >= 3, room


def test_there_are_examples_to_run() -> None:
    finder = doctest.DocTestFinder()
    found = sum(
        bool(t.examples) for name in MODULES for t in finder.find(importlib.import_module(name))
    )
    assert found > 15
