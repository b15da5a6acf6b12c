"""Makes the kept cases of a format: small synthetic leaks, scanned by the program as it is at this commit.

    python tests/kept/make.py tests/kept/format_N

writes ``FOLDER/small`` (this file's own leak) and ``FOLDER/demo`` (that of ``forensics demo``), each with its source
and its ``case``. They are made once, when the case format is raised, checked in and never made again: what they prove
is that cases of that time can still be opened.
"""

import io
import shutil
import sys
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from forensics import ScanOptions, scan
from forensics._demo.leak.build import CAPTURED, RELEASED, SOURCE, build
from forensics._demo.leak.office import Properties, word
from forensics._demo.leak.photo import Shot, write

AS_OF = "2017-06-01T00:00:00Z"
PLAIN = """\
Received: from out.a.example (out.a.example [192.0.2.7]) by in.b.example with ESMTPS id Q{n}; {received}
Authentication-Results: in.b.example; dkim=pass header.d=a.example; spf=pass smtp.mailfrom=a.example
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=a.example; s=k1; t={stamp};
 h=from:to:subject:date; bh={hash}; b=AAAA{n:04}
Message-ID: <{n}.4711@mail.a.example>
Date: {date}
From: "Anna Berg" <anna@a.example>
To: Ben Carr <ben@b.example>, dora@b.example
Subject: {subject}
X-Mailer: Thunderbird 45.8
{more}
{text}
"""
EMPTY_BODY = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
NEXT = "In-Reply-To: <{n}.4711@mail.a.example>\nReferences: <1.4711@mail.a.example>\n"


def mail(n: int, subject: str, *, date: str = "", received: str = "", more: str = "", text: str = "") -> bytes:
    """Return a mail of the n-th of March 2017, its lines as on a disk."""
    usual = datetime(2017, 3, n, 10, 20, tzinfo=timezone(timedelta(hours=1))).strftime("%a, %d %b %Y %H:%M:%S %z")
    received = received or usual.replace(":00 +", ":04 +")
    return PLAIN.format(
        n=n,
        subject=subject,
        date=date or usual,
        received=received,
        stamp=int(parsedate_to_datetime(received).timestamp()),
        more=more,
        text=text or f"Text number {n}: the figures of the month are as agreed, see you on Tuesday.",
        hash=EMPTY_BODY,
    ).encode()


def leak() -> dict[str, bytes]:
    """Return the files of the source by name."""
    rng = Random(7)
    made = datetime(2017, 3, 1, 9, 30, tzinfo=UTC)
    letter = word(Properties("Letter", "Anna Berg", "Carl Dorn", made, made, 3), ["As agreed in March."], rng)
    late = datetime(2017, 9, 1, 9, 30, tzinfo=UTC)
    later = word(Properties("Offer", "Anna Berg", "Carl Dorn", late, late, 3), ["Made later than all this."], rng)
    photo = write(Shot(made, datetime(2017, 3, 2, 9, 30, tzinfo=UTC)), rng, 32, 16)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (("letter.docx", letter), ("../offer.docx", later), ("photo.jpg", photo)):
            archive.writestr(zipfile.ZipInfo(name, (2017, 3, 5, 12, 0, 0)), data)
    ordinary = [mail(n, f"Figures {n}", more=NEXT.format(n=n - 1) if n > 1 else "") for n in range(1, 9)]
    box = b"".join([b"From anna@a.example Mon Mar  6 09:10:00 2017\n" + one + b"\n" for one in ordinary])
    return {
        "box.mbox": box,
        "copy.eml": ordinary[2],
        "ahead.eml": mail(20, "Ahead", date="Fri, 24 Mar 2017 16:40:00 +0100"),
        "zone.eml": mail(24, "Zone", date="Thu, 23 Mar 2017 22:20:00 -1200"),
        "weekday.eml": mail(21, "Weekday", date="Sun, 21 Mar 2017 10:20:00 +0100"),
        "future.eml": mail(22, "Future", date="Mon, 12 Mar 2018 10:20:00 +0100"),
        "torn.eml": mail(23, "Torn", more="Content-Type: multipart/mixed; boundary=x\n", text="--x\n\nno end"),
        "files/packed.zip": packed.getvalue(),
        "files/notes.txt": b"A list of names.\n",
        "files/empty.eml": b"",
    }


def small(folder: Path) -> None:
    """Write source and case of the leak above."""
    for name, data in leak().items():
        path = folder / "leak" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    options = ScanOptions(case_number="KEPT-1", examiner="A. Example", as_of=AS_OF, jobs=1)
    scan([folder / "leak"], folder / "case", options)


def demo(folder: Path) -> None:
    """Write source and case of the sample leak."""
    folder.mkdir()
    build(folder)
    (folder / "labels.json").unlink()
    options = ScanOptions(case_number="KEPT-DEMO", captured=CAPTURED, released=RELEASED, jobs=1)
    scan([folder / SOURCE], folder / "case", options)


def make(folder: Path) -> None:
    """Write all kept cases of the format in force; they are made elsewhere, since a case names where its source lay."""
    with TemporaryDirectory(prefix="kept-") as made:
        for kind in (small, demo):
            kind(Path(made) / kind.__name__)
        shutil.copytree(made, folder)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
