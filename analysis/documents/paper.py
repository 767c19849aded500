"""What Word and PDF have in common: standing words, tags of languages, where a brief comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.notice import standing_words
from analysis.text import translator

if TYPE_CHECKING:
    from analysis.documents.model import Document
    from analysis.protection.ledger.standing import Standing

AUTHOR = "Patokaz"
# BCP 47 tags with a country, as word processors name their languages.
TAGS = {
    "mk": "mk-MK",
    "en": "en-GB",
    "sq": "sq-AL",
    "sr-Cyrl": "sr-Cyrl-RS",
    "sr-Latn": "sr-Latn-RS",
}


class PaperError(ValueError):
    """A document that cannot be written as a file."""


def run_name(document: Document) -> str:
    """Give the id of the run, or say that somebody works by hand."""
    translate = translator(document.language.code)
    return document.provenance.run_id or translate("made by hand, outside a run")


def mark_line(document: Document, standing: Standing | None) -> str:
    """Give what stands above the title: a draft or which release, and first that it is synthetic.

    Parameters
    ----------
    document : Document
    standing : Standing or None
        None where nobody has said how the edition stands: then it is a draft.

    Returns
    -------
    str
    """
    said = standing_words(standing, translator(document.language.code))
    return f"{document.notice}. {said}" if document.notice else said


def foot_line(document: Document) -> str:
    """Give the line at the foot of each page: run and date of the data."""
    translate = translator(document.language.code)
    run = f"{translate('Run')}: {run_name(document)}"
    return f"{run} · {translate('Data as of')}: {document.provenance.data_date}"


def origin(document: Document) -> tuple[str, ...]:
    """Give where a document comes from, for properties of files; the same in all languages."""
    p = document.provenance
    return (
        f"run_id={p.run_id}",
        f"data_date={p.data_date}",
        f"data_sha256={p.data_sha256}",
        f"patokaz={p.version}",
    )
