"""Returns of partners as office files: templates out, checked rows in."""

from __future__ import annotations

from analysis.sources.returns.importing import ImportReport, import_file
from analysis.sources.returns.kinds import KINDS, find_kind
from analysis.sources.returns.remarks import ImportRefused, Remark
from analysis.sources.returns.template import write_template

__all__ = [
    "KINDS",
    "ImportRefused",
    "ImportReport",
    "Remark",
    "find_kind",
    "import_file",
    "write_template",
]
