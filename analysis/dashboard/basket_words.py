"""The words of the basket: on the page that lists it, and beside what can be collected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.basket.entries import LONGEST_LINE, MOST_ENTRIES

if TYPE_CHECKING:
    from analysis.documents.wording import Wording

BASKET = "/basket"


def collect_words(w: Wording) -> dict[str, str]:
    """Say what stands beside figures, tables and findings of a dashboard.

    Parameters
    ----------
    w : Wording

    Returns
    -------
    dict of str to str
        ``{n}`` in a sentence is the number of entries.
    """
    return {
        "basket_label": w.translate("Brief basket"),
        "basket_add": w.translate("Add to brief"),
        "basket_take": w.translate("Take out of brief"),
        "basket_added": w.translate("Added; {n} in the basket."),
        "basket_taken": w.translate("Taken out; {n} in the basket."),
        "basket_full": str(
            w.say(
                "The basket is full: it holds {n} entries. Export it, or take something out.",
                n=str(MOST_ENTRIES),
            )
        ),
        "basket_closed": w.translate(
            "This browser keeps nothing for this page, so that nothing can be collected."
        ),
    }


def page_words(w: Wording) -> dict[str, str]:
    """Say what stands on the page of the basket.

    Parameters
    ----------
    w : Wording

    Returns
    -------
    dict of str to str
    """
    return {
        **collect_words(w),
        "intro": w.translate(
            "What you collected in the dashboards, in the order of the document. The list stays in "
            "this browser; the figures are read anew each time."
        ),
        "empty": w.translate(
            "The basket is empty. Open a dashboard and choose “Add to brief” beside a figure, a "
            "table or a finding."
        ),
        "count": w.translate("In the basket: {n}"),
        "up": w.translate("Up"),
        "down": w.translate("Down"),
        "take": w.translate("Take out"),
        "moved": w.translate("Moved to place {n}."),
        "line": w.translate("A line of your own (the document says that a person wrote it)"),
        "bare": w.translate(
            "Numbers that were typed and cannot be traced: {numbers}. Write the id of the figure "
            "in braces instead."
        ),
        "gone": w.translate(
            "The published figures do not have this any more. The document will say so."
        ),
        "picture": w.translate("Chart"),
        "table": w.translate("Table"),
        "finding": w.translate("Finding"),
        "docx": w.translate("Word document"),
        "zip": w.translate("Evidence bundle (ZIP)"),
        "empty_all": w.translate("Empty the basket"),
        "emptied": w.translate("The basket is empty."),
        "making": w.translate("The document is being made."),
        "made": w.translate("The document is ready: {name}"),
        "busy": w.translate("Others are being served. Try again in a moment."),
        "failed": w.translate(
            "The document could not be made. Please tell the person who runs this server."
        ),
        "reading": w.translate("The list is being read."),
        "export": w.translate("Take along"),
        "noscript": w.translate(
            "The basket works with scripts only: the list stays in your browser and nowhere else. "
            "The briefs and files of each page need none."
        ),
        "pages_label": w.translate("All pages"),
        "dashboards_label": w.translate("Dashboard"),
        "language_label": w.translate("Language"),
        "skip": w.translate("Skip to the list"),
        "most": str(MOST_ENTRIES),
        "longest": str(LONGEST_LINE),
    }
