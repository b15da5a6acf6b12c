"""Code pages of Rich Text: by the charset of a font, by the words for a document, and as Python names them.

Source: Rich Text Format Specification 1.9.1, character set and font table.
"""

PAGE_OF_CHARSET = {
    0: 1252,
    2: 1252,  # signs of a symbol font have no charset; blanks and digits of it stand in this one
    77: 10000,
    78: 932,
    79: 949,
    80: 936,
    81: 950,
    128: 932,
    129: 949,
    130: 1361,
    134: 936,
    136: 950,
    161: 1253,
    162: 1254,
    163: 1258,
    177: 1255,
    178: 1256,
    186: 1257,
    204: 1251,
    222: 874,
    238: 1250,
    254: 437,
    255: 850,
}
"""Of a font, by the number that ``\\fcharset`` gives."""
_CODECS = {
    **{page: f"cp{page}" for page in (437, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865, 866, 869)},
    **{page: f"cp{page}" for page in (874, 932, 949, 950, *range(1250, 1259))},
    **{28590 + part: f"iso8859_{part}" for part in range(1, 17) if part != 12},
    936: "gb18030",
    1361: "johab",
    10000: "mac_roman",
    10006: "mac_greek",
    10007: "mac_cyrillic",
    10029: "mac_latin2",
    10081: "mac_turkish",
    20127: "ascii",
    20866: "koi8_r",
    21866: "koi8_u",
    54936: "gb18030",
    65001: "utf_8",
}
DOCUMENT_PAGE = {b"ansi": 1252, b"mac": 10000, b"pc": 437, b"pca": 850}
"""By the word at the beginning of a document."""


def codec(page: int) -> str:
    """Return Python's name for a code page; one that it lacks is read as Windows' first."""
    return _CODECS.get(page, "cp1252")
