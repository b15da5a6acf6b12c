"""What is asked of the index: words and phrases, quoted for it, so that nothing in them is read as its language."""

import re

import msgspec

from forensics.errors import UsageError
from forensics.fulltext.folding import IGNORED, MARKS, asked_of, fold_word

MAX_TERMS = 64
"""Words and phrases of one question; the index refuses some hundreds."""
MAX_CHARACTERS = 4_000
_TERM = re.compile(r'"([^"]*)"(\*?)|([^\s"]+)')
_SYMBOLS = "\u2100-\u214f\u2460-\u24ff\u3200-\u33ff\U0001f100-\U0001f2ff"
"""Signs that fold to letters: those of units and trade marks, letters in circles."""
WORD = re.compile(f"(?:[^\\W_]|[{IGNORED}{MARKS}{_SYMBOLS}])+")
"""A word of a text as it is written."""


class Term(msgspec.Struct, frozen=True):
    """A word, or a phrase: words that follow each other."""

    tokens: tuple[str, ...]
    begins: bool
    """Whether its last word may go on."""


class Asked(msgspec.Struct, frozen=True):
    """A question: all of its terms must stand in an item."""

    terms: tuple[Term, ...]
    wordless: tuple[str, ...]
    """What was asked and holds no word: nothing is looked for in its place."""

    @property
    def match(self) -> str:
        """The question in the language of FTS5; no character of it but letters and digits is the asker's."""
        return " AND ".join([f'"{" ".join(term.tokens)}"{" *" if term.begins else ""}' for term in self.terms])


def ask(words: str) -> Asked:
    """Read a question.

    Args:
        words: words at white space; ``"in quotes"``: a phrase; ``invoic*``: whatever begins so. All must be there, in
            any order. A word that is written with marks (``e-mail``, ``anna@firm.example``) is a phrase.

    Raises:
        UsageError: it holds no word, or too many.
    """
    if len(words) > MAX_CHARACTERS:
        raise UsageError(f"what is searched for has {len(words)} characters; at most {MAX_CHARACTERS} can be asked")
    terms, wordless = [], []
    for match in _TERM.finditer(words):
        written = match[3] if match[3] is not None else match[1]
        tokens, begins = asked_of([token for word in WORD.findall(written) for token in fold_word(word)])
        if tokens:
            starred = match[2] == "*" or (match[3] is not None and written.endswith("*"))
            terms.append(Term(tokens, begins or starred))
        elif written.strip():
            wordless.append(written)
    if not terms:
        raise UsageError("there is no word in what is searched for: name one or more")
    if len(terms) > MAX_TERMS:
        raise UsageError(f"{len(terms)} words and phrases are searched for; at most {MAX_TERMS} can be asked at once")
    return Asked(tuple(terms), tuple(wordless))
