# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a part found: DIR/PART.json, written anew whenever something is added.

    state    running, done, failed
    figures  [{name, value, unit, goal, met, open_end}]; goal and met are null where there is none
    series   {name: {columns, rows}}
    loads    what wims-load said of each command, without its histograms
    hists    {name: [[upper us, count], ...]}
    record   machine, versions, commit, when (tests/bench/record.py)
    facts    all else: settings, site values, counters, log lines"""

import json
import os
import time

from . import size


def rounded(value):
    """Four digits; more would be noise."""
    return float(f"{value:.4g}") if isinstance(value, float) else value


class Result:
    """Of one part; it is there and "running" from the beginning."""

    def __init__(self, part):
        self.path = size.DIR / f"{part}.json"
        self.data = {"part": part, "state": "running", "pid": os.getpid(), "begun": time.time(), "progress": "starts",
                     "wics": size.WICS, "minutes": size.MINUTES, "minute": size.MINUTE,
                     "facts": {}, "figures": [], "series": {}, "loads": [], "hists": {}}
        self.save()

    def save(self):
        """Whoever reads the file finds a whole one."""
        part = self.path.with_suffix(".new")
        part.write_text(json.dumps(self.data, separators=(",", ":")) + "\n", encoding="utf-8")
        part.replace(self.path)

    def progress(self, text):
        """For who waits."""
        self.data["progress"] = text
        print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)
        self.save()

    def fact(self, name, value):
        """Something worth keeping that is no figure."""
        self.data["facts"][name] = value

    def figure(self, name, value, unit, most=None, least=None, open_end=False):
        """A figure, held against its goal; one that could not be taken (None) misses it. open_end: it
        may be more, but that could not be seen."""
        goal, met = None, None
        if most is not None or least is not None:
            goal = " and ".join(f"{sign} {bound:g}" for sign, bound in ((">=", least), ("<=", most)) if bound is not None)
            met = value is not None and (most is None or value <= most) and (least is None or value >= least)
        self.data["figures"].append({"name": name, "value": rounded(value), "unit": unit, "goal": goal, "met": met,
                                     "open_end": open_end})
        print(f"{name}: {'>= ' if open_end else ''}{rounded(value)} {unit}{'' if met is not False else '   goal ' + goal + ' MISSED'}", flush=True)

    def series(self, name, columns):
        """Rows of figures over time; returns what a row is given to."""
        rows = []
        self.data["series"][name] = {"columns": columns, "rows": rows}
        return lambda *row: rows.append([rounded(value) for value in row])

    def load(self, answer):
        """What wims-load said."""
        self.data["loads"].append({key: value for key, value in answer.items() if not key.startswith("hist")})

    def hist(self, name, answer):
        """The distribution that came with it."""
        self.data["hists"][name] = answer.get("hist", [])

    def merged(self, name, answers, shift=0.0):
        """Likewise that of all of them together, each so many us later."""
        counts = {}
        for answer in answers:
            for upper, count in answer["hist"]:
                counts[upper + shift] = counts.get(upper + shift, 0) + count
        self.data["hists"][name] = sorted([upper, count] for upper, count in counts.items())

    def end(self, state):
        """done or failed"""
        self.data.update(state=state, ended=time.time(), progress=state)
        self.save()


def read(part):
    """What is known of a part, or None. One that says that it runs and does not has failed."""
    try:
        data = json.loads((size.DIR / f"{part}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if data["state"] == "running" and not alive(data["pid"]):
        data["state"] = "failed"
    return data


def alive(pid):
    """Is there such a process?"""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def missed(data):
    """Figures that miss their goals."""
    return [f for f in data["figures"] if f["met"] is False]
