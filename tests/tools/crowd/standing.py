# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Who had which IMPU, and when, by what WICs were told: rows of a Ledger."""

from collections import defaultdict, namedtuple

SLACK = 1.0  # s that an answer may have been under way
Standing = namedtuple("Standing", "wic user impu edge begin end")


def standings(rows):
    """From each 200 to a REGISTER to what came next: another one, the end of
    the connection, or of the registration."""
    found, open_now = [], {}
    for row in rows:
        if row["what"] not in ("ok", "lost", "left"):
            continue
        last, until = open_now.pop(row["wic"], (None, 0))
        if last:
            found.append(Standing(row["wic"], row["user"], last["impu"], last["edge"], last["t"], min(row["t"], until)))
        if row["what"] == "ok" and row["left"]:
            open_now[row["wic"]] = (row, row["t"] + row["left"])
    return found + [Standing(wic, row["user"], row["impu"], row["edge"], row["t"], until)
                    for wic, (row, until) in open_now.items()]


def shared_for(rows):
    """{impu: longest time (s) that registrations of two users stood at once}."""
    at_impu, longest = defaultdict(list), {}
    for one in standings(rows):
        for other in at_impu[one.impu]:
            both = min(one.end, other.end) - max(one.begin, other.begin)
            if other.user != one.user and both > 0:
                longest[one.impu] = max(both, longest.get(one.impu, 0))
        at_impu[one.impu].append(one)
    return longest


def told_another(rows):
    """(user, IMPU, other IMPU, s that were left of the first) of each user who
    was given another IMPU while the one of before was his."""
    found, last = [], {}
    for row in rows:
        if row["what"] != "ok" or not row["left"]:
            continue
        impu, until = last.get(row["user"], (None, 0))
        begin = row["t"] - row["took"] + SLACK
        if impu not in (None, row["impu"]) and begin < until:
            found.append((row["user"], impu, row["impu"], round(until - begin, 1)))
        kept = until if impu == row["impu"] else 0
        last[row["user"]] = (row["impu"], max(kept, row["t"] + row["left"]))
    return found
