"""Translations of sentences: one compiled catalogue (``gettext``) a language; English is in the code."""

import gettext
from importlib import resources
from importlib.resources.abc import Traversable

from forensics.errors import UsageError

ENGLISH = "en"
FOLDER: Traversable = resources.files(__package__) / "languages"
"""Holds ``<language>.mo`` for each language."""


def translation(language: str) -> gettext.NullTranslations:
    """Return the translation of a language; that of English changes nothing.

    Raises:
        UsageError: there is none.
    """
    if language == ENGLISH:
        return gettext.NullTranslations()
    file = FOLDER / f"{language}.mo"
    if not language.replace("_", "").isalpha() or not file.is_file():
        raise UsageError(f"no translation into language {language!r}")
    with file.open("rb") as stream:
        return gettext.GNUTranslations(stream)


def translated(translations: gettext.NullTranslations, key: str, one: str, many: str, n: int | None) -> str:
    """Return a sentence in the form for a count, by its key and English; English where the catalogue lacks it."""
    if n is None or not many:
        return translations.pgettext(key, one)
    return translations.npgettext(key, one, many, n)
