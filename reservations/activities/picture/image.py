"""A picture as somebody sent it: what it is, how large, and without what a camera wrote in it. Pure.

Nothing is decoded: the parts that a picture is made of are walked through, and those that may say where, when
or by whom it was made are left out. How it was held stays, or a photograph of a phone would lie on its side.
"""

import hashlib
import struct
from collections.abc import Iterator
from typing import Final, Literal

from msgspec import Struct

MOST_BYTES: Final = 3_000_000
MOST_PIXELS: Final = 40_000_000
LEAST_SIDE: Final = 200
MOST_SIDE: Final = 12_000

Fault = Literal["empty", "too_large", "not_a_picture", "too_small", "too_many_pixels"]

PNG: Final = b"\x89PNG\r\n\x1a\n"
# What the colours need; a text, a time and EXIF are none of it.
PNG_KEPT: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs"}
)
WEBP_KEPT: Final = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
WEBP_TOLD: Final = 0b0000_1100  # that it has EXIF or XMP
JPEG_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
JPEG_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
JPEG_MARKER: Final = 0xFF
JPEG_SCAN: Final = 0xDA
JPEG_END: Final = 0xD9
JPEG_APP_0: Final = 0xE0
JPEG_EXIF: Final = 0xE1
JPEG_ICC: Final = 0xE2
JPEG_ADOBE: Final = 0xEE
JPEG_APPS: Final = range(0xE0, 0xF0)
JPEG_COMMENT: Final = 0xFE
ORIENTATION: Final = 0x0112
UPRIGHT: Final = 1
LAST_ORIENTATION: Final = 8


class Image(Struct, frozen=True):
    media_type: str
    width: int
    height: int
    content: bytes

    @property
    def version(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:16]


def read_image(sent: bytes) -> Image | Fault:
    """The picture without what else is in it, or why it is none that can be shown."""
    if not sent:
        return "empty"
    if len(sent) > MOST_BYTES:
        return "too_large"
    try:
        image = read_parts(sent)
    except (struct.error, IndexError, ValueError):
        return "not_a_picture"
    if image is None:
        return "not_a_picture"
    if min(image.width, image.height) < LEAST_SIDE:
        return "too_small"
    is_huge = max(image.width, image.height) > MOST_SIDE or image.width * image.height > MOST_PIXELS
    return "too_many_pixels" if is_huge else image


def read_parts(sent: bytes) -> Image | None:
    if sent.startswith(PNG):
        return read_png(sent)
    if sent.startswith(b"\xff\xd8\xff"):
        return read_jpeg(sent)
    if sent[:4] == b"RIFF" and sent[8:12] == b"WEBP":
        return read_webp(sent)
    return None


# PNG: chunks of a length, a name, what is in them and a checksum


def read_png(sent: bytes) -> Image | None:
    chunks = list(png_chunks(sent))
    names = [name for name, _ in chunks]
    if names[:1] != [b"IHDR"] or names[-1:] != [b"IEND"] or b"IDAT" not in names:
        return None
    width, height = struct.unpack_from(">II", chunks[0][1], 8)
    kept = b"".join(whole for name, whole in chunks if name in PNG_KEPT)
    return Image("image/png", width, height, PNG + kept)


def png_chunks(sent: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk by its name, whole, until the last one: what comes after it is no picture."""
    at = len(PNG)
    while at < len(sent):
        length, name = struct.unpack_from(">I4s", sent, at)
        end = at + 12 + length
        if end > len(sent):
            raise ValueError
        yield name, sent[at:end]
        if name == b"IEND":
            return
        at = end


# WebP: chunks of a name, a length and what is in them, each on an even place


def read_webp(sent: bytes) -> Image | None:
    chunks = [(name, inside) for name, inside in webp_chunks(sent) if name in WEBP_KEPT]
    size = next((found for found in map(webp_size, chunks) if found), None)
    has_picture = any(name in {b"VP8 ", b"VP8L", b"ANMF"} for name, _ in chunks)
    if size is None or not has_picture:
        return None
    kept = b"".join(webp_chunk(name, inside) for name, inside in chunks)
    content = b"RIFF" + struct.pack("<I", len(kept) + 4) + b"WEBP" + kept
    return Image("image/webp", *size, content)


def webp_chunks(sent: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, end = 12, 8 + struct.unpack_from("<I", sent, 4)[0]
    if end > len(sent):
        raise ValueError
    while at + 8 <= end:
        name, length = struct.unpack_from("<4sI", sent, at)
        if at + 8 + length > end:
            raise ValueError
        yield name, sent[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def webp_chunk(name: bytes, inside: bytes) -> bytes:
    if name == b"VP8X":
        inside = bytes([inside[0] & ~WEBP_TOLD]) + inside[1:]
    return name + struct.pack("<I", len(inside)) + inside + bytes(len(inside) % 2)


def webp_size(chunk: tuple[bytes, bytes]) -> tuple[int, int] | None:
    name, inside = chunk
    if name == b"VP8X":
        width, height = (int.from_bytes(inside[at : at + 3], "little") + 1 for at in (4, 7))
        return width, height
    if name == b"VP8L":
        bits = int.from_bytes(inside[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 ":
        width, height = struct.unpack_from("<HH", inside, 6)
        return width & 0x3FFF, height & 0x3FFF
    return None


# JPEG: segments that a marker begins, until the picture itself


def read_jpeg(sent: bytes) -> Image | None:
    kept, size, turned = [b"\xff\xd8"], None, UPRIGHT
    for marker, segment in jpeg_segments(sent):
        if marker == JPEG_EXIF:
            turned = orientation_of(segment[4:]) or turned
        if marker in JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", segment, 5)
            size = width, height
        if is_kept(marker, segment):
            kept.append(segment)
    if size is None or not sent.rstrip(b"\0").endswith(b"\xff\xd9"):
        return None
    if turned != UPRIGHT:
        kept.insert(1, exif_of(turned))
    return Image("image/jpeg", *size, b"".join(kept))


def is_kept(marker: int, segment: bytes) -> bool:
    """What a camera or a program tells is left out; what the colours need stays."""
    if marker == JPEG_ICC:
        return segment[4:].startswith(b"ICC_PROFILE\0")
    is_told = marker in JPEG_APPS or marker == JPEG_COMMENT
    return not is_told or marker in {JPEG_APP_0, JPEG_ADOBE}


def jpeg_segments(sent: bytes) -> Iterator[tuple[int, bytes]]:
    """Each segment by its marker, whole; from the picture itself on all of it is one."""
    at = 2
    while True:
        while sent[at] == sent[at + 1] == JPEG_MARKER:
            at += 1
        if sent[at] != JPEG_MARKER:
            raise ValueError
        marker = sent[at + 1]
        if marker in {JPEG_SCAN, JPEG_END}:
            yield marker, until_the_end(sent, at)
            return
        end = at + 2 if marker in JPEG_ALONE else at + 2 + struct.unpack_from(">H", sent, at + 2)[0]
        if end > len(sent):
            raise ValueError
        yield marker, sent[at:end]
        at = end


def until_the_end(sent: bytes, at: int) -> bytes:
    """The picture up to its last end: what a phone hangs behind it, such as a film, is left out."""
    return sent[at : sent.rindex(b"\xff\xd9") + 2]


def orientation_of(exif: bytes) -> int | None:
    """How the camera was held, as EXIF says it; None where it does not."""
    if not exif.startswith(b"Exif\0\0"):
        return None
    tiff = exif[6:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return None
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for number in range(count):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * number)
            if tag == ORIENTATION:
                return value if UPRIGHT <= value <= LAST_ORIENTATION else None
    except struct.error:
        return None
    return None


def exif_of(turned: int) -> bytes:
    """EXIF that says how the camera was held, and nothing else."""
    tiff = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, ORIENTATION, 3, 1, turned, 0, 0)
    inside = b"Exif\0\0" + tiff
    return struct.pack(">HH", 0xFF00 | JPEG_EXIF, len(inside) + 2) + inside
