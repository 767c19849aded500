"""What all pages of a server share: the template, and the notebooks as they lie there.

The template is read and compiled once, and not for each visitor.
"""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import nbformat
from voila.exporter import VoilaExporter
from voila.utils import get_page_config

from analysis.dashboard.serving.guard import LOG

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from voila.configuration import VoilaConfiguration


class _Exporter(VoilaExporter):  # type: ignore[misc]  # Voila has no types
    """The exporter without what is for notebooks with outputs in them: ours have none."""

    def _preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        return nb, resources


class Press:
    """What all pages of a server share: the template, and the notebooks as they lie there.

    Parameters
    ----------
    template_paths : list of str
        Where the template lies, and what it builds upon.
    configuration : VoilaConfiguration
    config : traitlets.config.Config
    base_url : str
    settings : dict
        Of the application.
    """

    def __init__(
        self,
        template_paths: list[str],
        configuration: VoilaConfiguration,
        config: Any,
        base_url: str,
        settings: dict[str, Any],
    ) -> None:
        self.config = config
        self.configuration = configuration
        self._base_url = base_url
        self._page_config = get_page_config(
            base_url=base_url, settings=settings, log=LOG, voila_configuration=configuration
        )
        self._exporter = _Exporter(
            template_paths=template_paths,
            template_name=configuration.template,
            config=config,
            theme=configuration.theme,
            base_url=base_url,
            show_margins=configuration.show_margins,
        )
        if configuration.strip_sources:
            self._exporter.exclude_input = True
            self._exporter.exclude_output_prompt = True
            self._exporter.exclude_input_prompt = True
        self._notebooks: dict[Path, tuple[tuple[int, int], str]] = {}

    def read_notebook(self, path: Path) -> Any:
        """Read a notebook, from the disk where it is another one than before.

        Parameters
        ----------
        path : pathlib.Path

        Returns
        -------
        nbformat.NotebookNode
            Of the caller's own, without outputs.
        """
        state = path.stat()
        mark = state.st_mtime_ns, state.st_size
        held = self._notebooks.get(path)
        if held is None or held[0] != mark:
            read = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
            for cell in read.cells:
                if cell.cell_type == "code":
                    cell.outputs, cell.execution_count = [], None
            held = self._notebooks[path] = mark, json.dumps(read)
        return nbformat.from_dict(json.loads(held[1]))  # type: ignore[no-untyped-call]

    def print_page(self, notebook: Any, context: dict[str, Any]) -> AsyncIterator[str]:
        """Fill the template.

        Parameters
        ----------
        notebook : nbformat.NotebookNode
        context : dict
            What the template calls.

        Returns
        -------
        asynchronous iterator of str
        """
        page_config = copy.deepcopy(self._page_config)
        page_config["jupyterLabTheme"] = self.configuration.theme
        resources = {
            "base_url": self._base_url,
            "theme": self.configuration.theme,
            "template": self.configuration.template,
            "metadata": {"name": "dashboard"},
            "page_config": page_config,
        }
        # Read anew where it was changed, which the loader of templates sees by itself.
        self._exporter._invalidate_template_cache()  # noqa: SLF001  # there is no public way
        return _texts(
            self._exporter.generate_from_notebook_node(
                notebook, resources=resources, extra_context=context, page_config=page_config
            )
        )


async def _texts(parts: AsyncIterator[tuple[str, Any]]) -> AsyncIterator[str]:
    async for text, _ in parts:
        yield text
