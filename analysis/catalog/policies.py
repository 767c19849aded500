"""Policy documents and their dated status: a draft is called a draft."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import pandas as pd

from analysis.catalog.areas import load_areas
from analysis.catalog.schemas import POLICIES, CatalogueError, check_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date


class PolicyError(ValueError):
    """A policy document that the catalogue does not hold."""


@dataclass(frozen=True, slots=True)
class PolicyEvent:
    """One dated status of a policy document.

    ``date`` is a day, a month or a year, as exactly as it is known. ``area_id`` is the area whose
    body decided: the country, or the municipality that refused a text of the country.
    """

    policy_id: str
    name_en: str
    name_mk: str
    area_id: str
    status: str
    date: str
    event_en: str
    source: str
    verification: str

    @property
    def certain_from(self) -> str:
        """The first day on which the event has surely happened, in ISO form.

        Of a year that is its last day: a text is never called adopted too early.
        """
        year, month, day = (*self.date.split("-"), "", "")[:3]
        month = month or "12"
        return f"{year}-{month}-{day or monthrange(int(year), int(month))[1]}"


class Policies:
    """The policy documents, each with its events in the order of time."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        names = [f.name for f in fields(PolicyEvent)]
        self._events: dict[str, list[PolicyEvent]] = {}
        for row in frame.to_dict("records"):
            event = PolicyEvent(**{n: row[n] for n in names})
            self._events.setdefault(event.policy_id, []).append(event)
        # The first row of a document names the body that it belongs to.
        self._home = {policy_id: events[0].area_id for policy_id, events in self._events.items()}
        for events in self._events.values():
            events.sort(key=lambda e: e.certain_from)

    def __iter__(self) -> Iterator[str]:
        """Go through the ids of the documents in the order of the catalogue."""
        return iter(self._events)

    def events(self, policy_id: str) -> list[PolicyEvent]:
        """List what is known of a document, oldest first.

        Raises
        ------
        PolicyError
            When there is no such document.
        """
        try:
            return list(self._events[policy_id])
        except KeyError:
            msg = (
                f"'{policy_id}' is not a policy document of the catalogue. "
                f"Known are: {', '.join(self._events)}."
            )
            raise PolicyError(msg) from None

    def status_on(
        self, policy_id: str, date: date, area_id: str | None = None
    ) -> PolicyEvent | None:
        """Give the status that a document had on a day.

        Parameters
        ----------
        policy_id : str
        date : datetime.date
        area_id : str, optional
            A municipality, to hear of its own decision too. Without it the decisions of the
            body that the document belongs to count.

        Returns
        -------
        PolicyEvent or None
            The last event up to that day; None where nothing is known of a time so early. An
            event of which only the year is known counts from the last day of the year.
        """
        events = self.events(policy_id)
        bodies = {self._home[policy_id], area_id}
        known = [e for e in events if e.area_id in bodies and e.certain_from <= date.isoformat()]
        own = [e for e in known if e.area_id == area_id]
        # What a municipality decided holds there, whatever the country says afterwards.
        return (own or known)[-1] if known else None


def status_on(policy_id: str, date: date, area_id: str | None = None) -> PolicyEvent | None:
    """Give the status that a document of the catalogue had on a day.

    Parameters
    ----------
    policy_id : str
    date : datetime.date
    area_id : str, optional
        A municipality, to hear of its own decision too.

    Returns
    -------
    PolicyEvent or None

    Examples
    --------
    >>> from datetime import date
    >>> status_on("integration-strategy-2017-2027", date(2018, 1, 1)).status
    'draft'
    >>> status_on("integration-strategy-2017-2027", date(2018, 1, 1), "MK-501").status
    'refused_locally'
    """
    return load_policies().status_on(policy_id, date, area_id)


@lru_cache(maxsize=1)
def load_policies() -> Policies:
    """Read the policy documents that ship with the package, and check them.

    Returns
    -------
    Policies

    Raises
    ------
    CatalogueError
        When a row breaks a rule or names an area that the catalogue does not hold; the sentence
        names the document.
    """
    file = resources.files("analysis.catalog") / "policies.csv"
    with file.open(encoding="utf-8") as text:
        frame = pd.read_csv(text, dtype=str, keep_default_na=False)
    check_table(frame, POLICIES, "policies.csv")
    known = {area.area_id for area in load_areas()}
    strangers = frame.loc[~frame["area_id"].isin(known)]
    if len(strangers):
        row = strangers.iloc[0]
        msg = (
            f"policies.csv: '{row['policy_id']}' names the area '{row['area_id']}', which "
            f"areas.csv does not hold. Correct the row; nothing was built."
        )
        raise CatalogueError(msg)
    return Policies(frame)
