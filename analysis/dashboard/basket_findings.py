"""The evidence statements of a dashboard: each with a name, so that it can be collected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assessment.reading import Computed, Reading
from analysis.dashboard.frame import render_part
from analysis.documents.basket.found import Finding
from analysis.documents.briefs.municipal_findings import (
    applications_evidence,
    registered_evidence,
    residents_evidence,
)
from analysis.documents.briefs.parts import number_sources
from analysis.documents.evidence import cite_source, evidence_sentence, judge_evidence
from analysis.documents.model import Sentence
from analysis.methods import Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.assessment import Profile
    from analysis.documents.evidence import Evidence
    from analysis.documents.wording import Wording

# What a row is that only an evidence statement says.
STATEMENT = "statement"


class Stated(Reading):
    """A reading with the figures that its evidence statements rest on: rows for download.

    Parameters
    ----------
    whole : Reading
    findings : sequence of Finding
    """

    __slots__ = ("_findings", "_whole", "area", "data")

    def __init__(self, whole: Reading, findings: Sequence[Finding]) -> None:
        self.area, self.data = whole.area, whole.data
        self._whole, self._findings = whole, tuple(findings)

    @property
    def results(self) -> list[Result]:
        """The figures of the reading itself."""
        return self._whole.results

    @property
    def rows(self) -> list[Result]:
        """Those of its table, then those that only a statement names."""
        stated = [r for f in self._findings for r in f.evidence.results if r.reference]
        return [*self._whole.rows, *stated]

    @property
    def computed(self) -> list[Computed]:
        """What methods worked out for the reading, then what only a statement says."""
        known = [*self._whole.computed]
        for finding in self._findings:
            about = [r.reference for r in finding.evidence.results if r.reference]
            if not about:
                continue
            name = str(self.data.take_rows(about[:1]).iloc[0]["indicator_id"])
            indicator = self.data.indicators.get(name)
            for result in _worked_out(finding.evidence):
                if not any(c.result.inputs == result.inputs and _says(c, result) for c in known):
                    known.append(Computed(STATEMENT, indicator, self.area, result))
        return known


def _worked_out(evidence: Evidence) -> Iterator[Result]:
    """Give what a statement says and no observation is: its share first, which has limits."""
    if evidence.share is not None and evidence.share.inputs:
        yield evidence.share
    said = (evidence.claim, evidence.value, evidence.comparator, evidence.limit)
    for sentence in said:
        for number in sentence.numbers if isinstance(sentence, Sentence) else ():
            if number.inputs and number.value is not None:
                # Its unit stands in the sentence.
                yield Result(
                    state=number.state,
                    value=number.value,
                    method=number.method,
                    inputs=number.inputs,
                )


def _says(known: Computed, result: Result) -> bool:
    held = (known.result.value, known.result.lower, known.result.upper)
    return result.value in held


def municipal_statements(profile: Profile, w: Wording) -> tuple[Finding, ...]:
    """List the evidence statements of a municipality.

    Parameters
    ----------
    profile : Profile
    w : Wording

    Returns
    -------
    tuple of Finding
        Those of its brief.
    """
    made = {
        "residents": residents_evidence,
        "registered": registered_evidence,
        "applications": applications_evidence,
    }
    return tuple(Finding(name, make(profile, w), profile) for name, make in made.items())


def name_statements(evidence: Sequence[Evidence], reading: Reading) -> tuple[Finding, ...]:
    """Name evidence statements by what they are about.

    Parameters
    ----------
    evidence : sequence of Evidence
    reading : Reading

    Returns
    -------
    tuple of Finding
        The same name for the same indicator and kind of claim, whatever stands before it, so
        that a statement that falls away does not lend its name to another.
    """
    named: dict[str, Finding] = {}
    for one in evidence:
        stem = _name(one, reading)
        name, count = stem, 1
        while name in named:
            count += 1
            name = f"{stem}-{count}"
        named[name] = Finding(name, one, reading)
    return tuple(named.values())


def _name(evidence: Evidence, reading: Reading) -> str:
    references = [r.reference for r in evidence.results if r.reference]
    if not references:
        return "nothing"
    about = str(reading.data.take_rows(references[:1])["indicator_id"].iloc[0])
    kind = "-share" if evidence.share else "-trend" if evidence.is_comparison else ""
    return f"{about}{kind}"


def findings_html(findings: Sequence[Finding], w: Wording) -> str:
    """Write the evidence statements of a dashboard, each with what stands behind it.

    Parameters
    ----------
    findings : sequence of Finding
    w : Wording

    Returns
    -------
    str
        Blank where there is none.
    """
    if not findings:
        return ""
    numbering = number_sources([f.evidence for f in findings])
    sources = findings[0].reading.data.sources.set_index("source_id")
    shown = []
    for finding in findings:
        made, reading = finding.evidence, finding.reading
        sure = judge_evidence(made, reading.data, reading.data_date) if made.results else None
        stated = evidence_sentence(made, sure, numbering, w)
        shown.append((finding.name, made.claim, stated))
    return render_part(
        "findings.html.j2",
        w,
        findings=shown,
        sources=[
            (
                cite_source(place),
                str(sources.at[source_id, "publisher"]),
                str(sources.at[source_id, "title"]),
                str(sources.at[source_id, "as_of"]) or w.translate("no date"),
            )
            for source_id, place in numbering.items()
        ],
    )
