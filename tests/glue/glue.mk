# SPDX-License-Identifier: GPL-2.0-or-later
#
# One cmocka program for each tests/glue/test_wk_*.c, with the glue under
# AddressSanitizer and UBSan and a stand-in of Kamailio's core (ksr_*.c).
#   check-glue    runs all of them
#   GLUE="hdr ws" only these
#
# A test may include the .c file it is about, to reach what is static there:
# of an archive the linker takes only what is still missing.

GLUE_DIR := tests/glue
GLUE_SRC := $(wildcard $(GLUE_DIR)/test_wk_*.c)
GLUE_NAMES := $(GLUE_SRC:$(GLUE_DIR)/test_wk_%.c=%)
GLUE ?= $(GLUE_NAMES)
GLUE_HELP_OBJ := $(patsubst $(GLUE_DIR)/%.c,build/glue/%.o,\
	$(filter-out $(GLUE_SRC),$(wildcard $(GLUE_DIR)/*.c)))
GLUE_WK_OBJ := $(patsubst $(WK_DIR)/%.c,build/glue/wk/%.o,$(wildcard $(WK_DIR)/wk_*.c))

GLUE_CFLAGS := $(filter-out -O2 -fPIC -fstack-protector-strong -D_FORTIFY_SOURCE=2,$(WK_CFLAGS)) \
	-O1 -fno-omit-frame-pointer $(WIMS_SANITIZE)
GLUE_CPPFLAGS = $(WK_CPPFLAGS) -I $(WK_DIR) -I $(GLUE_DIR) -I $(UNIT_DIR)
# The clocks are the test's.
GLUE_WRAP := -Wl,--wrap=time,--wrap=clock_gettime

# The fetching process of these is the test's.
build/glue/test_wk_introspect build/glue/test_wk_asker build/glue/test_wk_rangereg build/glue/test_wk_rangewait: GLUE_WRAP += -Wl,--wrap=wk_fetch_start
# Redis is the test's.
build/glue/test_wk_registry build/glue/test_wk_registry_round build/glue/test_wk_rangereg_lease: GLUE_WRAP += -Wl,--wrap=wr_store,--wrap=wr_client_limit

# The registrar of these is the test's.
build/glue/test_wk_callees build/glue/test_wk_ask build/glue/test_wk_fork_peer build/glue/test_wk_peer_watch: GLUE_WRAP += \
	-Wl,--wrap=wk_registry_shared,--wrap=wk_registry_query,--wrap=wk_registry_node,--wrap=wk_registry_remove

.PHONY: check-glue
.SECONDARY: $(GLUE_SRC:$(GLUE_DIR)/%.c=build/glue/%.o) $(GLUE_HELP_OBJ) $(GLUE_WK_OBJ)

## check-glue   the glue against a stand-in of Kamailio (GLUE="name ...": some)
check-glue: $(GLUE:%=build/glue/test_wk_%)
	@$(UNIT_DIR)/run.sh $^

build/glue/%.o: $(GLUE_DIR)/%.c $(GLUE_DIR)/glue.mk $(WK_HEADERS_OK)
	@mkdir -p $(@D)
	$(CC) $(GLUE_CPPFLAGS) $(GLUE_CFLAGS) -MMD -MP -c -o $@ $<

build/glue/wk/%.o: $(WK_DIR)/%.c $(GLUE_DIR)/glue.mk $(WK_HEADERS_OK)
	@mkdir -p $(@D)
	$(CC) $(GLUE_CPPFLAGS) $(GLUE_CFLAGS) -MMD -MP -c -o $@ $<

build/glue/libwk.a: $(GLUE_WK_OBJ) $(GLUE_HELP_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

build/glue/test_wk_%: build/glue/test_wk_%.o build/glue/libwk.a build/asan/unit/libhelp.a \
		build/asan/libwr.a build/asan/libwims.a
	$(CC) $(WIMS_SANITIZE) $(GLUE_WRAP) -pthread -o $@ $^ $(UNIT_LIBS) -lhiredis

-include $(wildcard build/glue/*.d build/glue/wk/*.d)
