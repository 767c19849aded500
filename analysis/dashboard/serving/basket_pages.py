"""The page of the basket, and what its script asks for.

The basket itself lives in the browser of its reader, as a list of references. The server keeps
nothing of it, writes no cookie for it, and notes no more than that somebody asked.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.dashboard import basket_words, scripts
from analysis.dashboard.address import read_address
from analysis.dashboard.fields import LANGUAGE_FIELD
from analysis.dashboard.frame import edition_standing, render_part, wording
from analysis.dashboard.serving.baskets import BasketBusyError
from analysis.dashboard.serving.embedded import read_style
from analysis.dashboard.serving.guard import LOG, REFUSED_CODE, Guarded
from analysis.dashboard.serving.policy import dashboard_policy, make_nonce
from analysis.dashboard.serving.signing import is_own_form
from analysis.documents.page import page_marks
from analysis.text import LANGUAGES

if TYPE_CHECKING:
    from analysis.workspace import Workspace

SCRIPTS = Path(scripts.__file__).parent
BUSY = 503
BAD = 400
REFUSED_BASKET = 422
FAILED = 500
COME_AGAIN = "10"


class BasketHandler(Guarded):
    """The page that lists what was collected.

    Settings of the application that it goes by: ``baskets``, beside those of all pages.
    """

    def initialize(self, workspace: Workspace) -> None:
        """Take the workspace."""
        self.workspace = workspace

    def get(self) -> None:
        """Give the page; its script fills it from the browser's own list."""
        choice = read_address(self.request.query, (LANGUAGE_FIELD,)).choice
        # No script stands in the page, so that the word is nobody's.
        self.set_header(
            "Content-Security-Policy",
            dashboard_policy(self.settings["hosts"], make_nonce()),
        )
        self.set_header("Cache-Control", "no-cache")
        w = wording(choice)
        # While the page is on its way, and its script reads what the browser keeps.
        self.settings["baskets"].prepare()
        self.finish(
            render_part(
                "basket.html.j2",
                w,
                said=page_marks([w.language.code], edition_standing(self.workspace))[0],
                words=basket_words.page_words(w),
                style=read_style(),
                languages=list(LANGUAGES.values()),
            )
        )


class AskHandler(Guarded):
    """What the basket holds today, or a document of it."""

    async def post(self, action: str) -> None:
        """Answer the script of the page."""
        self.set_header("Cache-Control", "no-store")
        if not is_own_form(self):
            self._say(REFUSED_CODE, {"problem": ""})
            return
        asked = _read(self.request.body)
        if asked is None:
            self._say(BAD, {"problem": ""})
            return
        try:
            answer = await self.settings["baskets"].ask(action, *asked)
        except BasketBusyError:
            self.set_header("Retry-After", COME_AGAIN)
            self._say(BUSY, {"problem": "", "busy": True})
            return
        except Exception as failure:  # noqa: BLE001  # readers get a sentence, the log the rest
            LOG.error("A basket could not be worked out.", exc_info=failure)
            self._say(FAILED, {"problem": ""})
            return
        if answer.get("problem") or "content" not in answer:
            self._say(REFUSED_BASKET if answer.get("problem") else 200, answer)
            return
        self.set_header("Content-Type", answer["media"])
        self.set_header("Content-Disposition", f'attachment; filename="{answer["name"]}"')
        self.finish(base64.b64decode(answer["content"]))

    def _say(self, status: int, answer: dict[str, Any]) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps(answer, ensure_ascii=False))


def _read(body: bytes) -> tuple[str, str] | None:
    """Read language and basket from what was sent."""
    try:
        held = json.loads(body)
        language, entries = held["language"], held["entries"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(language, str) or language not in LANGUAGES or not isinstance(entries, list):
        return None
    return language, json.dumps(entries)
