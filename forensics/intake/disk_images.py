"""Images of disks and of file systems, told by their first and last bytes; their files are not read here.

Source: UEFI 2.10 section 5 (MBR, GPT); ext4, NTFS, FAT, exFAT, HFS+ and APFS after their documentation; libewf; the
specifications of VHD, VHDX, VMDK, QCOW2 and VDI; UDIF's trailer as Apple's tools write it.
"""

RAW, EWF, DMG = "application/x-raw-disk-image", "application/x-ewf", "application/x-apple-diskimage"
VHD, VHDX, VMDK = "application/x-vhd-disk", "application/x-vhdx-disk", "application/x-vmdk-disk"
QCOW, VDI = "application/x-qemu-disk", "application/x-vdi-disk"

_BEGINS = (
    (b"EVF\x09\x0d\x0a\xff\0", EWF),
    (b"LVF\x09\x0d\x0a\xff\0", EWF),
    (b"EVF2\x0d\x0a\x81\0", EWF),
    (b"LEF2\x0d\x0a\x81\0", EWF),
    (b"conectix", VHD),
    (b"vhdxfile", VHDX),
    (b"KDMV", VMDK),
    (b"COWD", VMDK),
    (b"# Disk DescriptorFile", VMDK),
    (b"QFI\xfb", QCOW),
    (b"encrcdsa", DMG),
    (b"XFSB", RAW),
    (b"hsqs", RAW),
    (b"LUKS\xba\xbe", RAW),
    (b"AFF10\r\n\0", RAW),
)
_STANDS = (
    (3, b"NTFS    "),
    (3, b"EXFAT   "),
    (3, b"-FVE-FS-"),
    (32, b"NXSB"),
    (512, b"EFI PART"),
    (4096, b"EFI PART"),
    (1024, b"H+\0\x04"),
    (1024, b"HX\0\x05"),
)
_VDI_MAGIC = b"\x7f\x10\xda\xbe"
_SECTOR_END = b"\x55\xaa"
TAIL_BYTES = 512
"""What stands at the end of some images."""


def disk_image(head: bytes, tail: bytes = b"") -> str:
    """Return the media type of an image; empty where content is none.

    Args:
        head: its first 4096 bytes, fewer if shorter.
        tail: its last `TAIL_BYTES`; may be empty.
    """
    if len(tail) == TAIL_BYTES and tail.startswith(b"koly\0\0\0"):
        return DMG
    if len(tail) == TAIL_BYTES and tail.startswith(b"conectix\0\0\0"):
        return VHD
    for begin, kind in _BEGINS:
        if head.startswith(begin):
            return kind
    if head[64:68] == _VDI_MAGIC:
        return VDI
    if any(head.startswith(magic, at) for at, magic in _STANDS) or _has_ext(head):
        return RAW
    return RAW if _boots(head) else ""


def _has_ext(head: bytes) -> bool:
    """Whether the superblock of ext2, 3 or 4 stands where it has to, with a block size and a revision that can be."""
    block = head[1024:2048]
    if block[56:58] != b"\x53\xef" or len(block) < 80:
        return False
    size, revision = int.from_bytes(block[24:28], "little"), int.from_bytes(block[76:80], "little")
    return size <= 6 and revision <= 1 and any(block[:4])


def _boots(head: bytes) -> bool:
    """Whether a first sector has a table of partitions, or is that of FAT."""
    if head[510:512] != _SECTOR_END or head.startswith(b"MZ"):
        return False
    if head[54:58] == b"FAT1" or head[82:87] == b"FAT32":
        return True
    entries = [head[at : at + 16] for at in range(446, 510, 16)]
    used = [entry for entry in entries if any(entry)]
    return bool(used) and all(entry[0] in (0, 0x80) and entry[4] and any(entry[12:16]) for entry in used)
