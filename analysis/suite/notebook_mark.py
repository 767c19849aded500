"""The mark of a draft in an executed notebook: it travels without the page that it made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbformat.v4 import new_markdown_cell

from analysis.documents.notice import (
    DRAFT_CARE,
    draft_word,
    is_draft,
    standing_key,
    standing_words,
)

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from analysis.protection.ledger.standing import Standing
    from analysis.text import Translator

TAG = "patokaz-draft"


def mark_notebook(notebook: NotebookNode, standing: Standing | None, translate: Translator) -> None:
    """Write into an executed notebook how its edition stands; first of all where it is a draft.

    Parameters
    ----------
    notebook : NotebookNode
        It is changed: what its kernel has made stays as it is. A release is run anew, so that no
        mark has to be taken out again.
    standing : Standing or None
        None where nobody has said: then it is a draft.
    translate : Translator
        Into the language of the run.
    """
    notebook.metadata["patokaz"] = {"standing": standing_key(standing)}
    if not is_draft(standing):
        return
    word, said = draft_word(standing, translate), standing_words(standing, translate)
    # A name of its own would differ from run to run.
    cell = new_markdown_cell(  # type: ignore[no-untyped-call]
        f"**{word}.** {said}. {translate(DRAFT_CARE)}",
        id=TAG,
        # Papermill asks each cell how it went.
        metadata={"tags": [TAG], "papermill": {"status": "completed"}},
    )
    notebook.cells.insert(0, cell)


__all__ = ["TAG", "mark_notebook"]
