# SPDX-License-Identifier: GPL-2.0-or-later
#
# build/libwr.a: the client of Redis and the store on it. It has sockets, which the library has
# not, and no Kamailio header: the module, tests and benchmarks link the same.
# build/asan/libwr.a is the same code under sanitizers; build/lto/ has what is linked into the module.

WR_DIR := modules/webrtc_ims/redis
WR_SRC := $(wildcard $(WR_DIR)/*.c)
WR_LUA := $(wildcard $(WR_DIR)/scripts/*.lua)
WR_OBJ := $(WR_SRC:$(WR_DIR)/%.c=build/redis/obj/%.o) build/redis/obj/wr_scripts.o
WR_ASAN_OBJ := $(WR_SRC:$(WR_DIR)/%.c=build/asan/redis/obj/%.o) build/asan/redis/obj/wr_scripts.o
WR_LTO_OBJ := $(WR_OBJ:build/%=build/lto/%)
WR_CPPFLAGS := $(WIMS_CPPFLAGS) -I $(WR_DIR) -D_GNU_SOURCE

lib: build/libwr.a

# The scripts are part of the store, so that both are of one version.
build/redis/wr_scripts.c: $(WR_LUA) modules/webrtc_ims/build/luascripts.sh
	@mkdir -p $(@D)
	modules/webrtc_ims/build/luascripts.sh $(WR_DIR)/scripts > $@

build/redis/obj/wr_scripts.o: build/redis/wr_scripts.c $(WR_DIR)/redis.mk
	@mkdir -p $(@D)
	$(CC) $(WR_CPPFLAGS) $(WIMS_CFLAGS) -MMD -MP -c -o $@ $<

build/lto/redis/obj/wr_scripts.o: build/redis/wr_scripts.c $(WR_DIR)/redis.mk
	@mkdir -p $(@D)
	$(CC) $(WR_CPPFLAGS) $(WIMS_CFLAGS) -flto -MMD -MP -c -o $@ $<

build/asan/redis/obj/wr_scripts.o: build/redis/wr_scripts.c $(WR_DIR)/redis.mk
	@mkdir -p $(@D)
	$(CC) $(WR_CPPFLAGS) $(WIMS_ASAN_CFLAGS) -MMD -MP -c -o $@ $<

build/redis/obj/%.o: $(WR_DIR)/%.c $(WR_DIR)/redis.mk
	@mkdir -p $(@D)
	$(CC) $(WR_CPPFLAGS) $(WIMS_CFLAGS) -MMD -MP -c -o $@ $<

build/lto/redis/obj/%.o: $(WR_DIR)/%.c $(WR_DIR)/redis.mk
	@mkdir -p $(@D)
	$(CC) $(WR_CPPFLAGS) $(WIMS_CFLAGS) -flto -MMD -MP -c -o $@ $<

build/asan/redis/obj/%.o: $(WR_DIR)/%.c $(WR_DIR)/redis.mk
	@mkdir -p $(@D)
	$(CC) $(WR_CPPFLAGS) $(WIMS_ASAN_CFLAGS) -MMD -MP -c -o $@ $<

build/libwr.a: $(WR_OBJ)
build/asan/libwr.a: $(WR_ASAN_OBJ)
build/libwr.a build/asan/libwr.a:
	@rm -f $@
	$(AR) rcs $@ $^

-include $(WR_OBJ:.o=.d) $(WR_ASAN_OBJ:.o=.d) $(WR_LTO_OBJ:.o=.d)
