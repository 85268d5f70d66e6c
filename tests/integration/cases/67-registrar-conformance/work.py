# SPDX-License-Identifier: GPL-2.0-or-later
#
# work.py SCHEMA FEW MANY: what tests/redis/store_work.c counted where few and where many are
# registered, against the table of the schema.
import re
import sys

TIMES, MORE_US = 6, 50  # what may be added by other work on the machine, and by its caches
LOST = "allocate-leases-lost"  # is several scripts where there are many


def table(path):
    with open(path, encoding="utf-8") as f:
        return {m[1]: int(m[2]) for m in re.finditer(r"^\| `([a-z-]+)` \| (\d+) \|", f.read(), re.M)}


def work(path):
    with open(path, encoding="utf-8") as f:
        return {name: (int(commands), int(us)) for name, commands, us in map(str.split, f)}


most, few, many = table(sys.argv[1]), work(sys.argv[2]), work(sys.argv[3])
assert set(few) == set(many) == set(most), set(few) ^ set(most)
for name, limit in most.items():
    assert 0 < few[name][0] <= limit and 0 < many[name][0] <= limit, f"{name}: {few[name]} {many[name]}, not {limit}"
    assert name == LOST or many[name][1] <= TIMES * few[name][1] + MORE_US, f"{name}: {few[name]} {many[name]} us"
