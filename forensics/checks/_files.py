"""What rules on files share: whether two names are one, however programs spelled them."""

import re
from unicodedata import normalize

_SIGN = re.compile(r"[\W_]+")
_ENDINGS = {"jpeg": "jpg", "tiff": "tif", "docx": "doc", "xlsx": "xls", "pptx": "ppt", "htm": "html"}


def plain_name(name: str) -> str:
    """Return the letters and digits of a name, small: programs change blanks, signs and case."""
    return _SIGN.sub("", normalize("NFC", name).casefold())


def fits(wanted: str, name: str) -> bool:
    """Whether a name may be the one wanted, both plain: of a name with blanks a text shows the last word alone."""
    return bool(wanted and name) and (name.endswith(wanted) or wanted.endswith(name))


def ending_of(name: str) -> str:
    """Return what a name ends with, one for endings of one type."""
    ending = name.rpartition(".")[2].strip().lower()
    return _ENDINGS.get(ending, ending)
