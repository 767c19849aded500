"""The pictures of a municipal profile: protected numbers and words in, a picture out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.assessment.profile import FIRST_CENSUS, LAST_CENSUS
from analysis.documents.area_maps import make_area_map
from analysis.documents.map_pictures import picture_areas
from analysis.documents.notice import profile_notice
from analysis.figures.charts import chart_applications, chart_change, chart_registered, chart_route
from analysis.figures.map_layout import lay_out_country
from analysis.figures.picture import Picture
from analysis.text import format_count, format_percent, mark

if TYPE_CHECKING:
    from analysis.assessment import Profile
    from analysis.documents.wording import Wording
    from analysis.figures.area_map import AreaMap
    from analysis.methods import Result
    from analysis.sources.boundaries import Boundaries

WITH_CROSSES = mark(
    "A panel of yearly bars for each of: {kinds}. Years with a withheld number carry a cross "
    "and no bar. All numbers stand in the table that goes with it."
)
WITHOUT_CROSSES = mark(
    "A panel of yearly bars for each of: {kinds}. All numbers stand in the table that goes with it."
)


def picture_change(profile: Profile, w: Wording) -> Picture:
    """Draw the change of residents here, in the region, in the country and everywhere."""
    named = pd.DataFrame(
        [
            {
                "area": w.area(c.area),
                "pct": c.change_pct.value,
                "label": w.number(c.change_pct).text,
                "rank": rank,
            }
            for rank, c in enumerate(profile.residents)
        ]
    )
    everyone = pd.DataFrame(
        {"pct": [r.value for r in profile.change_everywhere.values() if r.is_number]}
    )
    here, region, country = profile.residents
    alt = w.say(
        "Bars: {here} {here_pct}, {region} {region_pct}, {country} {country_pct}. Below them one "
        "tick for each of the {n} municipalities, from {low} to {high}.",
        here=w.area(here.area),
        here_pct=w.number(here.change_pct),
        region=w.area(region.area),
        region_pct=w.number(region.change_pct),
        country=w.area(country.area),
        country_pct=w.number(country.change_pct),
        n=format_count(len(everyone), w.language),
        low=format_percent(everyone["pct"].min(), w.language),
        high=format_percent(everyone["pct"].max(), w.language),
    )
    caption = w.say(
        "Change of residents between the censuses of {first} and {last}, per cent: {area}, its "
        "region, the country, and every municipality as a tick. Source: {source}.",
        first=str(FIRST_CENSUS),
        last=str(LAST_CENSUS),
        area=w.area(profile.area),
        source=_source(profile, w, "State Statistical Office"),
    )
    chart = chart_change(
        named,
        everyone,
        axis=w.translate("Change of residents 2002–2021, %"),
        others=w.translate("All municipalities"),
    )
    return Picture(
        "change",
        chart,
        str(caption),
        str(alt),
        named.drop(columns="rank"),
        w.language,
        profile_notice(profile, w.translate),
        (*(c.change_pct for c in profile.residents), *profile.change_everywhere.values()),
    )


def picture_map(profile: Profile, w: Wording, boundaries: Boundaries) -> Picture:
    """Draw where the municipality lies, over the change of residents everywhere."""
    caption = w.say(
        "{area} on the map of municipalities. Shades: change of residents {first}–{last}, per "
        "cent. Boundaries: {credit}.",
        area=w.area(profile.area),
        first=str(FIRST_CENSUS),
        last=str(LAST_CENSUS),
        credit=boundaries.credit,
    )
    return picture_areas(
        "map",
        map_change(profile, w),
        lay_out_country(boundaries),
        str(caption),
        profile_notice(profile, w.translate),
        w,
        tuple(profile.change_everywhere.values()),
    )


def map_change(profile: Profile, w: Wording) -> AreaMap:
    """Make the map of the change of residents of every municipality."""
    title = w.translate("Change of residents 2002–2021, %")
    return make_area_map(profile.change_everywhere, "percent", title, profile.area.area_id, w)


def picture_registered(profile: Profile, w: Wording) -> Picture:
    """Draw registered persons by year, a panel a kind; withheld years carry a mark.

    A kind without a single number to show has no panel: an empty one would look like zeros. The
    table beside the picture has it.
    """
    shown = [kind for kind in profile.registered if kind.has_number]
    rows = pd.DataFrame(
        [
            {
                "kind": w.indicator(kind.indicator),
                "order": order,
                "year": r.year,
                "persons": r.value,
                "label": w.number(r).text if r.is_number else "",
                "is_withheld": r.state == "suppressed",
                "is_provisional": r.status == "provisional",
            }
            for order, kind in enumerate(shown)
            for r in kind.results
        ]
    )
    years = list(range(int(rows["year"].min()), profile.reference_year + 1))
    kinds = ", ".join(w.indicator(kind.indicator) for kind in shown)
    area = w.area(profile.area)
    drawn = WITH_CROSSES if rows["is_withheld"].any() else WITHOUT_CROSSES
    alt = w.say(drawn, kinds=kinds)
    caption = w.say(
        "Persons whom UNHCR records in {area}, by year, {first}–{last}. Source: {source}.",
        area=area,
        first=str(years[0]),
        last=str(years[-1]),
        source=_source(profile, w, "UNHCR"),
    )
    chart = chart_registered(
        rows, w.translate("withheld"), w.translate("light: provisional"), years
    )
    data = rows.drop(columns=["order", "label"])
    return Picture(
        "registered",
        chart,
        str(caption),
        str(alt),
        data,
        w.language,
        profile_notice(profile, w.translate),
        tuple(r for kind in shown for r in kind.results),
    )


def picture_applications(profile: Profile, w: Wording) -> Picture:
    """Draw asylum applications in the country by year."""
    rows = _by_year(profile.national["asylum_applications_persons"], w)
    newest = profile.national["asylum_applications_persons"][-1]
    alt = (
        w.say(
            "Yearly bars from {first} to {last}. The last bar is {n} and provisional.",
            first=str(rows["year"].min()),
            last=str(newest.year),
            n=w.number(newest),
        )
        if newest.status == "provisional"
        else w.say(
            "Yearly bars from {first} to {last}. The last bar is {n}.",
            first=str(rows["year"].min()),
            last=str(newest.year),
            n=w.number(newest),
        )
    )
    caption = w.say(
        "Asylum applications in {country} during the year, {first}–{last}. Source: {source}.",
        country=w.area(profile.country),
        first=str(rows["year"].min()),
        last=str(newest.year),
        source=_source(profile, w, "UNHCR"),
    )
    chart = chart_applications(
        rows, w.translate("Applications in the year"), w.translate("light: provisional")
    )
    return Picture(
        "applications",
        chart,
        str(caption),
        str(alt),
        rows,
        w.language,
        profile_notice(profile, w.translate),
        profile.national["asylum_applications_persons"],
    )


def picture_route(profile: Profile, w: Wording) -> Picture:
    """Draw detections on the route in whole years."""
    rows = _by_year(profile.route_years, w)
    top = max(profile.route_years, key=lambda r: r.value or 0)
    last = profile.route_years[-1]
    alt = w.say(
        "Yearly bars from {first} to {last}. The highest is {top} in {top_year}; the last whole "
        "year has {n}.",
        first=str(rows["year"].min()),
        last=str(last.year),
        top=w.number(top),
        top_year=str(top.year),
        n=w.number(last),
    )
    caption = w.say(
        "Detections on the Western Balkan route during the year, {first}–{last}, whole years. "
        "Source: {source}.",
        first=str(rows["year"].min()),
        last=str(last.year),
        source=_source(profile, w, "Frontex"),
    )
    # The whole history is provisional, so that one shade says nothing here; the caption and the
    # warning beside it do.
    chart = chart_route(
        rows.assign(is_provisional=False), w.translate("Detections in the year"), ""
    )
    return Picture(
        "route",
        chart,
        str(caption),
        str(alt),
        rows,
        w.language,
        profile_notice(profile, w.translate),
        profile.route_years,
    )


def _by_year(results: tuple[Result, ...], w: Wording) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "year": r.year,
                "count": r.value,
                "label": w.number(r).text,
                "is_provisional": r.status == "provisional",
            }
            for r in results
            if r.is_number
        ]
    )


def _source(profile: Profile, w: Wording, name: str) -> str:
    # No office may be named for a figure that it never gave.
    return profile_notice(profile, w.translate) or w.translate(name)
