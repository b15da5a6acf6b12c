"""Two items of any kind compared."""

from forensics.model.byte_sources import MemoryBytes
from forensics.model.comparing import Comparison
from forensics.model.items import Limits
from forensics.parsers import load
from forensics.parsers.identify import identify
from forensics.relations.comparing.documents import compare_documents
from forensics.relations.comparing.kept import compare_kept
from forensics.relations.comparing.mails import compare_mails
from forensics.relations.comparing.packages import compare_files

_HEAD = 4096
_MAIL = "mail.rfc5322"


def compare_contents(
    one: bytes,
    other: bytes,
    limits: Limits = Limits(),  # noqa: B008  frozen
    names: tuple[bytes, bytes] = (b"", b""),
) -> Comparison:
    """Compare two items: as mails where both are, by their texts where a store keeps one, as documents, else as bytes.

    Args:
        one: an item.
        other: another.
        limits: count limits.
        names: their file names as stored; only what bytes leave open is asked of them.
    """
    kinds = [identify(data[:_HEAD], MemoryBytes(data), name) for data, name in zip((one, other), names, strict=True)]
    if kinds == [_MAIL, _MAIL]:
        return compare_mails(one, other, limits)
    if all(kind is not None and load(kind).bodies is not None for kind in kinds):
        return compare_kept(one, other, limits)
    parsers = [load(kind) for kind in kinds if kind is not None]
    if len(parsers) == 2 and all(one.text_parts is not None for one in parsers):
        return compare_documents(one, other, (parsers[0], parsers[1]), limits)
    return compare_files(one, other, limits)
