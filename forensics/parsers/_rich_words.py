"""The words of Rich Text, as they are shown.

Source: Rich Text Format Specification 1.9.1, as far as the library reads it.
"""

from forensics.errors import Malformed


def rich_words(raw: bytes) -> str:
    """Return the words of Rich Text; notes, margins and frames are left out.

    Raises:
        Malformed: it cannot be read.
    """
    from striprtf import striprtf

    said = raw.decode("cp1252", "replace")
    try:
        text: str = striprtf.rtf_to_text(said, encoding="cp1252", errors="replace")  # type: ignore[no-untyped-call]
    except Exception as error:  # the library lets through whatever a broken text causes
        raise Malformed(f"not readable as Rich Text: {type(error).__name__}", 0) from error
    return text
