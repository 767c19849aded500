"""How a publisher is asked: certificates verified, time and size bounded, retries with patience."""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

from analysis.sources.limits import Deadline, Rate
from analysis.sources.protocol import Reshaped, SourceError, Unreachable, parse_json
from analysis.sources.verdicts import (
    CA_VARIABLE,
    STAYS,
    AgainError,
    check_status,
    check_way,
    failure_of,
    how_long,
    is_page,
)

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

DEADLINE = 120.0
MAX_BYTES = 64_000_000
ATTEMPTS = 4
HEADERS = {
    # Publishers that refuse unknown programs accept this, and it still says who asks.
    "user-agent": "Mozilla/5.0 (compatible; patokaz)",
    "accept": "application/json, application/zip, text/csv, */*;q=0.1",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a publisher answered.

    Parameters
    ----------
    content : bytes
        Whole, and unpacked where it was compressed on the way.
    media_type : str
        Without parameters, such as ``application/json``.
    address : str
        Where it came from in the end, after redirects.
    """

    content: bytes
    media_type: str
    address: str

    def json(self) -> object:
        """Read the content as JSON.

        Raises
        ------
        Reshaped
            When it is none.
        """
        return parse_json(self.content, self.address)


class Client:
    """Asks publishers over HTTP.

    Certificates are always verified. A server that leaves out its intermediate certificate, as
    MAKSTAT does, needs ``PATOKAZ_CA_BUNDLE``: a PEM file that is trusted beside the usual
    authorities. Proxies are taken from the environment.

    HTML is refused as :class:`Reshaped` unless the ``accept`` header of the request names
    ``text/html``.

    Parameters
    ----------
    deadline : float
        Seconds for one request with all its bytes.
    max_bytes : int
        Longest answer that is taken in.
    attempts : int
        How often a request is made before giving up.
    clock, sleep : callable
        For tests; they time the waits between requests, never the deadline.
    """

    def __init__(
        self,
        *,
        deadline: float = DEADLINE,
        max_bytes: int = MAX_BYTES,
        attempts: int = ATTEMPTS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.deadline = deadline
        self.max_bytes = max_bytes
        self._clock = clock
        self._sleep = sleep
        self._rates: dict[str, Rate] = {}
        self._attempts = attempts
        self._http = httpx.Client(
            verify=_certificates(),
            headers=HEADERS,
            timeout=httpx.Timeout(deadline, connect=min(10.0, deadline)),
            # One connection a request: the deadline has to know which socket to cut.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def __enter__(self) -> Self:
        """Use the client in a ``with`` block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the client."""
        self.close()

    def close(self) -> None:
        """Give up all connections."""
        self._http.close()

    def limit(self, address: str, calls: int, seconds: float) -> None:
        """Keep every request to the host of an address, repeated ones too, within a rate."""
        self._rates[httpx.URL(address).netloc.decode()] = Rate(
            calls, seconds, self._clock, self._sleep
        )

    def get(
        self,
        address: str,
        params: Mapping[str, str | int | Sequence[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Read an address.

        Parameters
        ----------
        address : str
        params : mapping, optional
            A list stands for a parameter that is repeated.
        headers : mapping, optional
            ``{"accept": "text/html"}`` where a page is wanted.

        Returns
        -------
        Answer

        Raises
        ------
        SourceError
            One of its kinds, with a sentence that says what came and what to do.
        """
        query: Any = None if params is None else dict(params)
        return self._patiently(
            self._http.build_request("GET", address, params=query, headers=headers)
        )

    def post_json(self, address: str, body: object) -> Answer:
        """Send JSON to an address that answers a query; see :meth:`get`."""
        return self._patiently(self._http.build_request("POST", address, json=body))

    def _patiently(self, request: httpx.Request) -> Answer:
        retrying = Retrying(
            stop=stop_after_attempt(self._attempts),
            wait=how_long,
            retry=retry_if_exception_type(AgainError),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(self._once, request)
        except AgainError as last:
            raise last.failure from None

    def _once(self, request: httpx.Request) -> Answer:
        rate = self._rates.get(request.url.netloc.decode())
        if rate is not None:
            rate.wait()
        address = str(request.url)
        with Deadline(self.deadline) as deadline:
            request.extensions["trace"] = deadline.trace
            try:
                answer = self._receive(request, deadline)
            except httpx.HTTPError as broken:
                if not deadline.over:
                    raise failure_of(address, broken) from None
            if deadline.over:
                msg = (
                    f"{address} gave no whole answer within {self.deadline:g} seconds. Expected "
                    f"all of it in that time. {STAYS} Try again when the line is less busy."
                )
                raise Unreachable(msg)
        return answer

    def _receive(self, request: httpx.Request, deadline: Deadline) -> Answer:
        reply = self._http.send(request, stream=True, follow_redirects=request.method == "GET")
        with contextlib.closing(reply):
            check_way(reply)
            check_status(reply)
            content = bytearray()
            for chunk in reply.iter_bytes():
                content += chunk
                if len(content) > self.max_bytes:
                    msg = (
                        f"{reply.url} gave more than {self.max_bytes} bytes, the most that is "
                        f"taken in; the rest was not read. {STAYS} Look at the address by hand."
                    )
                    raise Reshaped(msg)
                if deadline.over:
                    break
        media_type = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
        wanted = request.headers.get("accept", "")
        if "text/html" not in wanted and is_page(media_type, content):
            msg = (
                f"{reply.url} gave a web page (HTML), expected data. It may be a notice of "
                f"maintenance or of a firewall: open the address in a browser. {STAYS}"
            )
            raise Reshaped(msg)
        return Answer(bytes(content), media_type, str(reply.url))


def _certificates() -> ssl.SSLContext:
    context = httpx.create_ssl_context()
    more = os.environ.get(CA_VARIABLE)
    if more:
        try:
            context.load_verify_locations(cafile=Path(more))
        except OSError as broken:
            msg = (
                f"{CA_VARIABLE} is set to '{more}', which cannot be used ({broken}). Expected a "
                f"file of certificates in PEM. Correct the path or unset the variable."
            )
            raise SourceError(msg) from None
    return context
