"""What `bench.py` measures, a process each: `bench_parts.py PART PATH` prints one JSON object."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from analysis.sources.registers import RegisterSpec

AREAS, YEARS, AREA_READS = 8_000, 26, 30
GROUP_SIZES = (512, 1_024, 2_048, 4_096, 8_192, 16_384, 65_536)
CITIZENSHIPS = "MKD ALB SRB KOS BGR GRC TUR DEU".split()
POINTS = [f"P{n:02d}" for n in range(20)]


def _peak() -> float:
    """Give the peak of this process; getrusage would tell that of its parent where higher."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1000
    msg = "The kernel does not tell the peak of memory. Measure on Linux."
    raise SystemExit(msg)


def _make_register(path: Path) -> dict[str, Any]:
    import duckdb

    # One row in a thousand cannot be counted, for one of four reasons.
    citizenships = ", ".join(f"'{c}'" for c in CITIZENSHIPS)
    duckdb.execute(f"""
        COPY (
            SELECT CASE WHEN i % 4000 = 999 THEN '31.12.2024' ELSE
                   (DATE '2000-01-01' + (hash(i) % 9490)::INT)::VARCHAR END AS date,
                   CASE WHEN i % 4000 = 1999 THEN 'XXX' ELSE
                   'P' || lpad((hash(i + 1) % 20)::VARCHAR, 2, '0') END AS border_point,
                   ['in', 'out'][(hash(i + 2) % 2 + 1)::INT] AS direction,
                   [{citizenships}][(hash(i + 3) % 8 + 1)::INT] AS citizenship,
                   ['F', 'M'][(hash(i + 4) % 2 + 1)::INT] AS sex,
                   ['0-14', '15-29', '30-44', '45-64', '65+'][(hash(i + 5) % 5 + 1)::INT]
                   AS age_band,
                   CASE WHEN i % 4000 = 2999 THEN '-1' WHEN i % 4000 = 3999 THEN ''
                   ELSE (hash(i + 6) % 9 + 1)::VARCHAR END AS persons
            FROM range({int(path.stem)}) AS rows(i)
        ) TO '{path}' (HEADER)
    """)  # noqa: S608 - the path is one that bench.py made
    return {}


def _spec() -> RegisterSpec:
    from analysis.sources.registers import RegisterColumn, RegisterSpec

    return RegisterSpec(
        (
            RegisterColumn("date", "date"),
            RegisterColumn("border_point", "area", {p: p for p in POINTS}),
            RegisterColumn("direction", "indicator", {"in": "in", "out": "out"}),
            RegisterColumn("citizenship", "citizenship", {c: c for c in CITIZENSHIPS}),
            RegisterColumn("sex", "sex", {"F": "F", "M": "M"}),
            RegisterColumn("age_band", "unused"),
            RegisterColumn("persons", "count"),
        ),
        source_id="made-up",
    )


def _count_ours(path: Path) -> dict[str, Any]:
    from analysis.sources.registers import count_register

    spec = _spec()
    started = time.perf_counter()
    counts = count_register(path, spec)
    seconds, peak = time.perf_counter() - started, _peak()
    frame = counts.frame.assign(year=counts.frame["period_start"].str[:4].astype(int))
    keys = ["year", "area_id", "indicator_id", "citizenship", "sex"]
    digest = _digest(frame.set_index(keys)["value"], sorted(counts.rejected.values()))
    return {"seconds": seconds, "peak": peak, "digest": digest}


def _count_pandas(path: Path) -> dict[str, Any]:
    import pandas as pd

    started = time.perf_counter()
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    day = pd.to_datetime(frame["date"], format="%Y-%m-%d", errors="coerce")
    count = pd.to_numeric(frame["persons"], errors="coerce")
    known = {
        "border_point": POINTS, "direction": ["in", "out"], "citizenship": CITIZENSHIPS,
        "sex": ["F", "M"],
    }  # fmt: skip
    reason = pd.Series("", index=frame.index)
    checks = [("date", day.isna())]
    checks += [(name, ~frame[name].isin(codes)) for name, codes in known.items()]
    checks += [("blank", frame["persons"].eq("")), ("number", count.isna() | (count % 1 != 0))]
    for name, is_bad in [*checks, ("negative", count < 0)]:
        reason = reason.mask(is_bad & reason.eq(""), name)
    fine = reason.eq("")
    rejected = reason.loc[~fine].value_counts()
    year = day.loc[fine].dt.year.rename("year")
    counted = frame.assign(persons=count).loc[fine].groupby([year, *known])["persons"]
    sums = counted.sum()
    seconds, peak = time.perf_counter() - started, _peak()
    digest = _digest(sums, sorted(int(n) for n in rejected))
    return {"seconds": seconds, "peak": peak, "digest": digest}


def _digest(sums: pd.Series[Any], rejected: list[int]) -> str:
    rows = sorted((str(key), int(value)) for key, value in sums.to_dict().items())
    return hashlib.sha256(json.dumps([rows, rejected]).encode()).hexdigest()


def _read_areas(folder: Path) -> dict[str, Any]:
    from analysis.store.files import read_table, write_table

    frame = _observations()
    path = folder / "table.parquet"
    write_table(path, frame)
    results = {"as stored": _time_reads(path, read_table)}
    for size in GROUP_SIZES:
        frame.to_parquet(path, index=False, compression="zstd", row_group_size=size)
        results[f"{size:>10,} rows a group"] = _time_reads(path, read_table)
    return results


def _time_reads(path: Path, read: Any) -> dict[str, Any]:
    read(path, ["A0000"])
    seconds = []
    for n in range(AREA_READS):
        area = f"A{n * 7919 % AREAS:04d}"
        started = time.perf_counter()
        rows = read(path, [area])
        seconds.append(time.perf_counter() - started)
        if len(rows) != YEARS:
            msg = f"{len(rows)} rows of {area}, expected {YEARS}. The table is not read right."
            raise SystemExit(msg)
    return {"seconds": seconds, "megabytes": path.stat().st_size / 1e6}


def _observations() -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    from analysis.store.schema import COLUMNS, NUMBERS, identify

    rows = AREAS * YEARS
    years = np.tile(np.arange(2000, 2000 + YEARS), AREAS).astype(str)
    values = np.random.default_rng(20).integers(10, 500_000, rows).astype(float)
    frame = pd.DataFrame(
        {
            "indicator_id": "resident_population_persons",
            "area_id": np.repeat([f"A{n:04d}" for n in range(AREAS)], YEARS),
            "period_start": np.char.add(years, "-01-01"),
            "period_end": np.char.add(years, "-12-31"),
            **dict.fromkeys(("sex", "origin", "citizenship"), "total"),
            "source_id": "made-up",
            "snapshot_id": "made_up.csv@0123456789ab",
            **dict.fromkeys(NUMBERS, np.nan),
            "numerator": values,
            "value": values,
            "method": "as published",
            "state": "value",
            "status": "final",
            "verification": "read",
            "locator": "table 1",
            "line": np.arange(2, rows + 2),
            "note": "",
            "reason": "",
        }
    )
    return frame.assign(observation_id=identify(frame))[[*COLUMNS, "reason"]]


PARTS = {
    "make": _make_register,
    "ours": _count_ours,
    "pandas": _count_pandas,
    "areas": _read_areas,
}

if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]](Path(sys.argv[2]))))
