"""The app's two icons, drawn here: the radiation trefoil of ISO 361, as PNG files."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable
from functools import cache

COLOUR, OUTLINE = 192, 32  # pixels a side, as Teams wants them
_NAVY, _YELLOW, _WHITE, _CLEAR = (
    (0, 48, 92, 255),
    (255, 209, 0, 255),
    (255, 255, 255, 255),
    (255, 255, 255, 0),
)
_SAMPLES = 4  # in each direction of a pixel

Pixel = tuple[int, int, int, int]


@cache
def colour() -> bytes:
    """192 pixels, filled to the edge: Teams rounds the corners itself. The sign keeps to the inner half."""
    return _png(COLOUR, lambda part: _mix(_NAVY, _YELLOW, part), radius=COLOUR * 0.32)


@cache
def outline() -> bytes:
    """32 pixels, white on nothing."""
    return _png(OUTLINE, lambda part: _mix(_CLEAR, _WHITE, part), radius=OUTLINE * 0.47)


def _inside(x: float, y: float, radius: float) -> bool:
    """Within the trefoil: a disc of a fifth of the radius, blades of 60 degrees from three tenths on."""
    distance = math.hypot(x, y) / radius
    if distance <= 0.2:
        return True
    angle = math.degrees(math.atan2(-y, x)) % 120
    return 0.3 <= distance <= 1 and 0 <= angle <= 60


def _part(column: int, row: int, side: int, radius: float) -> float:
    """How much of a pixel is covered, 0 to 1."""
    steps = [(n + 0.5) / _SAMPLES for n in range(_SAMPLES)]
    # One blade points down and two up: the sign looks centred a little below the middle.
    middle, down = side / 2, side / 2 + radius * 0.05
    covered = sum(_inside(column + dx - middle, row + dy - down, radius) for dy in steps for dx in steps)
    return covered / _SAMPLES**2


def _mix(back: Pixel, front: Pixel, part: float) -> bytes:
    return bytes(round(b + (f - b) * part) for b, f in zip(back, front, strict=True))


def _png(side: int, pixel: Callable[[float], bytes], radius: float) -> bytes:
    rows = (
        b"\0" + b"".join(pixel(_part(column, row, side, radius)) for column in range(side))
        for row in range(side)
    )
    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
