"""Paths and printers that a package names: the attached template, linked files, the printers of its sheets.

Source: ECMA-376 part 1, 17.15.1.6 (attachedTemplate), 18.14 (external links), 15.2.15 (printer settings: DEVMODE).
"""

import re

from forensics.model.locations import quote
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers.document._package import Package

MOST_PARTS, MOST_TOLD = 200, 200
_RELATIONSHIPS = re.compile(
    rb"word/_rels/(?:settings|document)\.xml\.rels|xl/externalLinks/_rels/[^/]{1,80}\.rels"
    rb"|ppt/slides/_rels/slide\d{1,9}\.xml\.rels",
    re.IGNORECASE,
)
_KINDS = {
    "attachedTemplate": "attached_template",
    "externalLinkPath": "linked_file",
    "oleObject": "linked_file",
    "package": "linked_file",
    "image": "linked_file",
    "mailMergeSource": "merge_source",
}
"""Last word of a relationship's type, where its target stands outside the package."""
_PRINTERS = re.compile(rb"(?:word|xl|ppt)/printerSettings/[^/]{1,80}\.bin", re.IGNORECASE)
_DEVICE_BYTES = 64
"""Of a DEVMODE, whose printer's name comes first."""


def path_facts(package: Package, gathering: Gathering) -> None:
    """Add what a package names outside itself.

    Facts:
        ``ooxml.attached_template``, ``ooxml.linked_file``, ``ooxml.merge_source``: the target of a relationship.
        ``ooxml.printer``: the name of a printer, each once, where it stands first.
    """
    _targets(package, gathering)
    met = set[str]()
    for name in package.named(_PRINTERS, MOST_PARTS):
        layer = package.layer(name)
        if layer is not None:
            _printer(layer, f"xml:{quote(name)}", met, gathering)


def _targets(package: Package, gathering: Gathering) -> None:
    told = 0
    for name in package.named(_RELATIONSHIPS, MOST_PARTS):
        part = package.part(name)
        for element in part.root.children if part else []:
            values = element.attributes
            kind = values["Type"].text.rpartition("/")[2] if "Type" in values else ""
            target, mode = values.get("Target"), values.get("TargetMode")
            if kind not in _KINDS or target is None or mode is None or mode.text.lower() != "external":
                continue
            if part is None or told == MOST_TOLD:
                gathering.note("limit", f"more than {MOST_TOLD} files that the package names outside itself")
                return
            told += 1
            raw = part.layer.cut(target.span, target.text)
            gathering.add_fact(f"ooxml.{_KINDS[kind]}", target.text, raw.locator(f"{part.path}#{kind}"), raw.data)


def _printer(layer: Layer, path: str, met: set[str], gathering: Gathering) -> None:
    """Add the printer's name; PowerPoint and programs for the Mac begin otherwise, and name none here."""
    data = layer.data[:_DEVICE_BYTES]
    end = next((at for at in range(0, len(data) - 1, 2) if data[at : at + 2] == b"\0\0"), 0)
    name = data[:end].decode("utf-16-le", "replace")
    if name and name.isprintable() and "\ufffd" not in name and name not in met:
        met.add(name)
        raw = layer.cut((0, end), name)
        gathering.add_fact("ooxml.printer", name, raw.locator(f"{path}#device"), raw.data)
