"""At which widths and in which themes a page is looked at."""

from __future__ import annotations

import os
from itertools import product

WIDTHS = (320, 1280)
SCHEMES = ("light", "dark")
# The boxes of a page depend on its width, its colours on the theme: each width and each theme is
# looked at once. `make walk` looks at every pair, which takes twice as long.
ACROSS = ((320, "dark"), (1280, "light"))
IS_WHOLE = "PATOKAZ_WALK" in os.environ
LOOKS = tuple(product(WIDTHS, SCHEMES)) if IS_WHOLE else ACROSS
