"""What somebody has to be told of: failures, a refused edition, missed runs, data that grew old."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.suite.alerts import Event, hide_numbers
from analysis.suite.status.grid import FAIL
from analysis.suite.status.words import name_notebook, name_places, tell_places, tell_remedy
from analysis.text import mark, translator

if TYPE_CHECKING:
    from analysis.suite.status.gather import State
    from analysis.suite.status.grid import Cell
    from analysis.text import Translator

FAILED_RUN = mark("{notebook}: failed")
STOPPED_AT = mark("It stopped at cell {cell}: {reason}")
PUBLICATION = mark("The edition was not published")
PUBLISH = mark("Correct what the sentence names, then `patokaz publish`. The former edition stays.")
MISSED = mark("A scheduled run was missed: {moment}")
START = mark(
    "Look whether the scheduler of the machine is at work (`patokaz schedule`). What was missed "
    "is made up for once."
)
STALE = mark("The data have grown old: the newest are of {date}")
ASK = mark("Look whether the sources have something newer, and bring it in.")


def find_events(state: State, language: str = "en") -> list[Event]:
    """Find what somebody has to be told of.

    Parameters
    ----------
    state : State
        Of all runs, not only of those that were run last: what is missing counts as solved.
    language : str
        Of the messages.

    Returns
    -------
    list of Event
        Without any number that a run said: its reason may name a count of people.
    """
    translate = translator(language)
    names = name_places(language)
    events = [_failure(c, names, translate) for c in state.grid.cells if c.state == FAIL]
    if state.refusal:
        reason = hide_numbers(state.refusal)
        what, remedy = translate(PUBLICATION), translate(PUBLISH)
        events.append(Event("refused", reason, what, "", reason, remedy))
    if state.times.missed:
        moment = state.times.show(state.times.missed[-1])
        # The mark stays while nobody has run anything: one dead scheduler is one message.
        title = translate(MISSED).format(moment=f"{moment} ({state.times.zone})")
        events.append(Event("missed", "missed", title, remedy=translate(START)))
    if state.times.stale_since:
        title = translate(STALE).format(date=state.grid.newest_data)
        events.append(Event("stale", state.grid.newest_data, title, remedy=translate(ASK)))
    return events


def _failure(cell: Cell, names: dict[str, str], translate: Translator) -> Event:
    reason = hide_numbers(cell.reason.tell(translate))
    where = "" if cell.failed_cell is None else str(cell.failed_cell + 1)
    said = translate(STOPPED_AT).format(cell=where, reason=reason) if where else reason
    title = name_notebook(cell.notebook, translate)
    return Event(
        key=f"failed:{cell.name}",
        # Numbers of a reason change from run to run where the failure is the same.
        mark=f"{where}:{hide_numbers(cell.reason.given)}",
        what=translate(FAILED_RUN).format(notebook=title),
        where=tell_places([cell], names, translate),
        reason=said,
        remedy=translate(tell_remedy(cell)),
    )
