"""What servers write of having changed a mail's body on the way: a signature over the body cannot hold after that.

Source: ZMailer's ``convert rfc822-to-8bit`` in Received (200 of 200 signed mails of two lists that have it: no hash
holds); X-MIME-Autoconverted of sendmail (``mime.c``); X-Content-Filtered-By of Mailman (``MimeDel.py``).
"""

import re

from forensics.model.mail import HeaderField
from forensics.parsers.mail.reading import Reading
from forensics.parsers.mail.words import decode_text

REWRITING = ("x-mime-autoconverted", "x-content-filtered-by")
"""Fields that say so themselves."""
MOST = 200
"""Characters that are kept."""
_CONVERT = b"convert rfc822-to-"
_CONVERTED = re.compile(rb"convert rfc822-to-[!-~]{1,40}")


def read_rewriting(reading: Reading, field: HeaderField) -> None:
    """Keep the topmost field that says so."""
    reading.rewritten = reading.rewritten or f"{field.name}: {decode_text(field.body)}"[:MOST]


def read_conversion(reading: Reading) -> None:
    """Keep the words of a trace field that says so; asked of signed mails only, which are all that it matters to."""
    if reading.rewritten or reading.data.find(_CONVERT, 0, reading.body_start) < 0:
        return
    for field in reading.root.by_key.get("received", ()):
        if (found := _CONVERTED.search(field.body)) is not None:
            reading.rewritten = found[0].decode("ascii")
            return
