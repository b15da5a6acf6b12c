"""Documents of some hundred words, for tests of what compares them."""

from tests.parsers.document.office_packages import W, marked, office

_SENTENCE = "We have looked through the books of the harbour office for week {} since the winter and told Vera of it."
TEXT = " ".join([_SENTENCE.format(number) for number in range(12)])
OTHER = " ".join(
    [f"Nobody knew why boat {number} had left the quay so early, and asked its owner." for number in range(14)]
)
LIBRARY = (20, 3)
"""Marks of a package that no Office packed."""


def letter(
    text: str = TEXT,
    *,
    saved: str = "2017-03-06T11:00:00Z",
    created: str = "2017-03-06T10:00:00Z",
    revision: int = 4,
    packed: tuple[int, int] = (45, 0),
    author: str = "Anna",
    more: dict[str, str] | None = None,
) -> bytes:
    """Return a Word document.

    Args:
        text: its words.
        saved: when it says that it was last saved.
        created: when it says that it was made.
        revision: how often it was saved.
        packed: marks of its members.
        author: who made it.
        more: further parts.
    """
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
        f"<dc:creator>{author}</dc:creator><cp:revision>{revision}</cp:revision>"
        f"<dcterms:created>{created}</dcterms:created><dcterms:modified>{saved}</dcterms:modified>"
        "</cp:coreProperties>"
    )
    body = f"<w:document {W}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    return marked(office("word", {"docProps/core.xml": core, "word/document.xml": body, **(more or {})}), *packed)
