"""What is collected while the header fields of one message are read."""

from forensics.model.authentication import AuthenticationResult, Signature
from forensics.model.facts import ABSENT, Absence, Timestamp
from forensics.model.items import Notice
from forensics.model.locations import Locator
from forensics.model.mail import HeaderField, Party, TraceField
from forensics.parsers.mail.signatures import Canonical


class Reading:
    """Collects what the fields of one message say."""

    def __init__(self, data: bytes, charset: str, fields: tuple[HeaderField, ...], body_start: int) -> None:
        self.data = data
        self.charset = charset
        self.fields = fields
        self.body_start = body_start
        self.whole = True
        self.canonical: Canonical | None = None
        self.counts: dict[str, int] = {}
        self.notices: list[Notice] = []
        self.date: Timestamp | Absence = Absence.NOT_PRESENT
        self.weekday: int | None = None
        self.message_id = ABSENT
        self.subject = ABSENT
        self.topic = ABSENT
        self.parties: list[Party] = []
        self.trace: list[TraceField] = []
        self.signatures: list[Signature] = []
        self.results: list[AuthenticationResult] = []
        self.timestamps: list[Timestamp] = []
        self.in_reply_to: tuple[str, ...] = ()
        self.references: tuple[str, ...] = ()
        self.list_id = ""
        self.client = ABSENT
        self.client_replaced = False
        self.rewritten = ""
        self.from_list = False
        self.quoted = False
        """Whether ``>From`` stands for a From that is not there."""

    def nth(self, key: str) -> int:
        """Count one more field of a name and return its position among them."""
        place = self.counts.get(key, 0)
        self.counts[key] = place + 1
        return place

    def notice(self, code: str, text: str, start: int, end: int, unread: int = 0) -> None:
        """Record something odd."""
        self.notices.append(Notice(code=code, text=text, locator=Locator(ranges=((start, end),)), unread=unread))
