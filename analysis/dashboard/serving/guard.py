"""What every address shares: which hosts are answered, who may read, headers, sentences."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tornado.web import RedirectHandler, RequestHandler

from analysis.dashboard.frame import sentence_page
from analysis.dashboard.serving.policy import HEADERS, page_policy
from analysis.text import mark

if TYPE_CHECKING:
    from analysis.dashboard.serving.identity import Identity

LOG = logging.getLogger("patokaz.serving")
REFUSED_CODE = 403
NOT_FOUND = 404
SIGN_IN = "/sign-in"
NO_PAGE = mark("There is no page at this address. The links below lead to those that exist.")
REFUSED = mark("This server answers to requests from its own machine only.")
FAILED = mark("This page could not be made. Please tell the person who runs this server.")
NOT_YOURS = mark("This page belongs to another visitor, or has ended. Open the dashboard anew.")


class Guarded(RequestHandler):
    """Answers in sentences, to known hosts, and to readers who may read.

    Settings of the application that it goes by: ``hosts``, ``embedders``, ``identity``.
    """

    # Whether it is read without signing in.
    is_open = False

    def set_default_headers(self) -> None:
        """Tell browsers what the page may load: nothing from elsewhere."""
        for name, value in HEADERS.items():
            self.set_header(name, value)
        self.set_header("Content-Security-Policy", page_policy(self.settings.get("embedders", ())))
        self.clear_header("Server")

    def prepare(self) -> None:
        """Refuse other hosts, and ask strangers to sign in."""
        if self.request.host_name.casefold() not in self.settings["hosts"]:
            self.set_status(REFUSED_CODE)
            self.finish(sentence_page(REFUSED))
        elif not self.is_open and not self.identity.knows(self):
            ask_to_sign_in(self)

    @property
    def identity(self) -> Identity:
        """Who may read."""
        found: Identity = self.settings["identity_provider"]
        return found

    def write_error(self, status_code: int, **_: Any) -> None:
        """Say it in a sentence, without what went wrong inside."""
        self.finish(sentence_page(tell_failure(status_code)))

    def log_exception(self, *failure: Any) -> None:
        """Note a fault without what was asked for: addresses tell of people."""
        note_failure(self, failure[1])


def tell_failure(status_code: int) -> str:
    """Give the sentence for a status."""
    return {NOT_FOUND: NO_PAGE, REFUSED_CODE: NOT_YOURS}.get(status_code, FAILED)


def ask_to_sign_in(handler: RequestHandler) -> None:
    """Lead a reader to the sign-in; a program is told that it may not."""
    if handler.request.method in {"GET", "HEAD"}:
        handler.redirect(f"{SIGN_IN}?{urlencode({'next': handler.request.uri or '/'})}")
    else:
        handler.set_status(REFUSED_CODE)
        handler.finish()


def note_failure(handler: RequestHandler, failure: BaseException | None) -> None:
    """Note a fault of ours; what was refused to a visitor is no fault."""
    status = getattr(failure, "status_code", 500)
    if status >= 500:  # noqa: PLR2004  # faults of the server begin there
        LOG.error("A request for %s failed.", handler.request.path, exc_info=failure)


class LeadHandler(Guarded, RedirectHandler):
    """Leads on to another address of this server, with the headers of all the others."""

    is_open = True


class NothingHandler(Guarded):
    """Every other address."""

    is_open = True

    def prepare(self) -> None:
        """Say that there is nothing."""
        super().prepare()
        if not self._finished:
            self.send_error(NOT_FOUND)


def as_json(value: object) -> str:
    """Write an answer for programs."""
    return json.dumps(value, ensure_ascii=False)
