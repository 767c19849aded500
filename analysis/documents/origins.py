"""Where the numbers of a document come from, section by section: what its last part lists.

A link around every number would put a hundred stops between two headings for who reads with the
keyboard or by ear. The list is one stop until somebody opens it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.documents.model import Document


@dataclass(frozen=True, slots=True)
class Origin:
    """One number of a section, as it is printed there.

    Parameters
    ----------
    text : str
    observations : tuple of str
        Ids of the observations that it is, or was worked out from.
    """

    text: str
    observations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The numbers of one section.

    Parameters
    ----------
    name : str
        Of the section; its heading is linked to by it.
    heading : str
    origins : tuple of Origin
        In reading order, each once.
    """

    name: str
    heading: str
    origins: tuple[Origin, ...]


def group_origins(document: Document) -> tuple[Group, ...]:
    """Group the numbers of a document that come from observations by section.

    Parameters
    ----------
    document : Document

    Returns
    -------
    tuple of Group
        Of the sections that hold such a number, in their order.

    Examples
    --------
    >>> from analysis.documents.model import Bound, Document, Paragraph, Provenance, Section
    >>> from analysis.documents.model import Sentence
    >>> from analysis.text import find_language
    >>> said = Sentence((Bound("98,104", 98104.0, "ab12", "value"), " residents"))
    >>> section = Section("key", "Key messages", (Paragraph(said), Paragraph(said)))
    >>> made = Document("a_en", "", "", find_language("en"), (section,), Provenance("", "", "", ""))
    >>> [(g.name, [(o.text, o.observations) for o in g.origins]) for g in group_origins(made)]
    [('key', [('98,104', ('ab12',))])]
    """
    groups = []
    for section in document.sections:
        numbers = replace(document, sections=(section,)).numbers
        held = (Origin(n.text, (n.reference,) if n.reference else n.inputs) for n in numbers)
        origins = tuple(dict.fromkeys(one for one in held if one.observations))
        if origins:
            groups.append(Group(section.name, section.heading, origins))
    return tuple(groups)
