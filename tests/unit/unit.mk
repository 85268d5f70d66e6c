# SPDX-License-Identifier: GPL-2.0-or-later
#
# One cmocka program for each tests/unit/test_*.c; the other .c files here are
# helpers that every program may use.
#   check-unit       runs all of them
#   check-unit-asan  the same under AddressSanitizer and UBSan
#   UNIT="b64 jws"   only these

UNIT_DIR := tests/unit
UNIT_SRC := $(wildcard $(UNIT_DIR)/test_*.c)
UNIT_HELPER_SRC := $(filter-out $(UNIT_SRC),$(wildcard $(UNIT_DIR)/*.c))
UNIT_NAMES := $(UNIT_SRC:$(UNIT_DIR)/test_%.c=%)
UNIT ?= $(UNIT_NAMES)

UNIT_CPPFLAGS := $(WIMS_CPPFLAGS) -I $(UNIT_DIR) -I tests -D_GNU_SOURCE
UNIT_LIBS := -lcmocka $(WIMS_LIBS)
UNIT_HELPERS := $(UNIT_HELPER_SRC:$(UNIT_DIR)/%.c=build/unit/%.o)
UNIT_ASAN_HELPERS := $(UNIT_HELPER_SRC:$(UNIT_DIR)/%.c=build/asan/unit/%.o)

.PHONY: unit check-unit check-unit-asan
.SECONDARY: $(UNIT_SRC:$(UNIT_DIR)/%.c=build/unit/%.o) \
	$(UNIT_SRC:$(UNIT_DIR)/%.c=build/asan/unit/%.o) $(UNIT_HELPERS) $(UNIT_ASAN_HELPERS)

## unit         the unit tests, built
unit: $(UNIT_NAMES:%=build/unit/test_%)

## check-unit   the unit tests, run (UNIT="name ...": some)
check-unit: $(UNIT:%=build/unit/test_%)
	@$(UNIT_DIR)/run.sh $^

## check-unit-asan  the unit tests under AddressSanitizer and UBSan
check-unit-asan: $(UNIT:%=build/asan/unit/test_%)
	@$(UNIT_DIR)/run.sh $^

build/unit/%.o: $(UNIT_DIR)/%.c $(UNIT_DIR)/unit.mk
	@mkdir -p $(@D)
	$(CC) $(UNIT_CPPFLAGS) $(WIMS_CFLAGS) -MMD -MP -c -o $@ $<

build/asan/unit/%.o: $(UNIT_DIR)/%.c $(UNIT_DIR)/unit.mk
	@mkdir -p $(@D)
	$(CC) $(UNIT_CPPFLAGS) $(WIMS_ASAN_CFLAGS) -MMD -MP -c -o $@ $<

# An archive, so that a program takes only the helpers that it calls.
build/unit/libhelp.a: $(UNIT_HELPERS)
build/asan/unit/libhelp.a: $(UNIT_ASAN_HELPERS)
build/unit/libhelp.a build/asan/unit/libhelp.a:
	@rm -f $@
	$(AR) rcs $@ $^

build/unit/test_%: build/unit/test_%.o build/unit/libhelp.a build/libwims.a
	$(CC) -o $@ $^ $(UNIT_LIBS)

build/asan/unit/test_%: build/asan/unit/test_%.o build/asan/unit/libhelp.a build/asan/libwims.a
	$(CC) $(WIMS_SANITIZE) -o $@ $^ $(UNIT_LIBS)

# Of wims-load, which needs nothing of the library.
build/unit/test_load_%: build/unit/test_load_%.o build/tools/libload.a
	$(CC) -o $@ $^ -lcmocka $(WL_LIBS)

build/asan/unit/test_load_%: build/asan/unit/test_load_%.o build/asan/tools/libload.a
	$(CC) $(WIMS_SANITIZE) -o $@ $^ -lcmocka $(WL_LIBS)

-include $(wildcard build/unit/*.d build/asan/unit/*.d)
