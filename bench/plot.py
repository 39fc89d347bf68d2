#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Draws the results of sextant-bench: plot.py RESULTS.json CHART.svg

One panel per case, one bar per contestant, all on one logarithmic scale of nanoseconds per echo.
The thin line across the end of a bar is the range from the fastest to the slowest run.
"""
import json
import math
import sys
from xml.sax.saxutils import escape

WIDTH = 960
LEFT = 120  # contestants' names
RIGHT = 150  # figures
TOP = 92
BAR = 15
GAP = 5
PANEL_HEAD = 26
PANEL_FOOT = 16
FONT = "font-family='Inter, Helvetica, Arial, sans-serif'"
INK = "#1f2933"
MUTED = "#6b7785"
GRID = "#e4e8ec"
COLOURS = {"sextant": "#0f7a8a", "swap": "#b9c3cc", "null": "#dde3e8"}
PEER = "#d08c4a"
TITLES = {"swap": "bare swap", "null": "port alone", "lwip": "lwIP", "kernel": "Linux kernel",
          "sextant": "Sextant"}


def text(x, y, words, size=12, colour=INK, anchor="start", weight="400"):
    return (f"<text x='{x:.1f}' y='{y:.1f}' {FONT} font-size='{size}' font-weight='{weight}' "
            f"fill='{colour}' text-anchor='{anchor}'>{escape(words)}</text>")


def line(x1, y1, x2, y2, colour, width=1.0):
    return (f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' "
            f"stroke='{colour}' stroke-width='{width}'/>")


def tick(ns):
    for unit, size in (("ms", 1e6), ("µs", 1e3)):
        if ns >= size:
            return f"{ns / size:.0f} {unit}"
    return f"{ns:g} ns"


def figure(ns):
    if ns >= 9950:
        return f"{ns / 1000:,.0f} µs"
    return f"{ns:,.0f} ns" if ns >= 99.5 else f"{ns:.1f} ns"


class Scale:
    """A logarithmic axis over whole decades."""

    def __init__(self, values):
        self.low = math.floor(math.log10(min(values)))
        self.high = math.ceil(math.log10(max(values)))
        self.high = max(self.high, self.low + 1)

    def x(self, ns):
        share = (math.log10(ns) - self.low) / (self.high - self.low)
        return LEFT + max(0.0, min(1.0, share)) * (WIDTH - LEFT - RIGHT)

    def decades(self):
        return [10.0 ** d for d in range(self.low, self.high + 1)]


def describe(case):
    parts = [f"{case['payload_bytes']} B", f"{case['flows']:,} flow" + "s" * (case["flows"] > 1)]
    if case["sockets"] > 1:
        parts.append(f"{case['sockets']:,} sockets")
    parts.append("checksum offload" if case["offload"] else "checksum in software")
    if case["cold"]:
        parts.append("cold buffers")
    if not case["calm"]:
        parts.append("the machine was not calm")
    return " · ".join(parts)


def order(results):
    rank = {"sextant": 0, "swap": 8, "null": 9}
    return sorted(results, key=lambda r: rank.get(r["contestant"], 1))


def times(case, contestant):
    for ratio in case["ratios"]:
        if ratio["to"] == contestant and contestant != "swap":
            return f" · {ratio['times']['median']:.1f}×"
    return ""


def bar(case, result, scale, y):
    name = result["contestant"]
    weight = "600" if name == "sextant" else "400"
    middle = y + BAR - 3.5
    out = [text(LEFT - 10, middle, TITLES.get(name, name), 12, INK, "end", weight)]
    if "skipped" in result:
        return out + [text(LEFT + 4, middle, "n/a: " + result["skipped"], 11, MUTED)]
    ns = result["ns"]
    end = scale.x(ns["median"])
    colour = COLOURS.get(name, PEER)
    out.append(f"<rect x='{LEFT}' y='{y:.1f}' width='{max(1.0, end - LEFT):.1f}' "
               f"height='{BAR}' rx='2' fill='{colour}'/>")
    out.append(line(scale.x(ns["min"]), y + BAR / 2, scale.x(ns["max"]), y + BAR / 2, INK, 1.2))
    label = figure(ns["median"]) + times(case, name)
    out.append(text(max(end, scale.x(ns["max"])) + 8, middle, label, 12, INK, weight=weight))
    return out


def panel(case, scale, y):
    rows = order(case["results"])
    height = PANEL_HEAD + len(rows) * (BAR + GAP) + PANEL_FOOT
    out = [line(scale.x(d), y + PANEL_HEAD - 4, scale.x(d), y + height - PANEL_FOOT, GRID)
           for d in scale.decades()]
    out.append(text(LEFT, y + 14, case["name"], 13, INK, weight="600"))
    out.append(text(WIDTH - 16, y + 14, describe(case), 11, MUTED, "end"))
    for i, result in enumerate(rows):
        out += bar(case, result, scale, y + PANEL_HEAD + i * (BAR + GAP))
    return out, height


def chart(data):
    cases = data["cases"]
    values = [v for c in cases for r in c["results"] if "ns" in r
              for v in (r["ns"]["min"], r["ns"]["max"]) if v > 0]
    scale = Scale(values or [1, 10])
    where = (f"{data['processor']}, {data['kernel']}, {data['instruction_set']} build, one core, "
             f"bursts of {data['burst']}, median of {data['runs']} interleaved runs")
    body = [text(16, 30, "Nanoseconds per echo", 19, INK, weight="600"),
            text(16, 50, where, 12, MUTED),
            text(16, 67, "Logarithmic scale, shorter is better. The thin line spans fastest to "
                 "slowest run; × is the peer's time over Sextant's.", 12, MUTED)]
    body += [text(scale.x(d), TOP - 6, tick(d), 11, MUTED, "middle")
             for d in scale.decades()]
    y = TOP
    for case in cases:
        drawn, height = panel(case, scale, y)
        body += drawn
        y += height
    head = (f"<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH}' height='{y}' "
            f"viewBox='0 0 {WIDTH} {y}'>\n<rect width='{WIDTH}' height='{y}' fill='#ffffff'/>\n")
    return head + "\n".join(body) + "\n</svg>\n"


def main(arguments):
    if len(arguments) != 3:
        sys.exit(__doc__)
    with open(arguments[1], encoding="utf-8") as file:
        data = json.load(file)
    with open(arguments[2], "w", encoding="utf-8") as file:
        file.write(chart(data))


if __name__ == "__main__":
    main(sys.argv)
