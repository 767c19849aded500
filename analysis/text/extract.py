"""Collecting the messages of the code and its templates, for the catalogs.

``python -m analysis.text.extract`` brings every catalog up to date: new messages are added
empty, messages that nothing says any more are taken out, translations are kept.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parents[1]
LOCALES = Path(__file__).resolve().parent / "locales"
KEYWORDS = {
    "say": None,
    "translate": None,
    "mark": None,
    "_": None,
    "plural": (1, 2),
}
# Dated facts and names of categories are texts that a reader sees, so they are translated too.
FACT_COLUMNS = (
    ("catalog/categories.csv", "name_en"),
    ("catalog/evaluation_rounds.csv", "finding_en"),
    ("catalog/indicators.csv", "caveat_en"),
    ("catalog/indicators.csv", "definition_en"),
    ("catalog/milestones.csv", "event_en"),
    ("catalog/policies.csv", "name_en"),
    ("catalog/programmes.csv", "content_en"),
)
METHODS = [("**/templates/**.j2", "jinja2"), ("**.j2", "jinja2"), ("**.py", "python")]


def extract_messages(root: Path = PACKAGE) -> Catalog:
    """Collect every message under a folder.

    Parameters
    ----------
    root : pathlib.Path
        The package, unless another is given.

    Returns
    -------
    babel.messages.Catalog
        With the place of each message, and without dates, so that it is the same each time.
    """
    catalog = Catalog(project="patokaz", charset="utf-8")
    found = extract_from_dir(
        str(root),
        METHODS,
        options_map={"**.j2": {"silent": "false", "trimmed": "true"}},
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
    )
    for file, _, message, comments, context in found:
        place = Path(file).as_posix()
        catalog.add(message, None, [(place, 0)], auto_comments=comments, context=context)
    for path, column in FACT_COLUMNS:
        for text in read_facts(root / path, column):
            catalog.add(text, None, [(path, 0)])
    return catalog


def read_facts(path: Path, column: str) -> list[str]:
    """List the English texts of a table of facts, each once, in the order of the table.

    Parameters
    ----------
    path : pathlib.Path
        CSV with a head row.
    column : str

    Returns
    -------
    list of str
    """
    with path.open(encoding="utf-8", newline="") as lines:
        return list(dict.fromkeys(row[column] for row in csv.DictReader(lines) if row[column]))


def update_catalog(path: Path, messages: Catalog) -> bytes:
    """Bring one catalog up to date.

    Parameters
    ----------
    path : pathlib.Path
        A ``.po`` file; need not exist yet.
    messages : babel.messages.Catalog

    Returns
    -------
    bytes
        The new content of the file.
    """
    held = Catalog(locale=path.stem, charset="utf-8")
    if path.is_file():
        held = read_po(io.BytesIO(path.read_bytes()), locale=path.stem)
    # A guess from a similar message would be a translation by machine (rule G-11).
    held.update(messages, no_fuzzy_matching=True)
    held.obsolete.clear()
    out = io.BytesIO()
    write_po(out, held, omit_header=True, sort_output=True, width=96, include_lineno=False)
    return out.getvalue().rstrip() + b"\n"


def main() -> None:
    """Write every catalog anew."""
    messages = extract_messages()
    for path in sorted(LOCALES.glob("*.po")):
        path.write_bytes(update_catalog(path, messages))


if __name__ == "__main__":
    main()
