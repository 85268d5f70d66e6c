# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A stand-in for a Redis that misbehaves. Each connection to it has its own
# behaviour, one after the other; the last one goes on.
import re
import socket
import struct
import sys
import threading

from client import TIMEOUT_MS, Client, failed, say, wrong

GOOD = b"*2\r\n:1\r\n$1\r\nx\r\n"
END = threading.Event()
SECRET = "s3cret-of-redis"


def commands(conn):
    """One list of words for each command that comes in."""
    data = b""

    def need(n):
        nonlocal data
        while len(data) < n:
            more = conn.recv(65536)
            if not more:
                raise ConnectionError
            data += more

    def line():
        nonlocal data
        while b"\r\n" not in data:
            need(len(data) + 1)
        text, data = data.split(b"\r\n", 1)
        return text

    while True:
        words = []
        for _ in range(int(line()[1:])):
            n = int(line()[1:])
            need(n + 2)
            words.append(data[:n])
            data = data[n + 2:]
        yield words


def answer(*replies):
    """These replies, one for each command; the last one for all that follow."""
    def run(conn):
        for i, _ in enumerate(commands(conn)):
            conn.sendall(replies[min(i, len(replies) - 1)])
    return run


def drip(reply, pause):
    def run(conn):
        for _ in commands(conn):
            for byte in reply:
                conn.sendall(bytes([byte]))
                if END.wait(pause):
                    return
    return run


def slow(reply, seconds):
    def run(conn):
        for _ in commands(conn):
            if END.wait(seconds):
                return
            conn.sendall(reply)
    return run


def silent(conn):
    END.wait()


def reset_after(part):
    def run(conn):
        next(commands(conn))
        conn.sendall(part)
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return run


def closed_after(part):
    def run(conn):
        next(commands(conn))
        conn.sendall(part)
    return run


def closed_at_once(conn):
    pass


def endless(conn):
    next(commands(conn))
    while not END.is_set():
        conn.sendall(b"+" + b"x" * 65536)


def secret_in_error(conn):
    for words in commands(conn):
        conn.sendall(b"-ERR unknown command 'AUTH', with args beginning with: " + words[-1] + b"\r\n")


class Server:
    def __init__(self, *behaviours):
        self.behaviours = behaviours
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.addr = f"127.0.0.1:{self.port}"
        self.connections = 0
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                conn, _ = self.socket.accept()
            except OSError:
                return
            behaviour = self.behaviours[min(self.connections, len(self.behaviours) - 1)]
            self.connections += 1
            threading.Thread(target=self.one, args=(conn, behaviour), daemon=True).start()

    def one(self, conn, behaviour):
        try:
            with conn:
                conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                behaviour(conn)
        except (ConnectionError, ValueError, OSError, StopIteration, RuntimeError):
            pass


def error(text):
    return answer(b"-" + text + b"\r\n")


def slots(port, host=b"127.0.0.1", first=0, last=16383):
    return b"*1\r\n*3\r\n:%d\r\n:%d\r\n*2\r\n$%d\r\n%s\r\n:%d\r\n" % (first, last, len(host), host, port)


def bulks(*texts):
    return b"*%d\r\n" % len(texts) + b"".join(b"$%d\r\n%s\r\n" % (len(t), t) for t in texts)


# Behaviour, outcome, what the error says; how many ms it may take, when it is known at once.
AT_ONCE = 350
SINGLE = [
    (drip(GOOD, 1), "registrar_away", "no answer in time", None),
    (drip(GOOD * 20, 0.06), "registrar_away|registrar_bad", "no answer in time|no reply", None),
    (drip(b"$400\r\n" + b"x" * 400, 0.01), "registrar_away", "no answer in time", None),
    (silent, "registrar_away", "no answer in time", None),
    (closed_at_once, "registrar_away", "connection was lost", AT_ONCE),
    (closed_after(b""), "registrar_away", "connection was lost", AT_ONCE),
    (closed_after(b"*2\r\n:1\r\n"), "registrar_away", "in the middle", AT_ONCE),
    (reset_after(b"*2\r\n:1\r\n"), "registrar_away", "in the middle|was lost", AT_ONCE),
    (closed_after(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "registrar_bad", "no reply of Redis", AT_ONCE),
    (answer(b"\x15\x03\x01\x00\x02\x02\x46"), "registrar_bad", "no reply of Redis", AT_ONCE),
    (answer(b"$1000000000\r\nx"), "registrar_bad", "no reply of Redis", AT_ONCE),
    (answer(b"*1000000000\r\n"), "registrar_bad", "no reply of Redis", AT_ONCE),
    (answer(b"*-2\r\n"), "registrar_bad", "no reply of Redis", AT_ONCE),
    (answer(b"$-2\r\n"), "registrar_bad", "no reply of Redis", AT_ONCE),
    (answer(b"$1\r\nabc\r\n"), "registrar_bad", "no reply of Redis", AT_ONCE),
    (answer(b"*1\r\n" * 9), "registrar_bad", "no reply of Redis", AT_ONCE),
    (endless, "registrar_bad", "no reply of Redis", None),
    (answer(GOOD + GOOD), "registrar_bad", "no reply of Redis", AT_ONCE),
    (error(b"ERR \x1b[31mred\x07"), "registrar_bad", r"answers with an error \(ERR \?\[31mred\?\)$", AT_ONCE),
    (error(b"WRONGTYPE Operation"), "registrar_bad", "answers with an error", AT_ONCE),
    (error(b"LOADING Redis is loading"), "registrar_away", "still reads its data", AT_ONCE),
    (error(b"READONLY You can't write"), "registrar_away", "is a replica", AT_ONCE),
    (error(b"MASTERDOWN Link"), "registrar_away", "lost its master", AT_ONCE),
    (error(b"OOM command not allowed"), "registrar_away", "memory is full", AT_ONCE),
    (error(b"NOREPLICAS Not enough"), "registrar_away", "too few replicas", AT_ONCE),
    (error(b"MISCONF Redis is configured"), "registrar_away", "cannot write to its disk", AT_ONCE),
    (error(b"BUSY Redis is busy"), "registrar_away", "busy with a script", AT_ONCE),
    (error(b"NOAUTH Authentication required."), "registrar_away", "wants a user and a password", AT_ONCE),
    (error(b"NOPERM this user"), "registrar_away", "may not do this", AT_ONCE),
    (error(b"DENIED Redis is running"), "registrar_away", "protected-mode", AT_ONCE),
    (error(b"ERR max number of clients reached"), "registrar_away", "maxclients", AT_ONCE),
    (error(b"NOSCRIPT No matching script."), "registrar_bad", "not loaded", AT_ONCE),
    (error(b"MOVED 1 127.0.0.1:1"), "registrar_bad", "not configured", AT_ONCE),
    (answer(b"-NOSCRIPT No matching script.\r\n", GOOD), "ok", "1", AT_ONCE),
]


def single():
    for behaviour, outcome, text, ms in SINGLE:
        server = Server(behaviour, answer(GOOD))
        c = Client(f"redis:{server.addr}", name=text)
        got, took, rest = c.call("incr", "a", "x")
        if not re.fullmatch(outcome, got) or not re.search(text, rest):
            wrong(f"{text}: {got} {rest!r}")
        if ms is not None and took > ms:
            wrong(f"{text}: {took:.0f} ms, though it is known at once")
        # An error of Redis does not end the connection; after anything else it goes on over a new one.
        if text.startswith(("no answer", "connection", "in the middle", "no reply")):
            c.expect("ok", r'^\[1 "x"\]$', "incr", "a", "x")
        c.end()


def idle_close():
    """A server that closes idle connections: nobody notices."""
    server = Server(closed_after(GOOD), closed_after(GOOD), answer(GOOD))
    c = Client(f"redis:{server.addr}", name="idle close")
    for _ in range(4):
        c.expect("ok", "1", "incr", "a", "x")
    c.end()
    if server.connections != 3:
        wrong(f"idle close: {server.connections} connections")


def given_up():
    """Of what nobody waits for any more the rest is not sent, nor sent again."""
    ends = []
    seen = threading.Event()

    def until_over(conn):
        next(commands(conn))
        try:
            ends.append(conn.recv(1))
        except ConnectionResetError:
            ends.append("reset")
        seen.set()

    c = Client(f"redis:{Server(until_over).addr}", name="given up")
    c.expect("registrar_away", "no answer in time", "incr", "a", "x")
    if not seen.wait(5) or ends != ["reset"]:
        wrong(f"given up: the connection ends with {ends}")
    c.end()


def limited():
    """What some calls leave is the next one's: of 190 ms, with 30 ms each."""
    server = Server(slow(GOOD, 0.03))
    c = Client(f"redis:{server.addr}", name="several calls")
    c.limit(190)
    outcomes = []
    while len(outcomes) < 20 and outcomes[-1:] != ["registrar_away"]:
        outcomes.append(c.call("incr", "a", "x")[0])
    if len(outcomes) > 7:
        wrong(f"several calls: {outcomes}")
    c.limit(TIMEOUT_MS * 1000)  # it is still the time-out
    c.expect("ok", "1", "incr", "a", "x")
    c.end()


def log_in():
    for behaviour, text in ((error(b"WRONGPASS invalid username-password pair"), "refuses the user or the password"),
                            (secret_in_error, "refuses the user or the password"), (silent, "no answer in time")):
        server = Server(behaviour)
        c = Client(f"redis:{server.addr}", "user=wims", f"password={SECRET}", name=f"AUTH: {text}")
        rest = c.expect("registrar_away", text, "incr", "a", "x")
        if SECRET in rest:
            wrong("the password is in the error")
        c.end()
    server = Server(answer(b"+OK\r\n", GOOD))
    c = Client(f"redis:{server.addr}", f"password={SECRET}", name="AUTH")
    c.expect("ok", "1", "incr", "a", "x")
    c.end()


def refused():
    server = Server(silent)
    server.socket.close()
    c = Client(f"redis:{server.addr}", name="refused")
    c.expect("registrar_away", "no connection|no answer", "incr", "a", "x")
    c.end()
    c = Client("redis:unix:/nowhere/redis.sock", name="no such path")
    c.expect("registrar_away", "no connection", "incr", "a", "x", ms=AT_ONCE)
    c.end()


def node(said, *, first=None):
    """A node of a Cluster: its slots, and what it says to a script; first: to the first one."""
    def run(conn):
        port = conn.getsockname()[1]
        asked = 0
        for words in commands(conn):
            if words[0] == b"CLUSTER":
                conn.sendall(slots(port))
            elif words[0] == b"ASKING":
                conn.sendall(b"+OK\r\n")
            else:
                asked += 1
                reply = first if first and asked == 1 else said
                conn.sendall(reply(port) if callable(reply) else reply)
    return run


A_SLOT = 15495  # of "a"


def cluster():
    table = [
        (node(lambda port: b"-MOVED %d 127.0.0.1:%d\r\n" % (A_SLOT, port)), "registrar_away", "node to node|no answer in time"),
        (node(lambda port: b"-ASK %d 127.0.0.1:%d\r\n" % (A_SLOT, port)), "registrar_away", "node to node|no answer in time"),
        (node(b"-MOVED 1 127.0.0.1:1\r\n"), "registrar_bad", "names no other node"),
        (node(b"-MOVED x y z\r\n"), "registrar_bad", "names no other node"),
        (node(b"-MOVED %d redis.test:6379\r\n" % A_SLOT), "registrar_bad", "names no other node"),
        (node(b"-MOVED %d 999.1.1.1:6379\r\n" % A_SLOT), "registrar_bad", "names no other node"),
        (node(b"-MOVED %d 127.0.0.1:1\r\n" % A_SLOT), "registrar_away", "no connection"),
        (node(b"-ASK %d 127.0.0.1:1\r\n" % A_SLOT), "registrar_away", "no connection"),
        (node(b"-TRYAGAIN Multiple keys\r\n"), "registrar_away", "being moved|no answer in time"),
        (node(b"-CLUSTERDOWN The cluster is down\r\n"), "registrar_away", "not whole"),
        (node(GOOD, first=b"-TRYAGAIN Multiple keys\r\n"), "ok", "1"),
        (node(GOOD, first=lambda port: b"-ASK %d 127.0.0.1:%d\r\n" % (A_SLOT, port)), "ok", "1"),
        (node(GOOD, first=lambda port: b"-MOVED %d :%d\r\n" % (A_SLOT, port)), "ok", "1"),
        (answer(b"-ERR This instance has cluster support disabled\r\n"), "registrar_away", "answers with an error"),
        (answer(b"*0\r\n"), "registrar_away", "cannot be used"),
        (answer(slots(1, first=5, last=4)), "registrar_away", "cannot be used"),
        (answer(slots(1, first=0, last=99)), "registrar_away", "no node has this slot"),
        (answer(slots(1, host=b"redis.test")), "registrar_away", "cannot be used"),
        (answer(slots(1, host=b"999.1.1.1")), "registrar_bad", "no address"),
        (answer(b"$-1\r\n"), "registrar_away", "cannot be used"),
        (answer(b"HTTP/1.1 400\r\n\r\n"), "registrar_away", "no reply of Redis"),
        (silent, "registrar_away", "no answer in time"),
    ]
    for behaviour, outcome, text in table:
        server = Server(behaviour)
        c = Client(f"redis-cluster:{server.addr}", name=f"cluster: {text}")
        c.expect(outcome, text, "incr", "a", "x")
        c.end()
    # one that hangs does not use up the time of the one that knows
    hangs, knows = Server(silent), Server(node(GOOD))
    c = Client(f"redis-cluster:{hangs.addr},{knows.addr}", name="cluster: one hangs")
    c.expect("ok", "1", "incr", "a", "x")
    c.end()


def sentinel():
    def master(role):
        return Server(answer(role, GOOD))

    good = master(bulks(b"master"))
    replica = master(bulks(b"slave"))
    odd = master(b":1\r\n")
    table = [
        (answer(bulks(b"127.0.0.1", b"%d" % good.port)), "ok", "1"),
        (answer(b"-NOAUTH Authentication required.\r\n"), "registrar_away", "wants a user"),
        (answer(b"*-1\r\n"), "registrar_away", "knows no such master"),
        (answer(bulks(b"redis.test", b"1")), "registrar_away", "knows no such master"),
        (answer(bulks(b"127.0.0.1", b"x")), "registrar_away", "knows no such master"),
        (answer(bulks(b"127.0.0.1", b"%d" % replica.port)), "registrar_away", "is no master"),
        (answer(bulks(b"127.0.0.1", b"%d" % odd.port)), "registrar_away", "is no master"),
        (answer(bulks(b"127.0.0.1", b"1")), "registrar_away", "no connection"),
        (answer(b"\x00"), "registrar_away", "no reply of Redis"),
        (silent, "registrar_away", "no answer in time"),
    ]
    for behaviour, outcome, text in table:
        server = Server(behaviour)
        c = Client(f"redis-sentinel:wims@{server.addr}", name=f"sentinel: {text}")
        c.expect(outcome, text, "incr", "a", "x")
        c.end()
    hangs, knows = Server(silent), Server(answer(bulks(b"127.0.0.1", b"%d" % good.port)))
    c = Client(f"redis-sentinel:wims@{hangs.addr},{hangs.addr},{knows.addr}", name="sentinel: two hang")
    c.expect("ok", "1", "incr", "a", "x")
    c.end()
    # a master that is reached at another address
    told = Server(answer(bulks(b"192.0.2.1", b"6379")))
    c = Client(f"redis-sentinel:wims@{told.addr},192.0.2.1:6379={good.addr}", name="sentinel: by another way")
    c.expect("ok", "1", "incr", "a", "x")
    c.end()


def main():
    threads = [threading.Thread(target=t) for t in (single, idle_close, given_up, log_in, refused, cluster, sentinel)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    limited()  # by itself: it looks at times
    END.set()
    say(f"{len(SINGLE)} faults of one server, and those of Sentinel and a Cluster")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
