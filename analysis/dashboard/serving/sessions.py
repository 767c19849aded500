"""Who has a seat, who waits, and which session is whose.

A session is a kernel, and kernels take memory: there are as many seats as the machine bears. Who
finds none waits in line. The line is kept by asking again, so that whoever has gone away loses
the place by itself.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

FIRST_PAUSE = 5
# The further behind, the less often one asks.
PLACES_A_SECOND = 4
LONGEST_PAUSE = 60
MISSED = 3
# So much later than told one may ask and still keep a free seat from those behind.
GRACE = 5
LONGEST_LINE = 500
MOST_ASKED = 5
ASKED_WINDOW = 60.0


@dataclass(slots=True, eq=False)
class Seat:
    """One session, from the moment that its page was asked for.

    Parameters
    ----------
    owner : str
        The secret of the browser that asked.
    taken : float
        When.
    kernel_id : str
        Blank until the kernel has started.
    lines : int
        Open connections between the page and the kernel.
    quiet_since : float
        When the last connection was closed, or the seat taken.
    active : float
        When the page last said something.
    was_open : bool
        Whether there ever was a connection.
    is_written : bool
        Whether the whole page was sent.
    asked : list of float
        When the page lately asked for all of its widgets.
    """

    owner: str
    taken: float
    kernel_id: str = ""
    lines: int = 0
    quiet_since: float = 0.0
    active: float = 0.0
    was_open: bool = False
    is_written: bool = False
    asked: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the line.

    Parameters
    ----------
    number : int
        1 is the next; 0 where the line itself is too long to stand in.
    pause : int
        Seconds until one asks again.
    """

    number: int
    pause: int


@dataclass(slots=True)
class _Ticket:
    asked: float
    pause: int

    def is_there(self, now: float) -> bool:
        return now - self.asked <= self.pause + GRACE


@dataclass(slots=True)
class Sessions:
    """The seats and the line.

    Parameters
    ----------
    limit : int
        How many seats there are.
    clock : callable
        Seconds that never go back.
    """

    limit: int
    clock: Callable[[], float] = time.monotonic
    seats: list[Seat] = field(default_factory=list)
    _line: dict[tuple[str, str], _Ticket] = field(default_factory=dict)

    def ask(self, owner: str, address: str) -> Seat | Place:
        """Ask for a seat.

        Parameters
        ----------
        owner : str
        address : str
            What is to be shown: who waits for two pages stands in line twice.

        Returns
        -------
        Seat or Place
        """
        self._forget()
        key = (owner, address)
        tickets = list(self._line)
        behind = tickets.index(key) if key in self._line else len(tickets)
        now = self.clock()
        # Who did not come back keeps the place for a while, and keeps nobody from a free seat.
        ahead = sum(self._line[one].is_there(now) for one in tickets[:behind])
        if ahead < self.limit - len(self.seats):
            self._line.pop(key, None)
            seat = Seat(owner, now, quiet_since=now, active=now)
            self.seats.append(seat)
            return seat
        pause = min(LONGEST_PAUSE, FIRST_PAUSE + ahead // PLACES_A_SECOND)
        if len(tickets) >= LONGEST_LINE and key not in self._line:
            return Place(0, LONGEST_PAUSE)
        self._line[key] = _Ticket(now, pause)
        return Place(ahead + 1, pause)

    def release(self, seat: Seat) -> None:
        """Give a seat back; one that was given back already stays so."""
        if seat in self.seats:
            self.seats.remove(seat)

    def find(self, kernel_id: str) -> Seat | None:
        """Find the seat of a kernel."""
        return next((s for s in self.seats if s.kernel_id and s.kernel_id == kernel_id), None)

    def find_own(self, owner: str, kernel_id: str) -> Seat | None:
        """Find the seat of a kernel, if it is this browser's.

        Parameters
        ----------
        owner : str
            Blank for one that shows nothing: nobody's.
        kernel_id : str

        Returns
        -------
        Seat or None
        """
        seat = self.find(kernel_id)
        if seat is None or not owner:
            return None
        return seat if compare_digest(seat.owner.encode(), owner.encode()) else None

    def note_line(self, seat: Seat, *, is_open: bool) -> None:
        """Take note that a connection was opened or closed."""
        seat.lines = max(0, seat.lines + (1 if is_open else -1))
        seat.quiet_since = seat.active = self.clock()
        seat.was_open = True

    def note_activity(self, seat: Seat) -> None:
        """Take note that somebody is at work."""
        seat.active = self.clock()

    def may_ask_for_all(self, seat: Seat) -> bool:
        """Say whether a page may ask for all of its widgets, and take note that it did.

        It does so once, when it is loaded. The answer is large, and waits in the memory of the
        server where nobody listens.
        """
        now = self.clock()
        seat.asked = [at for at in seat.asked if now - at < ASKED_WINDOW]
        if len(seat.asked) >= MOST_ASKED:
            return False
        seat.asked.append(now)
        return True

    def list_ended(self, living: Collection[str]) -> list[Seat]:
        """List the seats whose kernels have gone.

        Parameters
        ----------
        living : collection of str
            Ids of the kernels that there are.
        """
        return [s for s in self.seats if s.kernel_id and s.kernel_id not in living]

    def list_left(self, closed: float, unopened: float) -> list[Seat]:
        """List the seats that nobody sits on any more.

        Parameters
        ----------
        closed : float
            Seconds after the last connection was closed.
        unopened : float
            Seconds after a page was sent that never opened one: its reader has no scripts, and
            the whole page already.

        Returns
        -------
        list of Seat
        """
        now = self.clock()
        return [
            s
            for s in self.seats
            if s.is_written
            and s.lines == 0
            and now - s.quiet_since >= (closed if s.was_open else unopened)
        ]

    def list_idle(self, idle: float) -> list[Seat]:
        """List as many seats as people wait for, where nobody has done anything for long.

        Parameters
        ----------
        idle : float
            Seconds.

        Returns
        -------
        list of Seat
            The longest idle first.
        """
        now = self.clock()
        found = [s for s in self.seats if s.is_written and now - s.active >= idle]
        missing = self.waiting - (self.limit - len(self.seats))
        return sorted(found, key=lambda s: s.active)[: max(0, missing)]

    @property
    def waiting(self) -> int:
        """How many wait."""
        self._forget()
        return len(self._line)

    def _forget(self) -> None:
        now = self.clock()
        for key, ticket in list(self._line.items()):
            if now - ticket.asked > MISSED * ticket.pause:
                del self._line[key]


def draw_owner() -> str:
    """Draw the secret of a browser."""
    return secrets.token_urlsafe(32)
