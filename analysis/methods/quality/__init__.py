"""How good figures are: complete, in time, revised, coherent, possible."""

from __future__ import annotations

from analysis.methods.quality.coherence import (
    Hierarchy,
    MirrorAsymmetry,
    check_hierarchy,
    measure_mirror_asymmetry,
)
from analysis.methods.quality.completeness import (
    Completeness,
    ItemCompleteness,
    count_answers,
    measure_completeness,
    measure_item_completeness,
)
from analysis.methods.quality.duplicates import Duplicates, count_duplicates
from analysis.methods.quality.heaping import AgeHeaping, measure_age_heaping
from analysis.methods.quality.revisions import Revisions, measure_revisions
from analysis.methods.quality.shares import (
    AttainableParts,
    confirm_share,
    find_attainable_parts,
    list_attainable_pairs,
)
from analysis.methods.quality.timing import Timing, measure_timing

__all__ = [
    "AgeHeaping",
    "AttainableParts",
    "Completeness",
    "Duplicates",
    "Hierarchy",
    "ItemCompleteness",
    "MirrorAsymmetry",
    "Revisions",
    "Timing",
    "check_hierarchy",
    "confirm_share",
    "count_answers",
    "count_duplicates",
    "find_attainable_parts",
    "list_attainable_pairs",
    "measure_age_heaping",
    "measure_completeness",
    "measure_item_completeness",
    "measure_mirror_asymmetry",
    "measure_revisions",
    "measure_timing",
]
