# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Distributions of latencies, from the histograms that wims-load prints."""

from collections import Counter

PARTS = (0, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 92, 94, 95, 96, 97, 98, 98.5, 99, 99.3, 99.5, 99.7, 99.8, 99.9,
         99.95, 99.97, 99.98, 99.99, 99.995, 99.999, 100)


def percentiles(histograms):
    """[percent, us]: so many are not slower. As far as there are enough of them."""
    counts = Counter()
    for histogram in histograms:
        for upper, count in histogram:
            counts[upper] += count
    total, seen, found = sum(counts.values()), 0, []
    parts = [p for p in PARTS if p == 100 or (100 - p) / 100 * total >= 1]
    for upper, count in sorted(counts.items()):
        seen += count
        while parts and seen >= parts[0] / 100 * total:
            found.append([parts.pop(0), upper])
    return found
