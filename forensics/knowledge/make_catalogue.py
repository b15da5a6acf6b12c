"""Keep the catalogue of a language: ``python -m forensics.knowledge.make_catalogue fr [TEXTS.json]``.

Needs Babel. Brings ``languages/fr.po`` to the sentences that stand in the code (what has other English now loses its
translation, what is gone goes), takes translations from a JSON file, compiles ``fr.mo``, and prints what lacks a
translation as such a JSON object: sentences by key, or a list of the form for one and the form for many. So its output,
translated, is its input. A new language begins with a file that holds the header only.
"""

import io
import json
import re
import string
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from forensics.errors import KnowledgeError
from forensics.knowledge.extract_sentences import from_python, from_template

Text = str | tuple[str, ...]
"""A sentence, or its forms."""

LANGUAGES = Path(str(resources.files("forensics.knowledge"))) / "languages"
_READERS = {".py": from_python, ".html": from_template}
_COUNT = "n"
_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""Two runs give the same file: what is written does not tell when."""
_NO_BREAK, _NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
_VERBATIM = re.compile(r"`[^`]*`|\bl=")
"""Commands and the names of tags."""
_FRENCH = (
    (re.compile(r"'"), "\N{RIGHT SINGLE QUOTATION MARK}"),
    (re.compile(r"(?<=\S)[ \u202f](?=:)|(?<=«)[ \u202f]|[ \u202f](?=[»%])"), _NO_BREAK),
    (re.compile(r"(?<=\S)[ \xa0](?=[;!?])|(?<=\d)[ \xa0](?=\d{3}\b)"), _NARROW),
)


@cache
def sentences() -> tuple[tuple[str, str, Text], ...]:
    """Return file, key and English of each sentence of the package, in the order of files and lines.

    Raises:
        KnowledgeError: one is not literal.
    """
    return tuple(_sentences())


def _sentences() -> Iterator[tuple[str, str, Text]]:
    package = Path(str(resources.files("forensics")))
    for path in sorted(package.rglob("*")):
        if (read := _READERS.get(path.suffix)) is not None:
            with path.open("rb") as file:
                for _, _, (key, *texts), _ in read(file, (), (), {}):
                    yield path.relative_to(package.parent).as_posix(), key, _text(texts)


def _text(forms: Iterable[str]) -> Text:
    found = tuple(forms)
    return found[0] if len(found) == 1 else found


def placeholders(text: str) -> set[str]:
    """Return the names of the values that go into a form.

    Raises:
        KnowledgeError: its braces do not match.
    """
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise KnowledgeError(f"{text!r}: {error}") from error


def misfit(english: Text, translated: Text) -> str:
    """Say what is wrong with the form of a translation; empty where nothing is.

    The count may be left out of a form of a sentence that has several.
    """
    if isinstance(english, str) or isinstance(translated, str):
        if isinstance(english, str) and isinstance(translated, str):
            return "" if placeholders(english) == placeholders(translated) else "other values than in English"
        return "one form where several are, or the other way round"
    wanted = [placeholders(english[min(place, len(english) - 1)]) for place in range(len(translated))]
    same = all(
        values - {_COUNT} == placeholders(form) - {_COUNT} for values, form in zip(wanted, translated, strict=True)
    )
    return "" if same else "other values than in English"


def french(text: str) -> str:
    """Return a text with the apostrophes, and the spaces before signs and in numbers, of French print."""
    pieces, at = [], 0
    for kept in _VERBATIM.finditer(text):
        pieces += [_printed(text[at : kept.start()]), kept[0]]
        at = kept.end()
    return "".join([*pieces, _printed(text[at:])])


def _printed(text: str) -> str:
    for pattern, sign in _FRENCH:
        text = pattern.sub(sign, text)
    return text


def renewed(source: str, language: str, texts: Mapping[str, Text]) -> tuple[str, dict[str, Text]]:
    """Return the source of a catalogue for the sentences of today, and what lacks a translation, by key.

    Args:
        source: that was kept; its header stays as it is.
        language: its code.
        texts: more translations, by key.

    Raises:
        KnowledgeError: a translation that is given belongs to no sentence, or has other values.
    """
    header = source.partition(_END)[0] + _END
    kept, made, missing = catalogue(source, language), catalogue(header, language), dict[str, Text]()
    found = sentences()
    if strange := sorted(texts.keys() - {key for _, key, _ in found}):
        raise KnowledgeError(f"no sentence has the key {', '.join(strange)}")
    for file, key, english in found:
        if key in texts:
            if why := misfit(english, texts[key]):
                raise KnowledgeError(f"{key}: {why}")
            text = _set(texts[key], language)
        else:
            text = _kept(kept, key, english)
        made.add(english, text, [(file, 0)], context=key)
        if not text or not all(text):
            missing[key] = english
    body = io.BytesIO()
    write_po(body, made, width=0, omit_header=True, include_lineno=False)
    return header + body.getvalue().decode("utf-8"), missing


_END = "\n\n"
"""Behind the header."""


def _kept(catalogue: Catalog, key: str, english: Text) -> Text:
    """Return the translation of the very English; empty where there is none."""
    message = catalogue.get(english if isinstance(english, str) else english[0], context=key)
    if message is None or message.id != english or message.fuzzy or not message.string:
        return ""
    return message.string if isinstance(message.string, str) else tuple(message.string)


def _set(text: Text, language: str) -> Text:
    if language != "fr":
        return text
    return french(text) if isinstance(text, str) else tuple([french(form) for form in text])


def catalogue(source: str, language: str) -> Catalog:
    """Read the source of a catalogue."""
    read = read_po(io.BytesIO(source.encode()), locale=language)
    read.creation_date = read.revision_date = _ANY_DAY
    return read


def compiled(source: str, language: str) -> bytes:
    """Return the compiled catalogue of a source."""
    file = io.BytesIO()
    write_mo(file, catalogue(source, language))
    return file.getvalue()


def main(language: str, texts: str = "") -> None:
    """Renew one catalogue in place, and print what lacks a translation."""
    given = json.loads(Path(texts).read_text(encoding="utf-8")) if texts else {}
    path = LANGUAGES / f"{language}.po"
    taken = {key: text if isinstance(text, str) else tuple(text) for key, text in given.items()}
    source, missing = renewed(path.read_text(encoding="utf-8"), language, taken)
    path.write_text(source, encoding="utf-8")
    path.with_suffix(".mo").write_bytes(compiled(source, language))
    json.dump(missing, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
