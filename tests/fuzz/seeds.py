"""Small good files of each format, made by the builders of its tests: what a fuzzer begins with where it has no others.

    python -m tests.fuzz.seeds FOLDER

writes them to a folder for each parser; `tests.fuzz.parsers` takes them by itself where it is given none.
"""

import struct
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from io import BytesIO
from pathlib import Path

from msoffcrypto.format.ooxml import OOXMLFile

from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ChildItem, ParseContext
from forensics.model.locations import Location
from forensics.parsers import load
from forensics.parsers.store._pst_layout import Form
from tests.parsers.archive import conftest as zips
from tests.parsers.archive import iso_builder, rars, sevenzips, test_sevenzip_methods, test_zip_locked
from tests.parsers.archive.cab_builder import File, cabinet, mszip, stored
from tests.parsers.archive.compressed.conftest import PACK, lz4_old
from tests.parsers.archive.iso_builder import ce, nm, px, record, susp
from tests.parsers.archive.tar import test_tar_dialects
from tests.parsers.archive.tar.conftest import Tars
from tests.parsers.document import (
    test_encrypted_office,
    test_odf,
    test_ole2,
    test_ole2_texts,
    test_ooxml,
    test_pdf,
    test_pdf_end,
)
from tests.parsers.document.office_packages import W, office
from tests.parsers.mail import test_delivery_status, test_emlx, test_msg, test_olm, test_tnef, test_utf16
from tests.parsers.mail.msg_files import HEADER, msg, named
from tests.parsers.store import pst_builder

PASSWORD = b"secret"
"""Opens what is encrypted."""
TEXT = b"a text, and the same text again. " * 20


def _tars() -> Iterable[bytes]:
    plain = Tars.member(b"a.txt", b"one")
    long = Tars.member(b"././@LongLink", b"long/" * 30 + b"\0", b"L", magic=Tars.GNU)
    records = Tars.pax((b"path", b"b"), (b"mtime", b"1467711202.5"), (b"SCHILY.xattr.user.x", b"y"))
    yield Tars.joined([plain, long, Tars.member(b"b", b"two"), records, Tars.member(b"c", b"three")])
    yield Tars.joined([Tars.member(b"l", typeflag=b"2", linkname=b"a.txt"), Tars.member(b"d/", typeflag=b"5"), plain])
    for sparse in test_tar_dialects.SPARSE:
        yield Tars.joined([sparse(Tars)])


def _zips() -> Iterable[bytes]:
    locked = partial(test_zip_locked.aes, zips.Zips, b"x", TEXT, password=PASSWORD)
    yield zips.SAMPLE
    yield zips.build([locked(version=1, strength=1), locked(method=0), zips.encrypted(b"c", TEXT, PASSWORD)])
    for method, pack in ((9, test_zip_locked.deflate64), (98, test_zip_locked.ppmd), (93, PACK["zstd"])):
        yield zips.build([zips.Member(b"x", TEXT, method=method, stored=pack(TEXT))])
    yield zips.build([zips.Member(b"a", b"one")]) + zips.build([zips.Member(b"a", b"changed")])


def _sevenzips() -> Iterable[bytes]:
    yield sevenzips.SOLID
    empty = [sevenzips.Named("d", empty=True, folder=True), sevenzips.Named("e", empty=True, anti=True)]
    yield sevenzips.archive([sevenzips.solid([b"one"])], [sevenzips.Named("a"), *empty], encode=False)
    for filters in test_sevenzip_methods.FILTERS.values():
        yield test_sevenzip_methods.written(filters, [TEXT])
    coder = sevenzips.number(1) + b"\x14\x03\x03\x01\x1b" + sevenzips.number(4) + sevenzips.number(1)
    folder = sevenzips.Folder([TEXT + b"\xe8\1\0\0\0"], coder + bytes(range(4)), sevenzips.bcj2(TEXT + b"\xe8\1\0\0\0"))
    yield sevenzips.archive([folder], [sevenzips.Named("a")], encode=False)


def _rars() -> Iterable[bytes]:
    yield from (rars.PACKED4, rars.PACKED5, rars.SOLID4, rars.SOLID5)
    times = rars.record(3, b"\x1b" + rars.UNIX * 2 + bytes(8)) + rars.record(6, b"\1\3ann") + rars.record(4, b"\0\7")
    comment = rars.block5(3, rars.vint(4) + rars.vint(4) + b"\0" + bytes(4) + b"\0\0" + rars.vint(3) + b"CMT", b"note")
    link = rars.file5(b"up", b"", extra=rars.record(5, b"\1\0\4../x"), attributes=0o120777)
    yield rars.archive5(comment, rars.file5(b"a", b"x", extra=times), link, extra=rars.record(2, b"\1\5o.rar"))
    yield rars.archive4(rars.file4(b"a.txt", b"x", flags=0x1000, more=b"\0\x80" + bytes(3)), flags=8)


def _cabinets() -> Iterable[bytes]:
    files = [File(b"one.txt", 300, 0), File(b"two", len(TEXT) - 300, 300, attributes=0x81)]
    yield cabinet([(1, mszip(TEXT, 400))], files)
    yield cabinet([(0, stored(TEXT)), (1, mszip(TEXT))], [*files, File(b"b", 9, 0, 1)], reserve=b"own", of_block=4)
    yield cabinet([(1, mszip(TEXT))], [*files, File(b"c", 9, 0, 0xFFFE)], following=b"b.cab\0disk\0")


def _discs() -> Iterable[bytes]:
    yield from iso_builder.GOOD
    more = {30: (nm(b"long name") + susp(b"SL", b"\0\0\5etc/x")).ljust(2048, b"\0")}
    yield iso_builder.rock(px(0o120777) + ce(30, 0, 22), nm(b"a") + susp(b"CL", bytes(8)), more=more)
    yield iso_builder.joliet([record(b"A.;1", 22, 5, 0x80), record(b"A.;1", 23, 5)], [])


def _messages() -> Iterable[bytes]:
    yield test_msg.attached()
    page = "<html><body>page <a href='https://a.example'>b</a></body></html>"
    yield msg(test_msg.SENT | {0x007D001F: HEADER, 0x10130102: page.encode()}, [test_msg.TO], scattered=True)
    keywords = bytes.fromhex("2903020000000000c000000000000046")
    yield msg(test_msg.SENT | {0x8000101F: ["Red", "Blue"]}, names=named((keywords, "Keywords")))


def _stores() -> Iterable[bytes]:
    for form, cipher, compress in ((Form.UNICODE, 1, False), (Form.ANSI, 2, False), (Form.LARGE, 1, True)):
        yield pst_builder.small(form, cipher, compress).built()


def _stored_messages() -> Iterable[bytes]:
    for store in _stores():
        for found in load("store.pst").parse(MemoryBytes(store), Location(()), ParseContext()):
            if isinstance(found, ChildItem) and isinstance(found.content, bytes):
                yield found.content


def _compressed(kind: str) -> Iterable[bytes]:
    yield PACK[kind](TEXT)
    if kind != "zlib":  # which alone of them has no mark
        yield PACK[kind](b"one") + PACK[kind](b"two")
    if kind == "lz4":
        yield lz4_old(TEXT)


def _locked_documents() -> Iterable[bytes]:
    out = BytesIO()
    OOXMLFile(BytesIO(test_encrypted_office.package())).encrypt(PASSWORD.decode(), out)
    yield out.getvalue()
    word = bytes(10) + b"\0\1" + bytes(5000)
    yield test_encrypted_office.ole({"WordDocument": word, "1Table": struct.pack("<HH", 1, 1) + bytes(5000)})
    book = test_encrypted_office.BOF + test_encrypted_office.record(0x2F, bytes(6))
    yield test_encrypted_office.ole({"Workbook": book.ljust(5000, b"\0")})


def _contacts() -> Iterable[bytes]:
    inner = "<OPFContactCopyDisplayName>Ada</OPFContactCopyDisplayName><OPFContactCopyModDate>2019-06-15T09:22:56"
    yield f"<contacts><contact>{inner}</OPFContactCopyModDate></contact></contacts>".encode()


def _sent() -> Iterable[bytes]:
    field = b"From: Ada <ada@one.example>\nTo: ben@two.example\nDate: Tue, 5 Jul 2016 11:33:22 +0200\nSubject: x\n"
    trace = b"Received: from a.example by b.example with SMTP id 7; Tue, 5 Jul 2016 11:33:25 +0200\nMessage-ID: <1@a>\n"
    alone = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nText =C3=A9.\n"
    yield trace + field + alone
    two = b"--b\n" + alone + b"--b\nContent-Type: message/rfc822\n\n" + field + b"\nOn Mon, Ada wrote:\n> y\n--b--\n"
    yield trace + field + b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n' + two


def _mailboxes() -> Iterable[bytes]:
    line = b"From ada@one.example Tue Jul  5 11:33:22 2016\n"
    yield b"\n".join([line + mail for mail in _sent()])
    yield b"".join([line + b"Content-Length: %d\n" % len(mail) + mail for mail in _sent()])


def _packages() -> Iterable[bytes]:
    yield test_ooxml.package()
    words = f"<w:document {W}><w:body><w:p w:rsidR='00AA00BB'><w:r><w:t>a word</w:t></w:r></w:p></w:body></w:document>"
    yield office("word", {"word/document.xml": words})


SEEDS: Mapping[str, Callable[[], Iterable[bytes]]] = {
    "archive.tar": _tars,
    "archive.zip": _zips,
    "archive.sevenzip": _sevenzips,
    "archive.rar": _rars,
    "archive.cab": _cabinets,
    "archive.iso9660": _discs,
    **{f"archive.{kind}": partial(_compressed, kind) for kind in PACK},
    "document.encrypted_office": _locked_documents,
    "document.ooxml": _packages,
    "document.odf": lambda: [test_odf.SAMPLE],
    "document.pdf": lambda: [test_pdf.SAMPLE, test_pdf_end.document() + test_pdf_end.archive(b"behind it")],
    "document.ole2": lambda: [*test_ole2.SAMPLES, *test_ole2_texts.SAMPLES],
    "mail.rfc5322": _sent,
    "mail.mbox": _mailboxes,
    "mail.emlx": lambda: [b"%d      \n" % len(mail) + mail + test_emlx.PLIST for mail in _sent()],
    "mail.msg": _messages,
    "mail.tnef": lambda: [test_tnef.whole()],
    "mail.olm_message": lambda: [test_olm.PLAIN, test_olm.DELIVERED],
    "mail.olm_items": _contacts,
    "mail.utf16": lambda: [*test_utf16.SAVED.values(), b"\xff\xfe" + test_utf16.BOX.encode("utf-16-le")],
    "mail.delivery_status": lambda: [
        test_delivery_status.STATUS,
        test_delivery_status.DISPOSITION,
        test_delivery_status.FEEDBACK,
    ],
    "store.pst": _stores,
    "store.pst_message": _stored_messages,
}
"""What makes the seeds of a parser."""


def main(folder: Path) -> None:
    """Write all seeds."""
    for name, make in SEEDS.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(make()):
            (folder / name / str(number)).write_bytes(data)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
