"""The mark inside a picture or a workbook: which observations, which run, whose terms.

A figure is copied into a document, mailed and renamed; what stood beside it stays behind. So the
file itself says what it was made from, where picture programs keep such notes, and says it again
after years.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from analysis.documents.figure_files.mark_places import (
    MarkError,
    read_pdf,
    read_png,
    read_svg,
    read_xlsx,
    write_pdf,
    write_png,
    write_svg,
    write_xlsx,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FORM", "FigureMark", "MarkError", "embed_mark", "read_mark"]

# Raised when a reader of today could no longer understand what is written.
FORM = 1
MADE_BY = "patokaz"


@dataclass(frozen=True, slots=True)
class FigureMark:
    """What a figure was made from.

    Parameters
    ----------
    observations : tuple of str
        Ids of the observations that the figure shows or was worked out from, in order.
    area : str
        Code of the area.
    run : str
        Id of the run; blank where somebody worked by hand.
    data_date : str
        Day on which the youngest source was fetched, as year-month-day.
    data : str
        Hash of the public data.
    policy : str
        Hash of the policy that protected it.
    title : str
        What the figure shows, in the reader's language.
    language : str
        Code of that language.
    citation : str
        Whom to name.
    licence : str
        Terms under which the sources may be used again.
    """

    observations: tuple[str, ...]
    area: str = ""
    run: str = ""
    data_date: str = ""
    data: str = ""
    policy: str = ""
    title: str = ""
    language: str = ""
    citation: str = ""
    licence: str = ""


PLACES: dict[str, tuple[Callable[[bytes, str], bytes], Callable[[bytes], str]]] = {
    ".pdf": (write_pdf, read_pdf),
    ".png": (write_png, read_png),
    ".svg": (write_svg, read_svg),
    ".xlsx": (write_xlsx, read_xlsx),
}


def embed_mark(content: bytes, suffix: str, mark: FigureMark) -> bytes:
    """Write into a file what it was made from.

    Parameters
    ----------
    content : bytes
        A PNG, SVG, PDF or workbook. One that has a mark gets the new one in its place.
    suffix : str
        ``.png``, ``.svg``, ``.pdf`` or ``.xlsx``.
    mark : FigureMark

    Returns
    -------
    bytes
        The same for the same arguments; what one sees of the file does not change.

    Raises
    ------
    MarkError
        When files of this kind have no place for it, or this one is broken.

    Examples
    --------
    >>> made = embed_mark(b"<svg></svg>", ".svg", FigureMark(("ab12",), area="MK-307"))
    >>> read_mark(made, ".svg").observations
    ('ab12',)
    """
    write, _ = _place(suffix)
    said = {MADE_BY: FORM, **{name: value for name, value in asdict(mark).items() if value}}
    # Letters beyond ASCII as numbers: then no program can garble them.
    return write(content, json.dumps(said | {"observations": list(mark.observations)}))


def read_mark(content: bytes, suffix: str) -> FigureMark | None:
    """Read from a file what it was made from.

    Parameters
    ----------
    content : bytes
    suffix : str
        As in :func:`embed_mark`; capitals will do.

    Returns
    -------
    FigureMark or None
        None where the file has no mark: it was not made here, or a program took it out.

    Raises
    ------
    MarkError
        When the file or its mark is broken, or files of this kind have no place for one.

    Examples
    --------
    >>> read_mark(b"<svg></svg>", ".svg") is None
    True
    """
    _, read = _place(suffix)
    said = read(content)
    return _understand(said) if said else None


def _understand(said: str) -> FigureMark:
    try:
        held = json.loads(said)
    except ValueError:
        held = None
    if not isinstance(held, dict) or held.get(MADE_BY) != FORM:
        msg = (
            f"The mark of this figure begins with {said[:40]!r}. Expected an object of JSON with "
            f"'{MADE_BY}': {FORM}. Fetch the file again, or read it with a newer version."
        )
        raise MarkError(msg)
    ids = held.get("observations")
    texts = {k: v for k, v in held.items() if k in FigureMark.__dataclass_fields__}
    texts.pop("observations", None)
    listed: list[Any] = ids if isinstance(ids, list) else [None]
    wrong = [v for v in (*listed, *texts.values()) if not isinstance(v, str)]
    if wrong:
        msg = (
            f"The mark of this figure holds {wrong[0]!r} where a text was expected. It was "
            f"changed by hand: fetch the file again."
        )
        raise MarkError(msg)
    return FigureMark(tuple(listed), **texts)


def _place(suffix: str) -> tuple[Callable[[bytes, str], bytes], Callable[[bytes], str]]:
    found = PLACES.get(suffix.lower())
    if found is None:
        msg = (
            f"Files that end in '{suffix}' have no place for a mark. Expected one of: "
            f"{', '.join(PLACES)}."
        )
        raise MarkError(msg)
    return found
