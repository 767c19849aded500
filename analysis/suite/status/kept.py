"""The notebook of a failed run as a page: what it did, what it said, and where it stopped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import nbformat

from analysis.suite.status.frame import render

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from analysis.suite.status.grid import Cell

# Colours of a terminal, and whatever else a page must not hold.
TERMINAL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
LONGEST_OUTPUT = 20_000
FOLDER = "failed"


def name_page(name: str) -> str:
    """Name the page of a failed run, below the folder of the status.

    Parameters
    ----------
    name : str

    Returns
    -------
    str

    Examples
    --------
    >>> name_page("02_municipal_profile/kumanovo_mk_public")
    'failed/02_municipal_profile.kumanovo_mk_public.html'
    """
    return f"{FOLDER}/{name.replace('/', '.')}.html"


def name_cell(index: int) -> str:
    """Name the place of a cell on its page.

    Examples
    --------
    >>> name_cell(4)
    'cell-4'
    """
    return f"cell-{index}"


def kept_html(path: Path, cell: Cell, language: str) -> str:
    """Write the page of a notebook that was kept after a failure.

    Parameters
    ----------
    path : pathlib.Path
        The notebook.
    cell : Cell
        The run.
    language : str
        Code of the language of the frame; the notebook speaks as it does.

    Returns
    -------
    str
        Text only: neither scripts nor HTML of the notebook are taken over, so that a page of
        this machine never does what a file says.

    Raises
    ------
    ValueError
        When the file is no notebook.
    """
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    parts = [
        {
            "mark": name_cell(index),
            "is_code": found.cell_type == "code",
            "is_failed": index == cell.failed_cell,
            "source": clean_text("".join(found.source)),
            "outputs": list(_outputs(found)),
        }
        for index, found in enumerate(notebook.cells)
    ]
    return render("notebook.html.j2", language, cell=cell, parts=parts)


def _outputs(cell: Any) -> Iterator[dict[str, str]]:
    for output in cell.get("outputs", []):
        kind = output.get("output_type", "")
        if kind == "stream":
            said = output.get("text", "")
        elif kind == "error":
            said = "\n".join(output.get("traceback", [])) or output.get("evalue", "")
        else:
            said = output.get("data", {}).get("text/plain", "")
        text = clean_text("".join(said))
        if text:
            yield {"kind": kind, "text": text}


def clean_text(text: str) -> str:
    r"""Take colours and signs of a terminal out of a text, and cut what would fill a page.

    Examples
    --------
    >>> clean_text("\x1b[31mtorn\x1b[0m")
    'torn'
    """
    plain = CONTROL.sub("", TERMINAL.sub("", text.replace("\r\n", "\n")))
    return plain if len(plain) <= LONGEST_OUTPUT else plain[:LONGEST_OUTPUT] + " […]"
