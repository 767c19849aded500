"""What may be chosen in the cells of returns: codes with their names in English."""

from __future__ import annotations

from analysis.text import mark

SEX = (("f", mark("female")), ("m", mark("male")), ("unknown", mark("not known")))
SEX_OR_TOTAL = (("total", mark("total")), *SEX)
AGE_BAND = (("child", mark("child")), ("adult", mark("adult")), ("unknown", mark("not known")))
ORIGIN = (
    ("national", mark("own national")),
    ("foreign", mark("foreign")),
    ("unknown", mark("not known")),
)
STAGE = (
    ("vulnerable", mark("vulnerable person")),
    ("potential", mark("potential victim")),
    ("identified", mark("identified victim")),
)
SERVICE = (
    ("psychological", mark("psychological help")),
    ("medical", mark("medical help")),
    ("legal", mark("legal help")),
    ("food", mark("food")),
    ("accommodation", mark("accommodation")),
    ("resocialisation", mark("resocialisation")),
    ("reintegration", mark("reintegration")),
    ("other", mark("other help")),
    ("total", mark("total")),
)
MEASURE_STATE = (
    ("not_started", mark("not started")),
    ("in_progress", mark("in progress")),
    ("done", mark("done")),
    ("late", mark("late")),
    ("dropped", mark("dropped")),
)
ANSWER_STATE = (
    ("draft", mark("draft")),
    ("validated", mark("validated")),
    ("adjudicated", mark("adjudicated")),
)
STATUS = (
    ("final", mark("final")),
    ("provisional", mark("provisional")),
    ("estimate", mark("estimate")),
    ("survey", mark("survey")),
)
CELL_STATE = (
    ("value", mark("number")),
    ("zero", mark("counted, and the count is zero")),
    ("suppressed", mark("withheld")),
    ("no_data", mark("no data")),
    ("not_applicable", mark("does not apply")),
)
# How people write the same choice without looking at the list. They are only read.
WRITTEN = {
    "f": ("ж", "женски", "женско", "женски пол", "femër", "femra", "ženski", "ženska", "women"),
    "m": ("м", "машки", "машко", "машки пол", "mashkull", "meshkuj", "muški", "мушки", "men"),
    "unknown": ("непознато", "не е познато", "i panjohur", "nepoznato"),
    "total": ("вкупно", "gjithsej", "ukupno", "укупно", "svega"),
    "child": ("дете", "деца", "fëmijë", "dete", "deca", "children"),
    "adult": ("возрасен", "возрасни", "i rritur", "të rritur", "odrasli", "punoletni", "adults"),
    "national": ("домашен", "домашни", "државјанин", "vendas", "domaći", "domaci", "domestic"),
    "foreign": ("странец", "странски", "странци", "i huaj", "të huaj", "strani", "stranac"),
    "vulnerable": ("ранливо лице", "ранливи лица", "persona të cenueshëm", "ranjiva lica"),
    "potential": ("потенцијална жртва", "потенцијални жртви", "viktima të mundshme"),
    "identified": ("идентификувана жртва", "идентификувани жртви", "viktima të identifikuara"),
}
