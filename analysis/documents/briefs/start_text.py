"""The file that a person begins with: the sections of a brief, and what belongs into each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.briefs.forms import PLACES
from analysis.documents.briefs.own_tables import TABLES
from analysis.documents.briefs.own_text import HEADINGS, MOST_WORDS
from analysis.documents.briefs.write import compose_brief, stem_of
from analysis.documents.wording import Wording
from analysis.text import mark, translator

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.assessment import Profile
    from analysis.assessment.migration import Migration
    from analysis.assessment.trafficking import Trafficking
    from analysis.workspace import Workspace

NUMBERS = mark(
    "A number is never typed: write the id of its observation in braces, as the column "
    "observation_id of the table for download has it."
)
HIDDEN = mark("A line such as this one does not appear in the brief.")
MOST = mark("At most {most} words.")
AFFECTED = mark("May stay empty: the brief then names the groups that its figures count.")
ROW = mark("One row for each, within strokes; a cost has its address behind it, or is not costed.")


def write_start_text(w: Wording) -> str:
    """Write the text that a person begins with.

    Parameters
    ----------
    w : Wording
        Its language is that of the brief.

    Returns
    -------
    str
        Markdown with every section, still empty: nothing of it stands in a brief until somebody
        writes below a heading.

    Examples
    --------
    >>> from analysis.documents.wording import Wording
    >>> from analysis.text import translator
    >>> write_start_text(Wording(translator("en"))).splitlines()[3]
    '# decision'
    """
    lines = [_note(w.translate(HIDDEN)), _note(w.translate(NUMBERS)), ""]
    for name in HEADINGS:
        lines += [f"# {name}", _note(w.translate(PLACES.get(name, AFFECTED)))]
        if name in MOST_WORDS:
            lines.append(_note(str(w.say(MOST, most=str(MOST_WORDS[name])))))
        if name in TABLES:
            lines += [_note(w.translate(ROW)), *_head(name, w)]
        lines.append("")
    return "\n".join(lines)


def lay_out_text(
    reading: Profile | Migration | Trafficking, language: str, workspace: Workspace
) -> tuple[Path, bool]:
    """Lay out the file for the text of a brief, unless there is one.

    Parameters
    ----------
    reading : Profile, Migration or Trafficking
    language : str
        Code of a language.
    workspace : Workspace

    Returns
    -------
    tuple of (pathlib.Path, bool)
        The file, and whether it is new: what somebody wrote is never overwritten.
    """
    stem = stem_of(compose_brief(reading, language, workspace))
    path = workspace.brief_texts / stem / f"{language}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(write_start_text(Wording(translator(language))))
    except FileExistsError:
        return path, False
    return path, True


def _note(text: str) -> str:
    return f"<!-- {text} -->"


def _head(name: str, w: Wording) -> list[str]:
    heads = [w.translate(head) for head in TABLES[name]]
    return [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
