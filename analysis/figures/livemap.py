"""The map that one moves: folium's, with Leaflet inside and nothing from a network.

No tiles of pictures: whoever serves them learns what officials look at, and a closed network has
none. The list of municipalities comes first and says all that the map shows; it is what one reads
without seeing, and moves through with the keyboard.
"""

from __future__ import annotations

import html
import re
from dataclasses import asdict, dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

import folium
from branca.element import Element, MacroElement
from folium.template import Template

from analysis.figures.leaflet import load_leaflet
from analysis.figures.map_layout import lay_out_country, lay_out_squares
from analysis.figures.map_marks import EDGE, POINTS
from analysis.figures.map_shapes import list_areas, list_key, list_shapes
from analysis.figures.map_views import map_views
from analysis.figures.theme import FONT, HERE, INK, NO_DATA_FILL, PAPER, QUIET, REGION, RULE

if TYPE_CHECKING:
    from analysis.figures.area_map import AreaMap, MapNotes
    from analysis.sources.boundaries import Boundaries

OUTSIDE = re.compile(
    r"""(?:\bsrc\s*=|<link\b[^>]*\bhref\s*=|@import|url\()\s*["']?\s*(?:https?:)?//[^"'\s)>]+""",
    re.IGNORECASE,
)
CLOSEST = 10


class LiveMapError(ValueError):
    """A map that would ask a network for something."""


@dataclass(frozen=True, slots=True)
class MapWords:
    """The words of a map that one moves, in the reader's language.

    Parameters
    ----------
    language : str
        BCP 47 code.
    title : str
        Accessible name of the map.
    listed : str
        What the list is called.
    help : str
        How one moves through the list.
    show_as, as_map, as_tiles : str
        The switch, and what it offers.
    zoom_in, zoom_out, whole : str
        Names of the buttons; ``whole`` shows the whole country.
    """

    language: str
    title: str
    listed: str
    help: str
    show_as: str
    as_map: str
    as_tiles: str
    zoom_in: str
    zoom_out: str
    whole: str


def live_map(
    shown: AreaMap,
    boundaries: Boundaries,
    words: MapWords,
    notes: MapNotes,
    style: str = "",
    nonce: str = "",
    *,
    is_near: bool = False,
    is_squares: bool = False,
) -> str:
    """Draw municipalities with a list of them, as a map and as squares of equal size.

    Parameters
    ----------
    shown : AreaMap
    boundaries : Boundaries
    words : MapWords
    notes : MapNotes
        Words that stand on the map.
    style : str
        Further CSS, for a font of the page for instance.
    nonce : str
        Mark of the page's own scripts, where its server lets no others run.
    is_near : bool
        Whether it begins at the municipality that is outlined; otherwise with the whole country.
    is_squares : bool
        Whether it begins with the squares; otherwise with the map.

    Returns
    -------
    str
        A whole HTML document for an ``<iframe srcdoc>``. The same for the same arguments.

    Raises
    ------
    LiveMapError
        When the document would load something over a network.
    """
    drawn = folium.Map(
        tiles=None,
        zoom_control=False,
        attribution_control=False,
        zoom_snap=0.1,
        zoom_delta=0.5,
        min_zoom=5,
        max_zoom=12,
        prefer_canvas=False,
        fade_animation=False,
        zoom_animation=False,
    )
    # Instance attributes: folium's own lists name content networks.
    drawn.default_js, drawn.default_css = [], []
    # Folium draws names by lot; ours are fixed, so that the same map is the same bytes.
    drawn._id = "country"  # noqa: SLF001  # there is no public way to name an element
    frame = _Frame(shown, boundaries, words, notes, style, is_near=is_near, is_squares=is_squares)
    # Folium puts what is there before it draws in front of the map.
    root: Any = drawn.get_root()
    root.html.add_child(_Body(frame))
    drawn.add_child(frame)
    page = _plain_viewport(root.render(), words)
    if nonce:
        page = page.replace("<script>", f'<script nonce="{nonce}">')
    found = outside_resources(page)
    if found:
        msg = (
            f"The map would load {found[0]!r} over a network. A map is one file: put what it "
            f"needs into the page."
        )
        raise LiveMapError(msg)
    return page


def outside_resources(page: str) -> list[str]:
    """List what a page would load over a network; a link that a reader may follow is none.

    Examples
    --------
    >>> outside_resources('<script src="//cdn.example/x.js"></script><a href="http://b.example">')
    ['src="//cdn.example/x.js']
    """
    return OUTSIDE.findall(page)


def _plain_viewport(page: str, words: MapWords) -> str:
    head = f'<html lang="{html.escape(words.language, quote=True)}">'
    title = f"<head>\n<title>{html.escape(words.title)}</title>"
    page = page.replace("<html>", head, 1).replace("<head>", title, 1)
    # Folium forbids pinching; who reads with enlargement needs it.
    return re.sub(r",\s*maximum-scale=1\.0,\s*user-scalable=no", "", page)


class _Body(Element):
    """What stands before the map in the page: the list, the switch, the key."""

    def __init__(self, frame: _Frame) -> None:
        super().__init__()
        self._frame = frame
        self._id = "body"

    def render(self, **_: Any) -> str:
        """Write the markup."""
        return str(self._frame._template.module.body(self._frame))  # noqa: SLF001


class _Frame(MacroElement):
    """What stands on and around the map: Leaflet itself, list, shapes, key, buttons."""

    _template = Template(
        (resources.files("analysis.figures") / "templates" / "livemap.html.j2").read_text("utf-8")
    )

    def __init__(
        self,
        shown: AreaMap,
        boundaries: Boundaries,
        words: MapWords,
        notes: MapNotes,
        style: str,
        *,
        is_near: bool,
        is_squares: bool,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca has no types here
        self._name, self._id = "Frame", "frame"
        self.shown, self.words = shown, words
        self.css, self.leaflet = load_leaflet()
        self.style = style
        self.colours: dict[str, Any] = {
            "font": FONT,
            "ink": INK,
            "quiet": QUIET,
            "rule": RULE,
            "paper": PAPER,
            "here": HERE,
            "chosen": REGION,
            "ground": NO_DATA_FILL,
            "edge": EDGE,
            **POINTS,
        }
        country, squares = lay_out_country(boundaries), lay_out_squares()
        self.areas = list_areas(shown, country, squares)
        self.key = list_key(shown)
        whole, near = map_views(country, shown.here)
        self.data = {
            "areas": self.areas,
            "here": shown.here,
            "words": asdict(words),
            "closest": CLOSEST,
            "view": "tiles" if is_squares else "map",
            "views": {
                "map": {
                    **list_shapes(country),
                    "note": notes.schematic if country.is_schematic else "",
                    "inset": notes.inset,
                    "whole": whole,
                    "first": near if is_near else whole,
                },
                "tiles": {
                    **list_shapes(squares),
                    "note": notes.tiles,
                    "inset": "",
                    "whole": map_views(squares, "")[0],
                    "first": map_views(squares, "")[0],
                },
            },
        }
