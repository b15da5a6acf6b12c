"""Where an Office Open XML package keeps its digital signatures.

Source: ECMA-376 part 2 (OPC) 10.4 (origin, signature and certificate parts).
"""

import re

from forensics.model.document_signatures import DocumentSignature
from forensics.model.locations import Locator
from forensics.parsers._gathering import Gathering
from forensics.parsers.document._ooxml_parts import Parts, relations
from forensics.parsers.document._ooxml_texts import TEXTS
from forensics.parsers.document._package import Package
from forensics.parsers.document._package_names import CONTENT_TYPES
from forensics.parsers.document._part_names import plain, resolved

_FOLDER = b"_xmlsignatures/"
_READ = re.compile(
    TEXTS.pattern + rb"|xl/(?:workbook|sharedStrings|worksheets/[^/]{1,80})\.(?:xml|bin)|ppt/presentation\.xml",
    re.IGNORECASE,
)


def signature_facts(package: Package, parts: Parts, gathering: Gathering) -> list[DocumentSignature]:
    """Return the signatures of a package; one without any costs a look at its names.

    Facts:
        ``ooxml.signature_origin``: a part that once led to signatures, where no signature stands any more.
    """
    origins = list(dict.fromkeys([name for target in parts.targets("origin") if (name := resolved(target))]))
    named = [plain(name) for name in package.names if name.lower().lstrip(b"/").startswith(_FOLDER)]
    if not origins and not named:
        return []
    from forensics.parsers.document._signatures import MOST_PARTS, Kept, signatures

    own, found = {plain(CONTENT_TYPES), *origins}, list[bytes]()
    if len(origins) > MOST_PARTS:
        text = f"{len(origins)} parts are said to lead to signatures, of which {MOST_PARTS} are followed"
        gathering.note("signature_limit", text)
    for origin in origins[:MOST_PARTS]:
        own.add(_listing(origin))
        found += _led_to(package, origin, "signature")
    for name in list(dict.fromkeys(found))[:MOST_PARTS]:
        own |= {name, _listing(name), *_led_to(package, name, "certificate")}
    # Readers of other make may show a signature to which nothing leads.
    found = list(dict.fromkeys([*found, *[name for name in named if name.endswith(b".xml")]]))
    standing = [name for name in found if package.find(name) is not None]
    if not standing:
        path = (origins or named)[0].decode("utf-8", "replace")
        gathering.add_fact("ooxml.signature_origin", path, Locator(path=f"xml:{path}#origin"), b"")
    types = {} if package.several(CONTENT_TYPES) else parts.types()
    return signatures(package, standing, Kept(frozenset(own), types, _READ), gathering)


def _listing(name: bytes) -> bytes:
    """Return the name of the part that lists a part's relationships."""
    folder, _, file = name.rpartition(b"/")
    return b"/".join([one for one in (folder, b"_rels", file + b".rels") if one])


def _led_to(package: Package, name: bytes, wanted: str) -> list[bytes]:
    """Return the parts to which a part's relationships of a kind lead."""
    folder = name.rpartition(b"/")[0]
    listed = relations(package.part(_listing(name)))
    return [part for kind, target in listed if kind == wanted and (part := _beside(folder, target))]


def _beside(folder: bytes, target: str) -> bytes | None:
    """Return the part that a target leads to from a part in a folder."""
    absolute = target.strip().startswith(("/", "\\")) or ":" in target
    return resolved(target if absolute else f"{folder.decode('utf-8', 'surrogateescape')}/{target}")
