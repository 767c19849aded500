"""Boundaries of the 80 municipalities: a file of one's own, the pinned download, or the schema.

Nothing here is downloaded unless somebody asks for it. A file that is there and cannot be used is
an error; it is never passed over in silence.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

import geopandas
import pandas as pd
import shapely

if TYPE_CHECKING:
    from pathlib import Path

Origin = Literal["own file", "geoBoundaries", "schematic"]
COUNT = 80
DEGREES = "EPSG:4326"
CODE_COLUMNS = ("area_id", "iso_3166_2")
NAME_COLUMNS = ("shapeName", "name_en", "name_mk", "name_sq", "name", "NAME")
CITY = "MK-SKOPJE"
PIN_SHA256 = "0a0d7340810fb353c3faa37ab9afea20830ce6124083ffe6321182277da61d01"
PIN_CREDIT = "geoBoundaries, EuroGeographics (CC BY 4.0)"
SCHEMATIC_CREDIT = "Natural Earth"
# The names of geoBoundaries that differ from ours by more than a rule of spelling.
SPELLINGS = {"debarca": "MK-304", "mavrovoandrostusha": "MK-607"}
# Merged into Kichevo in 2013.
MERGED = {"drugovo", "oslomej", "vraneshtica", "zajas"}
KICHEVO = "MK-307"
# A file is opened by what it is, never by what GDAL takes it for: a text of another kind under
# one of these names could make GDAL open other files, or ask a network.
BEGINNINGS = {".gpkg": b"SQLite format 3\x00", ".shp": b"\x00\x00\x27\x0a"}
JSON_SUFFIXES = (".geojson", ".json")
# A shapefile keeps its codes and its coordinate system in files of their own.
SHAPEFILE_PARTS = (".cpg", ".dbf", ".prj", ".shp", ".shx")
# West, south, east, north around the country, wide enough for a coarse layer.
AROUND = (20.0, 40.4, 23.5, 42.8)
OUTSIDE = (
    "lies outside North Macedonia. Expected longitude 20.4 to 23.1, latitude 40.8 to 42.4; check "
    "the coordinate system and the order of the coordinates"
)


class BoundaryError(ValueError):
    """A file of boundaries that cannot be used."""


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Shapes of the municipalities.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        ``area_id``, ``is_tile``, ``geometry``: 80 rows by ``area_id``, in degrees.
    context : geopandas.GeoDataFrame
        The same columns for outlines that are drawn without a value; may be empty.
    origin : str
        Where they come from.
    is_schematic : bool
        Whether the map has to say that it is not for measuring.
    credit : str
        Whom a map names.
    sha256 : str
        Hash of the file.
    """

    frame: geopandas.GeoDataFrame
    context: geopandas.GeoDataFrame
    origin: Origin
    is_schematic: bool
    credit: str
    sha256: str


def load_boundaries(
    areas: pd.DataFrame, own_file: Path | None, snapshot: Path | None
) -> Boundaries:
    """Load boundaries from the best file there is.

    Parameters
    ----------
    areas : pandas.DataFrame
        The catalogue of areas, with ``area_id``, ``level`` and names.
    own_file : pathlib.Path, optional
        A file that the user has. It needs a column of codes (``area_id``) or of names.
    snapshot : pathlib.Path, optional
        Where the pinned download lies, if it was fetched.

    Returns
    -------
    Boundaries
        From ``own_file`` where given, else from ``snapshot`` where it exists, else schematic.

    Raises
    ------
    BoundaryError
        When a file that is there cannot be read, is another than the pinned one, names an
        unknown municipality or lacks one.
    """
    municipalities = areas.loc[areas["level"].eq("municipality")]
    if own_file is not None:
        shapes = _read(own_file)
        digest = _digest(*boundary_parts(own_file))
        frame = _match(shapes, municipalities, own_file.name)
        return Boundaries(frame, _nothing(), "own file", False, own_file.name, digest)  # noqa: FBT003
    if snapshot is not None and snapshot.is_file():
        digest = _digest(snapshot)
        if digest != PIN_SHA256:
            msg = (
                f"{snapshot.name} has the SHA-256 {digest}, expected {PIN_SHA256}. Delete the "
                f"file and run `patokaz fetch boundaries`."
            )
            raise BoundaryError(msg)
        frame = _match(_read(snapshot), municipalities, snapshot.name)
        return Boundaries(frame, _nothing(), "geoBoundaries", False, PIN_CREDIT, digest)  # noqa: FBT003
    kept = _schematic()
    # It ships with the package and is read once; who is given a frame may add to it.
    return replace(kept, frame=kept.frame.copy(), context=kept.context.copy())


def boundary_parts(path: Path) -> list[Path]:
    """Give the files that a file of boundaries consists of; several for a shapefile.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    list of pathlib.Path
        What has to be hashed to notice that the boundaries changed.
    """
    if path.suffix.lower() != ".shp":
        return [path]
    parts = {p.suffix.lower(): p for p in path.parent.iterdir() if p.stem == path.stem}
    return [parts[suffix] for suffix in SHAPEFILE_PARTS if suffix in parts]


@lru_cache(maxsize=1)
def _schematic() -> Boundaries:
    embedded = resources.files("analysis.sources") / "layers" / "mk_schematic.geojson"
    with resources.as_file(embedded) as path:
        shapes = _read(path)[["area_id", "is_tile", "geometry"]]
        digest = _digest(path)
    is_city = shapes["area_id"].eq(CITY)
    return Boundaries(
        frame=shapes.loc[~is_city].sort_values("area_id", ignore_index=True),
        context=shapes.loc[is_city].reset_index(drop=True),
        origin="schematic",
        is_schematic=True,
        credit=SCHEMATIC_CREDIT,
        sha256=digest,
    )


def _read(path: Path) -> geopandas.GeoDataFrame:
    try:
        shapes = _open(path)
    except Exception as broken:  # noqa: BLE001  # the readers raise many kinds: each means no map
        msg = (
            f"'{path.name}' cannot be read as a map: {broken}. Expected GeoJSON, GeoPackage or "
            f"a shapefile; replace or remove the file."
        )
        raise BoundaryError(msg) from None
    if shapes.crs is None or shapes.empty:
        what = "no shapes" if shapes.empty else "no coordinate system"
        msg = f"'{path.name}' has {what}. Save it again with both, or remove it."
        raise BoundaryError(msg)
    return shapes.to_crs(DEGREES)


def _open(path: Path) -> geopandas.GeoDataFrame:
    suffix = path.suffix.lower()
    if suffix in JSON_SUFFIXES:
        return _from_geojson(json.loads(path.read_bytes()))
    if suffix not in BEGINNINGS:
        msg = f"it ends in '{path.suffix}'"
        raise ValueError(msg)
    with path.open("rb") as file:
        if file.read(16).startswith(BEGINNINGS[suffix]):
            return geopandas.read_file(path)
    msg = f"its content is not that of a {suffix} file"
    raise ValueError(msg)


def _from_geojson(content: dict[str, Any]) -> geopandas.GeoDataFrame:
    if content.get("type") != "FeatureCollection" or not content.get("features"):
        msg = "it is not a GeoJSON feature collection with shapes"
        raise ValueError(msg)
    # In degrees; the member that once named another system is still written.
    named = (content.get("crs") or {}).get("properties", {}).get("name", DEGREES)
    return geopandas.GeoDataFrame.from_features(content["features"], crs=named)


def _sound(parts: geopandas.GeoDataFrame, file: str) -> geopandas.GeoDataFrame:
    """Refuse what is no area or lies elsewhere; mend an outline that crosses itself."""
    is_area = parts.geometry.geom_type.isin(["Polygon", "MultiPolygon"]) & ~parts.geometry.is_empty
    is_here = shapely.within(parts.geometry.envelope.to_numpy(), shapely.box(*AROUND))
    for is_good, what in (
        (is_area, "is not a polygon. Expected the outline of each municipality"),
        (is_here, OUTSIDE),
    ):
        if not is_good.all():
            first = parts.loc[~is_good, "area_id"].iloc[0]
            msg = f"'{file}': the shape of {first} {what}. Correct the file or remove it."
            raise BoundaryError(msg)
    mended = shapely.make_valid(parts.geometry.to_numpy(), method="structure", keep_collapsed=False)
    return parts.set_geometry(geopandas.GeoSeries(mended, index=parts.index, crs=DEGREES))


def _match(
    shapes: geopandas.GeoDataFrame, municipalities: pd.DataFrame, file: str
) -> geopandas.GeoDataFrame:
    ids = _identify(shapes, municipalities, file)
    parts = geopandas.GeoDataFrame({"area_id": ids}, geometry=shapes.geometry.values, crs=DEGREES)
    whole = (
        _sound(parts, file)
        .dissolve("area_id", as_index=False)
        .sort_values("area_id", ignore_index=True)
    )
    missing = municipalities.loc[~municipalities["area_id"].isin(whole["area_id"])]
    if len(missing):
        first = missing.iloc[0]
        msg = (
            f"'{file}' lacks {len(missing)} of {COUNT} municipalities, first {first['name_en']} "
            f"({first['area_id']}). Add them, or remove the file to use another layer."
        )
        raise BoundaryError(msg)
    return whole.assign(is_tile=False)[["area_id", "is_tile", "geometry"]]


def _identify(shapes: geopandas.GeoDataFrame, municipalities: pd.DataFrame, file: str) -> list[str]:
    codes = set(municipalities["area_id"])
    for column in CODE_COLUMNS:
        if column in shapes.columns:
            found = [str(code) for code in shapes[column]]
            strange = [code for code in found if code not in codes]
            if strange:
                msg = (
                    f"'{file}', column '{column}': '{strange[0]}' is not the code of a "
                    f"municipality, such as MK-703. Correct it or remove the row."
                )
                raise BoundaryError(msg)
            return found
    for column in NAME_COLUMNS:
        if column in shapes.columns:
            return [_by_name(str(name), municipalities, file) for name in shapes[column]]
    msg = (
        f"'{file}' has neither codes nor names. Expected a column '{CODE_COLUMNS[0]}' with codes "
        f"such as MK-703, or one of {', '.join(NAME_COLUMNS)}."
    )
    raise BoundaryError(msg)


def _by_name(name: str, municipalities: pd.DataFrame, file: str) -> str:
    key = _plain(name)
    if key in MERGED:
        return KICHEVO
    if key in SPELLINGS:
        return SPELLINGS[key]
    for column in ("name_en", "name_mk", "name_sq"):
        hits = municipalities.loc[municipalities[column].map(_plain).eq(key), "area_id"]
        if len(hits) == 1:
            return str(hits.iloc[0])
    msg = (
        f"'{file}': '{name}' is not a municipality that the catalogue knows. Add a column "
        f"'area_id' with codes such as MK-703; they leave no doubt."
    )
    raise BoundaryError(msg)


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(c for c in letters if c.isalnum())
    # The official transliteration writes Kavadartsi and the one of maps Kavadarci.
    return bare.replace("ts", "c")


def _nothing() -> geopandas.GeoDataFrame:
    columns = {"area_id": pd.Series(dtype=str), "is_tile": pd.Series(dtype=bool)}
    return geopandas.GeoDataFrame(
        columns, geometry=geopandas.GeoSeries([], crs=DEGREES), crs=DEGREES
    )


def _digest(*paths: Path) -> str:
    whole = hashlib.sha256()
    for path in paths:
        whole.update(path.read_bytes())
    return whole.hexdigest()
