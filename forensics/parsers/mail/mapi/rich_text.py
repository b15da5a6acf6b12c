"""What Rich Text carries: the page or text that is encapsulated in it, else its words.

Source: [MS-OXRTFEX]; Rich Text Format Specification 1.9.1.
"""

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
    from striprtf import striprtf

    try:
        said: str = striprtf.rtf_to_text(  # type: ignore[no-untyped-call]
            rich.decode("cp1252", "replace"), encoding="cp1252", errors="replace"
        )
    except Exception:  # noqa: BLE001  the library lets through whatever a broken text causes
        return None
    return Encapsulated("text", said, (), replayable=False)
