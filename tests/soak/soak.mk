# SPDX-License-Identifier: GPL-2.0-or-later
#
# make soak: long and large, see docs/benchmarks/soak.md.
#   PARTS="hour lost"   only these parts, in this order
#   SOAK_AGAIN=yes      also what has a result already
#   SOAK_WICS=5000      WICs held; the loads of all parts follow from it
#   SOAK_MINUTES=60     of the part "hour"
#   SOAK_MINUTE=60      seconds of a minute of any part: less for a try
#   SOAK_DIR=build/soak where results are kept
#   ALLOCATOR=fm        another shared memory manager of Kamailio than qm
#   SOAK_DOC=yes        write the tables into docs/benchmarks/soak.md, and the raw numbers beside it
# make soak-stop: ends what "make soak" left in the background

SOAK := PYTHONPATH=tests PYTHONDONTWRITEBYTECODE=1 python3 -m soak

.PHONY: soak soak-stop

soak:
	@PARTS="$(PARTS)" SOAK_AGAIN="$(SOAK_AGAIN)" SOAK_DOC="$(SOAK_DOC)" $(SOAK)

soak-stop:
	@$(SOAK) --stop
