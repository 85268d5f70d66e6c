# SPDX-License-Identifier: GPL-2.0-or-later
#
# The test tools of tests/tools (see its README.md). wssbridge and wims-load are
# compiled; wic and storm.py are Python.

WB_DIR := tests/tools/wssbridge
WB_SRC := $(wildcard $(WB_DIR)/*.c)
WB_OBJ := $(WB_SRC:$(WB_DIR)/%.c=build/tools/obj/%.o)
WB_WARN := -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wconversion -Wshadow -Werror
WB_CFLAGS := $(WB_WARN) -O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2
WB_SANITIZE := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all

.PHONY: tools check-tools check-hostile

## tools        wssbridge, which carries SIPp over WSS, and wims-load
tools: build/tools/wssbridge build/tools/wims-load

## check-tools  the test tools against a stock Kamailio
check-tools: build/tools/wssbridge build/tools/asan/wssbridge build/asan/tools/wims-load
	@tests/tools/check/run.sh

## check-hostile  tokens and key files that must be refused, and controls
check-hostile: build/asan/bin/wims
	@cd tests/tools && PYTHONDONTWRITEBYTECODE=1 python3 -m hostile.check $(CURDIR)/$< $(CURDIR)/build/hostile

build/tools/obj/%.o: $(WB_DIR)/%.c tests/tools/tools.mk
	@mkdir -p $(@D)
	$(CC) $(WB_CFLAGS) -MMD -MP -c -o $@ $<

build/tools/wssbridge: $(WB_OBJ)
	$(CC) -o $@ $^ -lwebsockets

build/tools/asan/wssbridge: $(WB_SRC) $(wildcard $(WB_DIR)/*.h) tests/tools/tools.mk
	@mkdir -p $(@D)
	$(CC) $(WB_WARN) $(WB_SANITIZE) -o $@ $(WB_SRC) -lwebsockets

-include $(WB_OBJ:.o=.d)

# wims-load: main.c, and an archive of the rest that the unit tests link as well.
WL_DIR := tests/tools/load
WL_SRC := $(filter-out $(WL_DIR)/main.c,$(wildcard $(WL_DIR)/*.c))

build/tools/load/%.o: $(WL_DIR)/%.c tests/tools/tools.mk
	@mkdir -p $(@D)
	$(CC) $(WB_CFLAGS) -MMD -MP -c -o $@ $<

build/asan/tools/load/%.o: $(WL_DIR)/%.c tests/tools/tools.mk
	@mkdir -p $(@D)
	$(CC) $(WB_WARN) $(WB_SANITIZE) -MMD -MP -c -o $@ $<

build/tools/libload.a: $(WL_SRC:$(WL_DIR)/%.c=build/tools/load/%.o)
build/asan/tools/libload.a: $(WL_SRC:$(WL_DIR)/%.c=build/asan/tools/load/%.o)
build/tools/libload.a build/asan/tools/libload.a:
	@rm -f $@
	$(AR) rcs $@ $^

WL_LIBS := -lssl -lcrypto -lev -lm

build/tools/wims-load: build/tools/load/main.o build/tools/libload.a
	$(CC) -o $@ $^ $(WL_LIBS)

build/asan/tools/wims-load: build/asan/tools/load/main.o build/asan/tools/libload.a
	$(CC) -fsanitize=address,undefined -o $@ $^ $(WL_LIBS)

-include $(wildcard build/tools/load/*.d build/asan/tools/load/*.d)
