# SPDX-License-Identifier: GPL-2.0-or-later
#
# build/bin/wims: the operators' tool.
#   cli        the tool
#   check-cli  its tests
#   build/asan/bin/wims  the same under AddressSanitizer and UBSan, for tests
#   docs-outcomes  docs/outcomes.md, written anew from the one list of outcomes

CLI_DIR := modules/webrtc_ims/cli
CLI_SRC := $(wildcard $(CLI_DIR)/*.c)
CLI_OBJ := $(CLI_SRC:$(CLI_DIR)/%.c=build/cli/%.o)
CLI_ASAN_OBJ := $(CLI_SRC:$(CLI_DIR)/%.c=build/asan/cli/%.o)
CLI_CPPFLAGS := $(WIMS_CPPFLAGS) -D_POSIX_C_SOURCE=200809L
CLI_LIBS := $(WIMS_LIBS) -ljwt -lcurl

.PHONY: check-cli docs-outcomes

cli: build/bin/wims

build/cli/%.o: $(CLI_DIR)/%.c $(CLI_DIR)/cli.mk
	@mkdir -p $(@D)
	$(CC) $(CLI_CPPFLAGS) $(WIMS_CFLAGS) -MMD -MP -c -o $@ $<

build/bin/wims: $(CLI_OBJ) build/libwims.a
	@mkdir -p $(@D)
	$(CC) -Wl,-z,relro -Wl,-z,now -o $@ $^ $(CLI_LIBS)

build/asan/cli/%.o: $(CLI_DIR)/%.c $(CLI_DIR)/cli.mk
	@mkdir -p $(@D)
	$(CC) $(CLI_CPPFLAGS) $(WIMS_ASAN_CFLAGS) -MMD -MP -c -o $@ $<

build/asan/bin/wims: $(CLI_ASAN_OBJ) build/asan/libwims.a
	@mkdir -p $(@D)
	$(CC) $(WIMS_SANITIZE) -o $@ $^ $(CLI_LIBS)

## check-cli    the tests of the wims tool
check-cli: build/bin/wims
	@tests/unit/cli_test.sh $<

## docs-outcomes  docs/outcomes.md from the list of outcomes
docs-outcomes: build/bin/wims
	$< outcomes --markdown > docs/outcomes.md

-include $(CLI_OBJ:.o=.d) $(CLI_ASAN_OBJ:.o=.d)
