# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The plots, each a function of the raw numbers: a Plot, or None where they are not there."""

from latency import percentiles

BLUE, ORANGE, GREEN, RED, PURPLE, GREY = "#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#777777"
WIDTH = 820
SIDES = {"ours": "eP-CSCF", "against": "stock registrar", "bare": "bare answer"}
WHAT = {"cached": "eP-CSCF, token in the cache", "fresh": "eP-CSCF, fresh token", "web": "eP-CSCF, scenario 2",
        "redis": "eP-CSCF, registrar in Redis"}
COLOURS = {"cached": BLUE, "fresh": ORANGE, "web": RED, "redis": PURPLE, "against": GREEN, "bare": GREY}
MB = 1e6


def quoted(text):
    """A string of gnuplot's."""
    return "'" + text.replace("'", "''") + "'"


class Plot:
    """A script for gnuplot with its numbers inside."""

    def __init__(self, name, kind, title, caption, height=430):
        self.name, self.kind, self.title, self.caption = name, kind, title, caption
        self.blocks, self.lines, self.curves = [], [], []
        self.set(f"terminal svg size {WIDTH},{height} background '#ffffff' font 'sans-serif,14' linewidth 1.2",
                 f"title {quoted(title)}", "grid lc rgb '#dddddd'", "border 3 lc rgb '#555555'", "tics nomirror",
                 "key outside bottom center horizontal samplen 2", "xtics out", "ytics out", "mxtics default")

    def set(self, *lines):
        """Settings."""
        self.lines += [f"set {line}" for line in lines]
        return self

    def axes(self, x, y):
        """Labels, with units; an empty line keeps the key away."""
        return self.set(f'xlabel "{x}\\n "', f"ylabel {quoted(y)}")

    def curve(self, rows, how, title=None):
        """Rows of numbers, and what gnuplot makes of them."""
        name = f"$d{len(self.blocks)}"
        lines = "\n".join(" ".join(str(cell) for cell in row) for row in rows)
        self.blocks.append(f"{name} << EOD\n{lines}\nEOD")
        self.curves.append(f"{name} {how} {f'title {quoted(title)}' if title else 'notitle'}")
        return self

    def script(self):
        """All of it."""
        return "\n".join([*self.blocks, *self.lines, "plot " + ", \\\n  ".join(self.curves)]) + "\n"


def rows_of(numbers, table="qm"):
    """Rows of a table of bench.json by name."""
    return {row["name"]: row for row in numbers["bench"].get(table, []) if "why" not in row}


# --- make bench


def ratio_plot(name, title, caption, rows):
    """Medians of ratios, with their intervals, and goals."""
    if not rows:
        return None
    plot = Plot(name, "bench", title, caption, 190 + 24 * len(rows))
    points, goals = [], []
    for i, row in enumerate(rows):
        low, high = row["ratio_interval"]
        points.append([f'"{row["name"]}"', row["ratio"], i, low, high])
        if (row["goal"] or "").startswith("ratio <= "):
            goals.append([row["goal"].split()[2], i])
    plot.axes("ours : what it is measured against (1: the same)", "").set(f"yrange [{len(rows) - 0.4}:-0.6]", "border 1",
             "arrow 1 from 1,graph 0 to 1,graph 1 nohead lc rgb '#777777' dt 2")
    if goals:
        plot.curve(goals, f"using 1:($2-0.35):(0):(0.7) with vectors nohead lw 2 lc rgb '{RED}'", "goal: not beyond")
    plot.curve(points, f"using 2:3:4:5:yticlabels(1) with xerrorbars pt 7 ps 0.5 lc rgb '{BLUE}'", "median, 95 % interval")
    return plot


def wss_ratios(numbers):
    """REGISTERs over WSS beside a stock registrar."""
    rows = [row for name, row in rows_of(numbers).items() if name.startswith("wss-") and row["unit"] in ("us", "bytes")]
    plot = ratio_plot("wss-ratios", "WICs over WSS: eP-CSCF to stock Kamailio",
                      "CPU time and memory of the eP-CSCF, as a ratio to a stock Kamailio with a plain registrar.", rows)
    return plot and plot.set("xrange [0:*]")


def ratios(numbers):
    """All others with a goal for the ratio."""
    rows = [row for name, row in rows_of(numbers).items()
            if not name.startswith("wss-") and (row["goal"] or "").startswith("ratio")]
    plot = ratio_plot("ratios", "Rows with a goal: ours to what each is measured against",
                      "Most rows are held against a bare limit, such as OpenSSL alone; `libjwt` rows against libjwt, "
                      "`call-setup` against a plain proxy.", rows)
    return plot and plot.set("xrange [0:*]")


def tail_axes(plot, y):
    """Percentiles, wider towards the end."""
    return plot.set("logscale xy", "xrange [1:*]", "xtics ('0 %%' 1, '50 %%' 2, '90 %%' 10, '99 %%' 100, '99.9 %%' 1000, "
                    "'99.99 %%' 10000, '99.999 %%' 100000)", "format y '%g'").axes("of all are not slower", y)


def tail(parts, scale):
    """Points of such a curve: [percent, us]."""
    return [[100 / (100 - percent), us / scale] for percent, us in parts if percent < 100 and us > 0]


def measured(numbers, prefix, member):
    """(key, title, figures of ours) of the rows wss-PREFIX-KEY, and (key, title, figures) of
    what the first of them stands beside."""
    found = [(key, row[member]) for key, row in ((key, rows_of(numbers).get(f"wss-{prefix}-{key}")) for key in WHAT)
             if row and member in row]
    beside = [(side, SIDES[side], found[0][1][side]) for side in ("against", "bare") if found and side in found[0][1]]
    return [(key, WHAT[key], figures["ours"]) for key, figures in found] + beside


def latency(numbers):
    """Of REGISTERs at a rate that all bear."""
    found = measured(numbers, "register", "latency")
    if not found:
        return None
    rate = next(row["rate"] for row in rows_of(numbers).values() if "rate" in row)
    plot = tail_axes(Plot("latency", "bench", f"REGISTER over WSS, {rate} a second: time to its 200",
                          "Counted from when each was due, whatever became of those before it."), "ms")
    for key, title, parts in found:
        plot.curve(tail(parts, 1e3), f"using 1:2 with lines lw 2 lc rgb '{COLOURS[key]}'", title)
    return plot


# --- make soak


def series(numbers, part, name):
    """Rows of it as dicts, or nothing."""
    data = numbers["soak"].get(part, {}).get("series", {}).get(name)
    return [dict(zip(data["columns"], row)) for row in data["rows"]] if data else []


def capacity(numbers):
    """99th percentile by rate; a rate that was tried twice has two."""
    names = [name for name in numbers["soak"].get("capacity", {}).get("series", {}) if name.startswith("capacity ")]
    if not names:
        return None
    plot = Plot("soak-capacity", "soak", "REGISTER over WSS: how many a second, and how late",
                "A cross is a rate at which some failed. The capacity is the highest rate of which the 99th percentile "
                "is not beyond 200 ms, and no more than one of a thousand fails.")
    plot.axes("REGISTERs a second", "99th percentile of those answered, ms").set("logscale y", "xrange [0:*]", "format y '%g'")
    plot.set("arrow 1 from graph 0,first 200 to graph 1,first 200 nohead lc rgb '#777777' dt 2")
    for name, colour in zip(names, (BLUE, ORANGE, RED, PURPLE, GREY, GREEN)):
        steps = sorted((row["rate"], row["p99_ms"], row["failed"]) for row in series(numbers, "capacity", name) if row["p99_ms"])
        plot.curve([step[:2] for step in steps if not step[2]],
                   f"using 1:2 with linespoints pt 7 ps 0.6 lc rgb '{colour}'", name.partition(" ")[2])
        ill = [step[:2] for step in steps if step[2]]
        if ill:
            plot.curve(ill, f"using 1:2 with points pt 2 ps 0.6 lc rgb '{colour}'")
    return plot


def memory(numbers):
    """Of the hour."""
    rows = series(numbers, "hour", "server")
    if not rows:
        return None
    wics = numbers["soak"]["hour"]["wics"]
    plot = Plot("soak-memory", "soak", f"{wics:,} WICs held, with REGISTERs and calls: memory",
                "All processes together; shared memory is counted once.").axes("minutes", "MB")
    plot.set("yrange [0:*]")
    for column, title, colour in (("shm_used", "shared memory in use", BLUE), ("anon", "anonymous RSS", ORANGE),
                                  ("pkg", "private memory (pkg) in use", GREEN)):
        plot.curve([[row["s"] / 60, row[column] / MB] for row in rows], f"using 1:2 with lines lw 2 lc rgb '{colour}'", title)
    return plot


def minutes(numbers):
    """Latency of each minute of the hour."""
    rows = series(numbers, "hour", "minutes")
    if not rows:
        return None
    plot = Plot("soak-minutes", "soak", "The same: time from a refresh to its 200, each minute",
                "Counted from when each was due.").axes("minutes", "ms").set("logscale y", "format y '%g'")
    for column, title, colour in (("p50_ms", "median", BLUE), ("p99_ms", "99 %", ORANGE), ("max_ms", "slowest", RED)):
        plot.curve([[row["minute"], row[column]] for row in rows], f"using 1:2 with linespoints pt 7 ps 0.4 lc rgb '{colour}'",
                   title)
    return plot


def whole_tail(hist):
    """Points of such a curve, in s, with the slowest one: that is one of so many."""
    parts = percentiles([hist])
    return tail(parts, 1e6) + [[sum(count for _, count in hist), parts[-1][1] / 1e6]]


def tails(numbers, part, names, plot):
    """Distributions of a part."""
    hists = numbers["soak"].get(part, {}).get("hists", {})
    found = [(title, colour, whole_tail(hists[name])) for name, title, colour in names if hists.get(name)]
    for title, colour, points in found:
        plot.curve(points, f"using 1:2 with lines lw 2 lc rgb '{colour}'", title)
    return plot if found else None


def lost(numbers):
    """Until the core is told."""
    plot = Plot("soak-lost", "soak", "A WIC is lost: time until the core knows",
                "By its de-REGISTER; in a range, where there is none, by a call that is refused at once. Of what is silent the time is counted from when it stopped to answer: the next ping and its pong are in it.")
    names = [(f"{side}{how}", f"{what}, {who}", colour) for side, who, colours in
             (("", "scenario 2", (BLUE, ORANGE, RED)), ("range: ", "range", (GREEN, PURPLE, GREY)))
             for how, what, colour in zip(("fin", "rst", "silent"), ("FIN", "RST", "silent"), colours)]
    return tails(numbers, "lost", names, tail_axes(plot, "s"))


def overload(numbers, kind, who):
    """What is served while too much is asked."""
    rows = series(numbers, "overload", f"{kind}: overload")
    if len(rows) < 2:
        return None
    plot = Plot(f"soak-overload-{kind}", "soak", f"Three times its capacity, {who}: what is served, and what is refused",
                "What was asked for and not sent found no WIC that was free: each waited for an answer.").axes("minutes", "a second").set("yrange [0:*]")
    for column, title, colour in (("sent", "sent", GREEN), ("ok", "answered 200", BLUE),
                                  ("refused", "503 with Retry-After", ORANGE)):
        plot.curve([[row["s"] / 60, row[column]] for row in rows], f"using 1:2 with fsteps lw 2 lc rgb '{colour}'", title)
    best = next((f["value"] for f in numbers["soak"]["overload"]["figures"] if f["name"] == f"{kind}: capacity"), None)
    if best:
        plot.curve([[0, best], [rows[-1]["s"] / 60, best]], f"using 1:2 with lines dt 2 lc rgb '{GREY}'", "capacity")
    return plot


def overload_range(numbers):
    """WICs in a range."""
    return overload(numbers, "range", "WICs in a range")


def overload_web(numbers):
    """WICs by scenario 2."""
    return overload(numbers, "web", "WICs by scenario 2")


def back(numbers):
    """After kill -9."""
    wics = numbers["soak"].get("restart", {}).get("wics", 0)
    plot = Plot("soak-back", "soak", f"kill -9 of the eP-CSCF, and a start at once: {wics:,} WICs are back",
                "Time from the kill until a WIC is registered again; each kill is a curve.")
    names = [(f"back {n}", f"registered again ({n})", colour) for n, colour in ((1, BLUE), (2, ORANGE), (3, GREEN))]
    return tails(numbers, "restart", names, tail_axes(plot, "s"))
