"""The registry of benign causes: innocent explanations of an observation, and what would settle each.

The registry holds ids and how a cause is tested; its words stand in the catalogue of sentences (``benign.<id>``,
``benign.<id>.wording``, ``benign.<id>.settle``), so that they are translated with all others.
"""

import tomllib
from functools import cache
from importlib import resources

import msgspec

from forensics.errors import KnowledgeError
from forensics.knowledge.sentences import DEFAULT, text

TESTS = frozenset({"rule", "explainer", "grading", "record"})
"""Who can settle a cause: the rule from its own facts, an explainer from the archive, grading for every rule alike, or
an outside record only."""


class BenignCause(msgspec.Struct, frozen=True, kw_only=True):
    """One innocent cause."""

    id: str
    tested: tuple[str, ...]
    """Members of `TESTS`, best first."""
    title: str
    wording: str
    settle: str
    """What would settle it."""


@cache
def causes(language: str = DEFAULT) -> dict[str, BenignCause]:
    """Return all causes by id, in the order of the registry.

    Raises:
        KnowledgeError: an entry is malformed or lacks a sentence.
    """
    raw = resources.files(__package__).joinpath("benign.toml").read_text(encoding="utf-8")
    found: dict[str, BenignCause] = {}
    for name, entry in tomllib.loads(raw)["causes"].items():
        tested = tuple(entry["tested"])
        if not tested or not TESTS.issuperset(tested):
            raise KnowledgeError(f"benign.toml: {name} is tested by {tested}")
        found[name] = BenignCause(
            id=name,
            tested=tested,
            title=text(f"benign.{name}", language),
            wording=text(f"benign.{name}.wording", language),
            settle=text(f"benign.{name}.settle", language),
        )
    return found
