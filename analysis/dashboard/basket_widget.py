"""The brief basket as widgets of a notebook: buttons with names, and a line that says what came."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets

from analysis.documents.basket.entries import BasketError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from analysis.dashboard.basket_notebook import Basket

SHORT = 90


class BasketWidget:
    """Widgets that follow a basket.

    Parameters
    ----------
    basket : Basket
    offers : sequence of (str, str)
        What can be collected, and what a reader knows it by.
    reading : object
        What the offers are of; None where there are none.
    words : dict of str to str
        In the language of the basket.
    """

    def __init__(
        self,
        basket: Basket,
        offers: Sequence[tuple[str, str]],
        reading: Any,
        words: dict[str, str],
    ) -> None:
        self._basket = basket
        self._offers = offers
        self._reading = reading
        self._words = words
        self._told = ipywidgets.HTML()
        self._count = ipywidgets.HTML()
        self._list = ipywidgets.VBox()
        self.view = ipywidgets.VBox([*self._offer_rows(), self._told, self._count, self._list])
        self._draw()

    def _offer_rows(self) -> list[ipywidgets.Widget]:
        return [
            ipywidgets.HBox(
                [
                    self._button("basket_add", label, partial(self._add, what)),
                    ipywidgets.HTML(escape(label)),
                ]
            )
            for what, label in self._offers
        ]

    def _button(self, word: str, label: str, act: Callable[[], None]) -> ipywidgets.Button:
        said = self._words[word]
        button = ipywidgets.Button(description=said, tooltip=f"{said}: {label[:SHORT]}")
        button.on_click(lambda _: self._do(act))
        return button

    def _do(self, act: Callable[[], None]) -> None:
        try:
            act()
        except BasketError as refused:
            self._say(str(refused))
        self._draw()

    def _add(self, what: str) -> None:
        count = self._basket.add(what, self._reading)
        self._say(self._words["basket_added"].replace("{n}", str(count)))

    def _take(self, place: int) -> None:
        self._basket.remove(place)
        count = len(self._basket.entries)
        self._say(self._words["basket_taken"].replace("{n}", str(count)))

    def _move(self, place: int, steps: int) -> None:
        self._basket.move(place, steps)
        self._say(self._words["moved"].replace("{n}", str(place + steps)))

    def _write_line(self, place: int, line: str) -> None:
        self._basket.annotate(place, line)

    def _say(self, sentence: str) -> None:
        self._told.value = f'<p role="status">{escape(sentence)}</p>'

    def _draw(self) -> None:
        told = self._basket.describe()
        self._count.value = f"<p>{escape(self._words['count'].replace('{n}', str(len(told))))}</p>"
        if not told:
            self._count.value = f"<p>{escape(self._words['empty'])}</p>"
        self._list.children = tuple(
            self._row(place, one, len(told)) for place, one in enumerate(told, start=1)
        )

    def _row(self, place: int, told: dict[str, Any], total: int) -> ipywidgets.VBox:
        label = str(told["label"])
        field = ipywidgets.Text(
            value=str(told["line"]),
            description=self._words["line"],
            continuous_update=False,
            style={"description_width": "initial"},
            layout={"width": "100%"},
        )
        field.observe(
            lambda change: self._do(lambda: self._write_line(place, change["new"])), names="value"
        )
        steps = [
            self._button("up", label, lambda: self._move(place, -1)),
            self._button("down", label, lambda: self._move(place, 1)),
            self._button("take", label, lambda: self._take(place)),
        ]
        steps[0].disabled, steps[1].disabled = place == 1, place == total
        said = [f"<b>{place}. {escape(label)}</b>"]
        if told["bare"]:
            warned = self._words["bare"].replace("{numbers}", "; ".join(told["bare"]))
            said.append(f"<p>{escape(warned)}</p>")
        if told["problem"]:
            said.append(f"<p>{escape(str(told['problem']))}</p>")
        return ipywidgets.VBox([ipywidgets.HTML("".join(said)), field, ipywidgets.HBox(steps)])
