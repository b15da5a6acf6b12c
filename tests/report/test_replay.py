"""The commands that the report prints are run by a shell: they must print the digests that it promises."""

import base64
import hashlib
import shutil
import subprocess
import zlib

import msgspec
import pytest

from forensics.model.findings import EvidenceBytes, ItemRef, Raw
from forensics.model.locations import Location, Locator, Step, StepKind
from forensics.model.rules import Role
from forensics.replay.quoted_printable import quoted_printable
from forensics.report import replay

MAIL = b"Date: x\r\n\r\n>From here\r\n" + b"caf=E9 " * 40 + b"\r\n"
UNQUOTED = MAIL.replace(b"\n>From", b"\nFrom")
ATTACHED = b"\x00\x01PK attached bytes" * 30


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def run(recheck, folder):
    done = subprocess.run(["sh", "-c", recheck.command], cwd=folder, capture_output=True, check=True)
    return done.stdout.decode().split()[0]


def step(kind, start, end, data, decoder="copy/1", name=""):
    return Step(kind=kind, name=name, start=start, end=end, decoder=decoder, sha256=sha256(data))


@pytest.fixture
def chain(tmp_path):
    """A file that holds a deflated mailbox that holds a quoted mail that holds a base64 part."""
    if not shutil.which("sha256sum"):
        pytest.skip("no sha256sum")
    encoded = base64.encodebytes(ATTACHED)
    mail = UNQUOTED + encoded
    stored = MAIL + encoded
    box = b"From x\r\n" + stored
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(box) + packer.flush()
    whole = b"PK--header" + packed + b"tail"
    (tmp_path / "leak.zip").write_bytes(whole)
    steps = (
        Step(kind=StepKind.FILE, name="leak.zip", start=0, end=len(whole), sha256=sha256(whole), source="leak.zip"),
        step(StepKind.ZIP_MEMBER, 10, 10 + len(packed), box, "deflate/1", "a.mbox"),
        step(StepKind.MBOX_MESSAGE, 8, len(box), stored),
        step(StepKind.UNQUOTED, 0, len(stored), mail, "mboxrd/1"),
        step(StepKind.MIME_PART, len(UNQUOTED), len(mail), ATTACHED, "base64/1", "1"),
    )
    return tmp_path, steps


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5])
def test_an_items_command_prints_its_digest(chain, depth):
    folder, steps = chain
    recheck = replay.item(Location(steps[:depth]))
    assert run(recheck, folder) == recheck.sha256 == steps[depth - 1].sha256


def test_a_quotes_command_prints_the_digest_of_the_quoted_bytes(chain):
    folder, steps = chain
    for depth in (1, 3, 4, 5):
        layer = {1: (folder / "leak.zip").read_bytes(), 3: MAIL, 4: UNQUOTED, 5: ATTACHED}[depth]
        recheck = replay.evidence(quoted(steps[:depth], layer, 3, 12))
        assert run(recheck, folder) == recheck.sha256 == sha256(layer[3:12])


@pytest.mark.parametrize(
    "encoded", [b"caf=E9=20=\r\nend", b"a= \t\nb=\rc=Zx==41=", b"=3D=\r\n=0d=0A= \r\n", b"a==\r\n= "]
)
def test_quoted_printable(tmp_path, encoded):
    data = b"x " + encoded
    (tmp_path / "m").write_bytes(data)
    out = quoted_printable(encoded)
    file = Step(kind=StepKind.FILE, name="m", start=0, end=len(data), sha256=sha256(data))
    recheck = replay.item(Location((file, step(StepKind.MIME_PART, 2, len(data), out, "quoted-printable/2"))))
    assert run(recheck, tmp_path) == sha256(out)


def test_a_name_that_is_not_safe_to_paste_is_never_in_a_command():
    for name in ("a;rm -rf ~", "$(x)", "%0A", "a'b", "caf%C3%A9", "`x`", "a|b", "x&y", "\\x"):
        file = Step(kind=StepKind.FILE, name=name, start=0, end=9, sha256="00")
        assert replay.item(Location((file,))).command == f"sha256sum {replay.PLACEHOLDER}"
    for name, shown in (("-rf", "./-rf"), ("my file", "'my file'"), ("a/b.eml", "a/b.eml")):
        file = Step(kind=StepKind.FILE, name=name, start=0, end=9, sha256="00")
        assert replay.item(Location((file,))).command == f"sha256sum {shown}"


def test_no_command_where_none_would_be_right(chain):
    _, steps = chain
    unknown = msgspec.structs.replace(steps[1], decoder="aes/1")
    assert replay.item(Location((steps[0], unknown))) is None
    undecoded = msgspec.structs.replace(steps[1], sha256="")
    assert replay.item(Location((steps[0], undecoded))) is None
    two = quoted(steps[:1], b"0123456789", 1, 4)
    assert replay.evidence(msgspec.structs.replace(two, locator=Locator(ranges=((1, 4), (6, 7))))) is None
    assert replay.evidence(msgspec.structs.replace(two, locator=Locator())) is None


def quoted(steps, layer, start, end):
    return EvidenceBytes(
        role=Role.SUSPECT,
        label="x",
        value="",
        raw=Raw(b64=layer[start:end], text=""),
        item=ItemRef(sha256=steps[-1].sha256, location=Location(tuple(steps))),
        locator=Locator(ranges=((start, end),)),
        context=Raw(b64=b"", text=""),
    )
