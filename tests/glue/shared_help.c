/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "shared_help.h"

#include <unistd.h>

#include "rangecore_help.h"
#include "redis_standin.h"
#include "wk_location.h"
#include "wk_params.h"
#include "wk_rangereg.h"
#include "wk_registry_proc.h"
#include "wk_state.h"

enum
{
	RECONCILE = 3600 /* s: what is found within five did not wait for it */
};

static char key_file[] = "/tmp/wims-glue-flow-XXXXXX";

int rs_group_setup(void **state)
{
	int fd = mkstemp(key_file);
	bool written = fd >= 0 && dprintf(fd, "1:%064d\n", 7) > 0;

	if(fd >= 0)
		close(fd);
	if(!written || gw_group_setup(state) != 0)
		return -1;
	wk_params.registrar = "redis:127.0.0.1:6379";
	wk_params.flow_key_file = key_file;
	wk_params.registrar_reconcile = RECONCILE;
	wk_params.queue_size = 64;
	return 0;
}

int rs_group_teardown(void **state)
{
	unlink(key_file);
	return gw_group_teardown(state);
}

void rs_turns(int64_t ms)
{
	int64_t end = ksr_clock.mono_ms + ms;

	while(ksr_clock.mono_ms < end) {
		ksr_clock.mono_ms += 50;
		while(wk_registry_turn() == 0)
			;
	}
}

/* What the process keeps goes on from test to test: so does the time. */
int rs_setup(void **state)
{
	static int64_t from = 1000000;

	ksr_reset();
	ksr_clock.mono_ms = from += 100000000;
	redis_begin();
	if(glue_setup(state) != 0 || wk_location_init() != 0)
		return -1;
	ksr_clock.mono_ms = from;
	(void)wk_registry_turn();
	wk_rangereg_tick();
	assert_int_equal(wk_rangereg_check(WIMS_PL(RANGE), NULL), WIMS_RANGE_PENDING);
	(void)wk_registry_turn();
	wk_rangereg_tick();
	rc_answer("200 OK", "", true);
	rs_turns(8000); /* what it had to look after from the test before */
	return glue_open(CONN, "https://gw.test", "gw") | glue_open(OTHER_CONN, "https://gw.test", "gw")
		   | glue_open(THIRD_CONN, "https://gw.test", "gw");
}

int rs_teardown(void **state)
{
	int failed = gw_teardown(state);

	redis_end();
	return failed;
}

struct wk_registry_place rs_place(void)
{
	struct wk_registry_place p;

	assert_true(wk_registry_find(WIMS_PL(IMPU), &p));
	return p;
}

size_t rs_contacts(struct wims_reg_entry *e)
{
	const struct wims_store *st = redis_store();
	struct wk_registry_place p = rs_place();

	enum wims_reason r = wims_store_query(st, p.block, WIMS_PL(IMPU), WIMS_REG_CLAIMED, e);

	return r == WIMS_OK ? e->count : 0;
}

void rs_expect_contacts(size_t n)
{
	static struct wims_reg_entry e;

	assert_int_equal(rs_contacts(&e), n);
}

void rs_put_there(struct wims_pl impu, const char *owner, int64_t since, uint16_t node,
				  uint32_t epoch)
{
	const struct wims_reg_put in = {.impu = impu,
									.index = WIMS_REG_CLAIMED,
									.owner = wims_pl_str(owner),
									.contact = {.name = WIMS_PL(RS_STRAY),
												.flow = WIMS_PL("0123456789abcdef0123456789abcdef"),
												.node = node,
												.epoch = epoch,
												.q = WIMS_Q_NONE,
												.left_ms = 600000},
									.max_contacts = 3,
									.since = since,
									.again = since > 0};
	struct wk_registry_place p = rs_place();
	struct wims_reg_put_out out;

	assert_int_equal(wims_store_put(redis_store(), p.block, &in, &out), WIMS_OK);
}

void rs_away_for(int64_t ms, enum wims_reason how)
{
	redis_standin.outcome = how;
	rs_turns(ms);
	redis_standin.outcome = WIMS_OK;
}
