"""What the server asks a kernel about a basket: one question, one answer that a program reads."""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import Any

from analysis.dashboard.basket import BasketMaker
from analysis.documents.basket.entries import BasketError, read_entries
from analysis.documents.briefs.own_text import OwnTextError
from analysis.documents.paper import PaperError
from analysis.store.files import StoreError
from analysis.text import LanguageError
from analysis.workspace import find_workspace

LIST = "list"


class Answer:
    """An answer as a kernel sends it."""

    def __init__(self, held: dict[str, Any]) -> None:
        self.held = held

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"application/json": self.held, "text/plain": ""}


@lru_cache(maxsize=1)
def _own_maker() -> BasketMaker:
    return BasketMaker(find_workspace())


def answer_basket(
    action: str, language: str, content: str, maker: BasketMaker | None = None
) -> Answer:
    """Answer a question about a basket.

    Parameters
    ----------
    action : {"list", "docx", "zip"}
        What it holds today, or a document of it.
    language : str
    content : str
        The basket as JSON.
    maker : BasketMaker, optional
        That of this process, which keeps the data, unless given.

    Returns
    -------
    Answer
        ``entries`` and ``notice`` for a list; ``name``, ``media`` and ``content`` in base 64 for a
        document; or ``problem``, a sentence for the reader.
    """
    try:
        entries = read_entries(content)
        made = maker or _own_maker()
        if action == LIST:
            described, notice = made.describe(entries, language)
            return Answer({"entries": described, "notice": notice})
        exported = made.export(entries, language, action)
    except (BasketError, OwnTextError, PaperError, StoreError, LanguageError) as failure:
        return Answer({"problem": str(failure)})
    return Answer(
        {
            "name": exported.name,
            "media": exported.media,
            "content": base64.b64encode(exported.content).decode("ascii"),
        }
    )
