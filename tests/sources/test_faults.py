"""The offices' connectors meet every fault of a server, over a real socket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from servers.eurostat import EurostatHandler
from servers.makstat import MakstatHandler
from servers.sors import SorsHandler

from analysis.sources.eurostat import EurostatSource
from analysis.sources.makstat import MakstatSource
from analysis.sources.protocol import SourceError
from analysis.sources.sors import SorsSource

if TYPE_CHECKING:
    from collections.abc import Callable

    from servers.faults import Publisher

    from analysis.sources.client import Client

OFFICES = [
    pytest.param(MakstatSource, MakstatHandler, id="makstat"),
    pytest.param(SorsSource, SorsHandler, id="sors"),
    pytest.param(EurostatSource, EurostatHandler, id="eurostat"),
]
LASTING = ("403", "404", "429", "500", "503", "drop", "cut", "cut-chunk", "html", "html-as-json")
LASTING = (*LASTING, "empty", "broken", "trickle", "trickle-headers", "circle")


def count(source: Any, client: Client) -> list[tuple[str, int]]:
    """Fetch and read, as the command does: each file with its number of rows."""
    return [(f.name, len(source.read(f.content, f.name))) for f in source.fetch(client)]


@pytest.mark.parametrize("fault", LASTING)
@pytest.mark.parametrize(("source", "handler"), OFFICES)
def test_a_lasting_fault_is_one_sentence(
    source: Any,
    handler: Any,
    fault: str,
    serve: Callable[..., Publisher],
    client: Client,
    clock: Any,
) -> None:
    server = serve(handler, clock=clock)
    server.always = fault
    client.deadline = 0.5
    made = source(server.address)
    with pytest.raises(SourceError) as refused:
        count(made, client)
    said = str(refused.value)
    assert said.endswith((".", "!"))
    assert "\n" not in said
    assert "Traceback" not in said
    assert 10 <= refused.value.code <= 14


@pytest.mark.parametrize("fault", ["429", "500", "503", "drop", "cut", "type", "redirect"])
@pytest.mark.parametrize(("source", "handler"), OFFICES)
def test_a_passing_fault_gives_the_same_rows(
    source: Any,
    handler: Any,
    fault: str,
    serve: Callable[..., Publisher],
    client: Client,
    clock: Any,
) -> None:
    def rows(*faults: str) -> list[tuple[str, int]]:
        server = serve(handler, clock=clock)
        server.faults.extend(faults)
        return count(source(server.address), client)

    right = rows()
    assert sum(number for _, number in right) > 0
    assert rows(fault) == right
