"""What was planted: the labels of a leak, and which digests they make planted or clean."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from forensics.errors import UsageError

SHAMS = ("sham", "sham_insert", "spam")
"""Labelled mails that count as clean."""
HONEST = "honest"
"""Kind of files that were edited as ordinary work edits them; they count as clean."""


@dataclass(frozen=True)
class Plant:
    """One taint; several mails if it is a thread, none if a mail was removed."""

    key: str
    operation: str
    cls: str
    mails: frozenset[str]
    carried: frozenset[str]
    """Digests of attachments with changed content."""
    before: str = ""
    """Digest of the mail that was edited; empty for what was inserted."""

    @property
    def items(self) -> frozenset[str]:
        """Return all digests that a finding may accuse rightly."""
        return self.mails | self.carried


@dataclass(frozen=True)
class Truth:
    """All labels of a leak."""

    scenario: str
    source: str
    seed: str
    mails: int
    lacking: Mapping[str, int]
    plants: tuple[Plant, ...]
    shams: Mapping[str, str]
    """Digest of a sham edit: its operation."""
    kinds: Mapping[str, str]
    """Digest of a labelled clean mail: its kind."""
    sham_before: Mapping[str, str]
    """Digest of a sham edit: that of the mail it was made from."""
    honest: Mapping[str, str]
    """Digest of an honest edit: its operation."""
    items: str = "mails"
    """What the leak consists of: ``mails`` or ``files``."""

    @cached_property
    def planted(self) -> Mapping[str, Plant]:
        """The plant of each planted digest."""
        return {item: plant for plant in self.plants for item in plant.items}

    @property
    def clean(self) -> dict[str, int]:
        """How many clean mails there are of each kind."""
        found = Counter(self.kinds.values())
        tainted = sum(len(plant.mails) for plant in self.plants)
        kinds = (*SHAMS, HONEST) if self.items == "files" else SHAMS
        return {"unplanted": self.mails - found.total() - tainted, **{kind: found[kind] for kind in kinds}}


def read(folder: Path) -> Truth:
    """Read ``labels.json`` of a planted leak.

    Raises:
        UsageError: there is none, or it lacks what ``samples.plant`` writes.
    """
    try:
        held = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        return _truth(held, held["labels"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{folder / 'labels.json'}: {error}") from error


def _truth(head: Mapping[str, Any], labels: Sequence[Mapping[str, Any]]) -> Truth:
    items = "files" if "files" in head else "mails"
    by_key: dict[str, list[Mapping[str, Any]]] = {}
    for label in labels:
        if label["kind"] == "taint":
            by_key.setdefault(label["key"], []).append(label)
    plants = [
        Plant(
            key=key,
            operation=held[0]["operation"],
            cls=held[0]["cls"],
            mails=frozenset([label["sha256"] for label in held if label["sha256"]]),
            carried=frozenset([item for label in held for item in label["items"]]),
            before=held[0]["before_sha256"],
        )
        for key, held in by_key.items()
    ]
    return Truth(
        scenario=head["scenario"],
        source=head["source"],
        seed=head["seed"],
        mails=head[items],
        lacking=head["not_applicable"],
        plants=tuple(plants),
        shams={label["sha256"]: label["operation"] for label in labels if label["kind"] == "sham"},
        sham_before={label["sha256"]: label["before_sha256"] for label in labels if label["kind"] == "sham"},
        kinds={label["sha256"]: label["kind"] for label in labels if label["kind"] in (*SHAMS, HONEST)},
        honest={label["sha256"]: label["operation"] for label in labels if label["kind"] == HONEST},
        items=items,
    )
