"""Names of files in RAR 1.5 to 4: in the packer's charset, and packed Unicode behind it.

Source: UnRAR's sources (encname.cpp) as a description.
"""


def name_of(raw: bytes, marked: bool) -> bytes:
    """Return a name: in UTF-8 where the header has it in Unicode, in one of two ways; else the bytes as they are."""
    if not marked:
        return raw
    plain, mark, packed = raw.partition(b"\0")
    if not mark:
        return raw
    return _unpacked_name(plain, packed).encode("utf-8", "surrogatepass")


def _unpacked_name(plain: bytes, packed: bytes) -> str:
    """Unpack a Unicode name that is written as its differences from the name in the packer's charset."""
    out = bytearray()
    high = packed[0] if packed else 0
    at, flags, bits = 1, 0, 0
    while at < len(packed) and len(out) < 0x20000:
        if not bits:
            flags, bits = packed[at], 8
            at += 1
            if at >= len(packed):
                break
        bits -= 2
        mode = flags >> bits & 3
        if mode == 3:
            count = packed[at]
            correction = packed[at + 1 : at + 2] if count & 0x80 else b""
            at += 2 if count & 0x80 else 1
            for _ in range((count & 0x7F) + 2):
                place = len(out) // 2
                char = plain[place] if place < len(plain) else 0
                out += bytes((char + correction[0] & 0xFF, high)) if correction else bytes((char, 0))
        elif mode == 2:
            out += packed[at : at + 2].ljust(2, b"\0")
            at += 2
        else:
            out += bytes((packed[at], high if mode else 0))
            at += 1
    return out.decode("utf-16-le", "surrogatepass")
