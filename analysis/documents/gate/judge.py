"""The gate: every check of one brief in all its languages, and its answer as a page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pypdf import PdfReader

from analysis.documents.brief_forms import FACTS, PAGES
from analysis.documents.briefs.forms import form_of
from analysis.documents.briefs.own_text import read_own_text
from analysis.documents.briefs.write import compose_brief, stem_of
from analysis.documents.gate.numbers import (
    check_bare,
    check_languages,
    check_links,
    check_withheld,
)
from analysis.documents.gate.people import REPLY, check_reply, check_signatures, read_reply
from analysis.documents.gate.words import (
    check_lengths,
    check_pages,
    check_pictures,
    check_places,
    check_policies,
    check_recommendations,
    check_terms,
    count_findings,
)
from analysis.documents.model import Column, Document, Provenance, Section, Table
from analysis.documents.pdf import to_pdf
from analysis.documents.wording import Wording
from analysis.protection.ledger.standing import read_standing
from analysis.text import mark, translator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.assessment import Profile
    from analysis.assessment.migration import Migration
    from analysis.assessment.trafficking import Trafficking
    from analysis.documents.gate.check import Check, Finding, State
    from analysis.protection.ledger.standing import Standing
    from analysis.workspace import Workspace

STATES: dict[State, str] = {
    "ok": mark("passes"),
    "open": mark("waits for a person"),
    "blocked": mark("may not be published"),
}


def judge_brief(
    reading: Profile | Migration | Trafficking,
    languages: Sequence[str],
    workspace: Workspace,
    form: str = FACTS,
) -> tuple[Check, ...]:
    """Hold a brief against everything that publication asks.

    Parameters
    ----------
    reading : Profile, Migration or Trafficking
    languages : sequence of str
        Codes of the languages in which it is to be published.
    workspace : Workspace
    form : {"facts", "short", "long"}

    Returns
    -------
    tuple of Check

    Raises
    ------
    FormError
        When the form is none of these.
    OwnTextError, ReplyError
        When a text of a person cannot be read.
    """
    standing = read_standing(workspace)
    briefs = {
        code: compose_brief(reading, code, workspace, "", standing, form) for code in languages
    }
    first = next(iter(briefs.values()))
    folder = workspace.brief_texts / stem_of(first)
    written = {code: read_own_text(folder / f"{code}.md") for code in languages}
    own = {code: text for code, text in written.items() if text is not None}
    return (
        check_links(briefs, reading.data),
        check_withheld(briefs, reading.data),
        check_languages(briefs),
        check_bare(own),
        check_pictures(briefs),
        check_policies(briefs),
        check_terms(briefs),
        check_lengths(briefs, own),
        check_pages(briefs, _count_pages(briefs, standing)),
        check_places(briefs),
        check_recommendations(own, count_findings(first)),
        check_reply(read_reply(folder / REPLY), f"policy_briefs/texts/{folder.name}/{REPLY}"),
        check_signatures(standing),
    )


def _count_pages(briefs: Mapping[str, Document], standing: Standing | None) -> dict[str, int]:
    """Count the pages of those whose form limits them; only paper tells how many they are."""
    return {
        code: len(PdfReader(io.BytesIO(to_pdf(brief, standing))).pages)
        for code, brief in briefs.items()
        if form_of(brief) in PAGES
    }


def is_blocked(checks: Sequence[Check]) -> bool:
    """Tell whether anything forbids publication."""
    return any(check.state == "blocked" for check in checks)


def compose_answer(checks: Sequence[Check], name: str, title: str, language: str) -> Document:
    """Compose the answer of the gate as a page that a person can act on.

    Parameters
    ----------
    checks : sequence of Check
    name, title : str
        Of the brief.
    language : str

    Returns
    -------
    Document
    """
    w = Wording(translator(language))
    overview = Table(
        "checks",
        w.translate("What was checked"),
        _columns(w, mark("Check"), mark("Answer")),
        tuple((w.translate(c.title), w.translate(STATES[c.state])) for c in checks),
    )
    todo = [(c, f) for c in checks for f in c.findings]
    list_ = Table(
        "findings",
        w.translate("What is to be done, and where"),
        _columns(w, mark("Where"), mark("What")),
        tuple((f.where, say_finding(f, w)) for _, f in todo),
    )
    says = mark("May be published once the open points are settled")
    if is_blocked(checks):
        says = mark("May not be published yet")
    elif not todo:
        says = mark("May be published")
    sections = [Section("checks", w.translate("What was checked"), (overview,))]
    if todo:
        heading = w.translate("What is to be done, and where")
        sections.insert(0, Section("findings", heading, (list_,)))
    return Document(
        name=name,
        title=f"{w.translate(says)}: {title}",
        subtitle=w.translate("The answer of the gate before publication"),
        language=w.language,
        sections=tuple(sections),
        provenance=Provenance("", "", "", ""),
    )


def say_finding(finding: Finding, w: Wording) -> str:
    """Say a finding in the language of the reader."""
    return str(w.say(finding.message, **{k: w.translate(v) for k, v in finding.parts}))


def _columns(w: Wording, *heads: str) -> tuple[Column, ...]:
    return tuple(Column(w.translate(head), is_number=False) for head in heads)
