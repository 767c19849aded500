"""Sources as BibTeX, for whoever cites a figure in a text of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# Characters that BibTeX reads as commands.
SPECIAL = re.compile(r"([\\{}%&#$_])")
ESCAPED = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}"}
YEAR = re.compile(r"\d{4}")


def write_bibliography(sources: pd.DataFrame, accessed: str = "") -> bytes:
    r"""Write sources as BibTeX, one entry each, by their codes.

    Parameters
    ----------
    sources : pandas.DataFrame
        Columns ``source_id``, ``publisher``, ``title``, ``address``, ``as_of``, ``licence``,
        ``verification``.
    accessed : str
        ISO date on which the data stood so; left out where blank.

    Returns
    -------
    bytes
        UTF-8. A source without a date says so; none is made up.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame(
    ...     [["unhcr", "UNHCR", "Refugees & others", "https://unhcr.org", "2025", "CC", "read"]],
    ...     columns=[
    ...         "source_id",
    ...         "publisher",
    ...         "title",
    ...         "address",
    ...         "as_of",
    ...         "licence",
    ...         "verification",
    ...     ],
    ... )
    >>> print(write_bibliography(table).decode())
    @misc{unhcr,
      author = {{UNHCR}},
      title = {{Refugees \& others}},
      year = {2025},
      url = {https://unhcr.org},
      note = {as of 2025; CC; read in the source}
    }
    <BLANKLINE>
    """
    rows = sources.sort_values("source_id").to_dict("records")
    entries = [_entry({str(k): str(v) for k, v in row.items()}, accessed) for row in rows]
    return "\n".join(entries).encode()


def _entry(source: dict[str, str], accessed: str) -> str:
    year = YEAR.search(source["as_of"])
    notes = [f"as of {source['as_of']}" if source["as_of"] else "without a date"]
    notes += [source["licence"], READ.get(source["verification"], source["verification"])]
    fields = {
        "author": f"{{{_escape(source['publisher'])}}}",
        "title": f"{{{_escape(source['title'])}}}",
        "year": year[0] if year else "",
        # BibTeX prints an address as it stands.
        "url": source["address"] if source["address"].startswith("http") else "",
        "howpublished": "" if source["address"].startswith("http") else _escape(source["address"]),
        "urldate": accessed,
        "note": _escape("; ".join(n for n in notes if n)),
    }
    lines = ",\n".join(f"  {name} = {{{text}}}" for name, text in fields.items() if text)
    return f"@misc{{{source['source_id']},\n{lines}\n}}\n"


READ = {
    "read": "read in the source",
    "secondary": "read in a secondary source, to be confirmed",
    "received": "handed over, not published",
}


def _escape(text: str) -> str:
    return SPECIAL.sub(lambda m: ESCAPED.get(m[1], f"\\{m[1]}"), text)
