"""The decoder of 7z folders: a chain of coders, run as streams; with passwords where it is encrypted."""

import zlib
from collections.abc import Iterable, Iterator, Sequence

from forensics.errors import ParseError
from forensics.intake.windows import blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.decoding import Encoded
from forensics.parsers.archive import _7z_chain as methods
from forensics.parsers.archive._7z_aes import MOST_CYCLES, cipher_of, decrypted, readable
from forensics.parsers.archive._7z_bcj2 import bcj2
from forensics.parsers.archive._7z_chain import AES, BCJ2, Chain, Node, Packed, chain_of, name_of
from forensics.parsers.archive._7z_codecs import DICTIONARY_BYTES, STREAMS, dictionary
from forensics.parsers.archive._7z_cursor import Cursor
from forensics.parsers.archive._7z_header import ENCODED, HEADER, PACK_INFO, read_header, read_streams
from forensics.replay.streams import OUTPUT_BYTES

_SLACK_BYTES = 1 << 20
"""By how much what coders give each other may exceed what is packed and unpacked together."""
CHECKED_BYTES = 64 << 20
_FAIL = frozenset({methods.LZMA, methods.LZMA2, methods.DEFLATE, methods.DEFLATE64, methods.BZIP2, methods.ZSTD})
DECODER = "7z/1"


def decode(encoded: Encoded) -> Iterator[bytes]:
    """Yield what a folder unpacks to; nothing where its chain cannot be run, or no password opens it."""
    chain = chain_of(encoded.parameter)
    if chain is None or any(unreadable(chain, encoded.end - encoded.start)):
        return
    password = b""
    if chain.encrypted:
        found = opening(chain, encoded.source, encoded.start, encoded.end, encoded.passwords)
        if found is None:
            return
        password = found
    yield from unpacked(chain.root, encoded.source, encoded.start, encoded.end, password)


def closed(encoded: Encoded) -> bool:
    """Whether a folder is encrypted, and no password opens it."""
    chain = chain_of(encoded.parameter)
    if chain is None or not chain.encrypted or any(unreadable(chain, encoded.end - encoded.start)):
        return False
    return opening(chain, encoded.source, encoded.start, encoded.end, encoded.passwords) is None


def unreadable(chain: Chain, packed: int) -> tuple[str, str]:
    """Return the code and the text of why a chain is not run; both empty if it is."""
    root = chain.root
    for node in root.coders:
        wanted = 4 if node.method == BCJ2 else 1
        if (node.method not in STREAMS and node.method not in (AES, BCJ2)) or len(node.inputs) != wanted:
            return "7z.method", f"packed by {name_of(node)}, which is not read"
        if node.method == AES:
            cipher = cipher_of(node.properties)
            if cipher is None:
                return "7z.method", "the parameters of its encryption cannot be read"
            if not readable(cipher):
                return "7z.cycles_limit", f"its key takes 2**{cipher.power} rounds, more than MOST_CYCLES={MOST_CYCLES}"
        memory = dictionary(node)
        if memory is None:
            return "7z.method", f"the parameters of its method {name_of(node)} cannot be read"
        if min(memory, node.size) > DICTIONARY_BYTES:
            return "7z.dictionary_limit", f"{name_of(node)} needs more memory than DICTIONARY_BYTES={DICTIONARY_BYTES}"
    between = max([node.size for node in root.coders])
    if between > packed + root.size + _SLACK_BYTES:
        return "7z.chain", f"its coders give each other {between} bytes, for {root.size} that come of {packed}"
    return "", ""


def opening(chain: Chain, source: ByteSource, start: int, end: int, passwords: Sequence[bytes]) -> bytes | None:
    """Return the first password that gives the bytes whose CRC-32 is stated; ``None``: none does.

    Some writers state none of a header: then what it was packed by tells.
    """
    if chain.crc is None:
        return _by_method(chain.root, source, start, end, passwords)
    # The whole of a large file is not unpacked for its checksum where its method fails on what is wrongly decrypted.
    short = chain.checked > CHECKED_BYTES and any(node.method in _FAIL for node in chain.root.coders)
    for password in passwords:
        crc, left = 0, CHECKED_BYTES if short else chain.checked
        for block in unpacked(chain.root, source, start, end, password):
            crc = zlib.crc32(block[:left], crc)
            left -= min(left, len(block))
            if not left:
                break
        if not left and (short or crc == chain.crc):
            return password
    return None


def _by_method(root: Node, source: ByteSource, start: int, end: int, passwords: Sequence[bytes]) -> bytes | None:
    """Return the first password with which a method gives all that is stated: what is wrongly decrypted, none unpacks.

    Where nothing was packed, it has to be a header that can be read.
    """
    packed = any(node.method not in (AES, methods.COPY) for node in root.coders)
    for password in passwords:
        stream = unpacked(root, source, start, end, password)
        if packed:
            if sum([len(block) for block in stream]) == root.size:
                return password
        elif _is_header(b"".join(stream)):
            return password
    return None


def _is_header(data: bytes) -> bool:
    try:
        if data[:2] == bytes((ENCODED, PACK_INFO)):
            return bool(read_streams(Cursor(data, 1)).folders)
    except ParseError:
        return False
    return data[:1] == bytes((HEADER,)) and not read_header(data).fault


def unpacked(node: Node, source: ByteSource, start: int, end: int, password: bytes = b"") -> Iterator[bytes]:
    """Run a coder and all below it; no more than its stated size comes of it."""
    return _limited(_run(node, source, start, end, password), node.size)


def _run(node: Node, source: ByteSource, start: int, end: int, password: bytes) -> Iterator[bytes]:
    streams: list[Iterable[bytes]] = [
        blocks(source, start + each.start, min(start + each.end, end))
        if isinstance(each, Packed)
        else unpacked(each, source, start, end, password)
        for each in node.inputs
    ]
    if node.method == BCJ2:
        main, calls, jumps, bits = streams
        return bcj2(main, calls, jumps, bits, node.size)
    if node.method == AES:
        cipher = cipher_of(node.properties)
        return iter(()) if cipher is None else decrypted(streams[0], cipher, password)
    return STREAMS[node.method](streams[0], node)


def _limited(stream: Iterator[bytes], size: int) -> Iterator[bytes]:
    for block in stream:
        for at in range(0, len(block), OUTPUT_BYTES):
            piece = block[at : at + min(OUTPUT_BYTES, size)]
            size -= len(piece)
            if piece:
                yield piece
            if not size:
                return
