"""Make the pages of docs/reference from the code: commands, parameters, catalogue, dashboards.

``python docs/make_reference.py`` writes them; a test holds them against the code.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import nbformat
import typer.main
from disclosure_page import disclosure_page
from reference_pages import NOTICE, catalogue_pages

from analysis.cli import app
from analysis.suite.parameters import read_parameters
from analysis.text import LANGUAGES

if TYPE_CHECKING:
    import click

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "reference"


def commands_page() -> str:
    """List every command with its words, options and example."""
    group = cast("click.Group", typer.main.get_command(app))
    parts = [f"# Commands\n\n{NOTICE}"]
    for name, command in sorted(_list_commands(group)):
        text = (command.help or "").strip()
        said, _, example = text.partition("Example:")
        parts.append(f"\n## patokaz {name}\n\n{said.strip()}\n")
        options = [
            f"- `{'`, `'.join(p.opts) if p.param_type_name == 'option' else p.name}`: "
            f"{getattr(p, 'help', '') or ''}"
            for p in command.params
            if p.name != "help"
        ]
        if options:
            parts.append("\n" + "\n".join(options) + "\n")
        parts.append(f"\n```sh\n{example.strip()}\n```\n")
    return "".join(parts)


def _list_commands(group: click.Group, before: str = "") -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            found += _list_commands(cast("click.Group", command), f"{before}{name} ")
        else:
            found.append((before + name, command))
    return found


def parameters_page() -> str:
    """List the parameters of every notebook."""
    parts = [f"# Parameters of notebooks\n\n{NOTICE}"]
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        parts.append(
            f"\n## {path.stem}\n\n| name | allowed | default | what it is |\n|---|---|---|---|\n"
        )
        parts += [
            f"| `{p.name}` | {p.allowed} | `{p.default}` | {p.help} |\n"
            for p in read_parameters(path).values()
        ]
    return "".join(parts)


def dashboards_page() -> str:
    """List every dashboard with the words of its first cell."""
    parts = [f"# Dashboards\n\n{NOTICE}"]
    for path in sorted((ROOT / "dashboards").glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        words = next((c.source for c in cells if c.cell_type == "markdown"), "")
        said = "\n".join(line for line in words.splitlines() if not line.startswith("#")).strip()
        parts.append(f"\n## {path.stem}\n\n{said}\n")
    return "".join(parts)


def languages_page() -> str:
    """List the languages and how far each has come."""
    rows = [
        f"| `{language.code}` | {language.own_name} | {language.state} |\n"
        for language in LANGUAGES.values()
    ]
    return (
        f"# Languages\n\n{NOTICE}\n| code | name | state |\n|---|---|---|\n"
        + "".join(rows)
        + "\nAll translations wait for the review of a native speaker.\n"
    )


PAGES = {
    "commands.md": commands_page,
    "parameters.md": parameters_page,
    "dashboards.md": dashboards_page,
    "languages.md": languages_page,
    "disclosure.md": disclosure_page,
    **catalogue_pages(),
}


def main() -> None:
    """Write every page, and take away those of indicators that are no more."""
    (TARGET / "indicators").mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (TARGET / name).write_text(make(), encoding="utf-8")
    for path in (TARGET / "indicators").glob("*.md"):
        if f"indicators/{path.name}" not in PAGES:
            path.unlink()


if __name__ == "__main__":
    main()
