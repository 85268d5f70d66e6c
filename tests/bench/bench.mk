# SPDX-License-Identifier: GPL-2.0-or-later
#
# make bench: see docs/benchmarks/README.md.
#   ROWS="name ..."     only these rows; a name may be a pattern
#   ALLOCATOR=fm        the eP-CSCF with another memory manager than qm
#   BENCH_DOC=yes       write the table into docs/benchmarks/README.md too
# make bench-plots: tables and plots of docs/benchmarks from the numbers beside them, with nothing measured
# make bench-scale: what a WIC costs an eP-CSCF and its Redis; WICS=500, the same others
# make profile: instructions of a REGISTER, see docs/benchmarks/profile.md; PROFILE_DOC=yes
#
# build/bench/wims_bench.so lets a worker of Kamailio measure itself. It is
# built like the module, but never installed.

BENCH_DIR := tests/bench
BENCH_OBJ := build/bench/wims_bench_mod.o build/bench/bench_cache.o build/bench/bench_query.o \
	build/bench/bench_verify.o

.PHONY: bench bench-plots bench-scale profile

bench: all build/bench/wims_bench.so build/bench/bench_range build/redis/store_bench build/tools/wims-load
	@ROWS="$(ROWS)" BENCH_DOC="$(BENCH_DOC)" ALLOCATOR="$(ALLOCATOR)" $(BENCH_DIR)/run.sh

bench-plots:
	@python3 $(BENCH_DIR)/report.py docs/benchmarks/README.md docs/benchmarks/bench.json docs/benchmarks/scale.json
	@python3 $(BENCH_DIR)/plots.py docs/benchmarks

bench-scale: all
	@WICS="$(WICS)" BENCH_DOC="$(BENCH_DOC)" ALLOCATOR="$(ALLOCATOR)" $(BENCH_DIR)/scale.sh

profile: all
	@tests/tools/deps.sh profile
	@ROWS="$(ROWS)" PROFILE_DOC="$(PROFILE_DOC)" ALLOCATOR="$(ALLOCATOR)" RUNS="$(RUNS)" $(BENCH_DIR)/profile.sh

build/bench/wims_bench_mod.o build/bench/bench_cache.o build/bench/bench_query.o: build/bench/%.o: $(BENCH_DIR)/%.c \
		$(WK_HEADERS_OK) $(BENCH_DIR)/bench.mk
	@mkdir -p $(@D)
	$(CC) $(subst webrtc_ims,wims_bench,$(filter -D%,$(WK_CPPFLAGS))) \
		$(filter-out -D%,$(WK_CPPFLAGS)) $(WK_CFLAGS) -I $(BENCH_DIR) -MMD -MP -c -o $@ $<

build/bench/bench_verify.o: $(BENCH_DIR)/bench_verify.c $(BENCH_DIR)/bench.mk
	@mkdir -p $(@D)
	$(CC) $(WIMS_CPPFLAGS) $(WIMS_CFLAGS) -D_GNU_SOURCE -MMD -MP -c -o $@ $<

build/bench/bench_range: $(BENCH_DIR)/bench_range.c $(BENCH_DIR)/bench_linear.c \
		$(BENCH_DIR)/bench_linear.h build/libwims.a $(BENCH_DIR)/bench.mk
	@mkdir -p $(@D)
	$(CC) $(WIMS_CPPFLAGS) $(WIMS_CFLAGS) -D_GNU_SOURCE -o $@ $(filter %.c,$^) build/libwims.a \
		$(WIMS_LIBS)

build/bench/wims_bench.so: $(BENCH_OBJ) build/libwims.a $(WK_DIR)/webrtc_ims.map
	$(CC) -shared -pthread -Wl,--version-script=$(WK_DIR)/webrtc_ims.map \
		-Wl,-z,relro -Wl,-z,now -o $@ $(BENCH_OBJ) build/libwims.a $(WK_LIBS) -ljwt

-include $(BENCH_OBJ:.o=.d)
