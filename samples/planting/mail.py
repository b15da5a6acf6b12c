"""A mail that can be changed at one place while every other byte stays."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from samples.planting.mime import Part, Unfit, decoded, delimiters, leaves, text_of, with_bytes, with_text

_NAME = re.compile(rb"([!-9;-~]+)[ \t]*:")
_MIME_FIELDS = ("content-type", "content-transfer-encoding", "content-disposition", "content-id")
FOLDED = 76


@dataclass(frozen=True)
class Field:
    """One header field; a line that is no field has an empty name."""

    name: str
    raw: bytes

    @property
    def value(self) -> str:
        """Unfolded body."""
        body = self.raw.partition(b":")[2].decode("latin-1")
        return re.sub(r"\r?\n(?=[ \t])", "", body).strip()


class Mail:
    """A parsed mail. As a sham, every change goes the same way and writes back what was there."""

    def __init__(self, fields: list[Field], gap: bytes, body: bytes, *, sham: bool) -> None:
        """Take the pieces of a mail; *gap* is the empty line between header and body."""
        self.fields, self.gap, self.body, self.sham = fields, gap, body, sham
        self.newline = b"\r\n" if fields and fields[0].raw.endswith(b"\r\n") else b"\n"
        self.changes: list[str] = []

    @classmethod
    def parse(cls, data: bytes, *, sham: bool = False) -> "Mail":
        """Split a mail; ``data()`` of an unchanged mail gives the same bytes."""
        fields: list[Field] = []
        at, gap = 0, b""
        while at < len(data):
            end = data.find(b"\n", at) + 1 or len(data)
            line, at = data[at:end], end
            if line in (b"\n", b"\r\n"):
                gap = line
                break
            if line[:1] in (b" ", b"\t") and fields:
                fields[-1] = Field(fields[-1].name, fields[-1].raw + line)
            else:
                named = _NAME.match(line)
                fields.append(Field(named[1].decode("ascii") if named else "", line))
        return cls(fields, gap, data[at:], sham=sham)

    def header(self) -> bytes:
        """Return all fields as they are written."""
        return b"".join([field.raw for field in self.fields])

    def data(self) -> bytes:
        """Return the whole mail."""
        return self.header() + self.gap + self.body

    def places(self, name: str) -> Iterator[int]:
        """Yield the positions of the fields of a name, top first."""
        for place, field in enumerate(self.fields):
            if field.name.lower() == name.lower():
                yield place

    def all(self, name: str) -> list[Field]:
        """Return the fields of a name, top first."""
        return [self.fields[place] for place in self.places(name)]

    def value(self, name: str) -> str:
        """Return the body of the topmost field of a name; empty: none."""
        return next((field.value for field in self.all(name)), "")

    def set(self, name: str, value: str, index: int = 0) -> None:
        """Write another body into a field; its written name and what stands after the colon stay."""
        place = list(self.places(name))[index]
        field = self.fields[place]
        body = field.raw.partition(b":")[2]
        blank = body[: len(body) - len(body.lstrip(b" \t"))]
        new = _fold(field.value if self.sham else value, "\n" in field.raw.decode("latin-1").rstrip("\r\n"))
        colon = field.raw[: field.raw.index(b":") + 1]
        raw = colon + (blank or b" ") + new.encode("latin-1", "replace").replace(b"\n", self.newline) + self.newline
        self.fields[place] = Field(field.name, raw)
        self._changed(f"{field.name}: {field.value!r} -> {value!r}")

    def rewrite(self, place: int, raw: bytes) -> None:
        """Write another field at a position, byte for byte."""
        field = self.fields[place]
        new = Field(field.name, field.raw if self.sham else raw)
        self._changed(f"{field.name}: {field.value!r} -> {Field(field.name, raw).value!r}")
        self.fields[place] = new

    def add(self, name: str, value: str, *, before: str = "", top: bool = False) -> None:
        """Add a field: on top, before the first field of a name, or at the end of the header."""
        if self.sham:
            return
        raw = f"{name}: {_fold(value, len(value) > FOLDED)}\n".encode("latin-1", "replace")
        place = 0 if top else next(self.places(before), len(self.fields)) if before else len(self.fields)
        self.fields.insert(place, Field(name, raw.replace(b"\n", self.newline)))
        self._changed(f"{name}: added {value!r}")

    def remove(self, name: str, index: int = 0) -> None:
        """Take a field out."""
        place = list(self.places(name))[index]
        if not self.sham:
            field = self.fields.pop(place)
            self._changed(f"{field.name}: removed {field.value!r}")

    def parts(self) -> list[Part]:
        """Return the MIME leaves in order."""
        return list(leaves(self.header(), self.body))

    def raw(self, part: Part) -> bytes:
        """Return a leaf's content as it is encoded."""
        return self.body[part.start : part.end]

    def text(self, part: Part) -> str:
        """Return a leaf's text with LF line ends; empty where it is not text or does not decode."""
        return text_of(part, self.raw(part))

    def set_text(self, part: Part, new: str) -> None:
        """Write another text into a leaf; lines that do not change keep their bytes.

        Raises:
            Unfit: the part cannot hold the text.
        """
        raw = self.raw(part)
        self._put(part, with_text(part, raw, new, self._line_end(raw), sham=self.sham))

    def payload(self, part: Part) -> bytes:
        """Return a leaf's decoded bytes."""
        return decoded(part, self.raw(part))

    def set_payload(self, part: Part, new: bytes) -> None:
        """Write other bytes into a leaf, in its own transfer encoding."""
        raw = self.raw(part)
        content = self.payload(part) if self.sham else new
        self._put(part, with_bytes(part, raw, content, self._line_end(raw)))

    def append_part(self, content: bytes, media_type: str, name: str, boundary: str) -> None:
        """Add a base64 leaf at the end of the outer multipart/mixed; other mails are wrapped in a new one."""
        if self.sham:
            return
        leaf = Part(0, 0, 0, media_type, "", "base64", name, "")
        head = f'Content-Type: {media_type}; name="{name}"\nContent-Disposition: attachment; filename="{name}"\n'
        head += "Content-Transfer-Encoding: base64\n\n"
        block = head.encode().replace(b"\n", self.newline)
        block += with_bytes(leaf, b"\n", content, self.newline)
        outer = re.search(r'boundary="?([^";]+)', self.value("Content-Type"))
        if not self.value("Content-Type").lower().startswith("multipart/mixed") or outer is None:
            self._wrap(boundary)
            outer_name = boundary
        else:
            outer_name = outer[1].strip()
        last = next((found for found in delimiters(outer_name).finditer(self.body) if found[1]), None)
        if last is None:
            raise Unfit("multipart without an end")
        line = self.newline + b"--" + outer_name.encode() + self.newline
        self.body = self.body[: last.start()] + line + block.rstrip(b"\r\n") + self.body[last.start() :]
        self._changed(f"attachment {name!r} added")

    def remove_part(self, part: Part) -> None:
        """Take a leaf out of its multipart, with the delimiter before it."""
        if not part.boundary:
            raise Unfit("no multipart")
        if self.sham:
            return
        found = [one for one in delimiters(part.boundary).finditer(self.body) if one.end() <= part.header_start]
        self.body = self.body[: found[-1].start()] + self.body[part.end :]
        self._changed(f"part {part.name or part.media_type!r} removed")

    def _wrap(self, boundary: str) -> None:
        moved = [field.raw for field in self.fields if field.name.lower() in _MIME_FIELDS]
        self.fields = [field for field in self.fields if field.name.lower() not in _MIME_FIELDS]
        if not self.all("MIME-Version"):
            self.fields.append(Field("MIME-Version", b"MIME-Version: 1.0" + self.newline))
        kind = f'Content-Type: multipart/mixed; boundary="{boundary}"'.encode() + self.newline
        self.fields.append(Field("Content-Type", kind))
        line = b"--" + boundary.encode()
        start = line + self.newline + b"".join(moved) + self.newline
        self.body = start + self.body + self.newline + line + b"--" + self.newline
        self.gap = self.gap or self.newline

    def _put(self, part: Part, raw: bytes) -> None:
        if raw != self.raw(part):
            self._changed(f"{part.name or part.media_type} rewritten")
        self.body = self.body[: part.start] + raw + self.body[part.end :]

    def _line_end(self, raw: bytes) -> bytes:
        first = raw.find(b"\n")
        return self.newline if first < 0 else b"\r\n" if raw[max(first - 1, 0) : first] == b"\r" else b"\n"

    def _changed(self, what: str) -> None:
        if not self.sham:
            self.changes.append(what)


def _fold(value: str, wanted: bool) -> str:
    if not wanted:
        return value
    lines, rest = [], value
    while len(rest) > FOLDED and " " in rest[1:]:
        cut = rest.rfind(" ", 1, FOLDED)
        cut = cut if cut > 0 else rest.find(" ", 1)
        lines.append(rest[:cut])
        rest = rest[cut:]
    return "\n".join([*lines, rest])
