"""Messages made of properties, where a store does not say where they stand, or keeps them in its own way."""

from forensics.model.items import ChildItem, Notice, ParseContext
from forensics.model.locations import Locator, Step, StepKind
from forensics.model.mail import Message
from forensics.parsers.mail.mapi.message import read_stored, stored_bodies, stored_headers
from forensics.parsers.mail.mapi.properties import Properties, Property, StoredAttachment, StoredMessage

HEADER = b"From: anna@example.org\r\nSubject: Minutes\r\nDate: Mon, 6 Mar 2017 10:00:00 +0000\r\n\r\n"


def prop(tag: int, data: bytes, place: Locator | None = None) -> Property:
    path = f"mapi:0x{tag:08X}"
    return Property(id=tag >> 16, type=tag & 0xFFFF, data=data, locator=place or Locator(path=path))


def read(*properties: Property, attachments: tuple[StoredAttachment, ...] = ()) -> Message:
    stored = StoredMessage(size=9000, properties=Properties(properties), attachments=attachments)
    (found,) = [one for one in read_stored(stored, ParseContext()) if isinstance(one, Message)]
    return found


def test_a_header_whose_place_is_not_known_is_read_all_the_same() -> None:
    found = read(prop(0x007D001E, HEADER))
    assert found.tree is None and found.subject.value == "Minutes" and found.is_stored
    assert found.subject.locator == Locator(path="header:Subject[0]")
    stored = StoredMessage(size=9000, properties=Properties([prop(0x007D001E, HEADER)]))
    assert stored_headers(stored, ParseContext()) == ()


def test_a_header_below_the_steps_of_its_store() -> None:
    step = Step(kind=StepKind.STREAM, name="block", start=100, end=900, decoder="copy/1")
    place = Locator(ranges=((10, 10 + len(HEADER)),), path="mapi:0x007D001E", steps=(step,))
    found = read(prop(0x007D001E, HEADER, place))
    first, second = found.headers[0].steps
    assert first is step and (second.start, second.end, second.decoder) == (10, 10 + len(HEADER), "copy/1")
    assert found.subject.locator.ranges == ((24, 42),) and found.subject.locator.steps == (first, second)


def test_the_signs_that_a_store_puts_before_a_subject_are_none_of_it() -> None:
    raw = "\x01\x05RE: Plan".encode("utf-16-le")
    found = read(prop(0x0037001F, raw, Locator(ranges=((0, len(raw)),), path="mapi:0x0037001F")))
    assert found.subject.value == "RE: Plan" and found.subject.raw.decode() == "\x01\x05RE: Plan"


def test_what_a_header_lacks_the_properties_say() -> None:
    found = read(
        prop(0x007D001E, b"X-Mailer: Example\r\n\r\n"), prop(0x0037001E, b"Minutes"), prop(0x1035001E, b"<1@a.example>")
    )
    assert (found.subject.value, found.message_id.value, found.client.value) == ("Minutes", "1@a.example", "Example")


def test_texts_in_rich_text_alone_are_read() -> None:
    import compressed_rtf

    raw = compressed_rtf.compress(b"{\\rtf1\\ansi Gr\\'fc\\'dfe aus dem B\\'fcro.\\par}")
    stored = StoredMessage(size=9000, properties=Properties([prop(0x10090102, raw)]))
    (text,) = stored_bodies(stored, ParseContext()).text_parts()
    assert text.text.strip() == "Grüße aus dem Büro."
    assert [part.number for part in read(prop(0x10090102, raw)).parts] == ["text", "rtf"]


def test_rich_text_that_is_broken_is_told_with_its_bytes() -> None:
    stored = StoredMessage(size=9000, properties=Properties([prop(0x10090102, b"\xff" * 40)]))
    found = list(read_stored(stored, ParseContext()))
    (notice,) = [one for one in found if isinstance(one, Notice)]
    assert (notice.code, notice.unread) == ("rtf.header", 40)
    (message,) = [one for one in found if isinstance(one, Message)]
    assert not message.searched


def test_what_smime_signed_is_an_item_of_its_own() -> None:
    tag = prop(0x370E001E, b"multipart/signed")
    content = b"Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nText.\r\n--b--\r\n"
    step = Step(kind=StepKind.STREAM, name="x", start=0, end=len(content))
    attached = StoredAttachment(properties=Properties([tag]), step=step, content=content)
    stored = StoredMessage(size=9000, properties=Properties([]), attachments=(attached,))
    (child,) = [one for one in read_stored(stored, ParseContext()) if isinstance(one, ChildItem)]
    assert child.format == "mail.rfc5322"
