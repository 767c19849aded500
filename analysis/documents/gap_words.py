"""Gaps as sentences: what is missing, why, and who may have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.text import mark

if TYPE_CHECKING:
    from analysis.assessment import Gap
    from analysis.documents.model import Sentence
    from analysis.documents.wording import Wording

HOLDERS = {
    "sso": mark("State Statistical Office"),
    "unhcr": mark("UNHCR"),
    "moi": mark("Ministry of Interior"),
    "mspdy": mark("Ministry of Social Policy, Demography and Youth"),
    "national_commission": mark(
        "National Commission for Combating Trafficking in Human Beings and Illegal Migration"
    ),
    "myla": mark("Macedonian Young Lawyers Association"),
    "municipality": mark("the municipality itself"),
    "frontex": mark("Frontex"),
    "eurostat": mark("Eurostat"),
    "astra": mark("ASTRA"),
    "centre_rs": mark(
        "Centre for the Protection of Victims of Trafficking in Human Beings, Serbia"
    ),
    "compensation_commission": mark("Commission for compensation of victims of violent crime"),
    "worldbank": mark("World Bank"),
    "undesa": mark("UN DESA"),
    "unodc": mark("UNODC"),
    "iom": mark("International Organization for Migration"),
    "kirs": mark("Commissariat for Refugees and Migration, Serbia"),
    "labour_inspectorate": mark("State Labour Inspectorate"),
    "ombudsman": mark("Ombudsman"),
    "project": mark("the project itself"),
    "prosecution": mark("Public Prosecutor's Office"),
}
MESSAGES = {
    "not_held": mark(
        "{name}: no figure was published that we could use. It may be held by: {holder}."
    ),
    "no_row": mark(
        "{name}: no published figure for this municipality. It may be held by: {holder}."
    ),
    "withheld": mark("{name}: every figure is too small to publish ({years})."),
    "years_missing": mark("{name}: no figure for {years}. That is not a zero."),
    "second_hand": mark(
        "{name}: the figure ({years}) was read in a secondary source and waits to be confirmed "
        "in the table of: {holder}."
    ),
}


def gap_sentence(gap: Gap, w: Wording) -> Sentence:
    """Say a gap.

    Parameters
    ----------
    gap : Gap
    w : Wording

    Returns
    -------
    Sentence
    """
    return w.say(
        MESSAGES[gap.kind],
        name=w.indicator(gap.indicator),
        holder=w.translate(HOLDERS[gap.indicator.owner]),
        years=year_ranges(gap.years),
    )


def year_ranges(years: tuple[int, ...]) -> str:
    """Write years as ranges.

    Parameters
    ----------
    years : tuple of int
        Sorted, each once.

    Returns
    -------
    str

    Examples
    --------
    >>> year_ranges((2003, 2004, 2005, 2025))
    '2003–2005, 2025'
    """
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{r[0]}–{r[-1]}" if len(r) > 1 else str(r[0]) for r in runs)
