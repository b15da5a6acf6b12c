"""What the texts of a mail say, hide and lead to, and how two texts of one mail differ."""

import msgspec

from forensics.model.facts import Located


class BodyMark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Something that a mail's text hides or leads to."""

    kind: str
    """``zero_width``, ``bidi``, ``mixed_scripts``, ``hidden_text``, ``pixel``, ``other_host``, ``active_target``,
    ``form``, ``refresh``, ``script``, ``consent``, ``shortener``, ``redirect``, ``address_in_link``,
    ``host_as_user`` or ``attached_page`` (``parsers/mail/marks.py``); ``born_character``, ``born_link`` or
    ``born_word`` (``parsers/mail/marks.py``)."""
    shown: Located
    """What stands there, unseen characters written as escapes; in the subject, with the whole field."""
    part: str
    """Part number; empty: the subject."""
    exact: bool = True
    """Whether the bytes are the mark itself and not the part's beginning, which stands for what was not found."""


class SaidOfFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What the writer of a mail says of a file beside its name (``parsers/mail/stated.py``)."""

    kind: str
    """``pages``, ``slides`` or ``size``, in bytes."""
    low: int
    """The least that it can mean: a rounded size means a range of bytes."""
    high: int
    shown: Located
    """As written; without bytes of its own, those of the beginning of the part, with ``exact`` false."""
    exact: bool = True


class FileMention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What the writer of a mail says of a file that comes with it (``parsers/mail/mentions.py``)."""

    kind: str
    """``noted``: a program wrote its name where it stood in the text; ``named``: the writer names it beside a phrase
    such as "attached is"; ``said``: such a phrase without a name."""
    shown: Located
    """The name; of ``said`` the phrase."""
    part: str
    """Part number."""
    exact: bool = True
    """Whether the bytes are the name's own and not the part's beginning, which stands for what was not found."""
    stated: tuple[SaidOfFile, ...] = ()
    """What is said of the file beside its name."""


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Words of a plain text that stand in the place of other words of its HTML."""

    text: Located
    """Words, with the bytes of the first as it stands in the message; without bytes where it stands more than once."""
    html: Located


class Twins(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The text and the HTML of one multipart/alternative, compared word by word."""

    text_part: str
    html_part: str
    text_words: int
    html_words: int
    equal: int
    """Words that both have, in order."""
    differing_runs: int = 0
    """Places where words differ or only one has any; numbers of lists do not count."""
    changes: tuple[Change, ...] = ()
    """At most the first 20."""
    change_count: int = 0
    added: tuple[Change, ...] = ()
    """At most the first 20 places of one to four words that only one of them has; the other's are empty."""
    added_count: int = 0
    only_text: int = 0
    """Passages of five words and more that only the text has."""
    only_html: int = 0
    whole: bool = True
    """Whether both were read to their end and all their words compared."""

    @property
    def differs(self) -> bool:
        """Whether one says anything that the other does not."""
        return self.change_count + self.added_count + self.only_text + self.only_html > 0


class TextDigest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What one text of a message says, whatever charset, encoding or wrap it came in (``parsers/mail/texts.py``)."""

    words: str
    """SHA-256 of the text without links and white space: composed (NFC), quotes and dashes as typed, ``>From`` as
    ``From``."""
    links: str = ""
    """SHA-256 of its links in their order, then where a page's lead, forms and pictures too; empty if none."""
