# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Does memory grow? Slopes of what a Sampler has found."""

from .trend import least_squares, percent_an_hour, theil_sen

WARM_UP = 1 / 6  # of the time; what is allocated once is there after that
GROWS = (("server", "shm_used", "shared memory in use", 1), ("pieces", "shm_pieces", "pieces of it", 0),
         ("server", "shm_real_used", "shared memory with its headers", 1),
         ("server", "pkg", "private memory of all processes", 1), ("server", "anon", "anonymous RSS of all processes", 1),
         ("pss", "all", "PSS of all processes", 1024), ("server", "files", "open files", 0))


def report(result, registers, goal=True):
    """Behind the warm-up; what grows by bytes also by REGISTER."""
    data = result.data["series"]
    ends = data["server"]["rows"][-1][0]
    begin = WARM_UP * ends
    for name, column, what, unit in GROWS:
        slope(result, what, data[name], column, begin, goal)
        if unit:
            found = samples(data[name], column, begin)
            a_second = unit * max(least_squares(found), theil_sen(found)) if len(found) > 1 else 0.0
            result.figure(f"growth: {what}, each REGISTER", a_second * ends / max(1, registers), "bytes")
    for name in ("pkg", "anon", "files"):
        worst = max(data[name]["columns"][1:], key=lambda c, n=name: max(slopes(data[n], c, begin)))
        slope(result, f"{name} of the process that grows most ({worst})", data[name], worst, begin, goal and name == "pkg")


def samples(series, column, begin):
    """(s, value) from then on."""
    i = series["columns"].index(column)
    return [(row[0], row[i]) for row in series["rows"] if row[0] >= begin]


def slopes(series, column, begin):
    """(least squares, Theil-Sen) in percent an hour"""
    return percent_an_hour(samples(series, column, begin))


def slope(result, what, series, column, begin, goal):
    """Both; the larger one has to meet the goal."""
    squares, sen = slopes(series, column, begin)
    result.fact(f"slope of {what}", {"least squares": squares, "Theil-Sen": sen})
    result.figure(f"growth: {what}", max(squares, sen), "%/h", most=1 if goal else None)
