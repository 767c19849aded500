"""Holds what readers get against each other: where two say the same figure, they say one number."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass

from documents.number_reading import (
    NUMBER_COLUMNS,
    count_decimals,
    find_digits,
    find_numbers,
    read_features,
    read_number,
    read_page,
    read_picture,
    read_pictures,
    read_rows,
    read_sheet,
    read_tables,
)
from lxml import html as markup

from analysis.catalog import load_areas
from analysis.figures.client import draw_png

SCALE = 2.0
# Twelve digits are what a picture's file holds of a number.
NEAR = 1e-9
SHOWN_STATES = {"suppressed", "no_data", "not_applicable"}
WITHHELD = "×"
# The level of intervals, and what rates are related to.
YEARS = range(1990, 2036)
CONSTANTS = {95.0, 1_000.0, 100_000.0}
SAID = {f"{constant:.0f}" for constant in CONSTANTS}
LONGEST_YEAR = 4
# What a mark is placed by, and no figure.
# The key of a map has one column or two, as long as the words of the language are.
PLACED = {"x", "y", "x2", "y2"}
NO_FIGURES = {"year", "rank", "lon", "lat", "text"} | PLACED


@dataclass(frozen=True)
class Row:
    """A row that a mark of a picture may stand for."""

    names: frozenset
    area: str
    year: str
    state: str
    numbers: tuple


def find_faults(artefacts, public):
    """Every inequality in what one reader gets, as sentences.

    The public table is what every number is held against in the end.
    """
    language = artefacts.language
    rows = {n: _traced(read_rows(c)) for n, c in artefacts.files.items() if n.endswith(".csv")}
    faults = []
    for name, text in artefacts.pages.items():
        said = read_page(text, name)
        faults += [f for one in said for f in _faults_of_said(one, language)]
        faults += _against_public(said, public)
        faults += _against_rows(said, [r for held in rows.values() for r in held])
    for name, held in rows.items():
        faults += _rows_against_public(name, held, public)
    for name, content in artefacts.files.items():
        if name.endswith(".xlsx"):
            faults += _sheet_against_rows(name, read_sheet(content), rows)
    return faults + find_picture_faults(artefacts, rows)


def _traced(rows):
    """A table that is taken as it is printed names no observations: it is no table of rows."""
    return [row for row in rows if "observation_id" in row]


def find_picture_faults(artefacts, rows):
    """Numbers of pictures and maps that no row of the same subject has."""
    language = artefacts.language
    known = [_known(row) for held in rows.values() for row in held]
    known += [_shown(row) for text in artefacts.pages.values() for row in read_tables(text)]
    faults = []
    for name, content in artefacts.files.items():
        if name.endswith(".svg"):
            faults += _faults_of_picture(name, read_picture(content), known, language)
        if name.endswith(".png") and artefacts.files[_beside(name)]:
            drawn = draw_png(artefacts.files[_beside(name)].decode("utf-8"), SCALE)
            faults += [] if drawn == content else [f"{name} is no picture of {_beside(name)}"]
    for where, text in artefacts.pages.items():
        for name, content in read_pictures(text).items():
            faults += _faults_of_picture(f"{where} {name}", read_picture(content), known, language)
        faults += _faults_of_map(where, read_features(text), known, language)
    return faults


def _beside(name):
    return f"{name.removesuffix('.png')}.svg"


def _faults_of_said(said, language):
    """What is read and what a program takes are one number; a word for a state holds no digit."""
    place = f"{said.where}: '{said.text}' of {said.key[:40]}"
    if said.value is None:
        is_word = said.state in SHOWN_STATES and not any(c.isdigit() for c in said.text)
        return [] if is_word else [f"{place} is no state in words"]
    if said.value in {0.0, 1.0} and not any(c.isdigit() for c in said.text):
        # A fact: yes or no.
        return []
    shown = read_number(said.text, language)
    decimals = count_decimals(said.text, language)
    if _is_rounded(shown, said.value, decimals):
        return []
    # "fell by 7.0 %": the verb has the sign.
    if not said.is_cell and shown > 0 and _is_rounded(shown, abs(said.value), decimals):
        return []
    return [f"{place} is not {said.value}"]


def _is_rounded(shown, exact, decimals):
    return abs(shown - exact) <= 0.5 * 10**-decimals + 1e-9


def _against_public(said, public):
    faults = []
    for one in said:
        if one.is_method or not one.key:
            continue
        if one.key not in public.index:
            faults.append(f"{one.where}: '{one.text}' is of {one.key}, which is not public")
            continue
        row = public.loc[one.key]
        if one.value is None:
            right = one.state == row["state"] or _has_no_limit(one, row)
        else:
            right = any(_is_same(one.value, row[c]) for c in NUMBER_COLUMNS)
        if not right:
            faults.append(f"{one.where}: '{one.text}' is not observation {one.key}")
    return faults


def _has_no_limit(said, row):
    """A number without an interval says so in the columns of its limits."""
    return said.state == "not_applicable" and math.isnan(row["lower"])


def _against_rows(said, rows):
    """Each number that a page says of an observation or a method is a row for download."""
    held = defaultdict(list)
    for row in rows:
        held[row["observation_id"] or row["inputs"]].append(row)
    faults = []
    for one in said:
        if not one.key or not rows:
            continue
        numbers = [row[c] for row in held[one.key] for c in NUMBER_COLUMNS]
        if one.value is None or any(_is_same(one.value, n) for n in numbers):
            continue
        if not _is_narrower(one, held[one.key]):
            faults.append(f"{one.where}: {one.value} of {one.key[:40]} is in no row")
    return faults


def _is_narrower(said, rows):
    """A forecast is printed with its 80 % interval too, which lies inside that of its row."""
    return said.is_method and any(
        row["kind"] == "forecast" and float(row["lower"]) <= said.value <= float(row["upper"])
        for row in rows
    )


def _rows_against_public(name, rows, public):
    faults = []
    for row in rows:
        if not row["observation_id"]:
            continue
        held = public.loc[row["observation_id"]]
        same = all(_is_same(row[c], held[c]) for c in NUMBER_COLUMNS)
        if not same or row["state"] != held["state"]:
            faults.append(f"{name}: {row['value'] or row['state']} of {row['observation_id']}")
    return faults


def _sheet_against_rows(name, sheet, rows):
    """The workbook has the rows of the table that is written beside it, cell by cell."""
    beside = rows.get(f"{name.removesuffix('.xlsx')}.csv", [])
    if len(sheet) != len(beside):
        return [f"{name} has {len(sheet)} rows, its CSV {len(beside)}"]
    return [
        f"{name}: {cell!r} in {column} of row {line} is not {row[column]!r}"
        for line, (mine, row) in enumerate(zip(sheet, beside, strict=True), start=1)
        for column, cell in mine.items()
        if not _is_cell(column, cell, row[column])
    ]


def _is_cell(column, cell, text):
    return _is_same(cell, text) if column in NUMBER_COLUMNS else (cell or "") == text


def _is_same(one, other):
    one, other = _number(one), _number(other)
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=NEAR, abs_tol=NEAR)


def _number(cell):
    if cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell)):
        return None
    return float(cell)


def _known(row):
    numbers = tuple(float(row[c]) for c in NUMBER_COLUMNS if row[c])
    names = {row["indicator"], row["area"], f"{row['indicator']}: {row['area']}"}
    names |= {f"{name} ({row['source'].partition(': ')[0]})" for name in names}
    year = row["period_end"][:LONGEST_YEAR]
    return Row(frozenset(names), row["area"], year, row["state"], numbers)


def _shown(row):
    names, number = row
    return Row(names, "", "", "value", (number,))


def _faults_of_picture(name, picture, known, language):
    faults = []
    named = frozenset(n for row in known for n in row.names)
    for mark in picture.marks:
        own = {k: v for k, v in mark.numbers.items() if k not in NO_FIGURES}
        year = mark.numbers.get("year", "")
        about = {w for w in (mark.panel, *mark.words) if w in named}
        fit = [row for row in known if about <= row.names and year in {"", row.year}]
        # The line of zero is drawn where a scale goes below it.
        numbers = {} if set(own.values()) == {"0"} and not mark.words else own
        for text in numbers.values():
            if not _is_held(text, fit, language):
                faults.append(f"{name}: {text} of {mark.panel} {mark.words} {year} is in no row")
            elif mark.label and not _says(mark.label, text, language):
                faults.append(f"{name}: '{mark.label}' is drawn at {text}")
        if not own and mark.panel and year and not any(r.state == "suppressed" for r in fit):
            faults.append(f"{name}: {mark.panel} {year} is crossed and not withheld")
    pool = [number for row in known for number in row.numbers]
    faults += [
        f"{name}: the label '{label}' is in no row"
        for label in picture.labels
        if label != WITHHELD and not _are_known(label, pool, language)
    ]
    # Counts of what is drawn, and years, are said beside the numbers.
    years = {float(year) for year in YEARS}
    counts = {float(n) for n in range(len(load_areas().at_level("municipality")) + 1)} | CONSTANTS
    spoken = [*pool, *years, *counts]
    if not _are_known(picture.name, spoken, language):
        faults.append(f"{name}: its name says a number that is in no row: {picture.name}")
    return faults


def _is_held(text, rows, language):
    return _are_known(text, [number for row in rows for number in row.numbers], language)


def _are_known(text, pool, language):
    """Whether every number in a text is one of the pool, as exact as it is written."""
    for written, number in find_numbers(text, language):
        decimals = count_decimals(written, language)
        if not any(_is_rounded(number, n, decimals) for n in pool):
            return False
    return True


def _says(label, text, language):
    """Whether the first number of a label is the number that its mark stands at."""
    found = find_numbers(label, language)
    exact = read_number(text, language)
    return not found or _is_rounded(found[0][1], exact, count_decimals(found[0][0], language))


def _faults_of_map(where, features, known, language):
    """The words that a map shows for an area are the number of the area."""
    by_area = defaultdict(list)
    for row in known:
        by_area[row.area].extend(row.numbers)
    return [
        f"{where}: the map says {said} of {one['name']}"
        for areas in features
        for one in areas
        for said in (one["text"], one["words"])
        if not _are_known(said, by_area[one["name"]], language)
    ]


def compare_languages(by_language):
    """Every number that one language says and another does not, as sentences.

    Parameters
    ----------
    by_language : dict
        Artefacts of the same subject by the code of their language.
    """
    first, *others = by_language
    faults = []
    told = {code: _list_numbers(made) for code, made in by_language.items()}
    for code in others:
        for place in told[first].keys() | told[code].keys():
            one, other = told[first].get(place, Counter()), told[code].get(place, Counter())
            if one != other:
                gone, new = one - other, other - one
                faults.append(f"{place}: {first} has {dict(gone)}, {code} has {dict(new)}")
    return faults


def _list_numbers(artefacts):
    """Count the numbers of each part of each artefact, whatever order the language puts them in."""
    language = artefacts.language
    told = {}
    for name, text in artefacts.pages.items():
        tree = markup.fromstring(text)
        told[name, "bound"] = Counter((s.key, s.value, s.state) for s in read_page(text, name))
        for svg in list(tree.iter("svg")):
            svg.getparent().remove(svg)
        # How large a file is, is no figure; which term stands first depends on the language.
        aside = ("files", "downloads", "gloss")
        for node in tree.xpath("//*[@class]"):
            if any(name in node.get("class") for name in aside) and node.getparent() is not None:
                node.drop_tree()
        for section in tree.iter("section"):
            words = " | ".join(section.itertext())
            told[name, section.get("id")] = Counter(
                digits for digits in find_digits(words) if digits not in SAID
            )
    for name, content in artefacts.files.items():
        place = name.replace(f"_{language.code}.", ".")
        if name.endswith(".csv"):
            told[place, "rows"] = Counter(_facts(r) for r in _traced(read_rows(content)))
        if name.endswith(".svg"):
            drawn = read_picture(content)
            told[place, "name"] = Counter(n for _, n in find_numbers(drawn.name, language))
            told[place, "labels"] = Counter(
                n for label in drawn.labels for _, n in find_numbers(label, language)
            )
            told[place, "marks"] = Counter(
                read_number(text, language)
                for m in drawn.marks
                for k, text in m.numbers.items()
                if k not in PLACED
            )
    return told


def _facts(row):
    return (row["observation_id"], row["inputs"], row["method"], *(row[c] for c in NUMBER_COLUMNS))
