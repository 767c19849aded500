"""What an answer of a publisher means: taken, asked for again, or refused with a sentence."""

from __future__ import annotations

import email.utils
import time
from typing import TYPE_CHECKING

import httpx

from analysis.sources.protocol import CutShort, Refused, Reshaped, SourceError, Unreachable

if TYPE_CHECKING:
    from tenacity import RetryCallState

CA_VARIABLE = "PATOKAZ_CA_BUNDLE"
LONGEST_WAIT = 60.0
AGAIN_BUSY = frozenset({429, 503})
AGAIN_BROKEN = frozenset({500, 502, 504})
STAYS = "The former figures stay in use."


class AgainError(Exception):
    """A failure that may pass; ``wait`` is what the publisher asks for."""

    def __init__(self, failure: SourceError, wait: float | None = None) -> None:
        super().__init__(str(failure))
        self.failure = failure
        self.wait = wait


def check_way(reply: httpx.Response) -> None:
    """Refuse an answer that was reached over a step without encryption."""
    schemes = [step.url.scheme for step in (*reply.history, reply)]
    if "http" in schemes[schemes.index("https") if "https" in schemes else len(schemes) :]:
        msg = (
            f"{reply.history[0].url} leads to {reply.url}, which is not encrypted. Expected https "
            f"all the way. {STAYS} Ask the publisher."
        )
        raise Refused(msg)


def check_status(reply: httpx.Response) -> None:
    """Raise what a status other than 200 means."""
    status = reply.status_code
    if status == httpx.codes.OK:
        return
    said = f"{reply.url} answered with the status {status}, expected 200."
    if status in AGAIN_BUSY:
        wait = _asked_wait(reply.headers.get("retry-after", ""))
        if wait is not None and wait > LONGEST_WAIT:
            raise Refused(f"{said} It asks to wait {wait:.0f} seconds: try again then. {STAYS}")
        busy = f"{said} The publisher is busy or limits how often it is asked. {STAYS} Wait a while"
        kind = Refused if status == httpx.codes.TOO_MANY_REQUESTS else Unreachable
        raise AgainError(kind(f"{busy}, then try again."), wait)
    if status in AGAIN_BROKEN:
        raise AgainError(Unreachable(f"{said} The server is out of order. {STAYS} Try later."))
    if status < httpx.codes.BAD_REQUEST:
        raise Reshaped(f"{said} The address may have moved: look for the new one. {STAYS}")
    raise Refused(f"{said} Check whether the address and what is asked still hold. {STAYS}")


def _asked_wait(header: str) -> float | None:
    """Read Retry-After: seconds, or a date."""
    if header.strip().isdigit():
        return float(header)
    try:
        until = email.utils.parsedate_to_datetime(header).timestamp()
    except (TypeError, ValueError):
        return None
    return max(0.0, until - time.time())


def how_long(state: RetryCallState) -> float:
    """Say how many seconds to wait: what the publisher asks for, else longer each time."""
    failure = state.outcome.exception() if state.outcome else None
    asked = failure.wait if isinstance(failure, AgainError) else None
    return min(8.0, 0.5 * 2.0 ** (state.attempt_number - 1)) if asked is None else asked


def failure_of(address: str, broken: httpx.HTTPError) -> Exception:
    """Turn a failure of the line into a sentence; into AgainError where it may pass."""
    said = str(broken) or type(broken).__name__
    if isinstance(broken, httpx.RemoteProtocolError | httpx.ReadError | httpx.DecodingError):
        msg = (
            f"{address} ended before its answer was whole ({said}). Expected all bytes that it "
            f"had announced. Nothing was kept. {STAYS} Try again."
        )
        return AgainError(CutShort(msg))
    if isinstance(broken, httpx.TooManyRedirects):
        return Reshaped(f"{address} redirects in a circle, expected data. {STAYS} Try later.")
    if "CERTIFICATE_VERIFY_FAILED" in said:
        msg = (
            f"The certificate of {address} could not be verified ({said}). Expected a chain up to "
            f"a known authority. If the server leaves out its intermediate certificate, name a "
            f"PEM file that holds it in {CA_VARIABLE}. {STAYS}"
        )
        return Unreachable(msg)
    msg = (
        f"{address} could not be reached ({said}). Expected an answer. Check the connection or "
        f"the proxy. {STAYS}"
    )
    return AgainError(Unreachable(msg))


def is_page(media_type: str, content: bytearray) -> bool:
    """Tell whether an answer is a web page, whatever it says of itself."""
    begin = bytes(content[:200]).removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return media_type == "text/html" or begin.startswith((b"<!doctype html", b"<html"))
