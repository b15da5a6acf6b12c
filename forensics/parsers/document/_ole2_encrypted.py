"""Whether an OLE2 file is an Office document under a password.

Source: [MS-OFFCRYPTO] 2.3.1; [MS-DOC] 2.5.2; [MS-XLS] 2.4.117; [MS-PPT] 2.3.2.
"""

from forensics.model.byte_sources import ByteSource
from forensics.parsers.document._ole2_directory import Directory

_WORD_FLAGS, _WORD_ENCRYPTED = 10, 0x0100
_WORKBOOK_BYTES = 8192
"""Where the record that says that a workbook is encrypted stands: right behind its first ones."""
_BOF, _EOF, _FILE_PASS = 0x0809, 0x000A, 0x002F
_USER_TOKEN = slice(12, 16)
_USER_ENCRYPTED = b"\xdf\xc4\xd1\xf3"


def is_encrypted(source: ByteSource) -> bool:
    """Whether one of its streams says so."""
    directory = Directory(source)
    if directory.find("EncryptedPackage"):
        return True
    if word := directory.find("WordDocument"):
        flags = directory.beginning(word, 32)[_WORD_FLAGS : _WORD_FLAGS + 2]
        return bool(int.from_bytes(flags, "little") & _WORD_ENCRYPTED)
    if workbook := directory.find("Workbook"):
        return _has_file_pass(directory.beginning(workbook, _WORKBOOK_BYTES))
    if user := directory.find("Current User"):
        return directory.beginning(user, 32)[_USER_TOKEN] == _USER_ENCRYPTED
    return False


def _has_file_pass(data: bytes) -> bool:
    at = 0
    while at + 4 <= len(data):
        kind, size = int.from_bytes(data[at : at + 2], "little"), int.from_bytes(data[at + 2 : at + 4], "little")
        if kind == _EOF or (at == 0 and kind != _BOF):
            return False
        if kind == _FILE_PASS:
            return True
        at += 4 + size
    return False
