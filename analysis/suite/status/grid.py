"""How each run stands, in one of five words, with a reason: the pure core of the status page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.protection.ledger.review import RETURNED, SUBMITTED
from analysis.suite.records import FAILED
from analysis.text import mark

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.suite.records import Record
    from analysis.text import Translator

OK, CHECK, FAIL, NOT_RUN, HELD = "ok", "check", "failed", "not run", "held"
# From what has to be seen first to what needs nobody: a square shows the first of its runs.
STATES = (FAIL, HELD, CHECK, NOT_RUN, OK)
WHOLE_COUNTRY = "north-macedonia"

WAITS = mark("The edition waits for the approval of a second person.")
SENT_BACK = mark("The reviewer has sent the edition back; nobody has submitted it again.")
REFUSED = mark("The edition was not published: {reason}")
NEWER = mark("There is something newer than its last good result: {changed}.")
LOOK = mark("More moved here than expected, see the report of differences: {reason}.")
NEVER = mark("It has never run.")
STOPPED = mark("It stopped, and gave no reason.")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of ours in any language, or one that a run gave as it is.

    Parameters
    ----------
    message : str
        For the catalogs; blank where ``given`` is all there is.
    given : str
        What a run or a check said, in its own words.
    name : str
        The place of ``given`` in the message.

    Examples
    --------
    >>> Said("", "The table is torn.").tell(str)
    'The table is torn.'
    """

    message: str = ""
    given: str = ""
    name: str = ""

    def tell(self, translate: Translator | type[str]) -> str:
        """Say it in a language."""
        if not self.message:
            return self.given
        said = translate(self.message)
        return said.replace("{" + self.name + "}", self.given) if self.name else said


@dataclass(frozen=True, slots=True)
class Cell:
    """How one run stands.

    Parameters
    ----------
    name : str
        Of the run; the next four are its parts.
    place, notebook, language, edition : str
        The place as in addresses.
    state : {"ok", "check", "failed", "not run", "held"}
    reason : Said
        One sentence where the state is not ``ok``.
    ended : str
        When the last attempt ended, ISO 8601, UTC; blank where there was none.
    seconds : float
    data_date : str
        Newest date of what its last good result shows.
    good_ended : str
        When its last good attempt ended.
    failed_cell : int or None
        Position of the cell that failed in the kept notebook, from 0.
    attempts : int
    """

    name: str
    place: str
    notebook: str
    language: str
    edition: str
    state: str
    reason: Said = field(default_factory=Said)
    ended: str = ""
    seconds: float = 0.0
    data_date: str = ""
    good_ended: str = ""
    failed_cell: int | None = None
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known beside the records.

    Parameters
    ----------
    outdated : mapping of str to str
        Runs whose last good result was made from former inputs, and which inputs changed.
    looks : mapping of str to str
        Places that the report of differences asks a person to look at, and why.
    standing : str
        Of the public zone, as in :mod:`analysis.protection.ledger.standing`.
    refusal : str
        Why the last edition was not published; blank where it was.
    """

    outdated: Mapping[str, str] = field(default_factory=dict)
    looks: Mapping[str, str] = field(default_factory=dict)
    standing: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """How all runs stand.

    Parameters
    ----------
    cells : tuple of Cell
        By notebook, place, language.
    made : datetime.datetime
    """

    cells: tuple[Cell, ...]
    made: dt.datetime

    @property
    def counts(self) -> dict[str, int]:
        """How many runs are in each state, every state among them."""
        found = Counter(cell.state for cell in self.cells)
        return {state: found[state] for state in STATES}

    @property
    def notebooks(self) -> list[str]:
        """Columns."""
        return sorted({cell.notebook for cell in self.cells})

    @property
    def places(self) -> list[str]:
        """Rows, as in addresses."""
        return sorted({cell.place for cell in self.cells})

    def square(self, place: str, notebook: str) -> list[Cell]:
        """List the runs of a place and notebook: one a language and edition."""
        return [c for c in self.cells if c.place == place and c.notebook == notebook]

    @property
    def newest_data(self) -> str:
        """Newest date of anything that a good result shows."""
        return max((cell.data_date for cell in self.cells), default="")


def make_grid(
    records: Iterable[Record], planned: Sequence[str], now: dt.datetime, facts: Facts | None = None
) -> Grid:
    """Say how each run stands.

    Parameters
    ----------
    records : iterable of Record
    planned : sequence of str
        Names of the runs that the suite comes to; those without a record were never run.
    now : datetime.datetime
    facts : Facts, optional

    Returns
    -------
    Grid
        Planned runs, and others that are on record: what they gave is published too.
    """
    known = facts or Facts()
    held = {record.name: record for record in records}
    names = sorted({*planned, *held})
    return Grid(tuple(_cell(name, held.get(name), known) for name in names), now)


def split_name(name: str) -> tuple[str, str, str, str]:
    """Take the name of a run apart.

    Parameters
    ----------
    name : str

    Returns
    -------
    tuple of str
        Notebook, place as in addresses, language, edition.

    Examples
    --------
    >>> split_name("02_municipal_profile/kumanovo_mk_public")
    ('02_municipal_profile', 'kumanovo', 'mk', 'public')
    >>> split_name("03_migration_trends/migration-trends-serbia_en_public")[1]
    'serbia'
    """
    notebook, _, rest = name.partition("/")
    slug, language, edition = (*rest.rsplit("_", 2), "", "")[:3]
    topic = notebook.partition("_")[2].replace("_", "-")
    if topic and slug == topic:
        return notebook, WHOLE_COUNTRY, language, edition
    return notebook, slug.removeprefix(f"{topic}-"), language, edition


def _cell(name: str, record: Record | None, facts: Facts) -> Cell:
    notebook, place, language, edition = split_name(name)
    if record is None:
        return Cell(name, place, notebook, language, edition, NOT_RUN, Said(NEVER))
    state, reason = _judge(record, place, facts)
    good = record.good
    return Cell(
        name,
        place,
        notebook,
        language,
        edition,
        state,
        reason,
        ended=record.ended,
        seconds=record.seconds,
        data_date=good.data_date if good else "",
        good_ended=good.ended if good else "",
        failed_cell=record.cell if state == FAIL else None,
        attempts=record.attempts,
    )


def _judge(record: Record, place: str, facts: Facts) -> tuple[str, Said]:
    """Give the state that has to be seen first, and why."""
    if record.state == FAILED or record.good is None:
        return FAIL, Said("", record.reason) if record.reason else Said(STOPPED)
    if facts.refusal:
        return HELD, Said(REFUSED, facts.refusal, "reason")
    if facts.standing in {SUBMITTED, RETURNED}:
        return HELD, Said(WAITS if facts.standing == SUBMITTED else SENT_BACK)
    if record.name in facts.outdated:
        return CHECK, Said(NEWER, facts.outdated[record.name], "changed")
    look = facts.looks.get(record.area) or facts.looks.get(place)
    if look:
        return CHECK, Said(LOOK, look, "reason")
    return OK, Said()
