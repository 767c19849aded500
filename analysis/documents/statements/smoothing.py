"""Smoothed figures of small places in words, always with the raw figure beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.documents.statements.contrasts import name_base
from analysis.documents.statements.numbers import (
    bind_limits,
    give_value,
    read_side,
    take_result,
    turn_to_percent,
    write_decimal,
    write_ratio,
)
from analysis.text import format_percent, mark

if TYPE_CHECKING:
    from analysis.documents.model import Bound, Sentence
    from analysis.documents.wording import Wording
    from analysis.methods import Result
    from analysis.methods.smoothing import RelativeRisks, SmoothedRates, SpatialRisks
    from analysis.text import Language

# An interval that leaves out 1 goes with such a probability; where one of the two is missing,
# no direction is said.
SURE = 0.95
MORE_THAN_99 = mark("more than 99 %")
LESS_THAN_1 = mark("less than 1 %")
RISKS = {
    "above": mark(
        "{area}: above the overall level, with a smoothed relative risk of {risk} (95 % interval: "
        "{lower} to {upper}; raw {raw}); probability of lying above it: {more}."
    ),
    "below": mark(
        "{area}: below the overall level, with a smoothed relative risk of {risk} (95 % interval: "
        "{lower} to {upper}; raw {raw}); probability of lying below it: {less}."
    ),
    "unclear": mark(
        "{area}: not to be told apart from the overall level, with a smoothed relative risk of "
        "{risk} (95 % interval: {lower} to {upper}; raw {raw}); it may lie above it (probability "
        "{more}) or below it ({less})."
    ),
}


def say_smoothed_risk(
    area: str,
    risks: RelativeRisks | SpatialRisks,
    w: Wording,
    *,
    place: tuple[int, ...],
    inputs: tuple[str, ...] = (),
) -> Sentence:
    """Say a smoothed relative risk beside the raw one, and how sure its side is.

    Parameters
    ----------
    area : str
        Name of the area.
    risks : RelativeRisks or SpatialRisks
    w : Wording
    place : tuple of int
        Place of the area along the axes.
    inputs : tuple of str
        Ids of the observations of all areas, because each is steadied by the others.

    Returns
    -------
    Sentence
        Where no side is sure, the probabilities of both.
    """
    risk = take_result(risks.estimates, place, inputs)
    if not risk.is_number:
        return w.say(
            "{area}: no smoothed relative risk ({reason}).",
            area=area,
            reason=w.translate(risk.reason),
        )
    above = float(risks.above[place])
    side = read_side(risk, neutral=1)
    # NaN is no proof either.
    sure = above if side == "above" else 1 - above
    if not sure >= SURE:
        side = "unclear"
    return w.say(
        RISKS[side],
        area=area,
        risk=w.number(risk, write_ratio),
        raw=w.number(give_value(risk, float(risks.raw[place])), write_ratio),
        more=_bind_probability(above, risk, w),
        less=_bind_probability(1 - above, risk, w),
        **bind_limits(risk, w, write_ratio),
    )


def say_smoothed_rate(
    area: str,
    rates: SmoothedRates,
    w: Wording,
    *,
    place: tuple[int, ...],
    inputs: tuple[str, ...] = (),
) -> Sentence:
    """Say a smoothed rate beside the raw one; it has no interval, so nothing is compared.

    Parameters
    ----------
    area : str
        Name of the area.
    rates : SmoothedRates
        Made with a unit such as ``per_1000``.
    w : Wording
    place : tuple of int
        Place of the area along the axes.
    inputs : tuple of str
        Ids of the observations of all areas, because each is steadied by the others.

    Returns
    -------
    Sentence

    Raises
    ------
    ValueError
        When the unit is no rate that has words.
    """
    rate = take_result(rates.estimates, place, inputs)
    if not rate.is_number:
        return w.say(
            "{area}: no smoothed rate ({reason}).", area=area, reason=w.translate(rate.reason)
        )
    return w.say(
        "{area}: {rate} {base} after smoothing, {raw} before; its rate was drawn towards "
        "{towards}.",
        area=area,
        rate=w.number(rate, write_decimal),
        base=name_base(rate, w),
        raw=w.number(give_value(rate, float(rates.raw[place])), write_decimal),
        towards=w.number(give_value(rate, float(rates.towards[place])), write_decimal),
    )


def _bind_probability(probability: float, result: Result, w: Wording) -> Bound:
    """Write a probability in whole per cent, and never as none or as certain."""

    def write(value: float, language: Language) -> str:
        if value > 99:  # noqa: PLR2004 - the message says the number
            return w.translate(MORE_THAN_99)
        return w.translate(LESS_THAN_1) if value < 1 else format_percent(value, language, 0)

    return w.number(turn_to_percent(give_value(result, probability)), write)
