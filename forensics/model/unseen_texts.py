"""What a document holds that its reader is not shown: hidden, white and tiny words, hidden sheets, cells and slides."""

from collections.abc import Iterable, Iterator

from forensics.model.earlier_texts import Said

_NAMED = {
    "ooxml.hidden_sheet": "Hidden sheet",
    "ooxml.hidden_rows": "Hidden rows",
    "ooxml.hidden_columns": "Hidden columns",
    "ooxml.hidden_cell": "Cell that is not shown",
    "ooxml.hidden_slide": "Hidden slide",
}
_WORDS = "ooxml.unseen_words"
_HOW = {"not shown": "Words that are not shown", "white": "White words", "tiny": "Tiny words"}


def unseen_texts(properties: Iterable[Said]) -> Iterator[tuple[str, str]]:
    """Yield what is not shown, and its words."""
    for one in properties:
        if one.name in _NAMED:
            yield _NAMED[one.name], one.value
        elif one.name == _WORDS:
            how, _, words = one.value.partition(": ")
            yield _HOW.get(how, how), words
