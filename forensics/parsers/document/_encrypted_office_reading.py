"""Decrypts Office documents: keys by msoffcrypto-tool, packages in blocks by our own loop, old files by that tool.

Source: [MS-OFFCRYPTO] 2.3.4.10 to 2.3.4.15 (agile), 2.3.4.5 to 2.3.4.7 (standard).
"""

import hashlib
import hmac
import io
import struct
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple
from xml.parsers.expat import ExpatError

import msoffcrypto
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msoffcrypto.exceptions import InvalidKeyError
from msoffcrypto.format.ooxml import OOXMLFile

from forensics.intake.windows import RangeBytes
from forensics.model.byte_sources import ByteSource
from forensics.model.decoding import Encoded
from forensics.model.items import ChildItem, Notice, ParseContext
from forensics.model.locations import Step, StepKind
from forensics.parsers._bounded import Unread, over_budget
from forensics.parsers._quiet import quiet
from forensics.parsers.document._ole2_directory import Directory
from forensics.parsers.document.encrypted_office import DECODER

ROUNDS = 10_000_000
"""Hash rounds that are spent on the passwords of one document; Word asks for 100,000 for each."""
_OWN = ("VelvetSweatshop", "/01Hannes Ruescher/01")
"""Passwords that Excel and PowerPoint set and try themselves: whoever opens such a file is asked for none."""
_SEGMENT = 4096
_BLOCK_BYTES = 16
_SIZE_BYTES = 8
_HMAC_KEY, _HMAC_VALUE = b"\x5f\xb2\xad\x01\x0c\xb9\xe1\xf6", b"\xa0\x67\x7f\x02\xb2\x2c\x84\x33"
"""What the key and the value of the HMAC are encrypted for."""
_MOST_BYTES = 64_000_000
"""A larger document is not decrypted: the tool holds it several times."""
_NO_PASSWORD = ("office.encrypted", "office.wrong_password")
_INFO_BYTES = 1 << 20
"""What says how a package is encrypted is XML of some kilobytes."""
_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    ExpatError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RecursionError,
    RuntimeError,
    TypeError,
    UnsupportedAlgorithm,
    ValueError,
    struct.error,
    msoffcrypto.exceptions.FileFormatError,
    msoffcrypto.exceptions.ParseError,
    msoffcrypto.exceptions.DecryptionError,
)
"""What the tool, and the readers of OLE2 and XML below it, raise on broken files."""


class Opened(NamedTuple):
    """A document that a password opens."""

    blocks: Iterator[bytes]
    missing: int = 0
    """Bytes of the package that are stated and not there."""
    genuine: bool = True
    """Whether the HMAC of the encrypted package is right, where one is stated."""


def read(source: ByteSource, context: ParseContext) -> Iterator[ChildItem]:
    """Yield the decrypted document as a child item."""
    notices: list[Notice] = []
    content: bytes | None = None
    try:
        opened = unlock(source, context.passwords)
        content = b"".join(opened.blocks)
        if context.budget is not None and not context.budget.spend(len(content)):
            raise over_budget("office", context.budget, len(content))
        if opened.missing > 0:
            text = f"the last {opened.missing} bytes of the encrypted package are missing"
            notices.append(Notice(code="office.truncated", text=text, unread=opened.missing))
        elif not opened.genuine:
            text = "the HMAC of the encrypted package is not the stated one: damaged, or changed without the password"
            notices.append(Notice(code="office.hmac", text=text))
    except Unread as why:
        content = None
        notices.append(Notice(code=why.code, text=str(why), unread=source.size))
    digest = hashlib.sha256(content).hexdigest() if content is not None else ""
    step = Step(kind=StepKind.STREAM, name="decrypted", start=0, end=source.size, decoder=DECODER, sha256=digest)
    yield ChildItem(step=step, content=content, notices=tuple(notices), spent=True)


def decode(encoded: Encoded) -> Iterator[bytes]:
    """Yield the decrypted document; nothing where no password opens it."""
    try:
        yield from unlock(RangeBytes(encoded.source, encoded.start, encoded.end), encoded.passwords).blocks
    except Unread:
        return


def closed(encoded: Encoded) -> bool:
    """Whether a password is needed, and none that was given and tried opens the document."""
    try:
        unlock(RangeBytes(encoded.source, encoded.start, encoded.end), encoded.passwords)
    except Unread as why:
        return why.code in _NO_PASSWORD
    return False


def unlock(source: ByteSource, passwords: Sequence[bytes]) -> Opened:
    """Return the decrypted document under the first password that opens it.

    Raises:
        Unread: none does, or it cannot be decrypted at all.
    """
    if source.size > _MOST_BYTES:
        raise Unread("office.memory_limit", f"encrypted, and larger than {_MOST_BYTES} bytes")
    said = Directory(source).find("EncryptionInfo")
    if said is not None and said.size > _INFO_BYTES:
        raise Unread("office.encryption", f"encrypted, and what says how is larger than {_INFO_BYTES} bytes")
    with quiet("msoffcrypto"):
        try:
            office = msoffcrypto.OfficeFile(io.BytesIO(source.read(0, source.size)))
        except _FAULTS as error:
            raise Unread("office.encryption", f"encrypted, and how cannot be read: {_plain(error)}") from error
        rounds = _rounds(office)
        if rounds > ROUNDS:
            raise Unread("office.encryption", f"encrypted so that one password takes {rounds} hash rounds")
        tries = ROUNDS // rounds
        for password in (*map(_text, passwords[:tries]), *_OWN):
            if password and _fits(office, password):
                return _package(office) if isinstance(office, OOXMLFile) else _old(office)
    if not passwords:
        raise Unread(_NO_PASSWORD[0], "encrypted, and no password was given")
    tried = min(tries, len(passwords))
    given = "the password that was given does not open it" if tried == 1 else f"none of {tried} passwords opens it"
    rest = f"; {len(passwords) - tried} more were not tried" if tried < len(passwords) else ""
    raise Unread(_NO_PASSWORD[1], f"encrypted, and {given}{rest}")


def _text(password: bytes) -> str:
    """Return a password as Office takes it: as text."""
    try:
        return password.decode("utf-8")
    except UnicodeDecodeError:
        return password.decode("latin-1")


def _rounds(office: Any) -> int:
    """Return the hash rounds of one try, of which an agile document says how many it wants."""
    if not isinstance(office, OOXMLFile):
        return 1000
    if office.type not in ("agile", "standard"):
        raise Unread("office.encryption", "encrypted by a method that is not read")
    return max(1, 2 * int(office.info["spinValue"])) if office.type == "agile" else 50_000


def _fits(office: Any, password: str) -> bool:
    try:
        if isinstance(office, OOXMLFile):
            office.load_key(password=password, verify_password=True)
        else:
            office.load_key(password=password)
    except InvalidKeyError:
        return False
    except _FAULTS as error:
        raise Unread("office.encryption", f"encrypted, and its key cannot be made: {_plain(error)}") from error
    return True


def _old(office: Any) -> Opened:
    """Return an old document, which the tool writes anew without encryption."""
    out = io.BytesIO()
    try:
        office.decrypt(out)
    except (*_FAULTS, InvalidKeyError) as error:
        raise Unread("office.encryption", f"opened by a password, and not decrypted: {_plain(error)}") from error
    return Opened(iter([out.getvalue()]))


def _package(office: OOXMLFile) -> Opened:
    try:
        stored = office.file.openstream("EncryptedPackage").read()
        decrypt = _agile(office) if office.type == "agile" else _standard(office.secret_key)
        genuine = office.type != "agile" or _genuine(office, stored)
    except _FAULTS as error:
        raise Unread("office.encryption", f"opened by a password, and not decrypted: {_plain(error)}") from error
    # The size has eight bytes in one method; in the other four, and four that are not used.
    stated = int.from_bytes(stored[: _SIZE_BYTES if office.type == "agile" else 4], "little")
    there = (len(stored) - _SIZE_BYTES) // _BLOCK_BYTES * _BLOCK_BYTES
    return Opened(_blocks(stored, min(stated, max(0, there)), decrypt), max(0, stated - there), genuine)


def _blocks(stored: bytes, size: int, decrypt: Callable[[int, bytes], bytes]) -> Iterator[bytes]:
    for count, start in enumerate(range(0, size, _SEGMENT)):
        segment = stored[_SIZE_BYTES + start : _SIZE_BYTES + start + _SEGMENT]
        whole = segment[: len(segment) // _BLOCK_BYTES * _BLOCK_BYTES]
        yield decrypt(count, whole)[: size - start]


def _agile(office: OOXMLFile) -> Callable[[int, bytes], bytes]:
    """Return what decrypts a segment: each has an initialization vector of its own."""
    algorithm = algorithms.AES(office.secret_key)
    salt = office.info["keyDataSalt"]
    name = office.info["keyDataHashAlgorithm"].lower()

    def decrypt(count: int, data: bytes) -> bytes:
        vector = hashlib.new(name, salt + struct.pack("<I", count)).digest()[:_BLOCK_BYTES]
        return Cipher(algorithm, modes.CBC(vector)).decryptor().update(data)

    decrypt(0, bytes(_BLOCK_BYTES))
    return decrypt


def _standard(key: bytes) -> Callable[[int, bytes], bytes]:
    decryptor = Cipher(algorithms.AES(key), modes.ECB()).decryptor()
    return lambda count, data: decryptor.update(data)


def _genuine(office: OOXMLFile, stored: bytes) -> bool:
    """Whether the HMAC is right; the key and the value are as long as the hash, and padded to whole blocks."""
    info = office.info
    salt, name = info["keyDataSalt"], info["keyDataHashAlgorithm"].lower()
    length = hashlib.new(name).digest_size

    def plain(encrypted: bytes, purpose: bytes) -> bytes:
        vector = hashlib.new(name, salt + purpose).digest()[:_BLOCK_BYTES]
        return Cipher(algorithms.AES(office.secret_key), modes.CBC(vector)).decryptor().update(encrypted)[:length]

    key = plain(info["encryptedHmacKey"], _HMAC_KEY)
    return hmac.digest(key, stored, name) == plain(info["encryptedHmacValue"], _HMAC_VALUE)


def _plain(error: Exception) -> str:
    """Return a library's message as one line of ASCII."""
    text = str(error).partition("\n")[0][:120] or type(error).__name__
    return "".join(char if " " <= char <= "~" else "?" for char in text)
