# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""tests/run.sh on cases of its own: what it makes of those that fail."""

import os
import subprocess
import tempfile
import unittest

RUNNER = os.path.join(os.path.dirname(__file__), "../../run.sh")
UNSTEADY = 'mark=$(dirname "$0")/been\n[[ -f $mark ]] || { touch "$mark"; echo first; exit 1; }\n'


class Runner(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.TemporaryDirectory()
        self.addCleanup(self.dir.cleanup)

    def run_cases(self, cases, *names):
        for name, text in cases.items():
            os.makedirs(os.path.join(self.dir.name, "cases", name))
            with open(os.path.join(self.dir.name, "cases", name, "case.sh"), "w") as f:
                f.write(text)
        env = dict(os.environ, CHECKS="", CASES_DIR=self.dir.name + "/cases",
                   OUT_DIR=self.dir.name + "/out")
        run = subprocess.run([RUNNER, *names], env=env, capture_output=True, text=True, timeout=60)
        return run.returncode, run.stdout

    def test_all_good(self):
        code, out = self.run_cases({"01-a": "exit 0\n", "02-b": "exit 0\n"})
        self.assertEqual(code, 0)
        self.assertEqual(out.splitlines()[-1], "2 passed, 0 failed")
        self.assertNotIn("unsteady", out)

    def test_bad_stays_bad(self):
        code, out = self.run_cases({"01-a": "exit 0\n", "02-b": "exit 1\n"})
        self.assertEqual(code, 1)
        self.assertEqual(out.splitlines()[-2:], ["failed: 02-b", "1 passed, 1 failed"])

    def test_unsteady_is_told(self):
        code, out = self.run_cases({"01-a": "exit 0\n", "02-b": UNSTEADY})
        self.assertEqual(code, 0)
        self.assertEqual(out.splitlines()[-2:],
                         ["unsteady, good at the second attempt: 02-b", "2 passed, 0 failed"])
        with open(self.dir.name + "/out/02-b.first.log") as f:
            self.assertEqual(f.read(), "first\n")

    def test_no_second_attempt_for_many(self):
        code, out = self.run_cases({"0%d-x" % i: UNSTEADY for i in range(7)})
        self.assertEqual(code, 1)
        self.assertEqual(out.splitlines()[-1], "0 passed, 7 failed")

    def test_no_second_attempt_for_one_by_name(self):
        code, out = self.run_cases({"01-a": UNSTEADY}, "01-a")
        self.assertEqual(code, 1)
        self.assertEqual(out.splitlines()[-1], "0 passed, 1 failed")
