"""The words of Rich Text, as they are shown.

Source: Rich Text Format Specification 1.9.1, as far as the library reads it.
"""

import re

from forensics.errors import Malformed

_IN_PICTURE = re.compile(r"\\bin(\d*)|\}")


def rich_words(raw: bytes) -> str:
    """Return the words of Rich Text; notes, margins and frames are left out.

    Raises:
        Malformed: it cannot be read.
    """
    from striprtf import striprtf

    try:
        said = _without_pictures(raw.decode("cp1252", "replace"))
        text: str = striprtf.rtf_to_text(said, encoding="cp1252", errors="replace")  # type: ignore[no-untyped-call]
    except Exception as error:  # the library lets through whatever a broken text causes
        raise Malformed(f"not readable as Rich Text: {type(error).__name__}", 0) from error
    return text


def _without_pictures(text: str) -> str:
    r"""Return Rich Text without groups of pictures, where some are kept as binary.

    The library takes them out too, in the same way, but looks at each character.

    Raises:
        ValueError: it is not said how long one is.
    """
    if "\\pict" not in text or "\\bin" not in text:
        return text
    kept, at = [], 0
    while (start := text.find("\\pict", at)) >= 0:
        kept.append(text[at:start])
        at = start + len("\\pict")
        while found := _IN_PICTURE.search(text, at):
            at = found.end()
            if found[1] is None:
                break
            at += int(found[1])
        else:
            at = len(text)
    kept.append(text[at:])
    return "".join(kept)
