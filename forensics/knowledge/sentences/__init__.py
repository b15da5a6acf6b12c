"""The catalogue of sentences: one folder per language, all text that a reader of results sees.

A sentence is a key and a template with ``{named}`` values. English is complete; another language may lack a key, and
then English stands in.
"""

import tomllib
from functools import cache
from importlib import resources

from forensics.errors import KnowledgeError

DEFAULT = "en"


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return all sentences of a language, by key.

    Raises:
        KnowledgeError: there is no such language, or a key stands twice.
    """
    folder = resources.files(__name__) / language
    if not folder.is_dir():
        raise KnowledgeError(f"no sentences for language {language!r}")
    found: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        for key, text in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if key in found:
                raise KnowledgeError(f"sentence {key!r} stands twice")
            found[key] = text
    return found


def text(key: str, language: str = DEFAULT, /, **values: object) -> str:
    """Return the sentence of a key with values put in.

    Raises:
        KnowledgeError: the key or a value is missing.
    """
    template = catalogue(language).get(key) or catalogue(DEFAULT).get(key)
    if template is None:
        raise KnowledgeError(f"no sentence {key!r}")
    try:
        return template.format_map(values)
    except KeyError as missing:
        raise KnowledgeError(f"sentence {key!r} lacks value {missing}") from missing
