"""The registry of benign causes: innocent explanations that rules list, one file for each kind.

Sources: files.md 9.2 and email.md of the project's knowledge base; RFC 5321, 5322.
"""

from types import MappingProxyType

from forensics.knowledge.benign import (
    clocks,
    collections,
    contents,
    documents,
    packing,
    routes,
    senders,
    signatures,
    stores,
    versions,
)
from forensics.knowledge.benign.cause import TESTS, BenignCause

_ALL = (
    *clocks.CAUSES,
    *routes.CAUSES,
    *senders.CAUSES,
    *contents.CAUSES,
    *documents.CAUSES,
    *versions.CAUSES,
    *signatures.CAUSES,
    *packing.CAUSES,
    *stores.CAUSES,
    *collections.CAUSES,
)

CAUSES = MappingProxyType({cause.id: cause for cause in _ALL})
"""All causes by id."""

__all__ = ["CAUSES", "TESTS", "BenignCause"]
