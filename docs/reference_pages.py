"""The pages of docs/reference that show the catalogue: indicators, areas, glossary, policies."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from analysis.catalog import load_areas, load_glossary, load_indicators, load_policies
from analysis.catalog.vocabulary import DOMAINS, LEVELS, OWNERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.catalog import Indicator

NOTICE = "<!-- Made by docs/make_reference.py from the code. Do not edit. -->\n"
# Rows with other languages than English are not for the checker of English spelling.
OTHER_LANGUAGES = "<!-- codespell:ignore -->"
LEVEL_WORDS = {
    "group": "groups of countries",
    "route": "routes",
    "country": "countries",
    "region": "statistical regions of North Macedonia",
    "city": "City of Skopje, the sum of its ten municipalities",
    "municipality": "municipalities of North Macedonia",
    "district": "districts of Serbia",
    "municipality_rs": "municipalities and cities of Serbia",
}


def catalogue_pages() -> dict[str, Callable[[], str]]:
    """Name every page of the catalogue, with what makes it."""
    return {
        "indicators.md": indicators_page,
        **{
            f"indicators/{i.indicator_id}.md": partial(indicator_page, i) for i in load_indicators()
        },
        "areas.md": areas_page,
        "glossary.md": glossary_page,
        "policies.md": policies_page,
    }


def _cell(text: str) -> str:
    # A bar would end the cell of the table.
    return text.replace("|", "\\|")


def indicators_page() -> str:
    """List the indicators in short, by domain, each with a link to its page."""
    indicators = list(load_indicators())
    held = sum(i.is_held for i in indicators)
    head = (
        f"# Indicators\n\n{NOTICE}\n{len(indicators)} indicators: figures are held for {held}, the "
        "others are wanted and nobody has given them yet. Each has a page with its definition, "
        "its owner and its caveat.\n"
    )
    parts = [head]
    for domain in DOMAINS:
        parts.append(
            f"\n## {domain.replace('_', ' ').capitalize()}\n\n"
            "| indicator | name | counts | levels | owner | figures |\n|---|---|---|---|---|---|\n"
        )
        parts += [
            f"| [`{i.indicator_id}`](indicators/{i.indicator_id}.md) | {_cell(i.name_en)} "
            f"| {i.measure}, {i.unit} | {', '.join(i.levels)} | `{i.owner}` "
            f"| {i.schedule if i.is_held else 'wanted'} |\n"
            for i in indicators
            if i.domain == domain
        ]
    return "".join(parts)


def indicator_page(i: Indicator) -> str:
    """Say all that the catalogue holds of one indicator."""
    facts = {
        "counts": f"{i.measure}, {i.unit}",
        "numerator": i.numerator,
        "denominator": i.denominator,
        "levels": ", ".join(i.levels),
        "dimensions": i.dimensions,
        "direction": i.direction.replace("_", " "),
        "domain": i.domain,
        "owner": f"{OWNERS[i.owner]} (`{i.owner}`)",
        "figures": i.schedule if i.is_held else "wanted; nobody has given them yet",
        "code in frameworks": " ".join(
            (*i.framework_codes, f"({i.framework})" * bool(i.framework))
        ),
        "source": i.source,
        "verification": i.verification,
    }
    rows = "".join(f"| {key} | {_cell(text)} |\n" for key, text in facts.items() if text)
    caveat = f"\nCaveat: {i.caveat_en}\n" if i.caveat_en else ""
    return (
        f"# {i.indicator_id}\n\n{NOTICE}\n{i.name_en} / {i.name_mk}\n\n{i.definition_en}\n\n"
        f"| | |\n|---|---|\n{rows}{caveat}\n[All indicators](../indicators.md)\n"
    )


def areas_page() -> str:
    """Count the areas of each level, and list those that have ended."""
    areas = load_areas()
    counts = "".join(
        f"| `{level}` | {LEVEL_WORDS[level]} | {len(areas.at_level(level))} |\n" for level in LEVELS
    )
    ended = "".join(
        f"| {a.area_id} | {a.name_en} / {a.name_mk} | {a.valid_to} "
        f"| {areas.successor(a).name_en} ({areas.successor(a).area_id}) | {a.validity_note} |\n"
        for a in areas
        if a.merged_into
    )
    return (
        f"# Areas\n\n{NOTICE}\n| level | what it is | valid today |\n|---|---|---|\n{counts}"
        "\nWithout a date everything speaks of the areas of today. An area without a date of its "
        "beginning or end is taken to be valid as far back, or ahead, as figures go.\n"
        "\nMunicipalities of Serbia lie directly under the country: no source read so far says to "
        "which district each belongs. Novi Sad stands as one city. The totals of the cities Niš, "
        "Požarevac, Vranje and Užice are left out, because their municipalities stand one by "
        "one; so are the totals of districts. The Cyrillic names are the Latin ones of the "
        "office, letter by letter.\n"
        "\n## Areas that have ended\n\n"
        f"| code | name | valid until | part of | note |\n|---|---|---|---|---|\n{ended}"
    )


def glossary_page() -> str:
    """List every term in each language with its definition."""
    terms = list(load_glossary())
    rows = "".join(
        f"| {_cell(t.term_en)} | {t.mk} | {t.sq or '–'} | {t.sr_latn or '–'} "
        f"| {_cell(t.definition)} | {t.verification} {OTHER_LANGUAGES} |\n"
        for t in terms
    )
    return (
        f"# Glossary\n\n{NOTICE}\n{len(terms)} terms. A term that a language lacks is shown in "
        "English behind the mark `[en]`. `partly` means that not every language was found in a "
        "source; the sources stand in `analysis/catalog/glossary.csv`.\n"
        "\n| English | Macedonian | Albanian | Serbian | definition | verification |\n"
        f"|---|---|---|---|---|---|\n{rows}"
    )


def policies_page() -> str:
    """List the policy documents with the events of each."""
    areas = load_areas()
    policies = load_policies()
    events = [e for policy_id in policies for e in policies.events(policy_id)]
    head = (
        f"# Policy documents\n\n{NOTICE}\nEach status has a date: a draft is called a draft. The "
        "last row is what is known, not always what holds today.\n"
    )
    parts = [head]
    for policy_id, rows in groupby(events, key=lambda e: e.policy_id):
        known = list(rows)
        names = " / ".join(n for n in (known[0].name_en, known[0].name_mk) if n)
        parts.append(
            f"\n## {policy_id}\n\n{names}\n\n"
            "| date | status | area | event | source | verification |\n|---|---|---|---|---|---|\n"
        )
        parts += [
            f"| {e.date} | {e.status.replace('_', ' ')} | {areas.get(e.area_id).name_en} "
            f"| {_cell(e.event_en)} | {_cell(e.source)} | {e.verification} |\n"
            for e in known
        ]
    return "".join(parts)
