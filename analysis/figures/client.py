"""Who draws: the picture service where there is one, else this process; the bytes are the same.

What was drawn last is kept here: the pictures of the country are the same on the page of every
municipality, and a process that publishes several of them draws each once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
import socket
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from analysis.figures.render import render_png, render_svg
from analysis.figures.wire import MessageError, receive_message, send_message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VARIABLE = "PATOKAZ_PICTURES"
# A drawing takes tenths of a second; a queue of some dozen of them may stand before it.
PATIENCE = 60.0

LOG = logging.getLogger(__name__)
# Services that did not answer as agreed: they are asked no more, and told of once.
_FAILED: set[str] = set()
# The pictures of three pages, as SVG and PNG; some megabytes at the most.
KEPT = 32
_KEPT: OrderedDict[bytes, bytes] = OrderedDict()
_LOCK = threading.Lock()


def draw_svg(specification: Mapping[str, Any], marks: Mapping[str, Any]) -> str:
    """Draw a specification, in the picture service where there is one.

    Parameters
    ----------
    specification : mapping
        Vega-Lite.
    marks : mapping
        Decimal and thousands marks, as d3-format wants them.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        When it is no specification that can be drawn.
    """
    asked = {"draw": "svg", "specification": dict(specification), "marks": dict(marks)}
    return _draw(asked, lambda: render_svg(specification, marks).encode()).decode()


def draw_png(svg: str, scale: float) -> bytes:
    """Draw an SVG as PNG, in the picture service where there is one.

    Parameters
    ----------
    svg : str
        As :func:`draw_svg` gives it.
    scale : float

    Returns
    -------
    bytes
    """
    asked = {"draw": "png", "svg": svg, "scale": scale}
    return _draw(asked, lambda: render_png(svg, scale))


def forget_drawings() -> None:
    """Let go of all that was drawn."""
    with _LOCK:
        _KEPT.clear()


def _draw(message: dict[str, Any], draw: Callable[[], bytes]) -> bytes:
    key = hashlib.sha256(json.dumps(message).encode("ascii")).digest()
    with _LOCK:
        if key in _KEPT:
            _KEPT.move_to_end(key)
            return _KEPT[key]
    drawn = _ask(message) or draw()
    with _LOCK:
        _KEPT[key] = drawn
        while len(_KEPT) > KEPT:
            _KEPT.popitem(last=False)
    return drawn


def _ask(message: dict[str, Any]) -> bytes:
    """Ask the service; nothing where there is none, or none that answers as agreed."""
    path = os.environ.get(VARIABLE, "")
    if not path or path in _FAILED:
        return b""
    try:
        return _exchange(path, message)
    except (OSError, ValueError) as failure:
        _FAILED.add(path)
        LOG.warning(
            "The picture service at %s does not answer as agreed (%s). Pictures are drawn in this "
            "process from now on: the same, but slower.",
            path,
            str(failure) or type(failure).__name__,
        )
        return b""


def _exchange(path: str, message: dict[str, Any]) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(PATIENCE)
        connection.connect(path)
        try:
            send_message(connection, message)
        except MessageError as refused:
            LOG.info("%s It is drawn in this process.", refused)
            return b""
        answer = receive_message(connection)
    if "failed" in answer:
        # It would fail here in the same way, with the words of the renderer.
        return b""
    drawn = answer.get("drawn")
    if not isinstance(drawn, str) or not drawn:
        msg = f"it answered with {', '.join(sorted(answer)) or 'nothing'} instead of a picture"
        raise MessageError(msg)
    return base64.b64decode(drawn, validate=True) if message["draw"] == "png" else drawn.encode()
