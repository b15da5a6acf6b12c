"""OpenDocument packages (odt, ods, odp, odg) and their OpenOffice.org 1 forerunners: ``meta.xml``.

Source: OASIS OpenDocument 1.3 part 2 (package), part 3 section 4.3 (metadata).
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.model.texts import TextPart
from forensics.parsers import Yielded
from forensics.parsers.archive.zip import FORMAT as ZIP
from forensics.parsers.document._package_names import first_name, holds

FORMAT = Format(
    id="odf",
    title="OpenDocument",
    media_types=(
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.graphics",
    ),
    extensions=(".odt", ".ods", ".odp", ".odg", ".ott", ".ots", ".otp", ".sxw", ".sxc", ".sxi"),
    version=6,
    begins=(b"PK",),
    ends=ZIP.ends,
)

_TYPES = (b"application/vnd.oasis.opendocument.", b"application/vnd.sun.xml.")
TYPE_BYTES = 200
"""How far the stated type is read."""
SKETCHED_BYTES = 20_000_000


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether it is a zip file that states an OpenDocument type, or holds the parts of one."""
    if not head.startswith(FORMAT.begins):
        return False
    if first_name(head) == b"mimetype":
        return any(kind in head[38:TYPE_BYTES] for kind in _TYPES)
    return sniff_inside(head, source)


def sniff_inside(head: bytes, source: ByteSource) -> bool:
    """Whether the zip that ends *source* lists the parts of an OpenDocument file."""
    return holds(source, [b"mimetype", b"META-INF/manifest.xml", b"content.xml"])


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield the package's archive facts, its document facts, embedded pictures, and notices.

    Raises:
        WrongFormat: not a zip file.
    """
    from forensics.parsers.document._odf_reading import read

    return read(source, context)


def text_parts(source: ByteSource, context: ParseContext) -> tuple[TextPart, ...]:
    """Return the texts of a document."""
    from forensics.parsers.document._odf_texts import text_parts as read

    return read(source, context)
