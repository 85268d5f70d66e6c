# SPDX-License-Identifier: GPL-2.0-or-later
#
# Programs on the client of Redis, one for each tests/redis/*.c:
#   build/redis/NAME       as it ships
#   build/asan/redis/NAME  the same under AddressSanitizer and UBSan

RT_DIR := tests/redis
RT_SRC := $(wildcard $(RT_DIR)/*.c)
RT_NAMES := $(RT_SRC:$(RT_DIR)/%.c=%)
RT_HELP_SRC := $(wildcard $(RT_DIR)/help/*.c)
RT_HELP := $(RT_HELP_SRC:$(RT_DIR)/%.c=build/redis/test/%.o)
RT_ASAN_HELP := $(RT_HELP_SRC:$(RT_DIR)/%.c=build/asan/redis/test/%.o)
RT_CPPFLAGS := $(WR_CPPFLAGS) -I $(RT_DIR) -I $(UNIT_DIR)
RT_LIBS := -Wl,--as-needed -lcmocka $(WIMS_LIBS)

tools: $(RT_NAMES:%=build/redis/%) build/asan/redis/wr_try

build/redis/test/%.o: $(RT_DIR)/%.c $(RT_DIR)/redis.mk
	@mkdir -p $(@D)
	$(CC) $(RT_CPPFLAGS) $(WIMS_CFLAGS) -MMD -MP -c -o $@ $<

build/asan/redis/test/%.o: $(RT_DIR)/%.c $(RT_DIR)/redis.mk
	@mkdir -p $(@D)
	$(CC) $(RT_CPPFLAGS) $(WIMS_ASAN_CFLAGS) -MMD -MP -c -o $@ $<

$(RT_NAMES:%=build/redis/%): build/redis/%: build/redis/test/%.o $(RT_HELP) \
		build/unit/libhelp.a build/libwr.a build/libwims.a
	$(CC) -o $@ $^ $(RT_LIBS)

$(RT_NAMES:%=build/asan/redis/%): build/asan/redis/%: build/asan/redis/test/%.o \
		$(RT_ASAN_HELP) build/asan/unit/libhelp.a build/asan/libwr.a build/asan/libwims.a
	$(CC) $(WIMS_SANITIZE) -o $@ $^ $(RT_LIBS)

.SECONDARY: $(RT_SRC:$(RT_DIR)/%.c=build/redis/test/%.o) $(RT_SRC:$(RT_DIR)/%.c=build/asan/redis/test/%.o)
-include $(wildcard build/redis/test/*.d build/redis/test/help/*.d \
	build/asan/redis/test/*.d build/asan/redis/test/help/*.d)
