"""Office documents under a password: the decrypted package, or the decrypted old file, as a child item.

OOXML packages stand encrypted in an OLE2 file; old Word, Excel and PowerPoint files are encrypted in place, and a copy
without encryption is what a password gives.

Source: [MS-OFFCRYPTO] 2.3; [MS-DOC] 2.5.2 (fEncrypted); [MS-XLS] 2.4.117 (FilePass); [MS-PPT] 2.3.2 (headerToken).
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.decoding import Encoded, RangeDecoder
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.parsers import Yielded

DECODER = "office-crypto/1"
_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _decode(encoded: Encoded) -> Iterator[bytes]:
    from forensics.parsers.document._encrypted_office_reading import decode

    return decode(encoded)


def _closed(encoded: Encoded) -> bool:
    from forensics.parsers.document._encrypted_office_reading import closed

    return closed(encoded)


FORMAT = Format(
    id="document.encrypted",
    title="Encrypted Office document",
    media_types=("application/encrypted",),
    extensions=(),
    begins=(_MAGIC,),
    wraps=True,
    decoders=(RangeDecoder(name=DECODER, decode=_decode, closed=_closed),),
    damaged=("office.truncated", "office.hmac"),
)


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether an OLE2 file holds an encrypted package, or an old document that says that it is encrypted."""
    if not head.startswith(_MAGIC):
        return False
    from forensics.parsers.document._ole2_encrypted import is_encrypted

    return is_encrypted(source)


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield the decrypted document; where no password opens it, a child without content that says so."""
    from forensics.parsers.document._encrypted_office_reading import read

    return read(source, context)
