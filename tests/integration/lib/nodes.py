# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Several eP-CSCFs (nodes.sh), and their flow tokens."""

import base64
import copy
import hashlib
import hmac
import os
import signal
import struct
import subprocess

from flows import Flows
from forking import Fork
from scene import until

PATH, RECORD_ROUTE = 1, 2


class FlowToken:
    """The name of a connection as nodes write it."""

    def __init__(self, node, epoch, conn, kind=PATH, call_id=""):
        self.node, self.epoch, self.conn, self.kind, self.call_id = node, epoch, conn, kind, call_id

    @classmethod
    def of_route(cls, route):
        """Of a Route or Record-Route."""
        raw = base64.urlsafe_b64decode(route.partition("<sip:")[2].partition("@")[0])
        return cls(*struct.unpack(">HII", raw[2:12]))

    def text(self, key, number=1):
        """Signed with that key (bytes) of that number."""
        body = struct.pack(">BBHII", 1 << 4 | self.kind, number, self.node, self.epoch, self.conn)
        mac = hmac.new(key, body + self.call_id.encode(), hashlib.sha256).digest()[:12]
        return base64.urlsafe_b64encode(body + mac).decode()


class Nodes(Fork, Flows):
    """Scene with several nodes; it looks at the first one."""

    def __init__(self):
        self.tally = [0, 0]
        super().__init__()
        self.nodes = {int(number): (name, int(wss), int(mw)) for number, name, wss, mw in
                      (line.split() for line in os.environ["SCENE_NODES"].splitlines())}
        self.mw = ("127.0.1.1", self.mw[1])
        with open(f"{self.run}/flow.keys", encoding="utf-8") as keys:
            self.flow_key = bytes.fromhex(keys.readline().strip().partition(":")[2])

    # one count for all views
    checks = property(lambda self: self.tally[0], lambda self, n: self.tally.__setitem__(0, n))
    failures = property(lambda self: self.tally[1], lambda self, n: self.tally.__setitem__(1, n))

    def at(self, number):
        """The same surroundings, as seen from that node."""
        view = copy.copy(self)
        view.name, view.wss, port = self.nodes[number]
        view.mw = (f"127.0.1.{number}", port)
        return view

    def flow_route(self, token):
        """A Route to that node's connection."""
        return f"<sip:{token.text(self.flow_key)}@127.0.1.{token.node}:{self.nodes[token.node][2]};lr>"

    # --- faults
    def _main(self):
        with open(f"{self.run}/run/{self.name}.pid", encoding="utf-8") as pid:
            return int(pid.read())

    def kill(self):
        """kill -9 of all processes of this node; returns how to start it again."""
        main = self._main()
        with open(f"/proc/{main}/cmdline", "rb") as line:
            command = [word.decode() for word in line.read().split(b"\0")[:-1]]
        os.killpg(main, signal.SIGKILL)
        return command

    def freeze(self):
        """All processes of this node stand still."""
        os.killpg(self._main(), signal.SIGSTOP)

    def thaw(self):
        """They go on."""
        os.killpg(self._main(), signal.SIGCONT)

    def stop(self):
        """A clean stop, which may not be over yet."""
        os.kill(self._main(), signal.SIGTERM)

    def start_again(self, command):
        """The node that was killed, with the same configuration; the case ends it."""
        with open(self.log, "ab") as log:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,  # pylint: disable=consider-using-with
                                     start_new_session=True)
        with open(f"{self.run}/pids", "a", encoding="utf-8") as pids:
            print(child.pid, f"{self.name}-again", file=pids)
        self.ok(until(20, lambda: self.rpc("core.uptime")), f"{self.name} answers again")

    def redis(self, *words):
        """redis.sh of the case's Redis "r"; what it printed."""
        return subprocess.run([f"{self.top}/tests/lab/redis.sh", f"{self.run}/redis-r", *words],
                              check=True, capture_output=True, text=True).stdout.strip()
