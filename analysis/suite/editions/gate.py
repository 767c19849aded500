"""The gate before an edition: no brief is published that may not be, and a page says why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.documents.briefs.own_text import OwnTextError, read_own_text
from analysis.documents.briefs.web import to_html
from analysis.documents.briefs.write import stem_of
from analysis.documents.gate.check import settle
from analysis.documents.gate.judge import compose_answer, say_finding
from analysis.documents.gate.people import REPLY, Reply, ReplyError, check_reply, read_reply
from analysis.documents.gate.published import Published, judge_published
from analysis.documents.gate.read_back import ReadBackError, read_back
from analysis.documents.gate.words import check_places, check_recommendations, count_findings
from analysis.documents.notice import is_draft
from analysis.documents.wording import Wording
from analysis.protection.ledger.standing import read_standing
from analysis.store.files import write_atomically
from analysis.store.read import read_public
from analysis.suite.editions.edition import BRIEFS, OK
from analysis.text import translator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from analysis.documents.gate.check import Check
    from analysis.protection.ledger.standing import Standing
    from analysis.suite.editions.edition import PublishedRun
    from analysis.workspace import Workspace

ANSWER = "gate.html"
PAGE, PAPERS = ".html", (".docx", ".pdf")
REFUSED = "The brief '{stem}' may not be published ({where}): {what}."
RELEASE_REFUSED = (
    "The brief '{stem}' may not be published as released ({where}): {what}. A draft may wait for "
    "it, a release may not."
)


def judge_briefs(
    folder: Path, runs: Iterable[PublishedRun], workspace: Workspace
) -> tuple[str, ...]:
    """Hold every brief that lies ready against what forbids publication.

    Parameters
    ----------
    folder : pathlib.Path
        Of the staged edition.
    runs : iterable of PublishedRun
        What is in it.
    workspace : Workspace
        Built. The answer is written to ``logs/gate.html``.

    Returns
    -------
    tuple of str
        A sentence for each fault; none where the briefs may be published.
    """
    faults: list[str] = []
    found: dict[str, dict[str, Published]] = defaultdict(dict)
    for run in runs:
        for name in run.files:
            if name.startswith(f"{BRIEFS}/") and name.endswith(PAGE):
                try:
                    brief = _read(folder / name, run, workspace)
                except (ReadBackError, OwnTextError) as strange:
                    faults.append(str(strange))
                    continue
                found[stem_of(brief.document)][run.language] = brief
    if not found:
        return tuple(faults)
    data, standing = read_public(workspace), read_standing(workspace)
    english = Wording(translator("en"))
    answers: list[Check] = []
    for stem, briefs in sorted(found.items()):
        checks = judge_published(briefs, data)
        faults += [
            REFUSED.format(stem=stem, where=one.where, what=say_finding(one, english))
            for check in checks
            for one in check.findings
        ]
        waits = _wait(stem, briefs, workspace)
        if not is_draft(standing):
            faults += [
                RELEASE_REFUSED.format(stem=stem, where=one.where, what=say_finding(one, english))
                for check in waits
                for one in check.findings
            ]
            waits = [settle(c.name, c.title, list(c.findings)) for c in waits]
        answers += [_name(check, stem) for check in (*checks, *waits)]
    _write(answers, found, workspace, standing)
    return tuple(faults)


def _read(path: Path, run: PublishedRun, workspace: Workspace) -> Published:
    content = path.read_bytes()
    document = read_back(content, path.name)
    papers = [path.with_suffix(ending) for ending in PAPERS]
    return Published(
        document,
        {paper.name: paper.read_bytes() for paper in papers if paper.is_file()},
        content,
        is_current=run.state == OK,
        own=read_own_text(workspace.brief_texts / stem_of(document) / f"{run.language}.md"),
    )


def _wait(stem: str, briefs: Mapping[str, Published], workspace: Workspace) -> list[Check]:
    """Check what a draft may wait for: the reply of those it speaks of, and what people write."""
    place = workspace.brief_texts / stem / REPLY
    try:
        reply, where = read_reply(place), f"policy_briefs/texts/{stem}/{REPLY}"
    except ReplyError as strange:
        reply, where = Reply(), str(strange)
    every = {code: brief.document for code, brief in briefs.items()}
    own = {code: brief.own for code, brief in briefs.items() if brief.own}
    findings = max(count_findings(brief) for brief in every.values())
    return [
        check_reply(reply, where),
        check_places(every),
        check_recommendations(own, findings),
    ]


def _name(check: Check, stem: str) -> Check:
    findings = tuple(replace(f, where=f"{stem}: {f.where}") for f in check.findings)
    return replace(check, findings=findings)


def _write(
    answers: list[Check],
    found: Mapping[str, Mapping[str, Published]],
    workspace: Workspace,
    standing: Standing,
) -> None:
    """Write the answer as a page, one check a line, in the first language of the briefs."""
    merged: dict[str, Check] = {}
    for check in answers:
        held = merged.get(check.name)
        if held is None:
            merged[check.name] = check
            continue
        state = held.state if held.findings else check.state
        merged[check.name] = replace(held, state=state, findings=(*held.findings, *check.findings))
    language = next(iter(next(iter(found.values()))))
    names = ", ".join(sorted(found))
    answer = compose_answer(tuple(merged.values()), "gate", names, language)
    write_atomically(workspace.logs / ANSWER, to_html(answer, standing).encode("utf-8"))
