# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One door to everything. Each target calls a script or is filled in by the
# fragment of its folder; "make help" lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:

.PHONY: all lib module cli tools deps ready install demo test test-long bench lint \
	lab-start lab-stop clean help

## all          the library, the module and the wims tool, into build/
all: lib module cli

# What needs packages first: install them, then build with a make of its own
# that sees them. Fragments give the recipes of tools, demo, bench and lab-*.
ready: deps
	+@$(MAKE) --no-print-directory all tools

demo test test-long bench soak lint lab-start: ready

## deps         the Debian and npm packages that build, demo and tests need
deps:
	@tests/tools/deps.sh

## install      module, tool and routing script into the system (DESTDIR=)
install: all
	@modules/webrtc_ims/build/install.sh

## demo         core, eP-CSCF and web site; prints one URL (CHECK=1: headless)
## test         every test that fits in 15 minutes (CASES="name ...": some)
test:
	@MAKE="$(MAKE)" tests/run.sh $(CASES)

## test-long    storms, soak and the empty Debian 12
test-long:
	@MAKE="$(MAKE)" tests/long/run.sh $(CASES)

## bench        measurements into build/bench/results.json (ROWS="name ...")
## bench-plots  tables and plots of docs/benchmarks from the numbers beside them
## profile      instructions of a REGISTER, by callgrind
## soak         long and large: an hour, 10,000 WICs, overload, restarts (PARTS="name ...")
## lint         format, sizes, layers, banned calls, scripts, documents
lint:
	@tests/tools/lint.sh

## lab-start    core, eP-CSCF and web site in the background (lab-stop ends it)
## clean        removes build/
clean:
	rm -rf build

help:
	@sed -n 's/^## /make /p' $(MAKEFILE_LIST)

-include modules/webrtc_ims/lib.mk
-include modules/webrtc_ims/redis/redis.mk
-include modules/webrtc_ims/module.mk
-include modules/webrtc_ims/cli/cli.mk
-include tests/unit/unit.mk
-include tests/glue/glue.mk
-include tests/fuzz/fuzz.mk
-include tests/tools/tools.mk
-include tests/redis/redis.mk
-include tests/lab/lab.mk
-include tests/bench/bench.mk
-include tests/soak/soak.mk
