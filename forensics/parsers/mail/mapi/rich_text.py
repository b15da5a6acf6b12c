"""What Rich Text carries: its words, where no page or text is encapsulated in it.

Source: Rich Text Format Specification 1.9.1.
"""


def carried(rich: bytes, *, has_text: bool) -> tuple[str, bytes] | None:
    """Return ``html`` or ``text`` and the same in UTF-8; ``None``: it cannot be read, or says no more.

    Args:
        rich: Rich Text.
        has_text: whether its words are at hand as a text: then only a page that it carries says more.
    """
    if has_text:
        return None
    from striprtf import striprtf

    try:
        said: str = striprtf.rtf_to_text(  # type: ignore[no-untyped-call]
            rich.decode("cp1252", "replace"), encoding="cp1252", errors="replace"
        )
    except Exception:  # noqa: BLE001  the library lets through whatever a broken text causes
        return None
    return "text", said.encode("utf-8", "replace")
