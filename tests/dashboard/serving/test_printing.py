from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook, new_output

from analysis.dashboard.serving import printing
from analysis.dashboard.serving.printing import SIGN_OF_LIFE, Page


class Press:
    """A template that calls what the real one calls, in the same order."""

    config = None
    configuration = SimpleNamespace(
        progressive_rendering=False, http_keep_alive_timeout=10, show_tracebacks=False
    )

    async def print_page(self, notebook, context):
        yield "head "
        yield "[" + await context["first_view"]() + "] "
        kernel_id = await context["kernel_start"](notebook)
        yield f"kernel {kernel_id} "
        async for cell in context["cell_generator"](notebook, kernel_id):
            yield "+".join(o.output_type for o in cell.outputs) + " "
        yield "end"


class Executor:
    """Runs cells: what a cell says is what becomes of it."""

    startup_timeout = 1

    def __init__(self, *_, **__):
        self.kc = SimpleNamespace(stop_channels=lambda: None)

    async def execute_cell(self, cell, *_, **__):
        await asyncio.sleep(0)
        if cell.source == "fails":
            cell.outputs = [new_output("error", ename="E", evalue="secret", traceback=["secret"])]
            raise CellExecutionError("secret", "E", "secret")
        if cell.source == "breaks":
            raise OSError(cell.source)
        cell.outputs = [new_output("execute_result", data={"text/plain": cell.source})]
        return cell

    def should_strip_error(self):
        return True

    def strip_code_cell_errors(self, cell):
        cell.outputs[0].traceback = []


class Visit:
    """A page that is being made, and all that happens meanwhile."""

    def __init__(self, *cells, first="view", fault=None, leaves_after=99):
        self.happened, self.sent = [], []
        self.first, self.fault, self.leaves_after = first, fault, leaves_after
        self.notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
        self.page = Page(Press(), self.send, self.give_first, self.start, self.turn)

    async def send(self, text):
        self.sent.append(text)
        self.happened.append("sent")
        return len(self.sent) < self.leaves_after

    async def give_first(self):
        self.happened.append("first view")
        return self.first

    async def start(self, has_first):
        if self.fault:
            raise self.fault
        self.happened.append(f"kernel, first view {'sent' if has_first else 'missing'}")
        return "k1", object()

    @asynccontextmanager
    async def turn(self):
        self.happened.append("turn")
        try:
            yield
        finally:
            self.happened.append("turn over")

    def make(self):
        return asyncio.run(self.page.write(self.notebook))


@pytest.fixture(autouse=True)
def of_straw(monkeypatch):
    async def open_client(*_):
        return SimpleNamespace(stop_channels=lambda: None)

    monkeypatch.setattr(printing, "VoilaExecutor", Executor)
    monkeypatch.setattr(printing, "open_client", open_client)


def test_the_first_view_is_sent_before_a_kernel_starts_and_the_rest_in_one_piece():
    visit = Visit("a", "b")

    assert visit.make()
    assert visit.sent == ["head [view] ", "kernel k1 execute_result execute_result end"]
    assert visit.happened == [
        "first view",
        "sent",
        "turn",
        "kernel, first view sent",
        "turn over",
        "sent",
    ]


def test_without_a_first_view_nothing_is_sent_before_the_kernel_is_there():
    visit = Visit("a", first="")

    assert visit.make()
    assert visit.happened[:3] == ["first view", "turn", "kernel, first view missing"]
    assert len(visit.sent) == 1


def test_a_kernel_that_does_not_start_leaves_the_figures_and_a_sentence(caplog):
    visit = Visit("a", "b", fault=OSError("secret"))

    assert visit.make()
    assert visit.sent == ["head [view] ", "kernel  error end"]
    assert visit.happened[-2:] == ["sent", "turn over"]
    assert "The kernel of a session did not start." in caplog.text


def test_a_kernel_that_does_not_start_is_a_fault_where_nothing_was_sent():
    visit = Visit("a", first="", fault=OSError("no room"))

    with pytest.raises(OSError, match="no room"):
        visit.make()
    assert visit.sent == []
    assert visit.happened[-1] == "turn over"


def test_nothing_is_run_for_a_reader_who_has_left():
    visit = Visit("a", leaves_after=1)

    assert not visit.make()
    assert visit.happened == ["first view", "sent", "turn", "turn over"]


@pytest.mark.parametrize("source", ["fails", "breaks"])
def test_after_a_cell_that_fails_no_other_one_is_run_and_no_reader_learns_why(source, caplog):
    visit = Visit("a", source, "c")

    assert visit.make()
    assert visit.sent[-1] == "kernel k1 execute_result error end"
    assert "A cell of a dashboard" in caplog.text
    assert "secret" not in "".join(visit.sent)


def test_a_line_that_waits_is_kept_awake(monkeypatch):
    slow = SimpleNamespace(**{**vars(Press.configuration), "http_keep_alive_timeout": 0.01})
    monkeypatch.setattr(Press, "configuration", slow)
    visit = Visit("a")
    start = visit.start

    async def late(has_first):
        while sum(SIGN_OF_LIFE in text for text in visit.sent) < 2:  # noqa: ASYNC110  # no event
            await asyncio.sleep(0.005)
        return await start(has_first)

    visit.page._start_kernel = late

    assert visit.make()
    assert visit.sent[1:3] == [SIGN_OF_LIFE, SIGN_OF_LIFE]
