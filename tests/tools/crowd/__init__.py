# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A crowd of WICs on the eP-CSCFs of tests/lab/cluster.sh, with a ledger of
all that they were told, and checks of it. Only Python's standard library."""

from .caller import Caller
from .crowd import Crowd, spread
from .faults import Faults
from .ledger import Ledger
from .load import Load
from .member import Member
from .place import Place
from .store import Store

__all__ = ["Caller", "Crowd", "Faults", "Ledger", "Load", "Member", "Place", "Store", "spread"]
