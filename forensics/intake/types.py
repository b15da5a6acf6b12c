"""What a content or a file name says it is: libmagic's opinion, and what an extension stands for."""

from functools import cache, lru_cache
from types import ModuleType
from typing import Any

from forensics.intake.disk_images import disk_image

_UNKNOWN = frozenset({"application/octet-stream", ""})

# Our own table: the standard library's differs between Python versions and reads the system's files.
_EXTENSIONS = """
text/plain .txt .text .log .asc .md .ini .cfg .conf
text/csv .csv
text/tab-separated-values .tsv
text/html .html .htm .xhtml .shtml
text/css .css
text/javascript .js .mjs
text/calendar .ics .ifb
text/vcard .vcf .vcard
text/rtf .rtf
text/x-python .py
text/x-shellscript .sh
text/x-msdos-batch .bat .cmd
text/vbscript .vbs .vbe
application/json .json
application/xml .xml .xsd .xsl .xslt
application/pdf .pdf
application/postscript .ps .eps
application/illustrator .ai
application/msword .doc .dot
application/vnd.ms-excel .xls .xlt .xla
application/vnd.ms-powerpoint .ppt .pps .pot
application/vnd.visio .vsd .vst
application/vnd.ms-publisher .pub
application/vnd.ms-project .mpp
application/onenote .one
application/vnd.openxmlformats-officedocument.wordprocessingml.document .docx
application/vnd.openxmlformats-officedocument.wordprocessingml.template .dotx
application/vnd.openxmlformats-officedocument.spreadsheetml.sheet .xlsx
application/vnd.openxmlformats-officedocument.spreadsheetml.template .xltx
application/vnd.openxmlformats-officedocument.presentationml.presentation .pptx
application/vnd.openxmlformats-officedocument.presentationml.slideshow .ppsx
application/vnd.openxmlformats-officedocument.presentationml.template .potx
application/vnd.ms-word.document.macroenabled.12 .docm
application/vnd.ms-word.template.macroenabled.12 .dotm
application/vnd.ms-excel.sheet.macroenabled.12 .xlsm
application/vnd.ms-excel.template.macroenabled.12 .xltm
application/vnd.ms-excel.addin.macroenabled.12 .xlam
application/vnd.ms-excel.sheet.binary.macroenabled.12 .xlsb
application/vnd.ms-powerpoint.presentation.macroenabled.12 .pptm
application/vnd.ms-powerpoint.slideshow.macroenabled.12 .ppsm
application/vnd.ms-visio.drawing .vsdx
application/vnd.oasis.opendocument.text .odt .fodt
application/vnd.oasis.opendocument.text-template .ott
application/vnd.oasis.opendocument.spreadsheet .ods .fods
application/vnd.oasis.opendocument.spreadsheet-template .ots
application/vnd.oasis.opendocument.presentation .odp .fodp
application/vnd.oasis.opendocument.presentation-template .otp
application/vnd.oasis.opendocument.graphics .odg
application/vnd.oasis.opendocument.chart .odc
application/vnd.oasis.opendocument.formula .odf
application/vnd.apple.pages .pages
application/vnd.apple.numbers .numbers
application/vnd.apple.keynote .key
application/epub+zip .epub
message/rfc822 .eml .mht .mhtml
application/x-apple-emlx .emlx
application/mbox .mbox .mbx
application/x-mork .msf
application/vnd.ms-outlook .msg .oft
application/vnd.ms-outlook-pst .pst .ost
application/vnd.ms-tnef .tnef
application/pgp-signature .sig
application/pgp-encrypted .pgp .gpg
application/pkcs7-mime .p7m
application/pkcs7-signature .p7s
application/x-x509-ca-cert .crt .cer .der
application/x-pem-file .pem
application/zip .zip
application/java-archive .jar .war .ear
application/vnd.android.package-archive .apk
application/vnd.google-earth.kmz .kmz
application/x-7z-compressed .7z
application/vnd.rar .rar
application/x-tar .tar
application/gzip .gz .tgz
application/x-bzip2 .bz2 .tbz2
application/x-xz .xz .txz
application/x-lzma .lzma .tlz
application/zstd .zst .tzst
application/x-lz4 .lz4
application/x-compress .z
application/x-brotli .br
application/x-snappy-framed .sz
application/x-archive .ar .a .deb
application/x-cpio .cpio
application/x-arj .arj
application/x-lzh-compressed .lha .lzh .lzs
application/x-java-pack200 .pack
application/warc .warc
application/vnd.ms-cab-compressed .cab
application/x-iso9660-image .iso
application/x-apple-diskimage .dmg
application/x-raw-disk-image .dd .img
application/x-ewf .e01 .ex01 .l01 .s01
application/x-vhd-disk .vhd
application/x-vhdx-disk .vhdx
application/x-vmdk-disk .vmdk
application/x-qemu-disk .qcow .qcow2
application/x-vdi-disk .vdi
application/vnd.microsoft.portable-executable .exe .dll .scr .com .sys
application/x-msi .msi
application/x-ms-shortcut .lnk
application/x-sqlite3 .sqlite .sqlite3 .db
application/vnd.ms-access .mdb .accdb
image/jpeg .jpg .jpeg .jpe .jfif
image/png .png
image/gif .gif
image/tiff .tif .tiff .dng
image/bmp .bmp .dib
image/webp .webp
image/heic .heic
image/heif .heif
image/avif .avif
image/jp2 .jp2 .j2k
image/svg+xml .svg
image/vnd.microsoft.icon .ico
image/vnd.adobe.photoshop .psd
image/emf .emf
image/wmf .wmf
audio/mpeg .mp3
audio/mp4 .m4a
audio/x-wav .wav
audio/ogg .ogg .oga .opus
audio/flac .flac
audio/amr .amr
video/mp4 .mp4 .m4v
video/quicktime .mov
video/x-msvideo .avi
video/x-matroska .mkv
video/webm .webm
video/mpeg .mpg .mpeg
video/3gpp .3gp
"""
_BY_EXTENSION = {
    extension: line.split()[0] for line in _EXTENSIONS.strip().splitlines() for extension in line.split()[1:]
}


_BEGINS = (
    (b"-----BEGIN PGP SIGNATURE-----", "application/pgp-signature"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
"""Beginnings that are common in mail and of which libmagic has but one opinion."""
_PACKED = (
    (0, b"\x1f\x9d", "application/x-compress"),
    (0, b"\xff\x06\0\0sNaPpY", "application/x-snappy-framed"),
    (0, b"!<arch>\n", "application/x-archive"),
    (0, b"070701", "application/x-cpio"),
    (0, b"070702", "application/x-cpio"),
    (0, b"070707", "application/x-cpio"),
    (0, b"WARC/", "application/warc"),
    (2, b"-lh", "application/x-lzh-compressed"),
    (2, b"-lz", "application/x-lzh-compressed"),
    (24, b"\x6c\xea\0\0", "application/x-dump"),
    (24, b"\x6b\xea\0\0", "application/x-dump"),
    (24, b"\0\0\xea\x6c", "application/x-dump"),
    (24, b"\0\0\xea\x6b", "application/x-dump"),
)
"""Packed forms that are not read, by offset and bytes; libmagic knows some of them, in some versions."""
_PROGRAM, _PROGRAM_BEGINS = "application/x-dosexec", (b"MZ", b"ZM")
"""Programs without a header libmagic tells by their first one or two bytes, which are letters of Japanese text too."""
_PACK, _ARJ = b"\x1f\x1e", b"\x60\xea"


def extension_type(name: str) -> str:
    """Return the media type that a file name's extension stands for, empty if it has none that we know.

    Args:
        name: a file name, with or without folders; letter case does not matter.
    """
    stem, dot, extension = name.replace("\\", "/").rpartition("/")[2].rpartition(".")
    return _BY_EXTENSION.get("." + extension.strip().lower(), "") if dot and stem else ""


def _packed(head: bytes) -> str:
    """Return the type of a packed form that is not read; empty where it is none."""
    found = next((kind for at, magic, kind in _PACKED if head.startswith(magic, at)), "")
    if found == "application/x-lzh-compressed" and head[6:7] != b"-":
        return ""
    if not found and head.startswith(_ARJ) and 30 <= int.from_bytes(head[2:4], "little") <= 2600:
        return "application/x-arj"
    return "application/x-pack" if not found and head.startswith(_PACK) else found


def media_type(head: bytes, tail: bytes = b"") -> str:
    """Return what the first bytes of a content say that it is, by libmagic's opinion where nothing else tells.

    That costs some 300 us: it is asked only where our own sniffers know nothing, and the beginning does not tell.

    Args:
        head: the first 4096 bytes, fewer if shorter.
        tail: the last 512, by which some images of disks are known; may be empty.
    """
    told = next((kind for begin, kind in _BEGINS if head.startswith(begin)), "")
    told = told or disk_image(head, tail) or _packed(head)
    return told if told or not head else _opinion(head)


@lru_cache(256)
def _opinion(head: bytes) -> str:
    """Return libmagic's opinion, empty where it has none; the same keys and pictures come with many mails."""
    library, judge = _libmagic()
    try:
        found = str(judge.from_buffer(head))
    except library.MagicException:
        return ""
    guessed = found == _PROGRAM and not head.startswith(_PROGRAM_BEGINS)
    return "" if found in _UNKNOWN or guessed else found


@cache
def _libmagic() -> tuple[ModuleType, Any]:
    # pylibmagic puts the bundled library where magic finds it, so it comes first; both only when needed.
    import pylibmagic  # noqa: F401, I001
    import magic

    return magic, magic.Magic(mime=True)


def versions() -> dict[str, str]:
    """Return the versions of what gives opinions here, for the custody record."""
    from importlib import metadata  # costs 15 ms, not needed by workers

    library, _ = _libmagic()
    number = library.version()
    return {
        "libmagic": f"{number // 100}.{number % 100:02d}",
        "python-magic": metadata.version("python-magic"),
        "pylibmagic": metadata.version("pylibmagic"),
    }
