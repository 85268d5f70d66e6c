# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""python3 -m hostile.write FOLDER: what a Kamailio needs. FOLDER/provisioning.json;
cases.json, the tokens of now ({family: [Case as an array]}); good.json, good
tokens of the user wic1; keys.json, what must be said of the key files that the
provisioning files FOLDER/NAME.json name."""

import json
import os
import sys
import time

from . import keyfiles
from .families import cases
from .world import World

GOOD = 50


def main():
    """See above."""
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    world = World(int(time.time()))
    said = {}
    for file in keyfiles.all_files():
        keyfiles.write(folder, file, world.wwsf("shop", []))
        said[file.name] = file.says
    good = [world.token(impu="sip:wic1@ims.test", impi="wic1@ims.test", sub="wic1") for _ in range(GOOD)]
    for name, what in (("provisioning", world.provisioning()), ("cases", cases(world)), ("good", good),
                       ("keys", said)):
        with open(f"{folder}/{name}.json", "w", encoding="utf-8") as out:
            json.dump(what, out)


main()
