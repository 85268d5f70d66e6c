# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""storm.py against the stand-in: that it does what it says, not that the
stand-in stands it (a stock Kamailio 5.6.3 loses good clients to bad ones)."""

import os
import re
import subprocess
import sys
import unittest

from standin_env import CA, WSS_PORT

STORM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "storm.py")
COUNT = 300


def storm(port, *options):
    """(exit status, output)"""
    done = subprocess.run(
        [sys.executable, STORM, f"127.0.0.1:{port}", "--ca", CA, "--count", str(COUNT), *options],
        stdout=subprocess.PIPE, text=True, timeout=60, check=False)
    return done.returncode, done.stdout


def points(output):
    """Clients for each break point, with its end."""
    return dict((name, int(n)) for n, name in re.findall(r"^ *(\d+)  (\w+ (?:fin|rst))$", output, re.M))


class StormCase(unittest.TestCase):
    """Counts, determinism, exit status."""

    def test_half_break_off_everywhere(self):
        status, output = storm(WSS_PORT, "--seed", "7")
        self.assertIn(status, (0, 1), output)
        self.assertIn(f"{COUNT} of {COUNT} clients", output)
        counts = points(output)
        self.assertEqual(sum(counts.values()), COUNT // 2)
        self.assertEqual(len({name.split()[0] for name in counts}), 16, counts)
        self.assertEqual(points(storm(WSS_PORT, "--seed", "7", "--parallel", "4")[1]), counts)
        self.assertNotEqual(points(storm(WSS_PORT, "--seed", "8")[1]), counts)

    def test_unexpected_answer_fails(self):
        status, output = storm(WSS_PORT, "--expect", "401", "--count", "20")
        self.assertEqual(status, 1)
        self.assertIn("FAILED good: ValueError REGISTER got 200", output)

    def test_no_server(self):
        status, output = storm(9)
        self.assertEqual(status, 3)
        self.assertIn("server DIED", output)


if __name__ == "__main__":
    unittest.main()
