# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""How large and how long: all numbers of the soak follow from these of the environment.

    SOAK_WICS     WICs that are held (5000)
    SOAK_MINUTES  of the hour (60)
    SOAK_MINUTE   seconds that a minute of any part takes (60); a small run has less
    SOAK_DIR      where results are kept (build/soak)"""

import os
import pathlib

TOP = pathlib.Path(__file__).resolve().parents[2]


def number(name, default):
    """Of the environment; empty is as good as absent."""
    return float(os.environ.get(name) or default)


WICS = int(number("SOAK_WICS", 5000))
MINUTES = number("SOAK_MINUTES", 60)
MINUTE = number("SOAK_MINUTE", 60)
SAMPLE = MINUTE / 6  # s between samples
DIR = pathlib.Path(os.environ.get("SOAK_DIR") or TOP / "build" / "soak").resolve()


SHORTEST = 0.2  # s of any load


def rate(of_5000, least=100):
    """What is so many a second with 5,000 WICs."""
    return max(least, round(of_5000 * WICS / 5000))


def count(of_5000):
    """So many of 5,000 WICs."""
    return max(2, round(of_5000 * WICS / 5000))


def seconds(minutes):
    """That so many minutes take."""
    return max(SHORTEST, minutes * MINUTE)
