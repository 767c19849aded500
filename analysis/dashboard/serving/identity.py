"""Who may read: everybody at this machine, or who has signed in.

It is what Jupyter Server asks for an identity, so that its own addresses go by it too. A reader
has no name here: that somebody has signed in is all that is kept, in a cookie that nobody can
make without the secret of this server, and that ends with it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jupyter_server.auth.identity import IdentityProvider, User
from traitlets import Bool, Unicode

from analysis.dashboard.serving.options import ServeError, is_loopback

if TYPE_CHECKING:
    from pathlib import Path

    from tornado.web import RequestHandler

# Names of cookies know no port: two servers of one machine must not take each other's.
SIGNED = "patokaz-reader-{port}"
DAYS = 0.5
READER = "reader"
HASHES = ("argon2:", "sha1:", "sha256:", "sha512:")
OPENID = frozenset({"issuer", "client", "secret_file", "allow"})


@dataclass(frozen=True, slots=True)
class OpenId:
    """An institution's own sign-in.

    Parameters
    ----------
    issuer : str
        Its address, as the provider names it.
    client : str
        What this server is called there.
    secret : str
        What it proves that with.
    allow : tuple of str
        Addresses of readers, or ``@kumanovo.gov.mk`` for all of a domain.
    """

    issuer: str
    client: str
    secret: str
    allow: tuple[str, ...]

    def lets_in(self, claims: dict[str, Any]) -> bool:
        """Say whether a reader may read.

        Parameters
        ----------
        claims : dict
            What the provider says of the reader. An address that it has not verified is none.

        Returns
        -------
        bool

        Examples
        --------
        >>> wanted = OpenId("https://a", "b", "c", ("@kumanovo.gov.mk",))
        >>> wanted.lets_in({"email": "Ana@kumanovo.gov.mk", "email_verified": True})
        True
        >>> wanted.lets_in({"email": "ana@evil-kumanovo.gov.mk", "email_verified": True})
        False
        """
        address = str(claims.get("email", "")).casefold()
        if claims.get("email_verified") is not True or address.count("@") != 1:
            return False
        wanted = {text.casefold() for text in self.allow}
        return address in wanted or f"@{address.partition('@')[2]}" in wanted


@dataclass(frozen=True, slots=True)
class Way:
    """How one signs in: with a password, at an institution, or not at all.

    Parameters
    ----------
    password : str
        As ``patokaz password`` writes it; blank for none.
    openid : OpenId, optional
    """

    password: str = ""
    openid: OpenId | None = None

    @property
    def is_asked(self) -> bool:
        """Whether one has to sign in."""
        return bool(self.password or self.openid)


def read_way(path: Path | None) -> Way:
    """Read the file that says how one signs in.

    Parameters
    ----------
    path : pathlib.Path, optional
        None: nobody has to.

    Returns
    -------
    Way

    Raises
    ------
    ServeError
        When it cannot be read, says neither or both, or others may read it.
    """
    if path is None:
        return Way()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as failure:
        msg = f"The file '{path}' of --identity cannot be read: {failure}."
        raise ServeError(msg) from None
    if path.stat().st_mode & 0o007:
        msg = f"Everybody on this machine may read '{path}'. Type: chmod 640 {path}"
        raise ServeError(msg)
    if set(found) not in ({"password"}, {"openid"}):
        msg = (
            f"'{path}' has {', '.join(sorted(found)) or 'nothing'}. It has to have either "
            f"password (made with `patokaz password {path.name}`) or [openid]."
        )
        raise ServeError(msg)
    if "openid" in found:
        return Way(openid=_read_openid(path, found["openid"]))
    if not str(found["password"]).startswith(HASHES):
        msg = (
            f"The password in '{path}' stands there as it is typed. Make the file with "
            f"`patokaz password {path.name}`: it then holds what only proves it."
        )
        raise ServeError(msg)
    return Way(password=str(found["password"]))


def _read_openid(path: Path, found: dict[str, Any]) -> OpenId:
    missing = OPENID - set(found)
    if missing or set(found) - OPENID:
        wrong = ", ".join(sorted(missing or set(found) - OPENID))
        what = "lacks" if missing else "has the unknown"
        msg = f"[openid] in '{path}' {what} {wrong}. It has {', '.join(sorted(OPENID))}."
        raise ServeError(msg)
    issuer = str(found["issuer"])
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        msg = f"The issuer '{issuer}' in '{path}' is not a secure address. It begins with https://."
        raise ServeError(msg)
    if not found["allow"] or not isinstance(found["allow"], list):
        msg = f"allow in '{path}' names nobody. List addresses, or '@example.mk' for a domain."
        raise ServeError(msg)
    try:
        secret = (path.parent / str(found["secret_file"])).read_text(encoding="utf-8").strip()
    except OSError as failure:
        msg = f"The secret_file that '{path}' names cannot be read: {failure.strerror}."
        raise ServeError(msg) from None
    return OpenId(issuer, str(found["client"]), secret, tuple(map(str, found["allow"])))


class Identity(IdentityProvider):
    """What Jupyter Server asks who a reader is."""

    way: Way = Way()
    # Asked for by handlers of Jupyter: there is no other way in than ours.
    token = Unicode("")
    need_token = Bool(default_value=False)

    @property
    def auth_enabled(self) -> bool:
        """Whether one has to sign in."""
        return self.way.is_asked

    @property
    def login_available(self) -> bool:
        """Whether Jupyter's own form is there: it never is."""
        return False

    def get_handlers(self) -> list[tuple[str, object]]:
        """Give no address of Jupyter's."""
        return []

    def get_user(self, handler: RequestHandler) -> User | None:
        """Say who a reader is; None for a stranger."""
        return User(READER) if self.knows(handler) else None

    def should_check_origin(self, handler: RequestHandler) -> bool:  # noqa: ARG002
        """Never take what another site has sent."""
        return True

    def is_token_authenticated(self, handler: RequestHandler) -> bool:  # noqa: ARG002
        """Nobody comes with a token."""
        return False

    def knows(self, handler: RequestHandler) -> bool:
        """Say whether a reader may read.

        Parameters
        ----------
        handler : tornado.web.RequestHandler

        Returns
        -------
        bool
        """
        if not self.way.is_asked:
            return True
        name = find_cookie_name(handler, SIGNED)
        return handler.get_signed_cookie(name, max_age_days=DAYS) == READER.encode()

    def let_in(self, handler: RequestHandler) -> None:
        """Remember that a reader has signed in, for half a day."""
        set_secret(handler, SIGNED, READER, days=DAYS)


def find_cookie_name(handler: RequestHandler, name: str) -> str:
    """Name a cookie of this server alone."""
    return name.format(port=handler.settings["port"])


def set_secret(
    handler: RequestHandler, name: str, value: str, *, days: float | None = None
) -> None:
    """Set a cookie that scripts cannot read and other sites cannot send.

    Parameters
    ----------
    handler : tornado.web.RequestHandler
    name : str
        With a place for the port.
    value : str
        Signed, not hidden.
    days : float, optional
        As long as the browser is open unless given.
    """
    handler.set_signed_cookie(
        find_cookie_name(handler, name),
        value,
        expires_days=days,
        httponly=True,
        samesite="Lax",
        secure=handler.request.protocol == "https",
    )
