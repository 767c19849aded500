"""The static pages of the edition that readers see.

``site`` is a link that leads to another folder as soon as another edition is published. It is
followed anew for each request, to the end, so that a request has the files of one edition and can
leave its folder nowhere.
"""

from __future__ import annotations

import os
from typing import Any

from analysis.dashboard.frame import sentence_page
from analysis.dashboard.serving.files import KeptFileHandler
from analysis.text import mark

NO_PAGES = mark("No pages have been made yet. Type {command} and load this page anew.")


class SiteHandler(KeptFileHandler):
    """The static pages, or the sentence that says how they are made."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say what is missing and what to type."""
        if self.root and not os.path.isdir(self.root):  # noqa: PTH112  # tornado keeps text
            self.finish(sentence_page(NO_PAGES, "patokaz run"))
        else:
            super().write_error(status_code, **kwargs)
