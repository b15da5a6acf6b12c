"""The texts of a mail in which others' words are tried: what each says, and the mail with other words in it."""

from collections.abc import Iterator

from forensics.authenticity.repairs.mails import Mail
from forensics.authenticity.repairs.rewording import Rewording
from forensics.model.facts import Located
from forensics.model.items import Limits
from forensics.relations.quotes.shown import read_bodies
from forensics.relations.restoring.candidates import Chosen
from forensics.relations.restoring.pages import Page
from forensics.relations.restoring.wordings import compared


class AlteredText:
    """A plain text, with the page that says the same where there is one; or a page alone.

    Attributes:
        said: what is compared.
        lines: its lines.
    """

    def __init__(self, plain: Rewording | None, page: Rewording | None) -> None:
        self._plain, self._page = plain, page
        text = plain or page
        assert text is not None
        self.said, self.lines = compared(text.body)
        self._source = Page(page.body.text, self.said) if page is not None else None

    def mails(self, chosen: Chosen) -> Iterator[Mail]:
        """Yield the mail with some edits undone: in the plain text, then in the page too."""
        places = [(edit.start, edit.end, way) for edit, way in chosen]
        if self._plain is not None:
            yield from self._plain.mails(places)
        if self._page is not None and self._source is not None:
            for of_page in self._source.places(chosen):
                for mail in self._page.mails(of_page):
                    yield from self._plain.mails(places, mail) if self._plain is not None else (mail,)

    def located(self, start: int, end: int) -> Located:
        """Return a range of what is compared with its bytes; without them where they do not stand there as they are."""
        text = self._plain or self._page
        assert text is not None
        said = self.said[start:end]
        return text.body.located(said, text.body.range_of(start, end) if text is self._plain else text.body.place(said))


def altered_texts(mail: Mail, limits: Limits) -> list[AlteredText]:
    """Return the texts of a mail; a page belongs to the plain text before it."""
    found: list[AlteredText] = []
    plain: Rewording | None = None
    for body in read_bodies(mail.stored, limits).shown:
        reworded = Rewording(mail, body)
        if body.part.media_type == "text/html":
            found.append(AlteredText(plain, reworded))
            plain = None
        else:
            found += [AlteredText(plain, None)] if plain is not None else []
            plain = reworded
    return [*found, AlteredText(plain, None)] if plain is not None else found
