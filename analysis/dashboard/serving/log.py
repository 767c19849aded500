"""Lines of JSON, without what people asked for.

What stands behind a question mark tells which municipality somebody looked at, and may hold what
somebody typed. It is never noted; neither are addresses of visitors, nor cookies.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tornado.web import RequestHandler

REQUESTS = logging.getLogger("patokaz.requests")
ASKED = re.compile(r"\?[^\s\"'<>)]+")
# Ids of kernels open a session.
KERNEL = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LONGEST = 4000


def clean_text(text: str) -> str:
    """Take out of a text what somebody asked for, and what opens a session.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> clean_text("GET /dashboards/municipal_profile?area=butel failed")
    'GET /dashboards/municipal_profile?… failed'
    """
    return KERNEL.sub("…", ASKED.sub("?…", text))[:LONGEST]


class JsonFormatter(logging.Formatter):
    """Writes a line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a line; a fault in one line too."""
        at = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        facts: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "name": record.name}
        facts["said"] = clean_text(record.getMessage())
        facts |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[1] is not None:
            facts["fault"] = clean_text(self.formatException(record.exc_info))
        return json.dumps(facts, ensure_ascii=False)


def set_up_log(requests: str) -> list[logging.Handler]:
    """Have faults noted on the standard error, and requests where they are wanted.

    Parameters
    ----------
    requests : str
        A file, ``-`` for the standard error, blank for nowhere.

    Returns
    -------
    list of logging.Handler
        To be closed with :func:`close_log`.
    """
    faults = logging.StreamHandler(sys.stderr)
    faults.setLevel(logging.ERROR)
    made: list[logging.Handler] = [faults]
    logging.getLogger().addHandler(faults)
    REQUESTS.propagate = False
    REQUESTS.setLevel(logging.INFO)
    if requests:
        noted = (
            logging.StreamHandler(sys.stderr)
            if requests == "-"
            else logging.FileHandler(Path(requests), encoding="utf-8")
        )
        REQUESTS.addHandler(noted)
        made.append(noted)
    for handler in made:
        handler.setFormatter(JsonFormatter())
    return made


def close_log(handlers: list[logging.Handler]) -> None:
    """Take away what :func:`set_up_log` has set up."""
    for handler in handlers:
        logging.getLogger().removeHandler(handler)
        REQUESTS.removeHandler(handler)
        handler.close()


def note_request(handler: RequestHandler) -> None:
    """Note a request that was answered."""
    request = handler.request
    counts = handler.settings.get("counts")
    if counts is not None:
        counts.add(request.path, handler.get_status())
    REQUESTS.info(
        "request",
        extra={
            "facts": {
                "method": request.method,
                "path": clean_text(request.path),
                "status": handler.get_status(),
                "milliseconds": round(1000 * request.request_time(), 1),
            }
        },
    )
