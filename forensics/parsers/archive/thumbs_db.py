"""Thumbnails of a folder as Windows keeps them (``Thumbs.db``): names of its pictures and documents, and their times.

Up to XP a stream ``Catalog`` lists number, last change (UTC) and name of each file, also of files that are gone, and of
folders by their class; later files hold thumbnails alone, under hashes of what they show. The thumbnails are not read.

Source: no specification. Seen in 83 such files of 19 owners, of which two contents were broken: 29 have a catalog, of
version 7 and whole, with 851 entries; of 835 names of files 789 are those of files beside them.
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, ParseContext
from forensics.model.locations import Location
from forensics.parsers import Yielded

FORMAT = Format(
    id="thumbs_db",
    title="Thumbnails of a folder by Windows",
    media_types=("application/x-ms-thumbs-db",),
    extensions=(),
    begins=(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
)


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether a compound file has at its root thumbnails, with or without a catalog, and nothing else."""
    from forensics.errors import ParseError
    from forensics.parsers._compound import root_names
    from forensics.parsers.archive._thumbs_reading import are_thumbnails

    try:
        return are_thumbnails(root_names(source))
    except ParseError:
        return False


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield names and times of the catalog, how many thumbnails it does not name, and what is not read.

    Raises:
        Malformed: the compound file's header or directory cannot be read.
    """
    from forensics.parsers.archive._thumbs_reading import read

    return read(source, FORMAT.id)
