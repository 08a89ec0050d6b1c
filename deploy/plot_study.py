#!/usr/bin/env python3
"""Draws recall against the shift of the splits, a line a method, as SVG. Needs nothing but Python.

    oodml results study --by criterion,split --metric fid,e_recall@1 -o csv | python3 deploy/plot_study.py > study.svg
    ... | python3 deploy/plot_study.py nmi > study.svg        another metric than e_recall@1
"""
import csv
import math
import sys
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 200, 52, 62  # margins of the plot
COLOURS = ["#1b6ca8", "#c8551b", "#2d8a4e", "#8b4fb3", "#a8871b", "#5b6875"]


def read_curves(lines, metric):
    """{method: [(fid, mean, deviation), ...] in order of the FID}; splits without a result are left out."""
    cells = {}
    for row in csv.DictReader(lines):
        if row["set"] != "test" or row["metric"] not in ("fid", metric):
            continue
        cells.setdefault((row["criterion"], row["split"]), {})[row["metric"]] = row
    curves = {}
    for (method, _), found in cells.items():
        if len(found) < 2 or not found[metric]["best_mean"] or not found["fid"]["last_mean"]:
            continue
        deviation = found[metric]["best_sd"]
        curves.setdefault(method, []).append(
            (float(found["fid"]["last_mean"]), float(found[metric]["best_mean"]), float(deviation or 0)))
    return {method: sorted(points) for method, points in curves.items()}


def ticks(low, high, about=6):
    """Round numbers from low to high."""
    raw = (high - low) / about
    power = 10 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw)
    return [step * i for i in range(math.ceil(low / step), math.floor(high / step) + 1)]


class Scale:
    """Numbers of an axis to pixels."""

    def __init__(self, values, first, last):
        spare = 0.06 * (max(values) - min(values) or 1)
        self.low, self.high = min(values) - spare, max(values) + spare
        self.first, self.last = first, last

    def __call__(self, value):
        return self.first + (value - self.low) / (self.high - self.low) * (self.last - self.first)


def axes(x, y, metric):
    yield f'<text class="title" x="{LEFT}" y="28">{escape(metric)} on classes never seen in training, by shift</text>'
    for value in ticks(x.low, x.high):
        yield f'<path class="grid" d="M{x(value):.1f} {TOP} V{HEIGHT - BOTTOM}"/>'
        yield f'<text x="{x(value):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{value:g}</text>'
    for value in ticks(y.low, y.high):
        yield f'<path class="grid" d="M{LEFT} {y(value):.1f} H{WIDTH - RIGHT}"/>'
        yield f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{100 * value:g}%</text>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle}" y="{HEIGHT - 18}" text-anchor="middle">FID of the split: distance of training and test classes</text>'


def curve(points, colour, x, y):
    line = " ".join(f"{x(fid):.1f},{y(mean):.1f}" for fid, mean, _ in points)
    yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2.2"/>'
    for fid, mean, deviation in points:
        if deviation > 0:
            yield (f'<path d="M{x(fid):.1f} {y(mean - deviation):.1f} V{y(mean + deviation):.1f}" '
                   f'stroke="{colour}" stroke-width="1.2"/>')
        yield f'<circle cx="{x(fid):.1f}" cy="{y(mean):.1f}" r="4" fill="{colour}"/>'


def legend(names):
    for i, name in enumerate(names):
        top, left = TOP + 14 + 24 * i, WIDTH - RIGHT + 24
        colour = COLOURS[i % len(COLOURS)]
        yield f'<path d="M{left} {top} h24" stroke="{colour}" stroke-width="2.2"/><circle cx="{left + 12}" cy="{top}" r="4" fill="{colour}"/>'
        yield f'<text x="{left + 32}" y="{top + 4}">{escape(name)}</text>'
    below = TOP + 14 + 24 * len(names) + 8
    yield f'<text class="note" x="{WIDTH - RIGHT + 24}" y="{below}">bars: one standard</text>'
    yield f'<text class="note" x="{WIDTH - RIGHT + 24}" y="{below + 16}">deviation over seeds</text>'


def drawing(curves, metric):
    points = [point for curve_points in curves.values() for point in curve_points]
    x = Scale([fid for fid, _, _ in points], LEFT, WIDTH - RIGHT)
    y = Scale([mean + sign * deviation for _, mean, deviation in points for sign in (-1, 1)], HEIGHT - BOTTOM, TOP)
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
           f'role="img" aria-label="{escape(metric)} against the FID of the split, a line a criterion">')
    yield ('<style>text { font: 13px "Helvetica Neue", Helvetica, Arial, "DejaVu Sans", sans-serif; fill: #1f2933 } '
           '.title { font-size: 15px; font-weight: bold } .note { font-size: 12px; fill: #46525e } '
           '.grid { stroke: #d5dae0; stroke-width: 1 }</style>')
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" rx="12" fill="#f7f8fa"/>'  # legible on dark pages, too
    yield from axes(x, y, metric)
    for i, curve_points in enumerate(curves.values()):
        yield from curve(curve_points, COLOURS[i % len(COLOURS)], x, y)
    yield from legend(curves)
    yield "</svg>"


def main():
    if len(sys.argv) > 2 or (len(sys.argv) == 2 and sys.argv[1].startswith("-")):
        sys.exit(__doc__.strip())
    metric = sys.argv[1] if len(sys.argv) == 2 else "e_recall@1"
    curves = read_curves(sys.stdin, metric)
    if not curves:
        sys.exit(f"plot_study: no split with both fid and {metric} in what was read; "
                 f"wanted is the CSV of: oodml results SWEEP --by criterion,split --metric fid,{metric} -o csv")
    print("\n".join(drawing(curves, metric)))


if __name__ == "__main__":
    main()
