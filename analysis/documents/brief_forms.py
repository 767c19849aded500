"""The names of the forms of a brief; who only asks for one does not open Word and PDF for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

FACTS, SHORT, LONG = "facts", "short", "long"
FORMS: Final = (FACTS, SHORT, LONG)
# At most so many pages of A4; the facts alone have no limit of their own.
PAGES: Mapping[str, int] = {SHORT: 2, LONG: 4}


class FormError(ValueError):
    """A form that no brief has."""


def check_form(form: str) -> str:
    """Give a form back, or refuse it.

    Parameters
    ----------
    form : str

    Returns
    -------
    str

    Raises
    ------
    FormError
        When it is none of :data:`FORMS`.

    Examples
    --------
    >>> check_form("short")
    'short'
    """
    if form not in FORMS:
        msg = f"'{form}' is no form of a brief. Write one of: {', '.join(FORMS)}."
        raise FormError(msg)
    return form
