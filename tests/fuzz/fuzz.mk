# SPDX-License-Identifier: GPL-2.0-or-later
#
# One fuzz target for each tests/fuzz/fuzz_*.c, over the parsers of the library.
#   fuzz               clang: each target for FUZZ_SECONDS, from its saved
#                      corpus; what it finds new goes to build/fuzz/corpus/
#   check-fuzz-replay  gcc: every saved input once, under ASan and UBSan
#   check-fuzz         the targets of tokens, keys, provisioning and XML for 5 s each,
#                      part of "make test"; "make test-long" fuzzes all for 60 s
#   FUZZ="token json"  only these

FUZZ_DIR := tests/fuzz
FUZZ_SRC := $(wildcard $(FUZZ_DIR)/fuzz_*.c)
FUZZ_NAMES := $(FUZZ_SRC:$(FUZZ_DIR)/fuzz_%.c=%)
FUZZ ?= $(FUZZ_NAMES)
FUZZ_SECONDS ?= 5
FUZZ_CC ?= clang

# What is instrumented for coverage: the library; helpers of the unit tests
# (keys, provisioning) come along without their tests, and a second verifier.
FUZZ_HELPER_SRC := $(UNIT_DIR)/mint.c $(UNIT_DIR)/world.c $(UNIT_DIR)/rr_model.c $(UNIT_DIR)/rr_policy.c \
	$(FUZZ_DIR)/second.c $(FUZZ_DIR)/second_keys.c
FUZZ_FLAGS := -std=c11 -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all
FUZZ_SANITIZE := address,undefined
# What wims-load reads of a server (fuzz_load*).
FUZZ_LOAD_SRC := $(addprefix tests/tools/load/,ws.c upgrade.c sip.c sip_write.c)
FUZZ_OBJ := $(WIMS_SRC:%.c=build/fuzz/%.o) $(FUZZ_HELPER_SRC:%.c=build/fuzz/%.o) $(FUZZ_LOAD_SRC:%.c=build/fuzz/%.o)
FUZZ_LIBS := $(WIMS_LIBS) -lm
REPLAY_OBJ := $(FUZZ_HELPER_SRC:tests/%.c=build/asan/%.o) build/asan/fuzz/replay.o \
	$(FUZZ_LOAD_SRC:tests/%.c=build/asan/%.o)

# What a stranger's token, an operator's files and the core's XML go through.
FUZZ_TEST := token differ jwks provision reginfo

.PHONY: fuzz check-fuzz check-fuzz-replay
.SECONDARY: $(FUZZ_SRC:%.c=build/fuzz/%.o) $(FUZZ_SRC:$(FUZZ_DIR)/%.c=build/asan/fuzz/%.o) \
	$(FUZZ_OBJ) $(REPLAY_OBJ)

## fuzz         each fuzz target for FUZZ_SECONDS (FUZZ="name ...": some)
fuzz: $(FUZZ:%=build/fuzz/fuzz_%)
	@$(FUZZ_DIR)/run.sh $(FUZZ_SECONDS) $(FUZZ)

## check-fuzz   the targets of tokens, keys, provisioning and XML, 5 s each
check-fuzz: $(FUZZ_TEST:%=build/fuzz/fuzz_%)
	@$(FUZZ_DIR)/run.sh 5 $(FUZZ_TEST)

## check-fuzz-replay  every saved fuzz input once, without clang
check-fuzz-replay: $(FUZZ:%=build/asan/fuzz/replay_%)
	@$(FUZZ_DIR)/replay.sh $(FUZZ)

build/fuzz/%.o: %.c $(FUZZ_DIR)/fuzz.mk
	@mkdir -p $(@D)
	$(FUZZ_CC) $(UNIT_CPPFLAGS) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link,$(FUZZ_SANITIZE) \
		-MMD -MP -c -o $@ $<

build/fuzz/libwims.a: $(FUZZ_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

build/fuzz/fuzz_%: build/fuzz/$(FUZZ_DIR)/fuzz_%.o build/fuzz/libwims.a
	$(FUZZ_CC) -fsanitize=fuzzer,$(FUZZ_SANITIZE) -o $@ $^ $(FUZZ_LIBS)

build/asan/fuzz/%.o: $(FUZZ_DIR)/%.c $(FUZZ_DIR)/fuzz.mk
	@mkdir -p $(@D)
	$(CC) $(UNIT_CPPFLAGS) $(WIMS_ASAN_CFLAGS) -MMD -MP -c -o $@ $<

build/asan/fuzz/replay_%: build/asan/fuzz/fuzz_%.o $(REPLAY_OBJ) build/asan/libwims.a
	$(CC) $(WIMS_SANITIZE) -o $@ $^ $(FUZZ_LIBS)

-include $(FUZZ_OBJ:.o=.d) $(wildcard build/fuzz/$(FUZZ_DIR)/*.d build/asan/fuzz/*.d)
