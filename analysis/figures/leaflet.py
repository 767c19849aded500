"""Leaflet from its package, to stand in a page that loads nothing."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=1)
def load_leaflet() -> tuple[str, str]:
    """Read Leaflet's style and script from their package, without what they would load.

    Returns
    -------
    tuple of str
        CSS and JavaScript, to stand in the page itself.
    """
    folder = resources.files("xstatic.pkg.leaflet") / "data"
    css = (folder / "leaflet.css").read_text(encoding="utf-8")
    script = (folder / "leaflet.js").read_text(encoding="utf-8")
    # Its pictures are markers and a button of layers, which this map has not.
    css = re.sub(r"url\([^)]*\)", "none", css)
    return css, re.sub(r"//# sourceMappingURL=\S+", "", script)
