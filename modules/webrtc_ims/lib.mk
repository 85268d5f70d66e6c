# SPDX-License-Identifier: GPL-2.0-or-later
#
# build/libwims.a: the pure library, one folder a room, without any Kamailio
# header in reach. build/asan/libwims.a is the same code under sanitizers; build/lto/ has
# what is linked into the module, see module.mk.

WIMS_DIR := modules/webrtc_ims/lib
WIMS_SRC := $(wildcard $(WIMS_DIR)/*/*.c)
WIMS_OBJ := $(WIMS_SRC:$(WIMS_DIR)/%.c=build/lib/%.o)
WIMS_ASAN_OBJ := $(WIMS_SRC:$(WIMS_DIR)/%.c=build/asan/lib/%.o)
WIMS_LTO_OBJ := $(WIMS_SRC:$(WIMS_DIR)/%.c=build/lto/lib/%.o)

WIMS_CPPFLAGS := -I $(WIMS_DIR)
WIMS_WARN := -std=c11 -Wall -Wextra -Wconversion -Wshadow -Werror
WIMS_CFLAGS := $(WIMS_WARN) -O2 -g -fPIC -fvisibility=hidden -fstack-protector-strong \
	-D_FORTIFY_SOURCE=2
WIMS_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all
WIMS_ASAN_CFLAGS := $(WIMS_WARN) -O1 -g -fno-omit-frame-pointer $(WIMS_SANITIZE)
# What a program that links libwims.a needs as well.
WIMS_LIBS := -ljansson -lcrypto -lpcre2-8 -lexpat -lhiredis

lib: build/libwims.a

build/lib/%.o: $(WIMS_DIR)/%.c modules/webrtc_ims/lib.mk
	@mkdir -p $(@D)
	$(CC) $(WIMS_CPPFLAGS) $(WIMS_CFLAGS) -MMD -MP -c -o $@ $<

build/lto/lib/%.o: $(WIMS_DIR)/%.c modules/webrtc_ims/lib.mk
	@mkdir -p $(@D)
	$(CC) $(WIMS_CPPFLAGS) $(WIMS_CFLAGS) -flto -MMD -MP -c -o $@ $<

build/asan/lib/%.o: $(WIMS_DIR)/%.c modules/webrtc_ims/lib.mk
	@mkdir -p $(@D)
	$(CC) $(WIMS_CPPFLAGS) $(WIMS_ASAN_CFLAGS) -MMD -MP -c -o $@ $<

build/libwims.a: $(WIMS_OBJ)
build/asan/libwims.a: $(WIMS_ASAN_OBJ)
build/libwims.a build/asan/libwims.a:
	@rm -f $@
	$(AR) rcs $@ $^

-include $(WIMS_OBJ:.o=.d) $(WIMS_ASAN_OBJ:.o=.d) $(WIMS_LTO_OBJ:.o=.d)
