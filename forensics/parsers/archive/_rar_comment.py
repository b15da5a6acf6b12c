"""The comment on a RAR archive.

Source: technote.txt of WinRAR 3 and of RAR 5; what is packed is given by UnRAR.
"""

from forensics.model.byte_sources import ByteSource
from forensics.model.facts import Fact
from forensics.model.locations import Locator
from forensics.parsers.archive._rar_model import Archive, Block
from forensics.parsers.archive._rar_unpack import comment_of, installed

COMMENT_BYTES = 1 << 16
"""Of a comment so much is kept."""


def comment(source: ByteSource, archive: Archive) -> Fact | None:
    """Return the first comment of an archive as a fact; ``None``: it has none that can be read, a notice says why."""
    for block, start, end in archive.comments[:1]:
        if end:
            start = min(start, end, source.size)  # a header may end, or the file, before its comment would begin
            raw = source.read(start, min(end, start + COMMENT_BYTES))
            locator = Locator(ranges=((start, start + len(raw)),), path="rar:comment")
            return Fact(name="rar.archive.comment", value=_text(raw), raw=raw, locator=locator)
        return _packed(source, archive, block)
    return None


def _packed(source: ByteSource, archive: Archive, block: Block) -> Fact | None:
    end = min(block.data_end, source.size)
    if block.steps or archive.locked or archive.version == 5:
        archive.notice("rar.comment", "its comment is encrypted and not read", block.start, end, end - block.data_start)
    elif not installed():
        archive.notice("rar.comment", "its comment is packed, and UnRAR is not installed", block.start, end)
    else:
        text = comment_of(source, block.start, end)
        if text:
            raw = source.read(block.start, min(end, block.start + COMMENT_BYTES))
            locator = Locator(ranges=((block.start, block.start + len(raw)),), path="rar:comment")
            return Fact(name="rar.archive.comment", value=text, raw=raw, locator=locator)
        archive.notice("rar.comment", "its comment is packed and cannot be unpacked", block.start, end)
    return None


def _text(raw: bytes) -> str:
    """Return a comment: UTF-8, else the old charset of DOS or Windows, of which only ASCII is certain."""
    plain = raw.rstrip(b"\0")
    try:
        return plain.decode()
    except UnicodeDecodeError:
        return plain.decode("latin-1")
