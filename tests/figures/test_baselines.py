"""Each kind of chart as a picture: it looks as it did when somebody last looked at it.

To renew them after a wanted change, say `make pictures`, and look at each picture that changed
before it is kept.
"""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from figures.gallery import GALLERY, draw_sample

from analysis.figures.export import to_png
from analysis.text import LANGUAGES

BASELINE = Path(__file__).parent / "baseline"
RENEW = "PATOKAZ_RENEW_PICTURES"
MAPS = {"map", "map_points", "map_squares"}
# A renderer for another processor may round the edge of a letter otherwise; a mark, a word or a
# colour that changes moves pixels by far more.
LEVELS = 8
SCALE = 0.72
LARGEST = 1_800_000
CASES = [
    (kind, language, look)
    for kind in GALLERY
    for language in ("mk", "en")
    for look in ("light", "dark")
    # A map keeps its white paper in the dark.
    if kind not in MAPS or look == "light"
]


def draw_case(kind: str, language: str, look: str) -> bytes:
    return to_png(draw_sample(kind, language), LANGUAGES[language], SCALE, look=look)


@pytest.mark.parametrize(("kind", "language", "look"), CASES)
def test_the_picture_is_the_one_that_was_looked_at(kind, language, look, tmp_path):
    path = BASELINE / f"{kind}_{language}_{look}.png"
    drawn = draw_case(kind, language, look)
    if os.environ.get(RENEW):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(drawn)
    said = differ(path.read_bytes(), drawn)
    if said:
        new = tmp_path / path.name
        new.write_bytes(drawn)
        pytest.fail(f"{path.name}: {said}. The new picture: {new}. Wanted? Set {RENEW}=1 and look.")


@pytest.mark.parametrize("kind", sorted(MAPS))
def test_a_map_keeps_its_white_paper_in_the_dark(kind):
    assert draw_case(kind, "mk", "dark") == draw_case(kind, "mk", "light")


def test_no_picture_lies_there_that_nothing_draws_and_all_are_small():
    names = {path.name for path in BASELINE.iterdir()}
    assert names == {f"{kind}_{language}_{look}.png" for kind, language, look in CASES}
    assert sum(path.stat().st_size for path in BASELINE.iterdir()) < LARGEST


def differ(old: bytes, new: bytes) -> str:
    """Say how two pictures differ; blank where one would not see it."""
    if old == new:
        return ""
    before, after = read_pixels(old), read_pixels(new)
    if before.shape != after.shape:
        return f"high, wide and depth are {after.shape}, were {before.shape}"
    far = (np.abs(before.astype(int) - after.astype(int)) > LEVELS).any(axis=2)
    return f"{int(far.sum())} of {far.size} pixels differ" if far.any() else ""


def read_pixels(content: bytes) -> np.ndarray:
    """Read a PNG of eight bits a channel, as the renderer writes them."""
    place, packed = 8, b""
    wide = high = depth = 0
    while place < len(content):
        size, kind = struct.unpack_from(">I4s", content, place)
        body = content[place + 8 : place + 8 + size]
        if kind == b"IHDR":
            wide, high, bits, colour, *_ = struct.unpack(">IIBBBBB", body)
            depth = {2: 3, 6: 4}[colour]
            assert bits == 8
        elif kind == b"IDAT":
            packed += body
        place += size + 12
    lines = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(high, wide * depth + 1)
    pixels = np.zeros((high + 1, wide + 1, depth), dtype=np.int64)
    for row, line in enumerate(lines, start=1):
        undo(int(line[0]), line[1:].reshape(wide, depth), pixels[row - 1], pixels[row])
    return pixels[1:, 1:].astype(np.uint8)


def undo(way: int, line: np.ndarray, above: np.ndarray, out: np.ndarray) -> None:
    if way in {0, 2}:
        out[1:] = (line + (above[1:] if way else 0)) % 256
        return
    if way == 1:
        out[1:] = np.cumsum(line, axis=0, dtype=np.int64) % 256
        return
    for x in range(1, len(out)):
        left, up, corner = out[x - 1], above[x], above[x - 1]
        guess = (left + up) // 2 if way == 3 else choose_near(left, up, corner)
        out[x] = (line[x - 1] + guess) % 256


def choose_near(left: np.ndarray, up: np.ndarray, corner: np.ndarray) -> np.ndarray:
    """Give whichever of three lies nearest to where they point: the fourth filter of PNG."""
    to_left, to_up = np.abs(up - corner), np.abs(left - corner)
    to_corner = np.abs(left + up - 2 * corner)
    nearer = np.where(to_up <= to_corner, up, corner)
    return np.where((to_left <= to_up) & (to_left <= to_corner), left, nearer)


MUTATIONS = {
    "a mark": lambda spec: spec["layer"].pop(1),
    "a label": lambda spec: spec["datasets"]["words"][0].update(label="114"),
    "a colour": lambda spec: spec["layer"][0]["mark"].update(color="#0b4f9a"),
    "a length": lambda spec: spec["datasets"]["bars"][1].update(count=41.0),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_changed_picture_is_told(name):
    class Changed:
        def to_dict(self):
            spec = draw_sample("cascade", "en").to_dict()
            MUTATIONS[name](spec)
            return spec

    drawn = to_png(Changed(), LANGUAGES["en"], SCALE)
    assert "pixels differ" in differ((BASELINE / "cascade_en_light.png").read_bytes(), drawn)
