"""What one chooses, as native menus with labels: one a field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.dashboard.fields import area_options, language_options

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import ipywidgets

    from analysis.dashboard.choice import Choice
    from analysis.documents.wording import Wording

__all__ = ["Controls", "area_options", "language_options"]


class Controls:
    """The menus of a dashboard.

    Parameters
    ----------
    choice : Choice
        What is chosen at first.
    w : Wording
    on_change : callable
        Told the name of the field and the key that was chosen.
    """

    def __init__(self, choice: Choice, w: Wording, on_change: Callable[[str, str], None]) -> None:
        import ipywidgets

        self._on_change = on_change
        self._is_quiet = False
        self.menus: dict[str, Any] = {
            field.name: ipywidgets.Dropdown(options=field.list_with(key, w), value=key)
            for field, key in choice.menus
        }
        self.speak(choice, w)
        for name, menu in self.menus.items():
            menu.observe(self._follow(name), names="value")

    def speak(self, choice: Choice, w: Wording, idle: Collection[str] = ()) -> None:
        """Name the menus and their options in a language, and show what is chosen.

        Parameters
        ----------
        choice : Choice
        w : Wording
        idle : collection of str
            Fields that change nothing in what is shown now; their menus cannot be used.
        """
        self._is_quiet = True
        try:
            for field, key in choice.menus:
                menu = self.menus[field.name]
                menu.description = w.translate(field.label)
                menu.disabled = field.name in idle
                options = field.list_with(key, w)
                if list(menu.options) != options:
                    menu.options = options
                menu.value = key
        finally:
            self._is_quiet = False

    def view(self) -> ipywidgets.Widget:
        """Give the menus side by side; where there is no room, one below the other."""
        import ipywidgets

        box = ipywidgets.HBox(list(self.menus.values()))
        box.add_class("controls")
        return box

    def _follow(self, name: str) -> Callable[[Any], None]:
        def changed(_: Any) -> None:
            if not self._is_quiet:
                self._on_change(name, self.menus[name].value)

        return changed
