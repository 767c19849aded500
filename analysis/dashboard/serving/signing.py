"""Signing in with a password."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_server.auth.security import passwd_check

from analysis.dashboard.serving.guard import SIGN_IN, Guarded
from analysis.dashboard.serving.words import render_page, spoken_languages
from analysis.text import mark, translator

if TYPE_CHECKING:
    from collections.abc import Callable

ASKED = mark("Sign in to read the figures.")
PASSWORD = mark("Password")
SIGN = mark("Sign in")
WRONG = mark("This password is not the right one.")
TOO_OFTEN = mark("Too many tries. Wait a minute and try again.")
TRIES = 10
TRIES_OF_ALL = 100
WINDOW = 60.0
LONGEST = 200
UNAUTHORISED = 401
TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Try:
    """From where a password was tried, and when."""

    address: str
    at: float


class Tries:
    """Wrong passwords of the last minute: guessing has to be slow, for one and for many together.

    Who guesses closes the form for his own address. All addresses together close it for everybody
    only where so many guess that nothing else would keep it slow.

    Parameters
    ----------
    clock : callable
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: list[Try] = []

    def are_spent(self, address: str) -> bool:
        """Say whether an address may not try for a while.

        Parameters
        ----------
        address : str
        """
        now = self._clock()
        self._failed = [one for one in self._failed if now - one.at < WINDOW]
        own = sum(one.address == address for one in self._failed)
        return own >= TRIES or len(self._failed) >= TRIES_OF_ALL

    def note_failure(self, address: str) -> Try:
        """Take note of a wrong one."""
        tried = Try(address, self._clock())
        self._failed.append(tried)
        return tried

    def take_back(self, tried: Try) -> None:
        """Take note that it was the right one: a room full of readers may come at once."""
        if tried in self._failed:
            self._failed.remove(tried)


def find_next(asked: str) -> str:
    r"""Give the address to go on to: one of this server, whatever was asked for.

    Parameters
    ----------
    asked : str

    Returns
    -------
    str

    Examples
    --------
    >>> find_next("/pages/mk/")
    '/pages/mk/'
    >>> [find_next(a) for a in ("//evil.example/", "https://evil.example", "/\\evil.example")]
    ['/', '/', '/']
    """
    is_own = asked.startswith("/") and not asked.startswith("//") and "\\" not in asked
    return asked if is_own and asked.isprintable() else "/"


def sign_in_page(onward: str, problem: str = "") -> str:
    """Write the form that asks for the password, in every complete language.

    Parameters
    ----------
    onward : str
        Where one wanted to go.
    problem : str
        A message of the catalogs that says what was wrong.

    Returns
    -------
    str
    """
    said = [(spoken, translator(spoken.code)) for spoken in spoken_languages()]
    return render_page(
        "sign_in.html.j2",
        said=[(spoken, say(problem or ASKED)) for spoken, say in said],
        labels=[(spoken, say(PASSWORD)) for spoken, say in said],
        buttons=[(spoken, say(SIGN)) for spoken, say in said],
        is_problem=bool(problem),
        onward=find_next(onward),
        action=SIGN_IN,
    )


class PasswordHandler(Guarded):
    """The form, and what comes from it."""

    is_open = True

    def initialize(self, tries: Tries) -> None:
        """Take the count of wrong passwords."""
        self.tries = tries

    def get(self) -> None:
        """Ask for the password."""
        self.set_header("Cache-Control", "no-store")
        self.finish(sign_in_page(self.get_query_argument("next", "/")))

    async def post(self) -> None:
        """Let a reader in who knows it."""
        onward = find_next(self.get_body_argument("next", "/"))
        self.set_header("Cache-Control", "no-store")
        if not is_own_form(self):
            self.send_error(403)
            return
        address = self.request.remote_ip or ""
        if self.tries.are_spent(address):
            self.set_status(TOO_MANY)
            self.finish(sign_in_page(onward, TOO_OFTEN))
            return
        typed = self.get_body_argument("password", "", strip=False)
        # Counted before it is judged: many at once are many tries. It takes a while on purpose.
        tried = self.tries.note_failure(address)
        wanted = self.identity.way.password
        if len(typed) <= LONGEST and await asyncio.to_thread(passwd_check, wanted, typed):
            self.tries.take_back(tried)
            self.identity.let_in(self)
            self.redirect(onward, status=303)
            return
        self.set_status(UNAUTHORISED)
        self.finish(sign_in_page(onward, WRONG))


def is_own_form(handler: Guarded) -> bool:
    """Say whether a form was sent from a page of this server."""
    origin = handler.request.headers.get("Origin", "")
    return origin.partition("://")[2] == handler.request.host or not origin
