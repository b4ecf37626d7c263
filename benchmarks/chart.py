"""The curve as a small SVG: CPU seconds per 1,000 events over what is stored."""

import math
from collections.abc import Sequence

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 260, 56, 40, 20
INK, LINE = "#6b7280", "#2563eb"

Point = tuple[int, float]


def draw_curve(points: Sequence[Point]) -> str:
    """A line through (events stored, CPU seconds per 1,000); x is logarithmic, y begins at 0."""
    highest = max(value for _, value in points) * 1.25
    places = [(_x(stored, points), _y(value, highest)) for stored, value in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    marks = [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{LINE}"/>'
        + _text(x, y - 10, f"{value:.2f}", "middle")
        + _text(x, HEIGHT - BOTTOM + 18, f"{stored:,}", "middle")
        for (x, y), (stored, value) in zip(places, points, strict=True)
    ]
    axis = f'<path d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - 10}" fill="none" stroke="{INK}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12">'
        f"<title>CPU seconds per 1,000 events by events stored</title>{axis}"
        f'<polyline points="{path}" fill="none" stroke="{LINE}" stroke-width="2"/>'
        f"{''.join(marks)}{_text(LEFT - 8, HEIGHT - BOTTOM, '0', 'end')}"
        f"{_text(LEFT, 12, 'CPU s per 1,000 events', 'start')}"
        f"{_text(WIDTH - 10, HEIGHT - 4, 'events stored', 'end')}</svg>\n"
    )


def _x(stored: int, points: Sequence[Point]) -> float:
    low, high = math.log(points[0][0]), math.log(points[-1][0])
    share = (math.log(stored) - low) / (high - low) if high > low else 0.0
    return LEFT + 40 + share * (WIDTH - LEFT - 100)


def _y(value: float, highest: float) -> float:
    return HEIGHT - BOTTOM - value / highest * (HEIGHT - BOTTOM - TOP)


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{INK}" text-anchor="{anchor}">{text}</text>'
