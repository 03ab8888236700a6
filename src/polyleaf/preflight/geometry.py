"""Rectangles and matrices of PDF: points, from the bottom left (ISO 32000-1, 8.3)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MM = 72 / 25.4
"""Points in a millimetre."""

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True)
class Rect:
    """An upright rectangle in points."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """In points."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """In points."""
        return self.top - self.bottom

    def grown(self, by: float) -> Rect:
        """The rectangle with all sides moved outwards; inwards where it is negative."""
        return Rect(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def holds(self, other: Rect, slack: float = 0.5) -> bool:
        """Whether another lies inside, to within half a point: producers round boxes."""
        outer = self.grown(slack)
        return (
            outer.left <= other.left
            and outer.bottom <= other.bottom
            and outer.right >= other.right
            and outer.top >= other.top
        )

    def meet(self, other: Rect) -> Rect | None:
        """What is common to both; None where they are apart. A line is a rectangle without a width."""
        left, bottom = max(self.left, other.left), max(self.bottom, other.bottom)
        right, top = min(self.right, other.right), min(self.top, other.top)
        return Rect(left, bottom, right, top) if left <= right and bottom <= top else None

    @property
    def corners(self) -> tuple[Point, Point, Point, Point]:
        """All four, one after another."""
        return (self.left, self.bottom), (self.right, self.bottom), (self.right, self.top), (self.left, self.top)


EVERYWHERE = Rect(-math.inf, -math.inf, math.inf, math.inf)


def around(points: Iterable[Point]) -> Rect:
    """The smallest rectangle that holds all points, of which there is one at least."""
    across, up = zip(*points, strict=True)
    return Rect(min(across), min(up), max(across), max(up))


def times(one: Matrix, other: Matrix) -> Matrix:
    """The matrix that does one and then the other."""
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def moved(point: Point, by: Matrix) -> Point:
    """A point after a matrix."""
    x, y = point
    return by[0] * x + by[2] * y + by[4], by[1] * x + by[3] * y + by[5]


def scales(matrix: Matrix) -> tuple[float, float]:
    """How much longer a matrix makes what runs across and what runs up."""
    return math.hypot(matrix[0], matrix[1]), math.hypot(matrix[2], matrix[3])


def as_matrix(numbers: Sequence[float]) -> Matrix:
    """Six numbers as a matrix; raises ValueError for any other count."""
    a, b, c, d, e, f = map(float, numbers)
    return a, b, c, d, e, f
