"""One view of a dashboard for the pages of others: no session, no script, nothing to choose.

What stands in a frame of another site gets no cookies from browsers, and so could have no session
either. It is the view that everybody gets first: heading, chart, table, sources and dates.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from tornado.web import HTTPError

from analysis.dashboard.frame import edition_standing, render_part, wording
from analysis.dashboard.registry import find_kind, frame_for
from analysis.dashboard.serving.guard import NOT_FOUND, Guarded
from analysis.dashboard.sourced import say_origin

if TYPE_CHECKING:
    from analysis.workspace import Workspace

FONTS = "/dashboards/fonts/"


class EmbedHandler(Guarded):
    """A view by the name of its dashboard and its choice.

    Settings of the application that it goes by: ``first_views``, beside those of all pages.
    """

    def initialize(self, workspace: Workspace) -> None:
        """Take the workspace."""
        self.workspace = workspace

    async def get(self, name: str) -> None:
        """Give the view, with a link to the whole."""
        kind = find_kind(name)
        if kind is None:
            raise HTTPError(NOT_FOUND)
        query = self.request.query
        w = wording(kind.read(query).choice)
        site, standing = self.workspace.site, edition_standing(self.workspace)
        frame = frame_for(name, query, site, standing) or {}
        view = await self.settings["first_views"].get(name, query)
        self.set_header("Cache-Control", "no-cache")
        self.finish(
            render_part(
                "embed.html.j2",
                w,
                title=frame["title"],
                style=read_style(),
                view=view,
                failed=frame["failed"],
                whole=f"{kind.address}?{frame['query']}",
                address=f"{self.request.protocol}://{self.request.host}{self.request.uri}",
                origin=say_origin(self.workspace, frame["page"], w),
            )
        )


@lru_cache(maxsize=1)
def read_style() -> str:
    """Read the sheet of the pages, which works without scripts; its fonts lie elsewhere here.

    Returns
    -------
    str
    """
    sheet = resources.files("analysis.documents").joinpath("page.css").read_text(encoding="utf-8")
    return sheet.replace('url("SourceSansPro', f'url("{FONTS}SourceSansPro')
