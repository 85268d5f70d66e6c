# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# build/webrtc_ims.so: the Kamailio glue, against the *installed* Kamailio.
# Flags come from "kamailio -V", headers from Debian's own source package.
#   KAMAILIO=/path/to/kamailio   another binary than the one in PATH
#   KAMAILIO_SRC=/path           an unpacked source tree of the same version
#   LTO=no                       each file optimized for itself: links sooner, runs slower

WK_DIR := modules/webrtc_ims
WK_SRC := $(wildcard $(WK_DIR)/*.c)

LTO ?= yes
ifeq ($(LTO),yes)
WK_OBJ := $(WK_SRC:$(WK_DIR)/%.c=build/lto/module/%.o)
WK_PARTS := $(WR_LTO_OBJ) $(WIMS_LTO_OBJ)
WK_LTO := -flto=auto -O2
else ifeq ($(LTO),no)
WK_OBJ := $(WK_SRC:$(WK_DIR)/%.c=build/module/%.o)
WK_PARTS := build/libwr.a build/libwims.a
WK_LTO :=
else
$(error LTO=$(LTO): it is yes or no)
endif

KAMAILIO ?= /usr/sbin/kamailio
KAMAILIO_SRC ?=
WK_HEADERS := $(or $(KAMAILIO_SRC),build/kamailio-src)
# Somebody's own tree is checked, not written into.
WK_HEADERS_OK := $(if $(KAMAILIO_SRC),build,build/kamailio-src)/headers.ok

# Kamailio's headers are system headers here: our warnings are about our code.
WK_CFLAGS := -std=gnu11 -O2 -g -fPIC -pthread -Wall -Wextra -Werror \
	-Wno-unused-parameter -fstack-protector-strong -D_FORTIFY_SOURCE=2
WK_CPPFLAGS = @build/kamailio.defs -DMOD_NAME='"webrtc_ims"' -DMOD_NAMEID=webrtc_ims \
	-D_GNU_SOURCE -I $(WK_DIR)/lib -I $(WK_DIR)/redis -isystem $(WK_HEADERS)/src
WK_LIBS := -ljansson -lcrypto -lpcre2-8 -lexpat -lhiredis
WK_LINK = $(CC) -shared -pthread $(WK_LTO) -Wall -Wextra -Werror \
	-Wl,--version-script=$(WK_DIR)/webrtc_ims.map -Wl,-z,relro -Wl,-z,now

module: $(if $(WK_SRC),build/webrtc_ims.so)

# The package's file list is written anew on each upgrade; the binary's own
# time stamp is that of Debian's build and may be older than ours.
build/kamailio.defs: $(WK_DIR)/build/kamdefs.sh $(wildcard $(KAMAILIO)) \
		$(wildcard /var/lib/dpkg/info/kamailio.list)
	@mkdir -p $(@D)
	$(WK_DIR)/build/kamdefs.sh $(KAMAILIO) > $@

$(WK_HEADERS_OK): build/kamailio.defs $(WK_DIR)/build/kamheaders.sh
	$(WK_DIR)/build/kamheaders.sh $(if $(KAMAILIO_SRC),--check) $(KAMAILIO) $(WK_HEADERS)
	@touch $@

build/module/%.o: $(WK_DIR)/%.c $(WK_HEADERS_OK) $(WK_DIR)/module.mk
	@mkdir -p $(@D)
	$(CC) $(WK_CPPFLAGS) $(WK_CFLAGS) -MMD -MP -c -o $@ $<

build/lto/module/%.o: $(WK_DIR)/%.c $(WK_HEADERS_OK) $(WK_DIR)/module.mk
	@mkdir -p $(@D)
	$(CC) $(WK_CPPFLAGS) $(WK_CFLAGS) -flto -MMD -MP -c -o $@ $<

build/webrtc_ims.so: $(WK_OBJ) $(WK_PARTS) $(WK_DIR)/webrtc_ims.map
	$(WK_LINK) -o $@ $(WK_OBJ) $(WK_PARTS) $(WK_LIBS)

# The module without its cure of OpenSSL, for the storm that must kill it.
build/uncured/wk_tls.o: $(WK_DIR)/wk_tls.c $(WK_HEADERS_OK) $(WK_DIR)/module.mk
	@mkdir -p $(@D)
	$(CC) $(WK_CPPFLAGS) -DWK_WITHOUT_TLS_CURE $(WK_CFLAGS) -MMD -MP -c -o $@ $<

build/uncured/webrtc_ims.so: build/webrtc_ims.so build/uncured/wk_tls.o
	$(WK_LINK) -o $@ $(filter-out %/wk_tls.o,$(WK_OBJ)) build/uncured/wk_tls.o $(WK_PARTS) $(WK_LIBS)

-include $(WK_OBJ:.o=.d) build/uncured/wk_tls.d
