"""The youngest font of a known birth that an old Office document names.

Source: [MS-DOC] 2.9.286 (SttbfFfn), [MS-XLS] 2.4.122 (Font), [MS-PPT] 2.9.9 (FontEntityAtom).
"""

from collections.abc import Callable

from forensics.knowledge.document_births import births
from forensics.parsers._compound_stream import Stream
from forensics.parsers._gathering import Gathering


def font_facts(
    stream: Stream, start: int, end: int, standing: Callable[[int, int], bool], gathering: Gathering
) -> None:
    """Add ``ole2.font``, the youngest font, where it stands.

    Args:
        stream: where fonts are named.
        start: where the names begin in it.
        end: where they end.
        standing: whether bytes at an offset, of a length, are the name of a font: they may be anything else.
        gathering: takes the fact.
    """
    found: tuple[int, int, int, str] | None = None
    for name, birth in births("font").items():
        if found is not None and birth.born <= found[0]:
            continue
        for written in (name.encode("utf-16-le"), name.encode("latin-1")):
            at = stream.data.find(written, start, end)
            while at >= 0 and not standing(at, len(written)):
                at = stream.data.find(written, at + 1, end)
            if at >= 0:
                found = birth.born, at, at + len(written), name
                break
    if found is not None:
        _, first, last, name = found
        gathering.add_fact("ole2.font", name, stream.locator("font", first, last), stream.data[first:last])
