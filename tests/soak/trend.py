# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Does a figure grow? Slopes of samples (seconds, value), in percent of their mean an hour."""

import statistics


def least_squares(samples):
    """Slope, in units a second."""
    mean_t = statistics.fmean(t for t, _ in samples)
    mean_v = statistics.fmean(v for _, v in samples)
    spread = sum((t - mean_t) ** 2 for t, _ in samples)
    return sum((t - mean_t) * (v - mean_v) for t, v in samples) / spread if spread else 0.0


def theil_sen(samples):
    """The median of the slopes between any two samples: a few that are odd do not move it."""
    slopes = [(w - v) / (u - t) for i, (t, v) in enumerate(samples) for u, w in samples[i + 1:] if u > t]
    return statistics.median(slopes) if slopes else 0.0


def percent_an_hour(samples):
    """(least squares, Theil-Sen); 0 where nothing is ever there."""
    mean = statistics.fmean(v for _, v in samples) if samples else 0.0
    if not mean:
        return 0.0, 0.0
    return tuple(100 * 3600 * slope(samples) / mean for slope in (least_squares, theil_sen))
