"""Bodies before a mailbox marked their lines that begin with ``From``.

Source: RFC 4155.
"""

import re
from collections.abc import Iterator

from forensics.authenticity.repairs.mails import Body, Mail

_MARKED = re.compile(rb"(?m)^>(?=>{0,9}From )")


def from_unmarked(mail: Mail, body: Body) -> Iterator[Body]:
    """Yield a body without one ``>`` before each such line."""
    if b">From " in body.content:
        content = _MARKED.sub(b"", body.content)
        if content != body.content:
            yield body.changed("from_unmarked", content)
