# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the parts of tests/lab/cluster.sh are, and how one is made to fall."""

import base64
import hmac
import json
import shlex
import subprocess
import time

TOP = __file__.rsplit("/tests/", 1)[0]
SCOPE = "webrtc-ims-client-access-to-ims"


def host_port(text):
    """("10.20.1.11", 8443) of "10.20.1.11:8443"."""
    host, _, port = text.rpartition(":")
    return host, int(port)


def base64url(data):
    """As a token has it, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Place:
    """The lab that runs in a directory."""

    def __init__(self, directory):
        self.dir = directory
        with open(f"{directory}/env", encoding="utf-8") as lines:
            env = dict(line.split("=", 1) for word in lines.read().splitlines() for line in shlex.split(word))
        self.domain, self.origin, self.ca = env["DOMAIN"], env["ORIGIN"], env["TLS_CA"]
        with open(env["TOKEN_SECRET"], encoding="ascii") as secret:
            self.secret = base64.urlsafe_b64decode(secret.read().strip() + "=")
        self.edges = {name: host_port(at) for name, at in (edge.split("=") for edge in env["EDGES"].split())}
        self.icscf, self.scscf = host_port(env["ICSCF"]), host_port(env["SCSCF"])
        self.registrar = env["REGISTRAR"]

    def run(self, *words, check=True, timeout=60):
        """Output of cluster.sh."""
        return subprocess.run([f"{TOP}/tests/lab/cluster.sh", self.dir, *map(str, words)], check=check,
                              stdout=subprocess.PIPE, text=True, timeout=timeout).stdout

    def rpc(self, edge, *words):
        """Text that kamcmd prints; empty when the node does not answer."""
        return self.run("rpc", edge, *words, check=False)

    def counter(self, edge, name):
        """A counter of the module at one eP-CSCF; 0 when there is none."""
        text = self.rpc(edge, "stats.get_statistics", name)
        return int(text.rpartition("=")[2] or 0)

    def address(self, edge, plane="mw"):
        """Of an eP-CSCF on that plane."""
        return ".".join(part if i != 2 else str({"access": 1, "mw": 2, "store": 3}[plane])
                        for i, part in enumerate(self.edges[edge][0].split(".")))

    def token(self, user, impu=None, lives=3600):
        """A token of the WWSF for that user, and for an IMPU if one is given."""
        now = int(time.time())
        claims = {"iss": self.origin, "aud": self.domain, "sub": user, "client_id": "shop", "scope": SCOPE,
                  "impi": f"{user}@{self.domain}", "jti": f"{user}-{time.monotonic_ns()}", "iat": now, "exp": now + lives}
        if impu:
            claims["impu"] = impu
        head = {"alg": "HS256", "kid": "s1", "typ": "JWT"}
        text = ".".join(base64url(json.dumps(part).encode()) for part in (head, claims))
        return f"{text}.{base64url(hmac.digest(self.secret, text.encode(), 'sha256'))}"
