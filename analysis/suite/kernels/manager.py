"""A kernel manager that asks for warm kernels, whatever else its process has set up before.

Which provisioner is the default is settled once a process, by whoever starts the first kernel.
Papermill and nbclient let a configuration name the class of their manager instead.
"""

from __future__ import annotations

import time
from queue import Empty
from typing import TYPE_CHECKING, Any

from jupyter_client.asynchronous import AsyncKernelClient  # type: ignore[attr-defined]
from jupyter_client.manager import AsyncKernelManager
from traitlets import DottedObjectName, Type

from analysis.suite.kernels.settings import NAME

if TYPE_CHECKING:
    from jupyter_client.kernelspec import KernelSpec

ENTRY = "kernel_provisioner"
# How long an answer of a kernel that has just been asked may take before it is asked anew.
AGAIN = 1.0
# The answer and the news that it was given come over two sockets, one shortly after the other.
SHORTLY = 0.2


class PromptClient(AsyncKernelClient):
    """Begins as soon as the kernel has answered.

    Jupyter's own client then waits a fifth of a second for news that nobody wants: who executes
    cells looks at the messages of the cell alone. The wait costs no work, but each run has it.
    What the kernel says of its language is kept: it would say the same again.
    """

    language: dict[str, Any] | None = None

    async def wait_for_ready(
        self,
        timeout: float | None = None,  # noqa: ASYNC109  # Jupyter's name
    ) -> None:
        """Wait until the kernel answers.

        Raises
        ------
        RuntimeError
            When it ended before, or takes longer.
        """
        until = time.monotonic() + (timeout or float("inf"))
        while True:
            self.kernel_info()
            if await self._has_answered():
                return
            if not await self._async_is_alive():
                msg = "The kernel ended before it said that it was there."
                raise RuntimeError(msg)
            if time.monotonic() > until:
                msg = f"The kernel did not say within {timeout:g} s that it was there."
                raise RuntimeError(msg)

    async def _has_answered(self) -> bool:
        """Whether the kernel is there and its output arrives."""
        try:
            said = await self._async_get_shell_msg(timeout=AGAIN)
            if said["msg_type"] != "kernel_info_reply":
                return False
            await self._async_get_iopub_msg(timeout=SHORTLY)
        except Empty:
            return False
        self._handle_kernel_info_reply(said)
        self.language = dict(said["content"]["language_info"])
        return True


class WarmKernelManager(AsyncKernelManager):
    """Starts each kernel whose specification names no provisioner through ours."""

    client_class = DottedObjectName(f"{__name__}.{PromptClient.__name__}")
    client_factory = Type(klass=PromptClient)

    @property
    def kernel_spec(self) -> KernelSpec | None:
        """The specification of the kernel, with our provisioner in it."""
        spec = super().kernel_spec
        if spec is not None and ENTRY not in spec.metadata:
            spec.metadata = {**spec.metadata, ENTRY: {"provisioner_name": NAME, "config": {}}}
        return spec
