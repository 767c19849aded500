"""What browsers are told that a page may load.

One word that a strict policy does without remains: ``'unsafe-inline'`` for styles. Charts are
SVG with ``style`` attributes, and the widgets of Jupyter write ``<style>`` elements while they
run. A style runs no code, and may load nothing from elsewhere here. Scripts need none of the
words: those of a dashboard carry a nonce or come from this server, and text is never run as code.

Static pages hold neither script nor place for one, and get the strictest policy.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

COMMON = (
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "form-action 'self'",
    "base-uri 'self'",
    "object-src 'none'",
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def make_nonce() -> str:
    """Draw a word that scripts of one page carry, and nobody can know beforehand."""
    return secrets.token_urlsafe(18)


def page_policy(embedders: Iterable[str] = ()) -> str:
    """Give the policy of static pages and sentences: no script at all.

    Parameters
    ----------
    embedders : iterable of str
        Origins whose pages may show ours in a frame, as ``https://www.example.mk``.

    Returns
    -------
    str
    """
    return "; ".join(
        (*COMMON, _say_ancestors(embedders), "script-src 'none'", "connect-src 'self'")
    )


def _say_ancestors(embedders: Iterable[str]) -> str:
    return " ".join(("frame-ancestors 'self'", *embedders))


def dashboard_policy(hosts: Iterable[str], nonce: str = "", embedders: Iterable[str] = ()) -> str:
    """Give the policy of a dashboard.

    Parameters
    ----------
    hosts : iterable of str
        Names of the server: some browsers do not count its sockets as ``'self'``.
    nonce : str
        What the scripts of the page carry; blank where its template has no place for it, so that
        scripts in the page itself are let through by their place.
    embedders : iterable of str
        Origins whose pages may show ours in a frame.

    Returns
    -------
    str

    Examples
    --------
    >>> "'unsafe-inline'" in dashboard_policy(["localhost"], "abc").partition("script-src")[2]
    False
    """
    inline = f"'nonce-{nonce}'" if nonce else "'unsafe-inline'"
    # An address with colons cannot be named in a policy.
    named = sorted(host for host in hosts if ":" not in host)
    sockets = " ".join(f"{kind}://{host}:*" for host in named for kind in ("ws", "wss"))
    return "; ".join(
        (
            *COMMON,
            _say_ancestors(embedders),
            f"script-src 'self' {inline}",
            f"connect-src 'self' {sockets}",
        )
    )
