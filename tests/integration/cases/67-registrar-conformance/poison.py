# SPDX-License-Identifier: GPL-2.0-or-later
#
# Commands that put into Redis what the registrar's store would never write, one a
# line, words in hexadecimal, - for an empty one: for tests/redis/store_poison.c.
NAME, FLOW = "0" * 24, "F" + "0" * 31
AHEAD = "1" * 14  # as an expiry it is some thousand years ahead
SOON = "2500000000000"
GOOD = f"{SOON} 1 7 - {FLOW} 1 <urn:x>"
lines = []


def put(*words):
    lines.append(" ".join((w if isinstance(w, bytes) else w.encode()).hex() or "-" for w in words))


# NEW: whatever the key is, it is deleted before
for key in ["P:e:0", "P:lease", "P:next", "P:u:alice", "P:reg", "wims:{nodes}:beat"]:
    put("NEW", "SET", key, "x")
    put("NEW", "SETRANGE", key, "1000000", "x")
    put("NEW", "RPUSH", key, "a", "b")
    put("NEW", "SADD", key, "a")
    put("NEW", "ZADD", key, "1", "a")
    put("NEW", "HSET", key, "a", "b")
    put("NEW", "XADD", key, "*", "a", "b")

# numbers that are none, or too large
NUMBERS = ["", " ", "x", "-1", "1.5", "1e3", "0x10", " 7", "7 ", "+7", "inf", "nan", "9" * 16, "9" * 400,
           "9007199254740993", b"7\x00", b"7\r\n", b"\xff", "007"]
for n in NUMBERS:
    put("HSET", "P:e:0", "since", n)
    put("HSET", "P:e:0", "held", n)
    put("SET", "P:next", n)
    put("SET", "P:u:alice", n)
    put("HSET", "P:reg", "node", n, "epoch", n, "until", n, "doc", "d")

# contacts: whole records, then names
for record in ["", " ", "x", SOON, f"{SOON} 1 7 - {FLOW}", f"{AHEAD} 1 7 - {FLOW} 1 <urn:x>", f"1 1 7 - {FLOW} 1 <urn:x>",
               f"-1 1 7 - {FLOW} 1 x", f"0{SOON} 1 7 - {FLOW} 1 x", f"{SOON} 65536 7 - {FLOW} 1 x",
               f"{SOON} -1 7 - {FLOW} 1 x", f"{SOON} 1 4294967296 - {FLOW} 1 x", f"{SOON} 1 7 1001 {FLOW} 1 x",
               f"{SOON} 1 7 0.5 {FLOW} 1 x", f"{SOON} 1 7 - {FLOW}0 1 x", f"{SOON} 1 7 - {FLOW[1:]} 1 x",
               f"{SOON} 1 7 - >;lr,<sip:evil@192.0.2.1;lr>0000 1 x", f"{SOON} 1 7 - {FLOW} 4294967296 x",
               f"{SOON} 1 7 - {FLOW} x", f"{SOON} 1 7 - {FLOW} 1 a\r\nVia: b", f"{SOON} 1 7 - {FLOW} 1 \0",
               f"{SOON} 1 7 - {FLOW} 1 " + "i" * 256, f"{SOON} 1 7 - {FLOW} 1 " + "i" * 100000,
               f"{SOON}  1 7 - {FLOW} 1 x", f"{SOON}\t1 7 - {FLOW} 1 x", f"2 {GOOD}", GOOD[::-1], "%s%n" * 20]:
    put("HSET", "P:e:0", "c:" + NAME, record)
    put("HSET", "P:e:0", "c:" + "f" * 24, record)
for name in ["", "0", "0" * 23, "0" * 25, "A" * 24, "@" * 24, "0" * 23 + ">", "0" * 22 + "\r\n", "\0" * 24, "f" * 70000]:
    put("HSET", "P:e:0", "c:" + name, GOOD)
    put("HSET", "P:e:0", "d:" + name, GOOD)

# entries
put("HDEL", "P:e:0", "owner")
put("HDEL", "P:e:0", "since")
put("HDEL", "P:e:0", "impu")
put("HSET", "P:e:0", "owner", "o" * 256)
put("HSET", "P:e:0", "owner", "o" * 100000)
put("HSET", "P:e:0", "impu", "sip:mallory@ims.test")
put("HSET", "P:e:0", "impu", "")
put("HSET", "P:e:0", "impu", "i" * 256)
put("HSET", "P:e:0", "impu", "sip:user0@ims.test\r\n")
put("PERSIST", "P:e:0")
put("DEL", "P:e:0")
put("HSET", "P:e:7", "owner", "mallory")
put("HSET", "P:e:2", "owner", "mallory", "since", "1", "held", AHEAD)
put("HSET", "P:e:0", *[w for i in range(70) for w in (f"x{i}", "y")])
put("HSET", "P:e:0", *[w for i in range(40) for w in (f"c:{i:024x}", "y")])

# leases
for member in ["", "x", "-1", "007", "1e3", "99999999999999999999", "8", b"2\x00", "2\r\n", "sip:x@ims.test", "{", "m" * 70000]:
    for score in ["0", "inf"]:
        put("ZADD", "P:lease", score, member)
for score in ["0", "-inf", "inf", "1.5", "-1", "1e300"]:
    put("ZADD", "P:lease", score, "0")
put("ZADD", "P:lease", *[w for i in range(140) for w in ("0", f"garbage{i}")])
put("ZADD", "P:lease", *[w for i in range(140) for w in ("inf", f"garbage{i}")])
put("ZREM", "P:lease", "0")
put("SET", "P:u:alice", "1")
put("SET", "P:u:alice", "7")
put("DEL", "P:u:alice")
put("DEL", "P:format")
put("SET", "P:format", "2")
put("SET", "P:format", "")
put("SET", "P:format", "f" * 100000)
put("RPUSH", "P:format2", "1")

# who registers the block, and nodes
put("HSET", "P:reg", "doc", "d" * 8193)
put("HSET", "P:reg", "node", "2", "epoch", "7", "until", AHEAD, "doc", "d" * 100000)
put("HSET", "P:reg", "node", "70000", "epoch", "1", "until", SOON)
for value in ["", "x", "1", "1 1", f"{SOON} 1 ", f"{SOON} x 127.0.0.1:5060", f"{SOON} 1 " + "a" * 128, f"{SOON} 1 a b",
              f"{SOON} 4294967296 a", f"{SOON} 1 127.0.0.1\r\n", "1 1 127.0.0.1:5060"]:
    put("HSET", "wims:{nodes}:beat", "2", value)
for node in ["", "x", "-1", "70000", "n" * 70000]:
    put("HSET", "wims:{nodes}:beat", node, f"{SOON} 1 127.0.0.1:5060")
put("HSET", "wims:{nodes}:beat", *[w for i in range(140) for w in (f"x{i}", "y")])

print("\n".join(lines))
