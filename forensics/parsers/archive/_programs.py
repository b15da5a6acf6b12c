"""Beginnings of programs, which may unpack an archive that stands behind them.

Source: the file formats of Windows, Linux and macOS programs (PE, ELF, Mach-O).
"""

PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
"""Of Windows, of Linux and its like, of macOS for one machine and for several."""
STUB_BYTES = 1 << 20
"""How far into a program its archive is looked for."""
