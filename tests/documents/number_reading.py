"""Reads the numbers out of what readers get: pages, tables, files and pictures, in any language."""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import re
from dataclasses import dataclass, field

import openpyxl
from lxml import etree
from lxml import html as markup

from analysis.text import parse_number

# What stands around a number and is none of it.
SIGNS = "+\N{MINUS SIGN}-"
BLANK = "\N{NO-BREAK SPACE}"
AREAS = '{"areas": '
EMBEDDED = re.compile(r'<a download="([^"]+)" href="data:[^;"]+(?:;charset=utf-8)?;base64,([^"]+)"')
PAIR = re.compile(r"(?:^|; )([^;]*?): ")
NUMBER_COLUMNS = ("value", "lower", "upper")


@dataclass(frozen=True)
class Said:
    """A number, or the word for its state, as an element of a page says it."""

    where: str
    key: str
    value: float | None
    text: str
    # A sentence may say with its verb which way a change goes; a cell of a table may not.
    is_cell: bool
    state: str = ""
    is_method: bool = False


@dataclass(frozen=True)
class Mark:
    """One mark of a picture: what it is named by, and what it stands for."""

    panel: str
    words: tuple[str, ...]
    numbers: dict[str, str]
    label: str = ""


@dataclass(frozen=True)
class Drawn:
    """All that a picture says: the name that is read aloud, its marks, its loose labels."""

    name: str
    marks: tuple[Mark, ...]
    labels: tuple[str, ...]


@dataclass
class Artefacts:
    """Everything that one reader gets of one subject in one language."""

    language: object
    pages: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def take_site(self, folder):
        """Add a page and the files beside it, as they are published."""
        for path in sorted(folder.iterdir()):
            if path.suffix == ".html":
                self.pages["page"] = path.read_text(encoding="utf-8")
            elif path.suffix in {".csv", ".xlsx", ".svg", ".png"}:
                self.files[path.name] = path.read_bytes()
        return self

    def take_view(self, name, text):
        """Add a view of a dashboard with the files that it carries."""
        self.pages[name] = text
        for file, content in EMBEDDED.findall(text):
            self.files[html.unescape(file)] = base64.b64decode(content)
        return self


def read_page(text, where):
    """Every bound number of a page, in reading order."""
    found = []
    for node in markup.fromstring(text).iter("data", "span"):
        key = node.get("data-observation") or node.get("data-inputs") or ""
        state = next((c[6:] for c in (node.get("class") or "").split() if c[:6] == "state-"), "")
        if node.tag == "span" and not state:
            continue
        value = float(node.get("value")) if node.tag == "data" else None
        is_cell = next(node.iterancestors("td"), None) is not None
        text_of = node.text_content()
        is_method = node.get("data-inputs") is not None
        found.append(Said(where, key, value, text_of, is_cell, state, is_method))
    return found


def read_tables(text):
    """Bound numbers of tables with their heads, and the sum of each column."""
    rows = []
    for table in markup.fromstring(text).iter("table"):
        totals = {}
        heads = [h.text_content() for h in table.findall("thead/tr/th")]
        for row in table.findall("tbody/tr"):
            name = row[0].text_content()
            for head, cell in zip(heads[1:], row[1:], strict=True):
                for data in cell.iter("data"):
                    number = float(data.get("value"))
                    rows.append((frozenset({name, head}), number))
                    totals[head] = totals.get(head, 0.0) + number
        rows += [(frozenset({head}), total) for head, total in totals.items()]
    return rows


def read_pictures(text):
    """Every picture that stands in a page, with the name of its figure."""
    return {
        figure.get("data-picture"): etree.tostring(svg)
        for figure in markup.fromstring(text).iter("figure")
        for svg in figure.iter("svg")
    }


def read_rows(content):
    """The rows of a CSV file, as it is read by a program."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_sheet(content):
    """The rows of the first sheet of a workbook; numbers as numbers, blanks as None."""
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def read_picture(content):
    """What a drawn picture says."""
    root = etree.fromstring(content)
    marks, labels = [], []
    _walk(root, "", marks, labels)
    return Drawn(root.get("aria-label", ""), tuple(marks), tuple(labels))


def _walk(node, panel, marks, labels):
    panel = _panel(node) or panel
    kind = node.get("class") or ""
    for child in node:
        said = child.get("aria-label")
        # What is placed by hand, as the numbers of classes on a map, is no figure.
        is_placed = said and re.search(r"(?:^|; )(?:lon|x): ", said)
        if "role-mark" in kind and "mark-text" in kind and not is_placed:
            labels.append("".join(child.itertext()))
        if said and ": " in said and "role-mark" in kind:
            marks.append(_mark(said, panel))
        _walk(child, panel, marks, labels)


def _panel(node):
    """The title of a panel, on the group that holds all of the panel."""
    parent = node.getparent()
    if parent is None or "_cell" not in (parent.get("class") or ""):
        return ""
    titles = node.iterfind(".//{*}g[@class='mark-group role-title']//{*}text")
    return next(("".join(title.itertext()) for title in titles), "")


def _mark(said, panel):
    """Take the fields of a mark apart: ``year: 2021; persons: 1.547; label: 1.547``."""
    parts = PAIR.split(said)[1:]
    fields = dict(zip(parts[::2], parts[1::2], strict=True))
    label = fields.pop("label", "")
    numbers = {name: text for name, text in fields.items() if _looks_like_number(text)}
    words = tuple(text for name, text in fields.items() if name not in numbers)
    return Mark(panel, words, numbers, label)


def _looks_like_number(text):
    return bool(re.fullmatch(rf"[{SIGNS}]?\d[\d.,{BLANK}]*", text))


def read_features(text):
    """What the areas of the maps that one moves say in their lists and tooltips, map by map."""
    # The map is a document within the page: its text is quoted once more.
    maps = html.unescape(text).split(AREAS)[1:]
    return [json.JSONDecoder().raw_decode(one)[0] for one in maps]


def find_numbers(text, language):
    """Every number of a text, as the language writes numbers; years and names with digits too."""
    group, mark = (",", ".") if language.code == "en" else (".", ",")
    if language.code == "sq":
        group = BLANK
    group, mark = re.escape(group), re.escape(mark)
    number = rf"(?<![\w{mark}{group}])[{SIGNS}]?\d+(?:{group}\d{{3}})*(?:{mark}\d+)?(?!\w)"
    return [(found, read_number(found, language)) for found in re.findall(number, text)]


def find_digits(text):
    """Every number of a text without its marks: the same in every language, like its sign."""
    # Albanian parts thousands by a blank, in messages an ordinary one.
    text = re.sub(r"(?<=\d) (?=\d{3}\b)", BLANK, text)
    found = re.findall(rf"(?<!\w)[{SIGNS}]?\d(?:[.,{BLANK}]?\d)*(?!\w)", text)
    return [re.sub(rf"[.,{BLANK}]", "", number).replace("-", "\N{MINUS SIGN}") for number in found]


def read_number(text, language):
    """Read a number as it stands on a page, with the mark of a provisional one."""
    bare = text.split(f"{BLANK}%")[0]
    if bare.endswith((f"{BLANK}p", f"{BLANK}п")):
        bare = bare[:-2]
    return parse_number(bare.lstrip("+"), language)


def count_decimals(text, language):
    """How many digits stand behind the mark of decimals."""
    mark = "." if language.code == "en" else ","
    digits = re.sub(r"[^\d]+$", "", text.split("%")[0])
    return len(digits.rpartition(mark)[2]) if mark in digits else 0
