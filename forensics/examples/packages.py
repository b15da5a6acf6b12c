"""Documents in packages as desktop Office writes them, for examples."""

from forensics.examples.files import document, fact
from forensics.model.documents import DocumentFacts
from forensics.model.facts import Fact
from forensics.model.presence.office_package import OFFICE_PROLOGUE

_PROGRAMS = {
    "ooxml.word": ("Microsoft Office Word", "16.0000"),
    "ooxml.excel": ("Microsoft Excel", "16.0300"),
    "ooxml.powerpoint": ("Microsoft Office PowerPoint", "16.0000"),
}


def office_document(
    format: str, *properties: Fact, author: str = "", last_author: str = "", **said: str
) -> DocumentFacts:
    """A document whose properties name its Office program, and whose members have its marks.

    Args:
        format: its format id.
        properties: further ones.
        author: of its properties.
        last_author: likewise.
        said: further properties by name, ``ooxml.`` left out.
    """
    application, version = _PROGRAMS[format]
    own = (
        fact("ooxml.application", application),
        fact("ooxml.app_version", version),
        fact("ooxml.package_form", "9 members: made by 45 on 0, needs 20, flags 0006, 1980-01-01, extra none"),
        fact("ooxml.prologue", f"_rels/.rels {OFFICE_PROLOGUE}"),
    )
    more = tuple([fact(f"ooxml.{name}", value) for name, value in said.items()])
    return document(format=format, properties=(*own, *more, *properties), author=author, last_author=last_author)
