"""Commands with which anyone re-checks a digest from the source, without this program."""

import hashlib
import re
from collections.abc import Sequence

import msgspec

from forensics.model.findings import EvidenceBytes
from forensics.model.locations import Location, Step, unquote

_PLAIN_NAME = re.compile(rb"[A-Za-z0-9_./+=,@ -]{1,300}", re.ASCII)
PLACEHOLDER = "FILE"
"""Stands in a command for a file name that is not safe to paste."""
_PYTHON = "python3 -c 'import binascii,re,sys,zlib; sys.stdout.buffer.write({})'"
_READ = "sys.stdin.buffer.read()"
_QUOTED_PRINTABLE = (
    'binascii.a2b_qp(re.sub(rb"=(?![0-9A-Fa-f]{2}|\\n)",b"=3D",'
    rf're.sub(rb"=[ \t]*(\r\n|[\r\n]|\Z)",b"=\n",{_READ})))'
)
_TOOLS = {
    "base64": "base64 -di",
    "quoted-printable": _PYTHON.format(_QUOTED_PRINTABLE),
    "deflate": _PYTHON.format(f"zlib.decompress({_READ},-15)"),
    "mboxrd": _PYTHON.format(f're.sub(rb"(?m)^>(>*From )",rb"\\1",{_READ})'),
    "mboxo": _PYTHON.format(f're.sub(rb"(?m)^>(From )",rb"\\1",{_READ})'),
}


class Recheck(msgspec.Struct, frozen=True):
    """A command line and the digest that it must print."""

    command: str
    sha256: str


def item(location: Location) -> Recheck | None:
    """Return the command that prints an item's digest; ``None`` where a decoder has no standard tool."""
    digest = location.steps[-1].sha256
    command = _pipeline(location.steps, None)
    return Recheck(command, digest) if command and digest else None


def evidence(part: EvidenceBytes) -> Recheck | None:
    """Return the command that prints the digest of the quoted bytes; ``None`` where they are not one range."""
    ranges, raw = part.locator.ranges, part.raw.b64
    if len(ranges) != 1 or ranges[0][1] - ranges[0][0] != len(raw) or not raw:
        return None
    command = _pipeline((*part.item.location.steps, *part.locator.steps), ranges[0])
    return Recheck(command, hashlib.sha256(raw).hexdigest()) if command else None


def _pipeline(steps: Sequence[Step], last: tuple[int, int] | None) -> str | None:
    parts = []
    start, end = 0, steps[0].end
    whole = True
    for step in steps[1:]:
        tool = step.decoder.partition("/")[0]
        start, end, whole = start + step.start, start + step.end, False
        if tool == "copy":
            continue
        if tool not in _TOOLS:
            return None
        parts += [*_cut(start, end), _TOOLS[tool]]
        start, end, whole = 0, 0, True
    if last is not None:
        start, end, whole = start + last[0], start + last[1], False
    if not whole:
        parts += _cut(start, end)
    name = _file_name(steps[0].name)
    if not parts:
        return f"sha256sum {name}"
    if parts[0].startswith("tail"):
        parts[0] += f" {name}"
    else:
        parts[0] += f" < {name}"
    return " | ".join([*parts, "sha256sum"])


def _cut(start: int, end: int) -> list[str]:
    head = f"head -c {end - start}"
    return [f"tail -c +{start + 1}", head] if start else [head]


def _file_name(quoted: str) -> str:
    raw = unquote(quoted)
    if not _PLAIN_NAME.fullmatch(raw):
        return PLACEHOLDER
    name = raw.decode("ascii")
    name = f"./{name}" if name.startswith("-") else name
    return f"'{name}'" if " " in name else name
