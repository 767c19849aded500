"""The rows behind one figure: what is drawn, and what stands there without a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assessment.reading import Computed, Reading
from analysis.documents.rows import reading_rows
from analysis.documents.tables import mark_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from analysis.documents.wording import Wording
    from analysis.methods import Result
    from analysis.protection.ledger.standing import Standing


class FigureReading(Reading):
    """The part of a reading that one figure draws.

    Parameters
    ----------
    whole : Reading
    drawn : sequence of Result
        As :attr:`analysis.figures.picture.Picture.results` has them.
    """

    __slots__ = ("_computed", "area", "data", "drawn")

    def __init__(self, whole: Reading, drawn: Sequence[Result]) -> None:
        self.area, self.data = whole.area, whole.data
        self.drawn = tuple(drawn)
        worked_out = [r for r in drawn if r.inputs]
        self._computed = [c for c in whole.computed if c.result in worked_out]

    @property
    def results(self) -> list[Result]:
        """The observations that it draws, in the order of the figure."""
        return [r for r in self.drawn if r.reference]

    @property
    def computed(self) -> list[Computed]:
        """What it draws of what methods worked out."""
        return self._computed


def list_observations(drawn: Sequence[Result]) -> tuple[str, ...]:
    """List the ids of the observations behind results, each once and in order.

    Parameters
    ----------
    drawn : sequence of Result

    Returns
    -------
    tuple of str
        Of an observation its own; of what a method worked out, those that went into it.

    Examples
    --------
    >>> from analysis.methods import Result
    >>> list_observations([Result(state="zero", value=0.0, reference="ab12")] * 2)
    ('ab12',)
    """
    ids = [i for r in drawn for i in ((r.reference,) if r.reference else r.inputs)]
    return tuple(dict.fromkeys(ids))


def make_figure_rows(part: FigureReading, standing: Standing | None, w: Wording) -> pd.DataFrame:
    """Make the table of a figure, one row each number, or each reason why there is none.

    Parameters
    ----------
    part : FigureReading
    standing : Standing or None
        None where nobody has said how the edition stands: then it is a draft.
    w : Wording

    Returns
    -------
    pandas.DataFrame
        As the tables for download of a whole page.
    """
    return mark_rows(reading_rows(part, w), standing, w)
