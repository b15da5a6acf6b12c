"""Identifiers of slides, shapes and sheets that a document shows, which their copies keep."""

from forensics.model.documents import DocumentFacts
from forensics.model.presence.office_package import facts_named

_KINDS = (("slide", "ooxml.slide_origins"), ("shape", "ooxml.shape_origins"), ("sheet", "ooxml.sheet_origins"))


def origins(document: DocumentFacts) -> list[str]:
    """Return them with their kind, ``slide:1546155160``, each once."""
    return [
        f"{kind}:{one}" for kind, name in _KINDS for fact in facts_named(document, name) for one in fact.value.split()
    ]
