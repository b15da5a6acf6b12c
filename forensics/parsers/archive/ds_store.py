"""The Finder's index of a folder (``.DS_Store``): names in the folder, sizes and times of folders in it, comments.

What the Finder shows of a folder is kept in records by file name: where an icon stands, how a folder is shown, and of
folders in it how many bytes they hold in all and when they were changed. Names stay when a file is removed or renamed
without the Finder; of what was put into the trash, or taken out of it, they say where it stood and under which name.

Source: no specification; the notes of Wim Lewis (Mac::Finder::DSStore) and of Alastair Houghton (``ds_store``). Seen in
243 such files of 46 owners, all of which read to the last record: sizes are of folders alone, never of files, and 0
where they were not counted; times are UTC, in the count of 1904 (``dutc``) until 2019 and that of 2001 since then
(``blob``), and where the folder was published within minutes they are of these minutes, in zones from -5 to +9 h.
Space that no block of the tree uses held no name that the tree does not: it is not searched.
"""

from collections.abc import Iterator

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Format, Padding, ParseContext
from forensics.model.locations import Location
from forensics.parsers import Yielded

MAGIC = b"\0\0\0\1Bud1"
FORMAT = Format(
    id="ds_store",
    title="Folder index of the Finder",
    media_types=("application/x-apple-ds-store",),
    extensions=(),
    begins=(MAGIC,),
)
_MOST_BYTES = 16 << 20


def sniff(head: bytes, source: ByteSource) -> bool:
    """Whether it begins as one and says twice where its list of blocks stands."""
    return head.startswith(MAGIC) and len(head) >= 20 and head[8:12] == head[16:20] != bytes(4)


def parse(source: ByteSource, where: Location, context: ParseContext) -> Iterator[Yielded]:
    """Yield each name once, and what the index says of it.

    Raises:
        Malformed: its blocks cannot be found.
    """
    from forensics.errors import Malformed
    from forensics.parsers._gathering import Gathering
    from forensics.parsers.archive._ds_facts import add_records
    from forensics.parsers.archive._ds_records import Index

    data = source.read(0, min(source.size, _MOST_BYTES))
    if not sniff(data[:20], source):
        raise Malformed("not readable as a folder index of the Finder")
    gathering = Gathering("ds_store")
    if beyond := source.size - len(data):
        gathering.note("limit", f"only the first {_MOST_BYTES} bytes were read", unread=beyond)
    index = Index(data, gathering)
    add_records(gathering, data, index.records())
    yield from gathering.notices
    yield gathering.facts(FORMAT.id)
    if (free := len(data) - index.used) > 0:
        yield Padding(size=free, what="free")
