"""The glossary where its terms stand: shown on hover and focus, in the flow, without a script.

A gloss hides nothing and moves nothing away for good, so that it needs no key to dismiss it. It
stands behind its paragraph, whose own text stays as it was written.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from analysis.catalog import load_glossary
from analysis.catalog.glossary import COLUMNS
from analysis.text import latinise_serbian, mark, translator

if TYPE_CHECKING:
    from analysis.catalog.glossary import Term
    from analysis.text import Language

# Text of sentences only: what a table says, its heads and the parts about figures explain.
BLOCK = re.compile(
    r"(<(?P<tag>p|li)(?: class=\"[a-z]+\")?>)(?P<inside>.*?)(</(?P=tag)>)", re.DOTALL
)
TAG = re.compile(r"(<[^>]*>)")
# What a term is called in brackets or behind a semicolon is of another country, or an abbreviation.
ASIDE = re.compile(r"\([^)]*\)|;.*|/.*")
BETWEEN = r"[\s-]+"
LETTERS = re.compile(r"\w+")
# Terms of the glossary, by their English wording, in a sentence for readers. The definitions of the
# glossary itself are for who writes: they name sources and usages.
EXPLAINED = {
    "trafficking in human beings (THB)": mark(
        "Recruiting, moving or holding a person by force, deceit or abuse in order to exploit "
        "them. Of children the means need not be shown. It is not smuggling."
    ),
    "victim of trafficking (VoT)": mark(
        "A person who was trafficked. Presumed, identified and registered victims are counted "
        "apart, and are not the same."
    ),
    "potential victim": mark(
        "A person with signs of trafficking who has not been formally identified yet."
    ),
    "presumed victim": mark(
        "A person of whom there is good reason to believe that they are a victim. Support is due "
        "before they are formally identified."
    ),
    "identified victim": mark(
        "A person whom the competent body has formally identified as a victim of trafficking."
    ),
    "registered victim": mark(
        "In statistics of the European Union: a person who was formally identified as a victim, "
        "or who met the conditions and was not, or did not want to be."
    ),
    "smuggling of migrants": mark(
        "Helping somebody across a border against the law, for gain. It is a crime against the "
        "border; trafficking is a crime against a person."
    ),
    "asylum seeker": mark("A foreigner who has applied for asylum and has no final decision yet."),
    "expressed intention (to seek asylum)": mark(
        "What a person says to an official before the application. It is counted apart from "
        "applications."
    ),
    "person under subsidiary protection": mark(
        "A person who is protected because serious harm would threaten them elsewhere, without "
        "the status of a refugee."
    ),
    "stateless person": mark("A person whom no state considers its citizen."),
    "internally displaced person (IDP)": mark(
        "A person who had to leave their home and has crossed no border of a state."
    ),
    "returnee under readmission agreement": mark(
        "A citizen who was sent back to their own country under an agreement between states."
    ),
    "temporary protection": mark("Protection given to a whole group at once, for a set time."),
    "mobile team (for identification of vulnerable categories)": mark(
        "A social worker, a police officer and an association who look together for persons at "
        "risk."
    ),
}
CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"
MARKED = " data-term"
BEHIND = Markup('<p class="gloss" role="note" id="{}">{}: <span lang="{}">{}</span></p>')
IN_ITEM = Markup('<span class="gloss" role="note" id="{}">{}: <span lang="{}">{}</span></span>')
# Words of four letters and fewer have no ending to lose.
SHORT = 4
ENDING = 2
LONGEST_ENDING = 4


def mark_terms(markup: str, language: Language, place: str) -> str:
    """Mark the first use of each term of the glossary in a section.

    Parameters
    ----------
    markup : str
        A section as HTML.
    language : Language
    place : str
        Name of the section: the ids of glosses begin with it.

    Returns
    -------
    str
        At most one term a paragraph; a term that is not explained, or that the glossary does not
        hold in the language, stays as it is.
    """
    told: set[str] = set()

    def explain(block: re.Match[str]) -> str:
        found = _find_term(block["inside"], language, told)
        if found is None:
            return block[0]
        term, inside = found
        told.add(term.term_en)
        name = f"{place}-gloss-{len(told)}"
        inside = inside.replace(MARKED, f' aria-describedby="{name}"', 1)
        gloss = _write_gloss(term, name, language, block["tag"])
        if block["tag"] == "li":
            return f"{block[1]}{inside}{gloss}{block[4]}"
        return f"{block[1]}{inside}{block[4]}{gloss}"

    return BLOCK.sub(explain, markup)


def _find_term(inside: str, language: Language, told: set[str]) -> tuple[Term, str] | None:
    parts = TAG.split(inside)
    for term, pattern in _patterns(language.code):
        if term.term_en in told:
            continue
        for place, part in enumerate(parts):
            # Inside a link or a number nothing is marked: text stands at even places, and what is
            # open is the last tag before it.
            if place % 2 or (place and not parts[place - 1].startswith("</")):
                continue
            marked, count = pattern.subn(
                rf'<dfn class="term" tabindex="0"{MARKED}>\g<0></dfn>', part, count=1
            )
            if count:
                return term, "".join([*parts[:place], marked, *parts[place + 1 :]])
    return None


@lru_cache(maxsize=8)
def _patterns(code: str) -> tuple[tuple[Term, re.Pattern[str]], ...]:
    """List terms with what finds them, the longest first; endings of words may differ."""
    glossary = load_glossary()
    named = [(term, _name_term(term, code)) for term in map(glossary.get, EXPLAINED)]
    known = [(term, name) for term, name in named if name]
    known.sort(key=lambda pair: (-len(pair[1]), pair[0].term_en))
    return tuple((term, _pattern(name)) for term, name in known)


def _name_term(term: Term, code: str) -> str:
    name = ASIDE.sub("", str(getattr(term, COLUMNS[code]))).strip()
    # The glossary holds Serbian in Latin letters.
    return _cyrillise(name) if code == "sr-Cyrl" else name


def _cyrillise(name: str) -> str:
    """Write a Serbian term in Cyrillic: good enough to find it, and never shown."""
    letters = {latinise_serbian(letter): letter for letter in CYRILLIC}
    # Letters of two signs first.
    for latin in sorted(letters, key=len, reverse=True):
        name = name.replace(latin, letters[latin])
    return name


def _pattern(name: str) -> re.Pattern[str]:
    words = [
        re.escape(word)
        if len(word) <= SHORT
        else rf"{re.escape(word[:-ENDING])}\w{{0,{ENDING + LONGEST_ENDING}}}"
        for word in LETTERS.findall(name)
    ]
    return re.compile(rf"\b{BETWEEN.join(words)}\b", re.IGNORECASE)


def _write_gloss(term: Term, name: str, language: Language, tag: str) -> str:
    translate = translator(language.code)
    explained = EXPLAINED[term.term_en]
    is_own = language.code == "en" or translate.has(explained)
    said = translate(explained) if is_own else explained
    label = translate("Definition") if is_own else translate("Definition, in English")
    spoken = language.code if is_own else "en"
    return str((IN_ITEM if tag == "li" else BEHIND).format(name, label, spoken, said))
