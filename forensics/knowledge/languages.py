"""Translations of sentences: one compiled catalogue (``gettext``) a language; English stands in the code."""

import gettext
from functools import cache
from importlib import resources

from forensics.errors import KnowledgeError

ENGLISH = "en"
FOLDER = "languages"


@cache
def translation(language: str) -> gettext.NullTranslations:
    """Return the translation of a language; that of English changes nothing.

    Raises:
        KnowledgeError: there is none.
    """
    if language == ENGLISH:
        return gettext.NullTranslations()
    file = resources.files(__package__).joinpath(FOLDER, f"{language}.mo")
    if not language.isalpha() or not file.is_file():
        raise KnowledgeError(f"no sentences for language {language!r}")
    with file.open("rb") as stream:
        return gettext.GNUTranslations(stream)


def translated(translations: gettext.NullTranslations, key: str, one: str, many: str, n: int | None) -> str:
    """Return a sentence in the form for a count, by its key and English; English where the catalogue lacks it."""
    if n is None or not many:
        return translations.pgettext(key, one)
    return translations.npgettext(key, one, many, n)
