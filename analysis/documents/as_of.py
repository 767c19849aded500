"""What a page says when it is not of the newest run: which day it is of, or that it is not there.

The words are put into a page that is finished: the run that made it was a good one, and only a
later one failed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from analysis.documents.html import render
from analysis.documents.page import name_page, page_marks
from analysis.documents.protection_words import policy_in_short
from analysis.documents.wording import Wording
from analysis.text import LANGUAGES, find_language, mark, translator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.protection.ledger.standing import Standing

MARKER = "<!-- patokaz:as-of -->"
PLACE = re.compile(re.escape(MARKER) + r'(?:<p class="as-of"[^>]*>.*?</p>)?')
# Where the text of a document begins: the last of these in the order in which they stand.
START = re.compile(r"<main\b[^>]*>|<body\b[^>]*>(?![\s\S]*<main\b)")
FAILED = mark("Data as of {day}: the newest run of this page failed.")
BEHIND = mark("Data as of {day}: this page has not been made from the newest figures yet.")
DOCUMENT_FAILED = mark("Data as of {day}: the newest run of this document failed.")
DOCUMENT_BEHIND = mark(
    "Data as of {day}: this document has not been made from the newest figures yet."
)
MISSING_TITLE = mark("This page has not been made yet")
MISSING = mark(
    "The run that makes it failed or has not begun; it is tried with the next run. Other "
    "languages of this page may be there."
)


class BannerError(ValueError):
    """A page that has no place for the banner."""


def tell_as_of(language: str, day: str, *, has_failed: bool, is_page: bool = True) -> str:
    """Say which day the figures of a page or document are of, and why that is said.

    Parameters
    ----------
    language : str
        Code of its language.
    day : str
        Date of the newest source in it, as exact as that is known.
    has_failed : bool
        Whether the newest run failed; otherwise it has only not been made anew yet.
    is_page : bool
        Whether it is a page; otherwise a document that people hand on.

    Returns
    -------
    str

    Examples
    --------
    >>> tell_as_of("en", "2026-01", has_failed=True, is_page=False)
    'Data as of 2026-01: the newest run of this document failed.'
    """
    failed, behind = (FAILED, BEHIND) if is_page else (DOCUMENT_FAILED, DOCUMENT_BEHIND)
    say = translator(find_language(language).code)
    return say(failed if has_failed else behind).format(day=day)


def write_banner(page: str, language: str, day: str, *, has_failed: bool) -> str:
    """Write into a page which day its figures are of.

    Parameters
    ----------
    page : str
        HTML of a page that was finished.
    language : str
        Its code.
    day : str
        Date of the newest source in it, as exact as that is known.
    has_failed : bool
        Whether the newest run failed; otherwise the page has only not been made anew yet.

    Returns
    -------
    str
        The page with one banner, also where it had one before.

    Raises
    ------
    BannerError
        When the page has no place for it.

    Examples
    --------
    >>> page = write_banner(MARKER, "en", "2026-01", has_failed=True)
    >>> "Data as of 2026-01: the newest run of this page failed." in page
    True
    """
    sentence = tell_as_of(language, day, has_failed=has_failed)
    written, count = _put(page, sentence)
    if count != 1:
        msg = (
            f"A page has no place for the words 'data as of {day}': it lacks {MARKER}. "
            f"Run it again, so that it is made from the template of today."
        )
        raise BannerError(msg)
    return written


def write_into_document(text: str, sentence: str) -> str:
    """Write a sentence at the beginning of a document that is one file of HTML.

    Parameters
    ----------
    text : str
        The document; it needs no place for the sentence.
    sentence : str
        As :func:`tell_as_of` gives it.

    Returns
    -------
    str
        The document with one banner, also where it had one before.

    Raises
    ------
    BannerError
        When the text is no document of HTML.

    Examples
    --------
    >>> write_into_document("<body><main><h1>Brief</h1></main></body>", "Data as of 2025.")
    ... # doctest: +ELLIPSIS
    '<body><main><!-- patokaz:as-of --><p class="as-of" role="note"><strong>Data as of 2025...'
    """
    whole = text if MARKER in text else START.sub(rf"\g<0>{MARKER}", text, count=1)
    written, count = _put(whole, sentence)
    if count != 1:
        msg = "A document of HTML has neither <main> nor <body> at which its text begins."
        raise BannerError(msg)
    return written


def _put(page: str, sentence: str) -> tuple[str, int]:
    banner = Markup('<p class="as-of" role="note"><strong>{}</strong></p>').format(sentence)
    return PLACE.subn(lambda _: f"{MARKER}{banner}", page, count=1)


def missing_html(
    language_code: str, slug: str, languages: Sequence[str], standing: Standing | None = None
) -> str:
    """Write the page that stands where a page could not be made, so that links lead somewhere.

    Parameters
    ----------
    language_code : str
    slug : str
        Name of the page in addresses.
    languages : sequence of str
        Codes of the languages that it exists in, this one included.
    standing : Standing, optional

    Returns
    -------
    str
        A whole HTML document that holds no figure.
    """
    language = find_language(language_code)
    w = Wording(translator(language.code))
    return render(
        "missing.html.j2",
        language,
        title=w.translate(MISSING_TITLE),
        subject=name_page(slug, w),
        sentence=w.translate(MISSING),
        slug=slug,
        marks=page_marks([language.code], standing),
        policy=str(policy_in_short(w)),
        others=[LANGUAGES[code] for code in languages if code != language.code],
    )
