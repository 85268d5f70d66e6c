# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the Python parts of cases share: where the eP-CSCF and the core of the
case are, WICs that are registered, a subscriber on the core's side, and
checks that go on after one failed, so that a run tells all.

    scene = Scene()
    alice, carol = scene.phone("alice"), scene.core_ua("carol")
    scene.eq(alice.ask(alice.ua.message(carol.impu, "hi")).status, 200, "MESSAGE")
    scene.done()"""

import json
import os
import socket
import subprocess
import sys
import time

from wic import Mw, Ua, Wic, WicClosed, WicTimeout

DOMAIN = "ims.test"
SCOPE = "webrtc-ims-client-access-to-ims"


# What comes in a moment has this time on a machine where much else runs.
ENOUGH = 15  # s


def until(seconds, test):
    """The first true value of test(), or its last one."""
    end = time.monotonic() + seconds
    while not (value := test()) and time.monotonic() < end:
        time.sleep(0.03)
    return value


def host_port(text):
    """("127.0.0.1", 5060) of "127.0.0.1:5060"; None of an empty text."""
    host, _, port = text.rpartition(":")
    return (host, int(port)) if host else None


class Phone(Wic):
    """A WIC with its user agent and, as JsSIP does it, its token on every
    request."""

    def __init__(self, scene, user, **odd):
        super().__init__(**{"host": scene.host, "port": scene.wss, "ca": scene.ca, "name": "localhost",
                            "origin": scene.origin, **odd})
        self.user, self.impu = user, f"sip:{user}@{DOMAIN}"
        self.ua = Ua(self.impu)

    @property
    def bearer(self):
        """The header that JsSIP puts on every request."""
        return ("Authorization", f"Bearer {self.ua.token}")

    def register(self, **options):
        """The final answer to the next REGISTER; learns the Service-Route."""
        answer = self.ask(self.ua.register(**options))
        if answer.status == 200:
            self.ua.registered(answer)
        return answer

    def call(self, request):
        """Sends a request outside dialogs, as CoreUa does."""
        self.send_sip(request)
        return request

    def send_in_dialog(self, request):
        """Likewise inside one: all that a WIC sends goes over its WebSocket."""
        return self.call(request)

    def send_hop(self, request):
        """And so does CANCEL, or the ACK of a failure."""
        return self.call(request)

    def reply(self, request, code, sdp=None, headers=()):
        """Build and send an answer; returns it."""
        answer = self.ua.answer(request, code, sdp, headers)
        self.send_sip(answer)
        return answer


class CoreUa(Mw):
    """A subscriber that registered at the core from behind a P-CSCF of its
    own, both played by this object: what reaches it has passed the core."""

    def __init__(self, scene, user, proto="udp"):
        super().__init__(scene.own_host, proto=proto, peer=scene.icscf)
        self.user, self.impu = user, f"sip:{user}@{DOMAIN}"
        self.ua = Ua(self.impu, transport=proto.upper(), via_host=f"{self.addr[0]}:{self.addr[1]}",
                     contact=f"<sip:{user}@{self.addr[0]}:{self.addr[1]};transport={proto}>")
        self.scscf = scene.scscf

    def register(self, expires=600):
        """REGISTER by TNA, as a P-CSCF that the core trusts sends it."""
        tna = (f'Digest username="{self.user}@{DOMAIN}", realm="{DOMAIN}", uri="sip:{DOMAIN}", '
               'nonce="", response="", integrity-protected="auth-done"')
        answer = self.ask(self.ua.register(expires, headers=[
            ("Path", f"<sip:edge@{self.addr[0]}:{self.addr[1]};lr>"), ("Require", "path"),
            ("P-Visited-Network-ID", DOMAIN), ("Authorization", tna)]))
        self.ua.registered(answer)
        return answer

    def call(self, request):
        """Sends an originating request: asserted identity, Service-Route."""
        request.add("P-Asserted-Identity", f"<{self.impu}>")
        request.add("P-Charging-Vector", "icid-value=core-side-0001")
        return self.send_hop(request)

    def send_hop(self, request):
        """CANCEL or the ACK of a failure: it goes where its INVITE went."""
        self.send_sip(request, self.scscf)
        return request

    def reply(self, request, code, sdp=None, headers=()):
        """Build an answer and send it to where the request came from."""
        answer = self.ua.answer(request, code, sdp, headers)
        self.send_sip(answer, request.source)
        return answer

    def send_in_dialog(self, request):
        """Sends along the first Route of the request."""
        uri = request.get("Route").partition("<sip:")[2].partition(">")[0].partition(";")[0]
        at = uri.rpartition("@")[2]
        self.send_sip(request, host_port(at if ":" in at else f"{at}:5060"))
        return request


class Sink:
    """A UDP and a TCP port, the same number, that must get nothing."""

    def __init__(self, host="127.0.0.1"):
        self.tcp, self.udp = until(5, lambda: self._bound(host))
        self.addr = self.tcp.getsockname()
        for sock in (self.tcp, self.udp):
            sock.setblocking(False)

    @staticmethod
    def _bound(host):
        """Both sockets; None: another process has that UDP port."""
        tcp, udp = socket.create_server((host, 0)), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(tcp.getsockname())
        except OSError:
            tcp.close()
            udp.close()
            return None
        return tcp, udp

    @property
    def port(self):
        """Of both."""
        return self.addr[1]

    def hits(self, but=None):
        """What came since the last call, as text: a line each. but: an IP
        address whose packets do not count."""
        found = []
        for take in (self._datagram, self._connection):
            try:
                while True:
                    text, source = take()
                    if source[0] != but:
                        found.append(f"{text} from {source}")
            except BlockingIOError:
                pass
        return found

    def _datagram(self):
        data, source = self.udp.recvfrom(4096)
        return data.decode("latin-1").split("\r\n")[0], source

    def _connection(self):
        sock, source = self.tcp.accept()
        sock.close()
        return "TCP connection", source


class Scene:
    """The case's surroundings, from the environment that run_scene sets."""

    def __init__(self):
        env = os.environ
        self.top, self.run = env["SCENE_TOP"], env["SCENE_RUN"]
        self.wss, self.mw = int(env["SCENE_WSS"]), ("127.0.0.1", int(env["SCENE_MW"]))
        self.host = self.own_host = "127.0.0.1"  # where WICs connect to; where we are on Mw
        self.origin, self.ca = env["SCENE_ORIGIN"], f"{self.run}/tls/ca.pem"
        self.icscf, self.scscf = host_port(env["ICSCF"]), host_port(env["SCSCF"])
        self.name = "edge"  # of the eP-CSCF
        self._ports = None  # see own_port
        self.checks = self.failures = 0

    # --- who takes part
    def token(self, user, *options, sub=True, impu=True):
        """A token of the case's WWSF; options of "wims token mint"; without sub
        it is an anonymous user's, without impu it names the user and no IMPU. It
        lives longer than what a REGISTER wishes, which is granted to the second then."""
        return subprocess.run(
            [f"{self.top}/build/bin/wims", "token", "mint", "--key", f"{self.run}/wwsf/key.pem",
             "--kid", "k1", "--iss", self.origin, "--aud", DOMAIN,
             *(("--sub", user) if sub else ()), "--client-id", "shop", "--jti", f"{user}-{time.monotonic_ns()}",
             *(("--impi", f"{user}@{DOMAIN}", "--impu", f"sip:{user}@{DOMAIN}") if impu else ()), "--scope", SCOPE,
             *(() if "--exp-in" in options else ("--exp-in", "900")), *options],
            check=True, capture_output=True, text=True).stdout.strip()

    def connected(self, user, **odd):
        """A WIC that is connected, has a token, and has not registered; odd:
        of Wic."""
        phone = Phone(self, user, **odd).connect()
        phone.ua.token = self.token(user)
        return phone

    def phone(self, user, **odd):
        """A WIC that is registered; odd: of Wic."""
        phone = self.connected(user, **odd)
        answer = phone.register()
        if answer.status != 200:
            raise SystemExit(f"FAIL: REGISTER of {user}: {answer.start}")
        return phone

    def core_ua(self, user, proto="udp"):
        """A subscriber on the core's side that is registered."""
        peer = CoreUa(self, user, proto)
        answer = peer.register()
        if answer.status != 200:
            raise SystemExit(f"FAIL: REGISTER of {user} at the core: {answer.start}")
        return peer

    def own_port(self):
        """A port of the case that nothing has, to be bound and bound again: of those that
        Linux hands out itself another process may have the same one."""
        if self._ports is None:
            self._ports = iter(range(*map(int, os.environ["SCENE_PORTS"].split())))
        return next(self._ports)

    # --- what the nodes know
    @property
    def log(self):
        """Path of the eP-CSCF's log."""
        return f"{self.run}/log/{self.name}.log"

    def _kamcmd(self, *command):
        return subprocess.run(["kamcmd", "-s", f"unix:{self.run}/run/{self.name}.ctl", *command],
                              check=False, capture_output=True, text=True)

    def rpc(self, *command):
        """Text that kamcmd prints."""
        return self._kamcmd(*command).stdout

    def rpc_all(self, *command):
        """The same, errors included."""
        done = self._kamcmd(*command)
        return done.stdout + done.stderr

    def provision(self, **members):
        """Changes members of the first WWSF in the file, and has it taken."""
        with open(os.environ["PROVISIONING"], encoding="utf-8") as old:
            provisioning = json.load(old)
        provisioning["wwsf"][0].update(members)
        with open(os.environ["PROVISIONING"], "w", encoding="utf-8") as new:
            json.dump(provisioning, new)
        self.ok("generation" in self.rpc_all("webrtc_ims.reload"), f"reload with {members}")

    def stats(self):
        """webrtc_ims.stats as a dict."""
        pairs = (line.split(":") for line in self.rpc("webrtc_ims.stats").splitlines() if ":" in line)
        return {name.strip(): int(value) for name, value in pairs}

    def counter(self, name):
        """A counter of the module."""
        text = self.rpc("stats.get_statistics", name)
        return int(text.rpartition("=")[2])

    def core(self, command, *args):
        """core.sh of this case's core."""
        return subprocess.run([f"{self.top}/tests/lab/core/core.sh", command, f"{self.run}/core", *args],
                              check=True, capture_output=True, text=True).stdout.strip()

    def rtr(self, impu):
        """The HSS lets the core end the registration of this IMPU. ("core.sh rtr"
        waits until nothing is registered, and it may be again soon.)"""
        with open(f"{self.run}/core/env", encoding="utf-8") as env:
            hss = next(line for line in env if line.startswith("HSS_SIP=")).strip().partition("=")[2]
        done = subprocess.run(["python3", f"{self.top}/tests/lab/core/rtr.py", *hss.split(":"), impu],
                              check=True, capture_output=True, text=True)
        self.eq(done.stdout.strip(), "200", f"the HSS's answer to RTR of {impu}")

    def seen(self, *methods):
        """How many of these requests entered the core so far."""
        return sum(int(self.core("seen", method)) for method in methods)

    def registers_of(self, impu, *expires):
        """How many REGISTERs with this To entered the core, or those of them
        with this Expires."""
        return int(self.core("seen", "REGISTER", impu, *map(str, expires)))

    def said(self, method, name):
        """What these requests said as they entered the core, in order: see
        "core.sh said"."""
        return self.core("said", method, name).splitlines()

    def count_log(self, text, log=None):
        """Lines of the eP-CSCF's log that have this text."""
        with open(log or self.log, encoding="utf-8", errors="replace") as lines:
            return sum(text in line for line in lines)

    # --- checks
    def part(self, title):
        """What the next checks are about."""
        print(f"-- {title}", flush=True)

    def ok(self, good, what, seen=""):
        """One check; the rest goes on when it fails."""
        self.checks += 1
        if not good:
            self.failures += 1
            print(f"FAIL: {what}{f': {seen}' if seen != '' else ''}", flush=True)
        return bool(good)

    def eq(self, got, want, what):
        """got is want."""
        return self.ok(got == want, what, f"{got!r}, expected {want!r}")

    def comes(self, want, test, what, seconds=ENOUGH):
        """test() is want before long."""
        until(seconds, lambda: test() == want)
        return self.eq(test(), want, what)

    def status(self, endpoint, request, want, what):
        """The final answer to the request; 0 when none comes, -1 when the
        connection ends first."""
        try:
            got = endpoint.ask(request)
            self.eq(got.status, want, what)
            return got
        except WicTimeout:
            return self.eq(0, want, what) or None
        except WicClosed:
            return self.eq(-1, want, what) or None

    def bye(self, party, peer, dialog, what=None, headers=()):
        """The party ends the call that it has with the peer."""
        bye = party.send_in_dialog(party.ua.bye(dialog, headers))
        peer.reply(peer.expect("BYE"), 200)
        self.eq(party.final(bye).status, 200, what or f"BYE of {party.user}")

    def closes(self, wic, code, seconds=ENOUGH, text=None):
        """We close that WIC's WebSocket, with that code, before long; text: and reason."""
        try:
            wic.wait_for(lambda msg: False, seconds)
        except WicClosed as end:
            said = (end.code, end.reason if text else None)
            return self.eq(said, (code, text), f"Close frame for {wic.user}")
        except WicTimeout:
            pass
        return self.eq("open", code, "the WebSocket is closed in time")

    def repeated(self, msg):
        """It is one more of what came before, and nothing new."""
        return False

    def quiet(self, who, what, seconds=0.3):
        """No new request reaches any of these endpoints."""
        for endpoint in who:
            seen = ""
            try:
                seen = endpoint.wait_for(lambda msg: not msg.is_response and not self.repeated(msg), seconds)
            except (WicTimeout, WicClosed):
                pass
            self.ok(seen == "", f"{what}: {getattr(endpoint, 'user', endpoint)} gets nothing", seen)
            seconds = 0.01

    def done(self):
        """Ends the program: 0 when every check passed."""
        print(f"{self.checks - self.failures} checks passed, {self.failures} failed", flush=True)
        sys.exit(1 if self.failures or not self.checks else 0)
