# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""The eP-CSCF and the core of a case, for its Python part: where they are (the
environment that run_wic of lib/wic.sh sets) and what they know."""

import os
import subprocess
import sys
import time
from collections import namedtuple

ENV = os.environ
HOST = "127.0.0.1"
WSS_PORT = int(ENV["EDGE_WSS"])
MW_PORT = int(ENV["EDGE_MW"])
CORE_DIR = ENV["CORE_DIR"]
SCOPE = "webrtc-ims-client-access-to-ims"

# A Contact as the core knows it, with the Path to reach it.
Known = namedtuple("Known", "contact expires path")


def fail(text):
    """End the case."""
    sys.exit(f"FAIL: {text}")


def _output(*command, check=True):
    return subprocess.run(command, check=check, capture_output=True, text=True).stdout.strip()


def mint(user, *options):
    """A token of the case's WWSF; options of "wims token mint"."""
    return _output(
        ENV["WIMS"], "token", "mint", "--key", f"{ENV['RUN_DIR']}/wwsf/key.pem", "--kid", "k1",
        "--iss", ENV["WWSF_ORIGIN"], "--aud", "ims.test", "--sub", user, "--client-id", "shop",
        "--jti", f"{user}-{time.monotonic_ns()}", "--impi", f"{user}@ims.test",
        "--impu", f"sip:{user}@ims.test", "--scope", SCOPE,
        *(() if "--exp-in" in options else ("--exp-in", "600")), *options)


# --- the eP-CSCF --------------------------------------------------------------

def rpc(*command):
    """What kamcmd prints; also what it says of an error."""
    done = subprocess.run(["kamcmd", "-s", ENV["EDGE_CTL"], *map(str, command)], check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout.strip()


def rows(*command):
    """An RPC's answer as a list of dicts: one for each "{ ... }"."""
    found = []
    for line in rpc(*command).splitlines():
        name, colon, value = line.strip().partition(": ")
        if line.strip() == "{":
            found.append({})
        elif colon and found:
            found[-1][name] = int(value) if value.isdigit() else value
    return found


def stats():
    """How much the flow table holds."""
    return rows("webrtc_ims.stats")[0]


def counter(name):
    """A counter of the group webrtc_ims."""
    return int(rpc("stats.get_statistics", f"webrtc_ims:{name}").rpartition("=")[2])


def connections():
    """id -> row of each connection."""
    return {row["connection"]: row for row in rows("webrtc_ims.connections")}


def bindings(user):
    """Rows of the IMPU sip:USER@ims.test."""
    return rows("webrtc_ims.bindings", "impu", f"sip:{user}@ims.test")


# --- the core -----------------------------------------------------------------

def _core(command, *args):
    return _output(f"{ENV['TOP']}/tests/lab/core/core.sh", command, CORE_DIR, *args)


def known(user):
    """Contacts of sip:USER@ims.test in the core."""
    lines = (line.split(None, 2) for line in _core("registered", f"sip:{user}@ims.test").splitlines())
    return [Known(*fields) for fields in lines]


def seen(*methods):
    """How many such requests have entered the core."""
    return sum(int(_core("seen", method)) for method in methods)


def nothing_leaked():
    """No access token has come to the core."""
    leaks = _core("leaks")
    if leaks != "0":
        fail(f"{leaks} tokens have come to the core")
