"""What Rich Text carries: the page or text that is encapsulated in it, else its words.

Source: [MS-OXRTFEX]; Rich Text Format Specification 1.9.1.
"""

from forensics.errors import Malformed
from forensics.parsers._rich_words import rich_words
from forensics.parsers.mail.mapi.rtf import Encapsulated, de_encapsulate


def carried(rich: bytes, *, has_text: bool) -> Encapsulated | None:
    """Return the page or text in Rich Text; ``None``: it cannot be read, or says no more.

    Args:
        rich: Rich Text.
        has_text: whether its words are at hand as a text: then only a page that it carries says more.
    """
    inner = de_encapsulate(rich)
    if inner is not None:
        return None if has_text and inner.kind == "text" else inner
    if has_text:
        return None
    try:
        said = rich_words(rich)
    except Malformed:
        return None
    return Encapsulated("text", said, (), replayable=False)
