"""Sentences as keys and values: tables keep these, and English stands in the call of `says` in the file that uses it.

A sentence that a case keeps can be written in any language later. Translators get all of them with their keys as
context (``gettext``'s msgctxt): `forensics.knowledge.extract_sentences` finds the calls of `says`.
"""

from typing import Union

import msgspec

from forensics.errors import KnowledgeError

Value = Union[str, int, "Sentence", tuple[Union[str, "Sentence"], ...]]
"""What goes into a sentence: text of the evidence or a name, a number, a sentence, or a list of such."""


class Sentence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence to be written: which one, and the values to put in."""

    key: str
    values: dict[str, Value] = {}
    """By name; a number is grouped as the language does it, a list is joined with semicolons."""
    n: int | None = None
    """The count that chooses between one and many; ``None`` where the sentence has one form."""


class Saying(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence in English, ``{name}`` where a value goes."""

    key: str
    one: str
    many: str = ""
    none: str = ""

    def __call__(self, n: int | None = None, /, **values: Value) -> Sentence:
        """Return the sentence with its values.

        Args:
            n: the count that chooses the form, and is shown as ``{n}``.
            values: by name.
        """
        return Sentence(self.key, values, n)

    def english(self, n: int | None) -> str:
        """Return the form for a count; ``None``: the only one."""
        if n is None or n == 1:
            return self.one
        return self.none if n == 0 and self.none else self.many or self.one


_SAID: dict[str, Saying] = {}


def says(key: str, *, one: str, many: str = "", none: str = "") -> Saying:
    """Declare a sentence, with literal arguments: translators' catalogues are read from the source.

    Args:
        key: never used for another sentence once released; cases keep it.
        one: in English; where there is *many*, the form for a count of 1.
        many: for other counts.
        none: for a count of 0, where that is said in another way.

    Raises:
        KnowledgeError: the key has another sentence already.
    """
    saying = Saying(key=key, one=one, many=many, none=none)
    if _SAID.setdefault(key, saying) != saying:
        raise KnowledgeError(f"two sentences have the key {key!r}")
    return saying


def declared() -> tuple[Saying, ...]:
    """Return all sentences of the modules that are loaded."""
    return tuple(_SAID.values())


def said(key: str) -> Saying | None:
    """Return the sentence of a key among the modules that are loaded."""
    return _SAID.get(key)
