"""What a comparison found, as rows of the table that `run.sh all` prints. Plain Python: every environment imports it."""

import json


def add_option(parser):
    parser.add_argument("--json", metavar="FILE", help="also write the figures there, for the table of run.sh all")


def compared(what, peer, ours, theirs, unit, goal=None, note=""):
    """One piece of work done by both. Of a unit that ends in /s more is better, of others less; `goal`: the least ratio
    that is wanted, in the sense that 2 is twice as good."""
    ratio = ours / theirs if unit.endswith("/s") else theirs / ours
    return dict(what=what, peer=peer, ours=ours, theirs=theirs, unit=unit, ratio=ratio, goal=goal, note=note)


def limited(what, ours, unit, limit, note=""):
    """A figure without a peer that must not pass a limit."""
    return dict(what=what, peer="", ours=ours, theirs=None, unit=unit, ratio=None, limit=limit, note=note)


def write(path, rows):
    if not path:
        return
    with open(path, "w") as file:
        json.dump(rows, file, indent=1)


def is_met(row):
    """None where nothing was asked for."""
    if row.get("limit") is not None:
        return row["ours"] <= row["limit"]
    return None if row.get("goal") is None else row["ratio"] >= row["goal"]


def number(value):
    if value is None:
        return ""
    if value == 0 or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}"


def markdown(rows):
    """The table, with what was missed marked by its goal in bold."""
    lines = ["| what | against | oodml | peer | unit | ratio | goal | note |", "| --- | --- | ---: | ---: | --- | ---: | ---: | --- |"]
    for row in rows:
        goal = f"<= {number(row['limit'])}" if row.get("limit") is not None else number(row.get("goal"))
        if goal and is_met(row) is False:
            goal = f"**{goal}, missed**"
        cells = [row["what"], row["peer"], number(row["ours"]), number(row["theirs"]), row["unit"], number(row["ratio"]), goal, row["note"]]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
