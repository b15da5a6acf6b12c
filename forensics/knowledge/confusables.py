"""Characters and pairs of letters that look like Latin letters: the skeleton of a name, as UTS #39 means it.

Only what names of domains and people can hold, and what readers take for ASCII; accents fall away.
"""

import unicodedata
from functools import lru_cache

_CYRILLIC = dict(zip("авеёзіїјкмнорсԁґһӏпгтухуѕԛԝьӡ", "abee3iijkmhopcdrhlnrtyxysqwb3", strict=True))
_GREEK = dict(zip("αβγεηικνορτυχωϲϳ", "abyenikvoptuxwcj", strict=True))
_OTHER = {"ı": "i", "ɩ": "i", "ɡ": "g", "ɑ": "a", "ɛ": "e", "ʏ": "y", "օ": "o", "ս": "u", "հ": "h", "ǀ": "l", "|": "l"}
_LETTERS = str.maketrans({**_CYRILLIC, **_GREEK, **_OTHER, "0": "o", "1": "l", "5": "s"})
_CAPITALS = {letter.upper(): latin.upper() for letter, latin in _CYRILLIC.items()}
LOOKALIKES = str.maketrans({**_CYRILLIC, **_GREEK, **_CAPITALS})
"""Cyrillic and Greek letters to the Latin ones that they are taken for."""
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))


@lru_cache(65536)
def skeleton(text: str) -> str:
    """Return a form that is the same for texts that look alike."""
    plain = "".join(
        [char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char)]
    )
    plain = plain.translate(_LETTERS)
    plain = plain.replace("i", "l")
    for pair, letter in _PAIRS:
        plain = plain.replace(pair, letter)
    return plain


def scripts(text: str) -> frozenset[str]:
    """Return the scripts of a text's letters, by their names in Unicode: ``LATIN``, ``CYRILLIC``, ``GREEK``."""
    return frozenset([unicodedata.name(char, "?").split(" ")[0] for char in text if char.isalpha()])
