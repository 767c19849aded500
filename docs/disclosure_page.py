"""The policy of disclosure as a page: each rule with its setting, read from the policy itself."""

from __future__ import annotations

import json
import re
import tomllib
from importlib import resources

from reference_pages import NOTICE

from analysis.protection import load_policy
from analysis.protection.reasons import REASONS

RULE = re.compile(r"^(\d+)\. ")


def disclosure_page() -> str:
    """List the rules of disclosure in their order, and the words that withheld figures carry."""
    policy = load_policy()
    floor = policy.floor
    parts = [
        f"# What is withheld: the rules\n\n{NOTICE}\n",
    ]
    parts.append(
        f"Version {policy.version} of the policy, from `analysis/protection/policy.toml`. "
        "[How they are carried out](../methods/disclosure.md) is told apart, and so is "
        "[how figures are released](../guides/release_figures.md).\n\n"
    )
    parts += [f"{number}. {words}\n{settings}" for number, words, settings in read_rules()]
    parts.append(
        f"\n## The floor\n\nNo threshold may be less than: below a country "
        f"{floor.thresholds['below_national']}, for a breakdown of a country "
        f"{floor.thresholds['national_breakdown']}. Laid down by {floor.changed_by} on "
        f"{floor.changed_on}: {floor.reason} An installation can have its own floor: a file named "
        "by the environment variable `PATOKAZ_POLICY_FLOOR`, which nobody but its owner can write "
        "and which says who changed it, when and why. Under 3 no floor can go.\n"
    )
    parts.append("\n## What a withheld figure says\n\n")
    parts += [f"- {reason}\n" for reason in REASONS]
    return "".join(parts)


def read_rules() -> list[tuple[int, str, str]]:
    """Read the rules: their number, their sentences, and their settings as a list."""
    text = (resources.files("analysis.protection") / "policy.toml").read_text(encoding="utf-8")
    rules: list[tuple[int, str, str]] = []
    words: list[str] = []
    held: list[str] = []
    for line in text.splitlines():
        if line.startswith("# "):
            words = [*words, line[2:]] if words and not RULE.match(line[2:]) else [line[2:]]
        elif "=" in line and words:
            held = [line]
        elif held:
            held.append(line)
        if held and _is_whole(held):
            found = RULE.match(words[0])
            if found:
                rules.append((int(found[1]), " ".join(words)[found.end() :], _say("\n".join(held))))
            words, held = [], []
    return rules


def _is_whole(lines: list[str]) -> bool:
    text = "".join(lines)
    return text.count("[") == text.count("]")


def _say(text: str) -> str:
    name, value = next(iter(tomllib.loads(text).items()))
    return f"   Setting `{name}`: `{json.dumps(value)}`.\n"
