"""Signing in at an institution's own provider (OpenID Connect, authorisation code with PKCE).

What the provider says of a reader comes to this server directly, over a secure line whose other
end has proved itself, which is what the standard asks for where the signature of the answer is
not looked at (OpenID Connect Core 1.0, 3.1.3.7, 6). Nothing of it is kept.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

from analysis.dashboard.frame import sentence_page
from analysis.dashboard.serving.guard import LOG, Guarded
from analysis.dashboard.serving.identity import find_cookie_name, set_secret
from analysis.dashboard.serving.signing import find_next
from analysis.text import mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.dashboard.serving.identity import OpenId

BACK = "/sign-in/back"
UNDER_WAY = "patokaz-signing-in-{port}"
TEN_MINUTES = 10 / 24 / 60
# Clocks of two machines differ.
LEEWAY = 60
TIMEOUT = 10.0
NOT_LET_IN = mark("You have signed in, but this server has not been told to let you read.")
NOT_SIGNED_IN = mark("Signing in did not work. Please try again.")


class SignInError(ValueError):
    """An answer of the provider that proves nothing."""


def start_address(
    provider: Mapping[str, Any], openid: OpenId, back: str, secret: Mapping[str, str]
) -> str:
    """Give the address at which a reader signs in.

    Parameters
    ----------
    provider : mapping
        What the provider says of itself.
    openid : OpenId
    back : str
        Where the reader comes back to.
    secret : mapping of str to str
        ``state``, ``nonce`` and ``verifier`` of this reader.

    Returns
    -------
    str
    """
    digest = hashlib.sha256(secret["verifier"].encode()).digest()
    asked = {
        "response_type": "code",
        "scope": "openid email",
        "client_id": openid.client,
        "redirect_uri": back,
        "state": secret["state"],
        "nonce": secret["nonce"],
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return f"{provider['authorization_endpoint']}?{urlencode(asked)}"


def read_claims(token: str, openid: OpenId, nonce: str, now: float) -> dict[str, Any]:
    """Read what a provider says of a reader.

    Parameters
    ----------
    token : str
        As it came from the provider directly.
    openid : OpenId
    nonce : str
        What this reader's sign-in began with.
    now : float
        Seconds since 1970.

    Returns
    -------
    dict

    Raises
    ------
    SignInError
        When it is for somebody else, from somebody else, of another sign-in, or too old.
    """
    try:
        body = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        facts = {
            "issuer": claims["iss"] == openid.issuer,
            "client": openid.client in audience
            and claims.get("azp", openid.client) == openid.client
            and (len(audience) == 1 or "azp" in claims),
            "sign-in": secrets.compare_digest(str(claims["nonce"]), nonce),
            "time": float(claims["exp"]) > now - LEEWAY and float(claims["iat"]) < now + LEEWAY,
        }
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as failure:
        msg = f"the answer of the provider cannot be read ({type(failure).__name__})"
        raise SignInError(msg) from None
    wrong = [name for name, is_right in facts.items() if not is_right]
    if wrong:
        msg = f"the answer of the provider is for another {', '.join(wrong)}"
        raise SignInError(msg)
    found: dict[str, Any] = claims
    return found


async def ask_provider(openid: OpenId) -> dict[str, Any]:
    """Ask a provider where one signs in.

    Raises
    ------
    SignInError
        When it names itself differently, or what it names is no secure address.
    """
    address = f"{openid.issuer.rstrip('/')}/.well-known/openid-configuration"
    found = await _fetch(address)
    if found.get("issuer") != openid.issuer:
        msg = f"the provider calls itself '{found.get('issuer')}', not '{openid.issuer}'"
        raise SignInError(msg)
    scheme = openid.issuer.partition("://")[0]
    for name in ("authorization_endpoint", "token_endpoint"):
        if not str(found.get(name, "")).startswith(f"{scheme}://"):
            msg = f"the provider has no secure {name}"
            raise SignInError(msg)
    return found


async def _fetch(address: str, **asked: Any) -> dict[str, Any]:
    request = HTTPRequest(address, request_timeout=TIMEOUT, follow_redirects=False, **asked)
    try:
        found = json.loads((await AsyncHTTPClient().fetch(request)).body)
    except HTTPClientError as failure:
        msg = f"the provider answers {failure.code} where an answer was expected"
        raise SignInError(msg) from None
    if not isinstance(found, dict):
        msg = "the answer of the provider is no object"
        raise SignInError(msg)
    return found


class _OpenIdHandler(Guarded):
    is_open = True

    @property
    def openid(self) -> OpenId:
        """The institution's own sign-in."""
        found = self.identity.way.openid
        assert found is not None  # noqa: S101  # the address is there only where it is
        return found

    @property
    def back(self) -> str:
        """Where a reader comes back to."""
        return f"{self.request.protocol}://{self.request.host}{BACK}"

    def refuse(self, why: str, sentence: str = NOT_SIGNED_IN) -> None:
        """Say that nobody is let in; the log says why."""
        LOG.error("Signing in failed: %s.", why)
        self.set_status(403)
        self.finish(sentence_page(sentence))


class StartHandler(_OpenIdHandler):
    """Leads a reader to the provider."""

    async def get(self) -> None:
        """Remember where the reader wanted to go, and lead on."""
        try:
            provider = await ask_provider(self.openid)
        except (OSError, ValueError) as failure:
            self.refuse(str(failure))
            return
        secret = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
        kept = secret | {"next": find_next(self.get_query_argument("next", "/"))}
        set_secret(self, UNDER_WAY, json.dumps(kept), days=TEN_MINUTES)
        self.redirect(start_address(provider, self.openid, self.back, secret))


class BackHandler(_OpenIdHandler):
    """Takes a reader who comes back from the provider."""

    async def get(self) -> None:
        """Let in who may read."""
        name = find_cookie_name(self, UNDER_WAY)
        kept = json.loads(self.get_signed_cookie(name, max_age_days=TEN_MINUTES) or b"{}")
        self.clear_cookie(name)
        state = self.get_query_argument("state", "")
        if not kept or not secrets.compare_digest(kept["state"].encode(), state.encode()):
            self.refuse("it was not begun in this browser, or took too long")
            return
        try:
            claims = await self._claims(self.get_query_argument("code", ""), kept)
        except (OSError, ValueError) as failure:
            self.refuse(str(failure))
            return
        if not self.openid.lets_in(claims):
            self.refuse("a reader is not on the list", NOT_LET_IN)
            return
        self.identity.let_in(self)
        self.redirect(kept["next"], status=303)

    async def _claims(self, code: str, kept: Mapping[str, str]) -> dict[str, Any]:
        provider = await ask_provider(self.openid)
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.back,
            "client_id": self.openid.client,
            "client_secret": self.openid.secret,
            "code_verifier": kept["verifier"],
        }
        told = await _fetch(str(provider["token_endpoint"]), method="POST", body=urlencode(sent))
        return read_claims(str(told.get("id_token", "")), self.openid, kept["nonce"], time.time())
