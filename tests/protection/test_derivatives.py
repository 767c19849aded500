"""What is worked out from a withheld count is withheld with it: nobody gets back from it.

The attacker here has a code of its own. It keeps a set of whole numbers for each count that it does
not see, and strikes out what no published figure allows: rates and shares within their printed
rounding, both limits of their intervals, sums over years and places, halves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.assessment.migration import make_migration
from analysis.assessment.profile import make_profile
from analysis.assessment.trafficking import make_trafficking
from analysis.catalog import load_areas, load_indicators
from analysis.documents.rows import reading_rows
from analysis.documents.wording import Wording
from analysis.protection import load_policy
from analysis.protection.suppress import suppress
from analysis.store.read import PublicData
from analysis.store.schema import COLUMNS, DIMENSIONS, NUMBERS, TOTAL, identify
from analysis.text import translator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from analysis.assessment.reading import Reading

Count = tuple[str, ...]
Row = dict[str, object]
Candidates = dict[Count, set[int]]

MOST = 90
PLACES = ("MK-405", "MK-703", "MK-803")
YEARS = (2021, 2022, 2023)
RESIDENTS = dict(zip(PLACES, (21_582, 98_104, 37_968), strict=True))
GRANTED = "protection_granted_persons"
WITH_PLAN = "beneficiaries_with_integration_plan_pct"
RATE = "trafficking_victims_per_100000"
PRINTED = 1
Z = 1.959963984540054


@dataclass
class Scene:
    """Observations, and what everybody knows of each: which counts it is made of, and how."""

    rows: list[Row] = field(default_factory=list)
    known: list[Callable[[Row, Candidates], None]] = field(default_factory=list)
    true: dict[Count, int] = field(default_factory=dict)

    def frame(self) -> pd.DataFrame:
        made = pd.DataFrame(self.rows, columns=list(COLUMNS))
        return made.assign(observation_id=identify(made))

    def add(self, row: Row, known: Callable[[Row, Candidates], None]) -> None:
        self.rows.append(row)
        self.known.append(known)


def make_row(indicator: str, area: str, years: tuple[int, int], value: float, **more) -> Row:
    numbers = dict.fromkeys(NUMBERS, np.nan) | {"value": float(value)}
    return (
        dict.fromkeys(COLUMNS, "")
        | dict.fromkeys(DIMENSIONS, TOTAL)
        | numbers
        | {
            "indicator_id": indicator,
            "area_id": area,
            "period_start": f"{years[0]}-01-01",
            "period_end": f"{years[1]}-12-31",
            "source_id": "s",
            "snapshot_id": "s@1",
            "state": "value" if value else "zero",
            "status": "final",
            "line": 1,
        }
        | more
    )


def wilson(part: int, whole: int) -> tuple[float, float]:
    share, base = part / whole, 1 + Z**2 / whole
    middle = (share + Z**2 / (2 * whole)) / base
    half = Z / base * ((share * (1 - share) + Z**2 / (4 * whole)) / whole) ** 0.5
    return 100 * max(middle - half, 0), 100 * min(middle + half, 1)


def byar(cases: int) -> tuple[float, float]:
    def limit(count: float, sign: int) -> float:
        return count * (1 - 1 / (9 * count) + sign * Z / (3 * count**0.5)) ** 3 if count else 0.0

    return limit(cases, -1), limit(cases + 1, 1)


def rate_of(cases: int, residents: int) -> tuple[float, float, float]:
    return tuple(round(1e5 * x / residents, PRINTED) for x in (cases, *byar(cases)))


def share_of(part: int, whole: int) -> tuple[float, float, float]:
    return tuple(round(x, PRINTED) for x in (100 * part / whole, *wilson(part, whole)))


def agrees(row: Row, names: Iterable[str], numbers: Iterable[float]) -> bool:
    """Whether numbers are those of a row, as far as the row prints them."""
    pairs = [(float(row[name]), x) for name, x in zip(names, numbers, strict=True)]
    return all(np.isnan(printed) or abs(printed - x) < 1e-9 for printed, x in pairs)


def keep(found: Candidates, count: Count, allowed: Callable[[int], bool]) -> None:
    found[count] = {c for c in found[count] if allowed(c)}


def sum_to(
    row: Row, found: Candidates, counts: tuple[Count, ...], *, is_whole: bool = True
) -> None:
    """Strike out what no choice of the others adds up to the printed sum."""
    total = int(row["value"])
    for count in counts:
        reach = {0}
        for other in counts:
            if other != count:
                reach = {r + c for r in reach for c in found[other] if r + c <= total}
        least = min(reach, default=0)
        keep(
            found,
            count,
            lambda c: total - c in reach if is_whole else total - c >= least,  # noqa: B023
        )


def relate(row: Row, found: Candidates, part: Count, whole: Count) -> None:
    """Strike out parts and wholes that no other fits to the printed share."""
    names = ("value", "lower", "upper", "numerator", "denominator")
    fitting = [
        (k, n)
        for k, n in product(found[part], found[whole])
        if 0 < n >= k and agrees(row, names, (*share_of(k, n), k, n))
    ]
    found[part], found[whole] = {k for k, _ in fitting}, {n for _, n in fitting}


def attack(scene: Scene, published: pd.DataFrame, *, counts_only: bool) -> Candidates:
    """Find the whole numbers that each count may be, with all that is published."""
    found = {count: set(range(MOST + 1)) for count in scene.true}
    shown = [
        (row, known)
        for row, known in zip(published.to_dict("records"), scene.known, strict=True)
        if row["state"] in {"value", "zero"}
        and not (counts_only and row["indicator_id"] in {RATE, WITH_PLAN})
    ]
    before = -1
    while before != (before := sum(map(len, found.values()))):
        for row, known in shown:
            known(row, found)
    return found


def exposed(
    scene: Scene, observations: pd.DataFrame, published: pd.DataFrame, found: Candidates
) -> list[Count]:
    """List the small withheld counts that an attacker knows more narrowly than policy allows."""
    least = load_policy().below_national
    gone = published["state"].eq("suppressed").to_numpy()
    counted = observations["indicator_id"].eq(GRANTED).to_numpy()
    places = observations["area_id"].isin(PLACES).to_numpy()
    names = [
        (f"{row['sex']}", row["area_id"], row["period_start"][:4])
        for row in observations.loc[gone & counted & places].to_dict("records")
        if row["period_start"][:4] == row["period_end"][:4]
    ]
    return [
        count
        for count in names
        if 0 < scene.true[count] < least
        and not (
            {scene.true[count] - 1, scene.true[count] + 1} <= found[count]
            and (0 in found[count] or max(found[count]) >= least)
        )
    ]


def protect(observations: pd.DataFrame) -> pd.DataFrame:
    return suppress(observations, load_areas(), load_indicators(), load_policy())


def equal_to(count: Count) -> Callable[[Row, Candidates], None]:
    return lambda row, found: keep(found, count, lambda c: c == row["value"])


def add_counts(scene: Scene, area: str, year: int, whole: int, women: int | None) -> None:
    parts = {TOTAL: whole}
    if women is not None:
        parts |= {"female": women, "male": whole - women}
    for sex, count in parts.items():
        name = (sex, area, str(year))
        scene.true[name] = count
        row = make_row(GRANTED, area, (year, year), count, numerator=float(count), sex=sex)
        scene.add(row, equal_to(name))
    if women is not None:
        names = tuple((sex, area, str(year)) for sex in ("female", "male"))
        total = (TOTAL, area, str(year))
        last = scene.known[-3]

        def known(row: Row, found: Candidates) -> None:
            last(row, found)
            sum_to(row, found, names)
            assert total in found

        scene.known[-3] = known


def add_rate(scene: Scene, area: str, year: int, *, with_parts: bool) -> None:
    name = (TOTAL, area, str(year))
    cases, residents = scene.true[name], RESIDENTS[area]
    value, lower, upper = rate_of(cases, residents)
    parts = {"numerator": float(cases), "denominator": float(residents)} if with_parts else {}
    row = make_row(RATE, area, (year, year), value, lower=lower, upper=upper, **parts)
    printed = ("value", "lower", "upper", "numerator")
    scene.add(
        row,
        lambda row, found: keep(
            found, name, lambda c: agrees(row, printed, (*rate_of(c, residents), c))
        ),
    )


def add_share(scene: Scene, area: str, year: int, planned: int) -> None:
    name = (TOTAL, area, str(year))
    part, whole = ("plan", area, str(year)), scene.true[name]
    if not whole:
        return
    scene.true[part] = planned
    value, lower, upper = share_of(planned, whole)
    parts = {"numerator": float(planned), "denominator": float(whole)}
    row = make_row(WITH_PLAN, area, (year, year), value, lower=lower, upper=upper, **parts)
    scene.add(row, lambda row, found: relate(row, found, part, name))


def add_sums(scene: Scene, *, over_years: bool, rests: dict[int, int]) -> None:
    for area in PLACES if over_years else ():
        names = tuple((TOTAL, area, str(year)) for year in YEARS)
        total = sum(scene.true[name] for name in names)
        row = make_row(GRANTED, area, (YEARS[0], YEARS[-1]), total, numerator=float(total))
        scene.add(row, lambda row, found, names=names: sum_to(row, found, names))
    for year, rest in rests.items():
        names = tuple((TOTAL, area, str(year)) for area in PLACES)
        total = sum(scene.true[name] for name in names) + rest
        row = make_row(GRANTED, "MK", (year, year), total, numerator=float(total))
        # Other places have the rest: the total is only the most that these can be.
        scene.add(row, lambda row, found, names=names: sum_to(row, found, names, is_whole=False))


few = st.one_of(st.integers(0, 12), st.integers(0, 25))


@st.composite
def scenes(draw: st.DrawFn, *, with_shares: bool) -> Scene:
    scene = Scene()
    for area, year in product(PLACES, YEARS):
        whole = draw(few)
        is_split = draw(st.booleans())
        add_counts(scene, area, year, whole, draw(st.integers(0, whole)) if is_split else None)
    for area, year in product(PLACES, YEARS):
        if draw(st.booleans()):
            add_rate(scene, area, year, with_parts=draw(st.booleans()))
        if with_shares and draw(st.booleans()):
            add_share(scene, area, year, draw(st.integers(0, scene.true[TOTAL, area, str(year)])))
    rests = {year: draw(st.integers(0, 40)) for year in YEARS if draw(st.booleans())}
    add_sums(scene, over_years=draw(st.booleans()), rests=rests)
    return scene


def check_derivatives(scene: Scene) -> None:
    observations = scene.frame()
    published = protect(observations)
    plain = attack(scene, published, counts_only=True)
    told = attack(scene, published, counts_only=False)

    # What counts alone tell is tried elsewhere, by programmes that see further than this one.
    by_counts = exposed(scene, observations, published, plain)
    by_all = exposed(scene, observations, published, told)
    assert [count for count in by_all if count not in by_counts] == []


@pytest.mark.slow
@settings(max_examples=15)
@given(scenes(with_shares=False))
def test_rates_and_their_limits_tell_no_withheld_count(scene):
    check_derivatives(scene)


@pytest.mark.slow
@settings(max_examples=15)
@given(scenes(with_shares=True))
def test_shares_and_their_limits_tell_no_withheld_count(scene):
    check_derivatives(scene)


def test_this_attacker_finds_a_count_behind_a_rate_and_a_share():
    scene = Scene()
    add_counts(scene, PLACES[0], 2023, 4, None)
    add_counts(scene, PLACES[1], 2023, 7, None)
    add_rate(scene, PLACES[0], 2023, with_parts=False)
    add_share(scene, PLACES[1], 2023, 5)
    observations = scene.frame()
    counted = observations["indicator_id"].eq(GRANTED)
    leaky = observations.copy()
    leaky.loc[counted, "state"] = "suppressed"
    leaky.loc[:, ["numerator", "denominator"]] = np.nan
    found = attack(scene, leaky, counts_only=False)

    assert found[TOTAL, PLACES[0], "2023"] == {4}
    assert found[TOTAL, PLACES[1], "2023"] == {7}
    assert len(exposed(scene, observations, leaky, found)) == 2


VICTIMS = "trafficking_identified_victims_persons"
CHILDREN = "trafficking_victims_children_pct"


def counted(area: str, value: float, indicator: str = GRANTED, **more: str) -> Row:
    return make_row(indicator, area, (2023, 2023), value, numerator=float(value), **more)


def made(indicator: str, area: str, value: float, **more: float) -> Row:
    return make_row(indicator, area, (2023, 2023), value, **more)


def shared(area: str, part: int, whole: int) -> Row:
    value, lower, upper = share_of(part, whole)
    parts = {"numerator": float(part), "denominator": float(whole)}
    return made(WITH_PLAN, area, value, lower=lower, upper=upper, **parts)


def rated(area: str, cases: int) -> Row:
    value, lower, upper = rate_of(cases, RESIDENTS[area])
    parts = {"numerator": float(cases), "denominator": float(RESIDENTS[area])}
    return made(RATE, area, value, lower=lower, upper=upper, **parts)


# Four of them would be known from the total, were the smallest shown figure not withheld as well.
CLOSED = (counted("MK-405", 4), counted("MK-703", 12), counted("MK-803", 30), counted("MK", 46))
FEW = (counted("MK-405", 4),)
NINE = (counted("MK", 9, VICTIMS), counted("MK", 3, VICTIMS, age="child"))
# Behind the counts stands what is made of one of them, and must go with it.
MADE = {
    "a rate of a count that is withheld for another": (*CLOSED, rated("MK-703", 12)),
    "a rate of a small count": (*FEW, rated("MK-405", 4)),
    "a share of a small count": (*CLOSED, shared("MK-803", 6, 30)),
    "a share for the country of a part that is withheld": (
        *NINE,
        made(CHILDREN, "MK", 33.3, numerator=3.0, denominator=9.0),
    ),
    "a rate of none, where it is withheld that there is none": (
        *FEW,
        counted("MK-703", 0),
        counted("MK", 4),
        rated("MK-703", 0),
    ),
    "none of a few": (*FEW, shared("MK-405", 0, 4)),
    "a share of a count that is withheld for another": (*CLOSED, shared("MK-703", 11, 12)),
    "a share that leaves two of fourteen": (counted("MK-405", 14), shared("MK-405", 12, 14)),
    "a share for the country, printed without its parts": (*NINE, made(CHILDREN, "MK", 33.3)),
    "a share for the country that is a breakdown of its own": (
        NINE[0],
        made(CHILDREN, "MK", 33.3, numerator=3.0, denominator=9.0),
    ),
    "a rate of a day's count for its year": (
        *(row | {"period_start": "2023-12-31"} for row in CLOSED),
        rated("MK-703", 12),
    ),
    "a mean and what it was multiplied to": (
        made("reception_present_persons", "MK-405", 4, numerator=4.0),
        made("reception_person_days", "MK-405", 122),
        made("reception_mean_stay_days", "MK-405", 30.5),
    ),
    "money a person": (
        counted("MK-405", 4, "victims_given_direct_assistance_persons"),
        made("direct_assistance_cost_mkd_per_person", "MK-405", 25_000, denominator=4.0),
    ),
    "a difference of shares": (
        *FEW,
        made("gap_to_general_population_pp", "MK-405", -3, numerator=4.0, denominator=10.0),
    ),
    "papers that persons hold": (made("victims_residence_permits_permits", "MK-405", 2),),
}


def last_row(rows: tuple[Row, ...]) -> dict[str, object]:
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    published = protect(frame.assign(observation_id=identify(frame)))
    found: dict[str, object] = published.iloc[-1].to_dict()
    return found


@pytest.mark.parametrize("case", MADE)
def test_what_is_made_of_a_withheld_count_is_withheld(case):
    row = last_row(MADE[case])

    assert row["state"] == "suppressed"
    assert all(np.isnan(float(row[name])) for name in NUMBERS)


def test_the_reason_of_a_withheld_row_narrows_no_count():
    # Of twelve in two places, one is said to be small and the other not: ten or more, or none.
    rows = (counted("MK-405", 2), counted("MK-703", 10), counted("MK", 12))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    published = protect(frame.assign(observation_id=identify(frame)))
    gone = published.loc[published["state"].eq("suppressed")]

    assert len(gone) == 2
    assert len(set(gone["reason"])) == 1


REFUGEES = "unhcr_refugees_persons"
WORDS = Wording(translator("en"))


def read_everything(published: pd.DataFrame) -> list[Reading]:
    sources = pd.DataFrame(
        [{"source_id": "s", "publisher": "p", "title": "t", "licence": "l", "as_of": "2024"}]
    )
    data = PublicData(published, sources, load_indicators())
    country = [make_migration(data, "MK", "2021-2023"), make_trafficking(data, "MK", "2021-2023")]
    places = [make_profile(data, area) for area in PLACES]
    return [*places, *country, *(make_migration(data, area, "2021-2023") for area in PLACES)]


counts = st.lists(few, min_size=len(PLACES) * len(YEARS), max_size=len(PLACES) * len(YEARS))


@pytest.mark.slow
@settings(max_examples=8)
@given(counts, st.integers(0, 9), st.integers(3, 9))
def test_what_the_readings_work_out_has_no_withheld_count_in_it(numbers, rest, children):
    cells = list(product(PLACES, YEARS))
    rows = [
        make_row(REFUGEES, area, (year, year), number, numerator=float(number))
        for (area, year), number in zip(cells, numbers, strict=True)
    ]
    for year in YEARS:
        total = rest + sum(n for (_, y), n in zip(cells, numbers, strict=True) if y == year)
        rows.append(make_row(REFUGEES, "MK", (year, year), total, numerator=float(total)))
        rows.append(make_row(VICTIMS, "MK", (year, year), 9, numerator=9.0))
        part = float(min(children, 4))
        rows.append(make_row(VICTIMS, "MK", (year, year), part, numerator=part, age="child"))
    rows += [
        make_row("resident_population_persons", area, (2021, 2021), residents)
        for area, residents in {**RESIDENTS, "MK": 1_836_713}.items()
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    published = protect(frame.assign(observation_id=identify(frame)))
    gone = set(published.loc[published["state"].eq("suppressed"), "observation_id"])
    shown = published.loc[~published["observation_id"].isin(gone)]
    told = set(zip(shown["indicator_id"], shown["area_id"], shown["period_end"], strict=True))

    for reading in read_everything(published):
        for computed in reading.computed:
            assert not gone & set(computed.result.inputs)
            if computed.kind == "rate_per_1000_residents" and computed.result.is_number:
                about = (computed.indicator.indicator_id, computed.area.area_id)
                assert (*about, computed.result.period_end) in told
        table = reading_rows(reading, WORDS)
        silent = table.loc[table["observation_id"].isin(gone)]
        assert silent[["value", "lower", "upper"]].isna().all(axis=None)
        assert silent["state"].eq("suppressed").all()
        assert not any(r.is_number for r in reading.results if r.reference in gone)
