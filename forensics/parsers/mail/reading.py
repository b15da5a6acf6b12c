"""What is collected while the header fields of one message are read."""

from forensics.model.facts import Absence, Timestamp
from forensics.model.items import Notice
from forensics.model.locations import Locator
from forensics.model.mail import AuthenticationResult, HeaderField, Party, Signature, TraceField
from forensics.model.rules import Has
from forensics.parsers.mail.signatures import Canonical

_DATE, _DATE_INSTANT, _DATE_OFFSET = Has.DATE.value, Has.DATE_INSTANT.value, Has.DATE_OFFSET.value
_WEEKDAY, _TRACE_1, _TRACE_2 = Has.WEEKDAY.value, Has.TRACE_TIME_1.value, Has.TRACE_TIME_2.value
_MESSAGE_ID, _SIGNATURE, _LIST = Has.MESSAGE_ID.value, Has.SIGNATURE.value, Has.LIST.value
_REFERENCES, _FROM = Has.REFERENCES.value, Has.FROM.value
_BUILD, _RESULTS, _CLIENT = Has.BUILD.value, Has.RESULTS.value, Has.CLIENT.value
# plain integers: operations of IntFlag cost 1 us each


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
        self.weekday = False
        self.message_id = ""
        self.subject = ""
        self.topic = ""
        self.parties: list[Party] = []
        self.trace: list[TraceField] = []
        self.signatures: list[Signature] = []
        self.results: list[AuthenticationResult] = []
        self.timestamps: list[Timestamp] = []
        self.in_reply_to: tuple[str, ...] = ()
        self.references: tuple[str, ...] = ()
        self.list_id = ""
        self.client = ""
        self.rewritten = ""
        self.from_list = False
        self.quoted = False
        """Whether ``>From`` stands for a From that is not there."""
        self.shown = Has.NOTHING.value
        """`Has` bits of fields that say themselves what they show."""

    def nth(self, key: str) -> int:
        """Count one more field of a name and return its position among them."""
        place = self.counts.get(key, 0)
        self.counts[key] = place + 1
        return place

    def notice(self, code: str, text: str, start: int, end: int, unread: int = 0) -> None:
        """Record something odd."""
        self.notices.append(Notice(code=code, text=text, locator=Locator(ranges=((start, end),)), unread=unread))

    @property
    def mask(self) -> int:
        """`Has` bits of what was read here."""
        mask = self.shown
        date = self.date
        if isinstance(date, Timestamp) and not isinstance(date.wall, Absence):
            mask |= _DATE
            if not isinstance(date.instant, Absence):
                mask |= _DATE_INSTANT
            if not isinstance(date.offset_s, Absence):
                mask |= _DATE_OFFSET
            if self.weekday:
                mask |= _WEEKDAY
        timed = 0
        for hop in self.trace:
            if isinstance(hop.time, Timestamp) and not isinstance(hop.time.instant, Absence):
                timed += 1
            if hop.id.count(".") == 3 or "(Exim " in hop.with_:
                mask |= _BUILD
        if timed:
            mask |= _TRACE_1 if timed == 1 else _TRACE_1 | _TRACE_2
        if self.message_id:
            mask |= _MESSAGE_ID
        if self.signatures:
            mask |= _SIGNATURE
        if any(result.instance is None for result in self.results):
            mask |= _RESULTS
        if self.from_list:
            mask |= _LIST
        if self.client:
            mask |= _CLIENT
        if self.references or self.in_reply_to:
            mask |= _REFERENCES
        for party in self.parties:
            if party.field == "from" and party.address:
                mask |= _FROM
                break
        return mask
