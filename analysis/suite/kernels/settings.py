"""What to pass to Papermill, nbclient, Voila and JupyterLab, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from analysis.workspace import VARIABLE

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.workspace import Workspace

Kind = Literal["warm", "ordinary"]
NAME = "patokaz-warm"
DEFAULT_VARIABLE = "JUPYTER_DEFAULT_PROVISIONER_NAME"


def warm_settings(
    lock_file: Path, room: Path | None = None, *, warm: bool = True
) -> dict[str, dict[str, Any]]:
    """Give the settings with which Jupyter's programs ask for warm kernels.

    Parameters
    ----------
    lock_file : pathlib.Path
        The lock of the workspace: another lock, another parent.
    room : pathlib.Path, optional
        Folder for sockets; the user's own unless given.
    warm : bool
        Without it the same provisioner gives ordinary kernels, and tells what they took.

    Returns
    -------
    dict of str to dict
        For ``traitlets.config.Config``, alone or beside other settings.

    Examples
    --------
    >>> from pathlib import Path
    >>> sorted(warm_settings(Path("requirements.lock")))
    ['KernelProvisionerFactory', 'NotebookClient', 'WarmProvisioner']
    """
    own: dict[str, Any] = {"lock_file": str(lock_file.absolute()), "warm": warm}
    own |= {"room": str(room)} if room else {}
    return {
        # Servers: their managers ask the factory.
        "KernelProvisionerFactory": {"default_provisioner_name": NAME},
        # Papermill and nbclient: their factory may have been made before these settings.
        "NotebookClient": {
            "kernel_manager_class": "analysis.suite.kernels.manager.WarmKernelManager"
        },
        "WarmProvisioner": own,
    }


def lab_environment(workspace: Workspace) -> dict[str, str]:
    """Give the variables with which JupyterLab asks for warm kernels.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    dict of str to str
        To be added to the environment of JupyterLab.
    """
    return {DEFAULT_VARIABLE: NAME, VARIABLE: str(workspace.root)}


def find_kernel_kind(manager: Any) -> Kind | None:
    """Say what the kernel of a manager is.

    Parameters
    ----------
    manager : jupyter_client.KernelManager
        Any of Jupyter's kernel managers.

    Returns
    -------
    {"warm", "ordinary"} or None
        None before a kernel was started. Ordinary where another provisioner gave it.
    """
    provisioner = getattr(manager, "provisioner", None)
    if provisioner is None:
        return None
    kind: Kind | None = getattr(provisioner, "kind", "ordinary")
    return kind
