"""The notebook of a failed run is a page of text: it marks its cell and does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.suite.status.grid import make_grid
from analysis.suite.status.kept import LONGEST_OUTPUT, clean_text, kept_html

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

NAME = "02_municipal_profile/kumanovo_mk_public"


@pytest.fixture
def page(tmp_path: Path, record: Any, now: dt.datetime) -> str:
    trace = ["\x1b[0;31mValueError\x1b[0m", "a < b & \x1b[1mtorn\x1b[0m"]
    shown = {"text/html": "<script>steal()</script>", "text/plain": "<Chart>"}
    cells = [
        new_markdown_cell("# Title <script>alert(1)</script>"),
        new_code_cell(
            'print("</code></pre><script>x</script>")',
            outputs=[new_output("stream", text="first line\n")],
        ),
        new_code_cell("show()", outputs=[new_output("display_data", data=shown)]),
        new_code_cell(
            "1 / 0",
            outputs=[new_output("error", ename="ValueError", evalue="torn", traceback=trace)],
        ),
        new_code_cell("never()"),
    ]
    path = tmp_path / "kept.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    failed = record(NAME, state="failed", reason="<b>torn</b>", cell=3)
    (cell,) = make_grid([failed], [], now).cells
    return kept_html(path, cell, "en")


def test_the_failed_cell_is_marked_in_words(page: str) -> None:
    assert page.count("is-failed") == 3  # two rules of the sheet, one cell
    assert '<section class="cell is-failed" id="cell-3" tabindex="-1" aria-label="Cell 4">' in page
    assert "Here it stopped: cell 4" in page
    assert page.count("<section") == 5


def test_nothing_of_the_notebook_is_taken_over_as_html(page: str) -> None:
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "&lt;/code&gt;&lt;/pre&gt;&lt;script&gt;x" in page
    assert "steal" not in page
    assert "&lt;Chart&gt;" in page
    assert "&lt;b&gt;torn&lt;/b&gt;" in page


def test_the_trace_is_there_without_the_colours_of_a_terminal(page: str) -> None:
    assert "ValueError\na &lt; b &amp; torn" in page
    assert "\x1b" not in page
    assert "[0;31m" not in page
    assert "first line" in page


def test_a_page_loads_nothing_and_may_not(page: str) -> None:
    assert "default-src 'none'" in page
    assert "//" not in page.replace("://", "")
    assert "://" not in page


def test_what_would_fill_a_page_is_cut() -> None:
    assert clean_text("x" * LONGEST_OUTPUT) == "x" * LONGEST_OUTPUT
    assert clean_text("x" * (LONGEST_OUTPUT + 1)) == "x" * LONGEST_OUTPUT + " […]"
    assert clean_text("a\x00\x07b\r\nc\td") == "ab\nc\td"
