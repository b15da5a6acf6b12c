"""Where an Office Open XML package keeps its digital signatures.

Source: ECMA-376 part 2 (OPC) 10.4 (origin, signature and certificate parts).
"""

from forensics.model.document_signatures import DocumentSignature
from forensics.model.locations import Locator
from forensics.parsers._gathering import Gathering
from forensics.parsers.document._ooxml_parts import Parts, relations
from forensics.parsers.document._package import Package
from forensics.parsers.document._package_names import CONTENT_TYPES
from forensics.parsers.document._part_names import plain, resolved

_FOLDER = b"_xmlsignatures/"


def signature_facts(package: Package, parts: Parts, gathering: Gathering) -> list[DocumentSignature]:
    """Return the signatures of a package; one without any costs a look at its names.

    Facts:
        ``ooxml.signature_origin``: a part that once led to signatures, where no signature stands any more.
    """
    origins = [name for target in parts.targets("origin") if (name := resolved(target))]
    named = [plain(name) for name in package.names if name.lower().lstrip(b"/").startswith(_FOLDER)]
    if not origins and not named:
        return []
    from forensics.parsers.document._signatures import Kept, signatures

    own, found = {plain(CONTENT_TYPES), *origins, *named}, list[bytes]()
    for origin in origins:
        folder, _, name = origin.rpartition(b"/")
        listed = b"/".join([one for one in (folder, b"_rels", name + b".rels") if one])
        own.add(listed)
        for kind, target in relations(package.part(listed)):
            if kind == "signature" and (part := _beside(folder, target)):
                found.append(part)
    # Readers of other make may show a signature to which nothing leads.
    found = list(dict.fromkeys([*found, *[name for name in named if name.endswith(b".xml")]]))
    standing = [name for name in found if package.find(name) is not None]
    if not standing:
        path = (origins or named)[0].decode("utf-8", "replace")
        gathering.add_fact("ooxml.signature_origin", path, Locator(path=f"xml:{path}#origin"), b"")
    return signatures(package, standing, Kept(frozenset(own | set(found)), parts.types()), gathering)


def _beside(folder: bytes, target: str) -> bytes | None:
    """Return the part that a target leads to from a part in a folder."""
    absolute = target.strip().startswith(("/", "\\")) or ":" in target
    return resolved(target if absolute else f"{folder.decode('utf-8', 'surrogateescape')}/{target}")
