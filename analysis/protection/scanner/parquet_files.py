"""Parquet: rows, notes on file and columns, and the bounds that each group of rows keeps."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

from analysis.protection.scanner.archives import printable_runs
from analysis.protection.scanner.fragments import Part, Unread, UnreadableError
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.protection.scanner.fragments import Fragment, Source

BROKEN = mark("it is a broken Parquet file")
UNREAD_ROWS = mark("its rows cannot be read, though its bounds can")
STALE = mark("the bounds that it keeps of a column are not those of its rows")
# Arrow's own description of the columns; what people write into it stands beside as well.
SCHEMA_NOTE = b"ARROW:schema"
BATCH = 4096
END = b"PAR1"


def read_parquet(source: Source) -> Iterator[Fragment | Unread]:
    """Read rows, notes and bounds.

    Parameters
    ----------
    source : Source

    Yields
    ------
    Fragment or Unread
        Bounds that no row explains are a finding of their own: they were made before the rows
        were protected.

    Raises
    ------
    UnreadableError
        When it is broken.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(source.content))
        schema = file.schema_arrow
    except (pa.ArrowException, OSError, ValueError):
        raise UnreadableError(BROKEN) from None
    source.budget.spend(sum(_sizes(file.metadata)))
    yield from _read_notes(source, file.metadata.metadata, "notes of the file")
    yield from _read_notes(source, schema.metadata, "notes of the table")
    for name in schema.names:
        own = schema.field(name).metadata
        yield from _read_notes(source, own, "notes of a column", (name,))
    for group in range(file.metadata.num_row_groups):
        bounds = _bounds(file.metadata.row_group(group))
        try:
            rows = file.read_row_group(group).to_pylist()
        except (pa.ArrowException, OSError, ValueError):
            yield Unread(source.at(f"group {group + 1}"), UNREAD_ROWS)
            yield from _read_bounds(source, bounds, group)
            continue
        for number, row in enumerate(rows, start=1):
            parts = tuple(
                Part(str(cell), key=str(key)) for key, cell in row.items() if _is_cell(cell)
            )
            yield source.fragment(f"group {group + 1}, row {number}", parts)
        if not _agree(bounds, rows):
            yield Unread(source.at(f"group {group + 1}"), STALE)
            yield from _read_bounds(source, bounds, group)


def _sizes(metadata: Any) -> Iterator[int]:
    for group in range(metadata.num_row_groups):
        yield metadata.row_group(group).total_byte_size


def _read_notes(
    source: Source,
    notes: Mapping[bytes, bytes] | None,
    words: str,
    context: tuple[str, ...] = (),
) -> Iterator[Fragment | Unread]:
    for key, value in (notes or {}).items():
        if key == SCHEMA_NOTE:
            continue
        name = key.decode("utf-8", "replace")
        text = printable_runs(value)
        yield source.hidden(words, text, key=name, context=context)
        if value.lstrip()[:1] in {b"{", b"["}:
            inner = source.inside("note.json", value, words, is_hidden=True)
            yield from source.read(inner)


def _bounds(group: Any) -> dict[str, tuple[Any, Any]]:
    found = {}
    for place in range(group.num_columns):
        column = group.column(place)
        kept = column.statistics
        if kept is not None and kept.has_min_max:
            found[column.path_in_schema] = (kept.min, kept.max)
    return found


def _read_bounds(
    source: Source, bounds: Mapping[str, tuple[Any, Any]], group: int
) -> Iterator[Fragment | Unread]:
    # A column with one value in the whole group names what all its rows are about.
    parts = []
    for name, (low, high) in bounds.items():
        texts = dict.fromkeys([str(low), str(high)])
        parts += [Part(text, key=name, is_hidden=True) for text in texts]
    if parts:
        yield source.fragment(f"bounds of group {group + 1}", tuple(parts))


def _agree(bounds: Mapping[str, tuple[Any, Any]], rows: list[dict[str, Any]]) -> bool:
    for name, (low, high) in bounds.items():
        if isinstance(low, bool) or not isinstance(low, int | float):
            # Bounds of long texts may be cut, so only numbers are held against their rows.
            continue
        cells = [row[name] for row in rows if _is_cell(row.get(name))]
        if not cells or (low, high) != (min(cells), max(cells)):
            return False
    return True


def _is_cell(cell: Any) -> bool:
    is_nan = isinstance(cell, float) and math.isnan(cell)
    return cell is not None and cell != "" and not is_nan
