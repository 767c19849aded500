"""Boundaries come from the best file there is; a bad file is a sentence, never passed over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas
import pandas as pd
import pytest
import shapely
from shapely.geometry import LineString, Polygon, box

from analysis.catalog import load_areas
from analysis.sources import boundaries
from analysis.sources.boundaries import BoundaryError, load_boundaries
from analysis.sources.boundary_files import boundary_snapshot, workspace_boundaries
from analysis.sources.schematic_layer import make_layer, move, write_layer

if TYPE_CHECKING:
    from analysis.workspace import Workspace

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
AREAS = load_areas().frame
MUNICIPALITIES = AREAS.loc[AREAS["level"].eq("municipality")].reset_index(drop=True)
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the reference files are not beside this checkout"
)


def _square(place: int) -> Polygon:
    west, south = 20.5 + place % 10 / 4, 40.75 + place // 10 / 8
    return box(west, south, west + 0.25, south + 0.125)


def _squares(names: list[str], column: str) -> geopandas.GeoDataFrame:
    shapes = [_square(i) for i in range(len(names))]
    return geopandas.GeoDataFrame({column: names}, geometry=shapes, crs="EPSG:4326")


def _write(folder: Path, frame: geopandas.GeoDataFrame) -> Path:
    path = folder / "boundaries.geojson"
    path.write_text(frame.to_json(), encoding="utf-8")
    return path


def test_the_embedded_layer_has_every_municipality_once() -> None:
    found = load_boundaries(AREAS, None, None)
    assert list(found.frame["area_id"]) == sorted(MUNICIPALITIES["area_id"])
    assert found.frame.geometry.is_valid.all()
    assert found.is_schematic
    assert found.origin == "schematic"
    assert found.credit == "Natural Earth"
    assert list(found.context["area_id"]) == ["MK-SKOPJE"]


def test_the_ten_municipalities_of_skopje_are_equal_tiles_apart_from_everything() -> None:
    frame = load_boundaries(AREAS, None, None).frame
    tiles = frame.loc[frame["is_tile"]]
    city = set(MUNICIPALITIES.loc[MUNICIPALITIES["is_city_of_skopje"].eq("true"), "area_id"])
    assert set(tiles["area_id"]) == city
    sizes = {
        (round(b[2] - b[0], 3), round(b[3] - b[1], 3))
        for b in (shape.bounds for shape in tiles.geometry)
    }
    assert len(sizes) == 1
    rest = frame.loc[~frame["is_tile"]].union_all()
    assert tiles.union_all().intersection(rest).is_empty
    for one in tiles.itertuples():
        others = tiles.loc[tiles["area_id"].ne(one.area_id)].union_all()
        assert not one.geometry.intersects(others)


def test_no_gap_opens_between_neighbours() -> None:
    frame = load_boundaries(AREAS, None, None).frame
    assert shapely.coverage_is_valid(frame.loc[~frame["is_tile"]].geometry.to_numpy())


@pytest.mark.parametrize("column", ["area_id", "name_en", "name_mk"])
def test_a_file_of_ones_own_goes_first(tmp_path: Path, column: str) -> None:
    path = _write(tmp_path, _squares(list(MUNICIPALITIES[column]), column))
    found = load_boundaries(AREAS, path, tmp_path / "no-download")
    assert found.origin == "own file"
    assert not found.is_schematic
    assert list(found.frame["area_id"]) == sorted(MUNICIPALITIES["area_id"])
    place = int(MUNICIPALITIES.index[MUNICIPALITIES["area_id"].eq("MK-703")][0])
    kumanovo = found.frame.loc[found.frame["area_id"].eq("MK-703")].geometry.iloc[0]
    assert kumanovo.equals(_square(place))


def test_the_four_former_municipalities_become_kichevo(tmp_path: Path) -> None:
    names = [*MUNICIPALITIES["name_en"], "Drugovo", "Oslomej", "Vraneshtitsa", "Zajas"]
    path = _write(tmp_path, _squares(names, "shapeName"))
    found = load_boundaries(AREAS, path, None).frame
    kichevo = found.loc[found["area_id"].eq("MK-307")].geometry.iloc[0]
    assert len(found) == 80
    assert kichevo.area == pytest.approx(5 * _square(0).area)


def test_the_official_spelling_is_understood(tmp_path: Path) -> None:
    names = list(
        MUNICIPALITIES["name_en"].replace({"Kavadarci": "Kavadartsi", "Debrca": "Debartsa"})
    )
    path = _write(tmp_path, _squares(names, "shapeName"))
    assert len(load_boundaries(AREAS, path, None).frame) == 80


@pytest.mark.parametrize(
    ("names", "column", "sentence"),
    [
        (["Atlantis"], "name_en", "'Atlantis' is not a municipality that the catalogue knows"),
        (["MK-999"], "area_id", "'MK-999' is not the code of a municipality"),
        (["Kumanovo"], "name_en", r"lacks 79 of 80 municipalities, first Veles \(MK-101\)"),
        (["x"], "colour", "has neither codes nor names"),
    ],
)
def test_a_bad_file_is_a_sentence(
    tmp_path: Path, names: list[str], column: str, sentence: str
) -> None:
    path = _write(tmp_path, _squares(names, column))
    with pytest.raises(BoundaryError, match=sentence):
        load_boundaries(AREAS, path, None)


def test_a_file_that_is_no_map_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "boundaries.geojson"
    path.write_text("not a map", encoding="utf-8")
    with pytest.raises(BoundaryError, match=r"'boundaries\.geojson' cannot be read as a map"):
        load_boundaries(AREAS, path, None)


@pytest.mark.parametrize("name", ["absent.geojson", "boundaries.kml", "boundaries.gpkg"])
def test_a_file_that_is_absent_or_of_another_kind_is_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "boundaries.kml").write_text("<kml/>", encoding="utf-8")
    (tmp_path / "boundaries.gpkg").write_text("<kml/>", encoding="utf-8")
    with pytest.raises(BoundaryError, match=f"'{name}' cannot be read as a map"):
        load_boundaries(AREAS, tmp_path / name, None)


def test_a_file_cannot_send_the_reader_elsewhere(tmp_path: Path) -> None:
    good = _write(tmp_path, _squares(list(MUNICIPALITIES["area_id"]), "area_id"))
    bad = tmp_path / "other.geojson"
    bad.write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="boundaries"><SrcDataSource>{good}</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>",
        encoding="utf-8",
    )
    with pytest.raises(BoundaryError, match=r"'other\.geojson' cannot be read as a map"):
        load_boundaries(AREAS, bad, None)


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        (_square(5).centroid, "the shape of MK-106 is not a polygon"),
        (LineString([(21, 41), (22, 42)]), "the shape of MK-106 is not a polygon"),
        (None, "the shape of MK-106 is not a polygon"),
        (box(41.0, 21.0, 41.1, 21.1), "the shape of MK-106 lies outside North Macedonia"),
        (box(2.1e6, 4.1e6, 2.2e6, 4.2e6), "the shape of MK-106 lies outside North Macedonia"),
    ],
)
def test_a_shape_that_cannot_be_a_municipality_is_named(
    tmp_path: Path, shape: Polygon | None, sentence: str
) -> None:
    frame = _squares(list(MUNICIPALITIES["area_id"]), "area_id")
    place = int(frame.index[frame["area_id"].eq("MK-106")][0])
    shapes = list(frame.geometry)
    shapes[place] = shape
    path = _write(tmp_path, frame.set_geometry(shapes, crs="EPSG:4326"))
    with pytest.raises(BoundaryError, match=sentence):
        load_boundaries(AREAS, path, None)


def test_an_outline_that_crosses_itself_is_mended(tmp_path: Path) -> None:
    frame = _squares(list(MUNICIPALITIES["area_id"]), "area_id")
    shapes = list(frame.geometry)
    shapes[5] = Polygon([(21, 41), (21.2, 41.2), (21.2, 41), (21, 41.2)])
    path = _write(tmp_path, frame.set_geometry(shapes, crs="EPSG:4326"))
    found = load_boundaries(AREAS, path, None).frame
    assert found.geometry.is_valid.all()
    assert found.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).all()


@pytest.mark.parametrize("name", ["boundaries.gpkg", "boundaries.shp"])
def test_a_file_in_metres_is_read_and_hashed_whole(tmp_path: Path, name: str) -> None:
    frame = _squares(list(MUNICIPALITIES["area_id"]), "area_id")
    first = int(frame["area_id"].argmin())
    folders = [tmp_path / "one", tmp_path / "two"]
    codes = [list(frame["area_id"]), list(frame["area_id"])[::-1]]
    for folder, column in zip(folders, codes, strict=True):
        folder.mkdir()
        frame.assign(area_id=column).to_crs("EPSG:32634").to_file(folder / name)
    one, two = (load_boundaries(AREAS, folder / name, None) for folder in folders)
    overlap = one.frame.geometry.iloc[0].intersection(_square(first)).area
    assert overlap == pytest.approx(_square(first).area, rel=1e-6)
    assert one.sha256 != two.sha256, "the codes of a shapefile lie in another file than its shapes"


def test_a_download_with_other_bytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "geoBoundaries-MKD-ADM2.geojson"
    path.write_bytes(b"{}")
    with pytest.raises(BoundaryError, match=r"has the SHA-256 44136fa.*expected 0a0d7340"):
        load_boundaries(AREAS, None, path)


def test_the_pinned_download_goes_before_the_embedded_layer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _write(tmp_path, _squares(list(MUNICIPALITIES["name_en"]), "shapeName"))
    monkeypatch.setattr(boundaries, "PIN_SHA256", boundaries._digest(path))
    found = load_boundaries(AREAS, None, path)
    assert (found.origin, found.is_schematic) == ("geoBoundaries", False)
    assert "CC BY 4.0" in found.credit


def test_a_workspace_looks_into_received_first(own_workspace: Workspace) -> None:
    assert workspace_boundaries(own_workspace).origin == "schematic"
    own_workspace.received.mkdir(parents=True)
    _write(own_workspace.received, _squares(list(MUNICIPALITIES["area_id"]), "area_id"))
    assert workspace_boundaries(own_workspace).origin == "own file"
    assert not boundary_snapshot(own_workspace).exists()


def test_the_layer_is_moved_as_a_whole_and_written_alike() -> None:
    frame = geopandas.GeoDataFrame(
        {
            "area_id": ["MK-801", "MK-703"],
            "is_city_of_skopje": [True, False],
        },
        geometry=[box(21.0, 42.0, 21.2, 42.2), box(21.2, 42.0, 21.4, 42.2)],
        crs="EPSG:4326",
    )
    layer = make_layer(frame)
    found = {f["properties"]["area_id"]: f for f in layer["features"]}
    assert found["MK-801"]["properties"]["is_tile"]
    corner = shapely.geometry.shape(found["MK-703"]["geometry"]).bounds
    assert corner[0] == pytest.approx(21.2 + 700 / (111_320 * 0.7478), abs=1e-4)
    assert corner[1] == pytest.approx(42.0 + 1_200 / 111_320, abs=1e-4)
    assert write_layer(layer) == write_layer(json.loads(write_layer(layer)))
    one, two = move(box(0, 0, 1, 1)), move(box(1, 0, 2, 1))
    assert one.bounds[2] == two.bounds[0], "neighbours still touch"


@needs_shared
def test_the_embedded_layer_is_made_again_to_the_same_bytes() -> None:
    source = SHARED / "open" / "mk_municipalities_80_naturalearth.geojson"
    shapes = geopandas.read_file(source).rename(columns={"iso_3166_2": "area_id"})
    shapes["is_city_of_skopje"] = shapes["city_of_skopje"].astype(int).eq(1)
    held = Path(boundaries.__file__).parent / "layers" / "mk_schematic.geojson"
    assert write_layer(make_layer(shapes)) == held.read_bytes()


@needs_shared
def test_the_real_download_gives_the_80_municipalities_of_today() -> None:
    folder = SHARED / "files" / "boundaries"
    found = load_boundaries(AREAS, None, folder / "geoBoundaries-MKD-ADM2.geojson").frame
    expected = geopandas.read_file(folder / "mk_municipalities_80.geojson")
    expected = expected.set_index("iso_3166_2").geometry.loc[list(found["area_id"])]
    ours = pd.Series(found.geometry.to_numpy(), index=expected.index)
    for area_id, shape in ours.items():
        other = expected[area_id]
        assert shape.intersection(other).area / shape.union(other).area > 0.999, area_id
