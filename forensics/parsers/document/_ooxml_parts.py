"""Which part of an Office Open XML package holds what: its relationships say so, else its usual name or content type.

Source: ECMA-376 part 2 (OPC) 6.2.3 (content types), 6.5 (relationships), 8.2 (core properties part).
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from forensics.model.locations import quote
from forensics.parsers._gathering import Gathering
from forensics.parsers.document._package import Package, Part
from forensics.parsers.document._package_names import CONTENT_TYPES
from forensics.parsers.document._part_names import plain, resolved

MOST_QUOTED = 120
"""Characters of a target that a notice quotes."""


class Kind(NamedTuple):
    """One kind of part that a package has at most once."""

    relationship: str
    """Last word of its relationship type, without hyphens, lower case."""
    name: bytes
    """Where Office puts it."""
    content_type: str
    title: str
    """What a notice calls it."""


CORE = Kind(
    "coreproperties",
    b"docProps/core.xml",
    "application/vnd.openxmlformats-package.core-properties+xml",
    "core properties (author and dates)",
)
EXTENDED = Kind(
    "extendedproperties",
    b"docProps/app.xml",
    "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    "extended properties (program)",
)
CUSTOM = Kind(
    "customproperties",
    b"docProps/custom.xml",
    "application/vnd.openxmlformats-officedocument.custom-properties+xml",
    "custom properties",
)


class Parts:
    """The relationships and content types of one package."""

    def __init__(self, package: Package, gathering: Gathering) -> None:
        self._package = package
        self._gathering = gathering
        self._targets = _targets(package)
        self._overrides, self._defaults = _types(package)

    def main_type(self) -> str:
        """Return the content type of the main part; empty if there is none."""
        targets = self._targets.get("officedocument") or self._targets.get("document") or []
        names = [name for target in targets if (name := resolved(target))]
        for name in [name for name in names if self._package.find(name)] or names:
            if stated := self._overrides.get(name) or self._defaults.get(name.rpartition(b".")[2]):
                return stated
        return next((stated for stated in self._overrides.values() if "main+xml" in stated), "")

    def targets(self, kind: str) -> list[str]:
        """Return where the package's own relationships of a kind lead, as written."""
        return self._targets.get(kind, [])

    def types(self) -> dict[bytes, str]:
        """Return content types by part name, and by extension with its point, which stands for all others."""
        return {**{b"." + name: one for name, one in self._defaults.items()}, **self._overrides}

    def read(self, kind: Kind) -> Part | None:
        """Return a part of its kind, or ``None`` if no such part stands in the package.

        What leads nowhere, and what more could be meant, becomes a notice: readers of other make may show another part.
        """
        targets = self._targets.get(kind.relationship, [])
        names = [resolved(target) or b"" for target in targets]
        lost = [target for target, name in zip(targets, names, strict=True) if self._package.find(name) is None]
        if lost:
            more = f" ({len(lost)} such relationships)" if len(lost) > 1 else ""
            text = f"the relationship of the {kind.title} leads to {_quoted(lost[0])}, where no part stands{more}"
            self._gathering.note("target_missing", text)
        typed = [name for name, stated in self._overrides.items() if stated.lower() == kind.content_type]
        found = self._distinct([*names, kind.name, *typed])
        if len(found) > 1:
            listed = ", ".join([quote(name) for name in found[:4]])
            text = f"{len(found)} parts could be the {kind.title}; the first that can be read counts: {listed}"
            self._gathering.note("part_ambiguous", text)
        return next((part for name in found if (part := self._package.part(name))), None)

    def _distinct(self, names: Iterable[bytes]) -> list[bytes]:
        members = {member.index: member.name for name in names if (member := self._package.find(name))}
        return list(members.values())


def _targets(package: Package) -> dict[str, list[str]]:
    """Return the targets that the package's own relationships give, by kind; those outside the package left out."""
    found: dict[str, list[str]] = {}
    for kind, target in relations(package.part(b"_rels/.rels")):
        found.setdefault(kind, []).append(target)
    return found


def relations(part: Part | None) -> Iterator[tuple[str, str]]:
    """Yield kind and target of the relationships that a part lists; those outside the package left out."""
    for relationship in part.root.children if part else []:
        values = {name: value.text for name, value in relationship.attributes.items()}
        if values.get("TargetMode", "").strip().lower() != "external":
            kind = values.get("Type", "").rstrip("/").rpartition("/")[2].replace("-", "").lower()
            yield kind, values.get("Target", "")


def _types(package: Package) -> tuple[dict[bytes, str], dict[bytes, str]]:
    """Return content types by part name, and by extension; the first of a name counts."""
    part = package.part(CONTENT_TYPES)
    overrides: dict[bytes, str] = {}
    defaults: dict[bytes, str] = {}
    for entry in part.root.children if part else []:
        values = {name: value.text for name, value in entry.attributes.items()}
        stated = values.get("ContentType", "")
        if entry.local == "Override":
            overrides.setdefault(plain(_bytes(values.get("PartName", ""))), stated)
        else:
            defaults.setdefault(_bytes(values.get("Extension", "")).lower(), stated)
    return overrides, defaults


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _quoted(target: str) -> str:
    return quote(_bytes(target[:MOST_QUOTED])) or "nothing"
