# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a ledger of a crowd says of whose an IMPU was."""

import unittest

from crowd.standing import shared_for, standings, told_another


def ok(at, user, impu, left=60, wic=None):
    """The row of a 200."""
    return {"t": at, "what": "ok", "wic": wic or user, "user": user, "edge": "edge1", "impu": impu, "left": left, "took": 0.1}


def lost(at, wic):
    """The row of a connection that has ended."""
    return {"t": at, "what": "lost", "wic": wic, "user": wic, "edge": "edge1"}


class Ledgers(unittest.TestCase):
    """Rows in the order of their times."""

    def test_a_registration_stands_to_what_comes_next(self):
        rows = [ok(0, "a", "x"), ok(30, "a", "x"), lost(40, "a"), ok(50, "a", "y", 10), ok(100, "a", "x"), ok(110, "a", None, 0)]
        self.assertEqual([(one.impu, one.begin, one.end) for one in standings(rows)],
                         [("x", 0, 30), ("x", 30, 40), ("y", 50, 60), ("x", 100, 110)])

    def test_two_users(self):
        self.assertEqual(shared_for([ok(0, "a", "x"), ok(1, "b", "y"), ok(2, "a", "x", wic="a2")]), {})
        self.assertEqual(shared_for([ok(0, "a", "x"), lost(10, "a"), ok(20, "b", "x")]), {})
        self.assertEqual(shared_for([ok(0, "a", "x"), ok(20, "b", "x"), lost(25, "b"), lost(70, "a")]), {"x": 5})
        self.assertEqual(shared_for([ok(0, "a", "x"), ok(20, "b", "x")]), {"x": 40})

    def test_another_impu(self):
        self.assertEqual(told_another([ok(0, "a", "x"), ok(70, "a", "y"), ok(80, "a", "y")]), [])
        self.assertEqual(told_another([ok(0, "a", "x"), lost(10, "a"), ok(20, "a", "y")]), [("a", "x", "y", 39.1)])
        self.assertEqual(told_another([ok(0, "a", "x"), ok(30, "a", "x", wic="a2"), ok(80, "a", "y")]), [("a", "x", "y", 9.1)])
        self.assertEqual(told_another([ok(0, "a", "x"), ok(10, "a", None, 0), ok(80, "a", "y")]), [])


if __name__ == "__main__":
    unittest.main()
