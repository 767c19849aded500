"""Sentences about a file that are said in the reader's language only when they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Remark:
    """A message of the catalogs with what stands in its places.

    Parameters
    ----------
    message : str
        English message with ``{names}``.
    parts : tuple of (str, str or Remark)
        What stands for each name; a remark is said in the same language.

    Examples
    --------
    >>> remark("Sheet {sheet} is empty.", sheet="May").say(str)
    'Sheet May is empty.'
    """

    message: str
    parts: tuple[tuple[str, str | Remark], ...] = ()

    def say(self, translate: Callable[[str], str]) -> str:
        """Say the remark in the language of a translator; ``str`` leaves it in English."""
        said = {
            name: part.say(translate) if isinstance(part, Remark) else part
            for name, part in self.parts
        }
        return translate(self.message).format(**said)


def remark(message: str, /, **parts: object) -> Remark:
    """Make a remark of a message and its parts."""
    return Remark(
        message,
        tuple(
            (name, part if isinstance(part, Remark) else str(part)) for name, part in parts.items()
        ),
    )


class ImportRefused(ValueError):  # noqa: N818 - what happened to the file, as its sender hears it
    """A file that was refused whole, with nothing of it kept.

    Parameters
    ----------
    why : Remark
        The sentence; it names the place and never the value of something personal.
    """

    def __init__(self, why: Remark) -> None:
        super().__init__(why.say(str))
        self.remark = why
