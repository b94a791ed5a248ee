"""Pictures as people send them, made by hand: no more of each than what says what it is."""

import struct
import zlib

from reservations.activities.picture.image import PNG, exif_of, webp_chunk

SECRET = b"51.0500 N, 3.7303 E"


def png(width: int = 640, height: int = 480) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes((width * 3 + 1) * height))
    chunks = [(b"IHDR", head), (b"tEXt", SECRET), (b"eXIf", SECRET), (b"IDAT", rows), (b"IEND", b"")]
    return PNG + b"".join(png_chunk(*each) for each in chunks)


def png_chunk(name: bytes, inside: bytes) -> bytes:
    return struct.pack(">I", len(inside)) + name + inside + struct.pack(">I", zlib.crc32(name + inside))


def jpeg(width: int = 640, height: int = 480, turned: int = 1) -> bytes:
    exif = exif_of(turned)
    exif = exif[:2] + struct.pack(">H", len(exif) - 2 + len(SECRET)) + exif[4:] + SECRET
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    segments = [segment(0xE0, b"JFIF\0"), exif, segment(0xFE, SECRET), segment(0xC0, frame)]
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\x34\xff\x00\x56"
    return b"\xff\xd8" + b"".join(segments) + scan + b"\xff\xd9" + b""


def segment(marker: int, inside: bytes) -> bytes:
    return struct.pack(">HH", 0xFF00 | marker, len(inside) + 2) + inside


def webp(width: int = 640, height: int = 480) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunks = [(b"VP8X", b"\x0c\0\0\0" + size), (b"VP8 ", bytes(10)), (b"EXIF", SECRET), (b"XMP ", SECRET)]
    inside = b"".join(webp_chunk(*each) for each in chunks)
    return b"RIFF" + struct.pack("<I", len(inside) + 4) + b"WEBP" + inside
