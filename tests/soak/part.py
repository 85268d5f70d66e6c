# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""One part of "make soak": part.sh has started its servers.

    part.py PART --run DIR --tokens DIR --server NAME=PORT,PID,MW ... --core HOST:PORT --value NAME=VALUE..."""

import argparse
import importlib
import json
import pathlib
import sys
import traceback

from . import result
from .load import Load
from .server import Server


class Scene:
    """What a part has: its servers, users, and where its result goes."""

    def __init__(self, args, found):
        self.result = found
        self.servers = {server.name: server for server in (Server(args.run, text) for text in args.server)}
        self.core, self.ca = args.core, f"{args.run}/tls/ca.pem"
        self.tokens = pathlib.Path(args.tokens)
        self.range = args.range
        values = dict(value.partition("=")[::2] for value in args.value)
        self.ping_period = float(values.get("PING_PERIOD", 30))

    def load(self, server, users, core=True, **options):
        """A wims-load for a server of ours; with core it is the core too, and the range is registered."""
        found = Load(self.result, self.servers[server], self.ca, self.tokens / f"{users}.users",
                     self.core if core else None, **options)
        if core:
            self.servers[server].wait_range(self.range)
        return found

    def alarms(self, server, critical=None):
        """Lines of its log; Kamailio writes CRITICAL ones also when it has much to do."""
        counts, kinds = self.servers[server].alarms()
        whose = "" if server == "edge" else f"{server}: "
        self.result.fact(f"{whose}log", kinds)
        self.result.figure(f"{whose}log lines of a bug", counts["BUG"], "", most=0)
        self.result.figure(f"{whose}log lines CRITICAL", counts["CRITICAL"], "", most=critical)
        self.result.figure(f"{whose}log lines ERROR", counts["ERROR"], "")


def parse_args():
    """What part.sh says."""
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("part")
    ap.add_argument("--server", action="append", default=[])
    ap.add_argument("--value", action="append", default=[])
    for name in ("run", "tokens", "core", "range"):
        ap.add_argument(f"--{name}", required=True)
    return ap.parse_args()


def main():
    """Exit status 0 when the part came to its end, whatever its figures are."""
    args = parse_args()
    found = result.Result(args.part)
    found.data["record"] = json.loads((pathlib.Path(args.run) / "record.json").read_text(encoding="utf-8"))
    found.fact("values", args.value)
    try:
        importlib.import_module(f"soak.{args.part}").run(Scene(args, found))
    except (Exception, SystemExit) as error:  # pylint: disable=broad-except # whatever it is, the part has failed
        traceback.print_exc()
        found.fact("why", str(error))
        found.end("failed")
        return 1
    found.end("done")
    return 0


if __name__ == "__main__":
    sys.exit(main())
