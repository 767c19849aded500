"""An attacker of published tables: its own code, so that it shares no mistake with the product.

Nothing here imports the product. What is published comes in as frames; what an attacker can work
out from them comes back. Whether that is too much is said by the rule in ``policy_check``.
"""

from __future__ import annotations
