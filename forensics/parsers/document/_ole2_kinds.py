"""What kind of document a compound file is, by the names at its root."""

from collections.abc import Collection
from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of document."""

    format: str
    media_type: str
    names: tuple[str, ...]
    """Of which the root has one, in lower case."""


WORD = Kind("ole2.word", "application/msword", ("worddocument",))
EXCEL = Kind("ole2.excel", "application/vnd.ms-excel", ("workbook", "book"))
POWERPOINT = Kind("ole2.powerpoint", "application/vnd.ms-powerpoint", ("powerpoint document",))
OTHER = Kind("ole2", "application/x-ole-storage", ())
_KINDS = (
    WORD,
    EXCEL,
    POWERPOINT,
    Kind("ole2", "application/vnd.visio", ("visiodocument",)),
    Kind("ole2", "application/vnd.ms-publisher", ("quill",)),
    # Project names its storages after its versions.
    Kind("ole2", "application/vnd.ms-project", ("   112", "   114", "   19", "   1")),
)
_PROPERTIES = ("%05summaryinformation", "%05documentsummaryinformation")
_OF_MESSAGES = ("__properties_version1.0", "__nameid_version1.0", "__substg1.0_", "__recip_version1.0_")


def kind_of(names: Collection[str]) -> Kind:
    """Return the kind of a document; `OTHER` where the names tell none."""
    lower = {name.lower() for name in names}
    return next((kind for kind in _KINDS if not lower.isdisjoint(kind.names)), OTHER)


def is_document(names: Collection[str]) -> bool:
    """Whether these are the names of a document, and of no message."""
    if any(name.startswith(_OF_MESSAGES) for name in names):
        return False
    return kind_of(names) is not OTHER or any(name.lower() in _PROPERTIES for name in names)
