/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "call_help.h"

#include "modules/tm/t_reply.h"
#include "registry_standin.h"
#include "wk_peer_watch.h"

enum
{
	PEER = 41,
	EPOCH = 1700000000
};

#define PHONE "aaaaaaaaaaaaaaaaaaaaaaaa"

static struct ua_client branches[2];
static sip_msg_t *invite;

static int setup(void **state)
{
	if(glue_setup(state) != 0)
		return -1;
	registry_reset();
	registry_node_is(PEER, EPOCH, "192.0.2.2:5070");
	invite = ksr_msg(PROTO_UDP, 0, "INVITE sip:u@192.0.2.1 SIP/2.0\nCSeq: 1 INVITE\n\n");
	return 0;
}

static int teardown(void **state)
{
	ksr_tm_end(487);
	ksr_msg_free(invite);
	return glue_teardown(state);
}

/* Two branches ring, the second one at the other node. */
static struct cell *rings(const char *uri)
{
	struct cell *t;

	ksr_tm_end(487);
	t = ksr_tm_new(invite);
	memset(branches, 0, sizeof(branches));
	branches[1].uri = (str){(char *)uri, (int)strlen(uri)};
	branches[1].last_received = 180;
	branches[1].request.flags = F_RB_REPLIED;
	t->uac = branches;
	t->nr_of_outgoings = 2;
	return t;
}

static enum wims_reason watch(struct cell *t, const char *name)
{
	const struct wk_peer_branch b = {1, wims_pl_str(name), PEER, EPOCH};

	return wk_peer_watch(invite, t, &b);
}

/* The branches that one more look fails. */
static unsigned failed(void)
{
	static int64_t at =
			100000000; /* each test's clock begins anew, the next look's time does not */
	int unrefs = ksr_tm.unrefs;

	ksr_clock.mono_ms = at += 1000;
	ksr_tm.cancelled = 0;
	wk_peer_watch_tick();
	assert_int_equal(ksr_tm.cancelled, 0);
	ksr_async_run();
	assert_null(ksr_tm.current);
	if(ksr_tm.cancelled != 0) {
		assert_int_equal(ksr_tm.cancel_flags, F_CANCEL_B_KILL | F_CANCEL_B_FAKE_REPLY);
		assert_int_equal(ksr_tm.unrefs, unrefs + 1);
	}
	return ksr_tm.cancelled;
}

/* As if nobody had ever answered there: no CANCEL, and a time-out for the script. */
static void test_dies(void **state)
{
	int before = ksr_counter("peer_lost");

	assert_int_equal(watch(rings("sip:" PHONE "@192.0.2.2:5070"), PHONE), WIMS_OK);
	assert_int_equal(failed(), 0);
	registry_standin.nodes = 0;
	assert_int_equal(failed(), 2);
	assert_int_equal(branches[1].last_received, 0);
	assert_int_equal(branches[1].request.flags, F_RB_TIMEOUT);
	assert_int_equal(ksr_counter("peer_lost"), before + 1);
	/* once */
	assert_int_equal(failed(), 0);
}

static void test_starts_again(void **state)
{
	assert_int_equal(watch(rings("sip:" PHONE "@192.0.2.2:5070"), PHONE), WIMS_OK);
	registry_standin.node[0].epoch++;
	assert_int_equal(failed(), 2);
}

/* It has answered, all is over, or another branch has its number. */
static void test_too_late(void **state)
{
	struct cell *t = rings("sip:" PHONE "@192.0.2.2:5070");

	assert_int_equal(watch(t, PHONE), WIMS_OK);
	branches[1].last_received = 486;
	registry_standin.nodes = 0;
	assert_int_equal(failed(), 0);
	assert_int_equal(branches[1].last_received, 486);
	t = rings("sip:" PHONE "@192.0.2.2:5070");
	assert_int_equal(watch(t, PHONE), WIMS_OK);
	t->uas.status = 200;
	assert_int_equal(failed(), 0);
	assert_int_equal(watch(rings("sip:wic@invalid"), PHONE), WIMS_OK);
	assert_int_equal(failed(), 0);
	assert_int_equal(watch(rings("sip:bbbbbbbbbbbbbbbbbbbbbbbb@192.0.2.2"), PHONE), WIMS_OK);
	assert_int_equal(failed(), 0);
	t = rings("sip:" PHONE "@192.0.2.2:5070");
	assert_int_equal(watch(t, PHONE), WIMS_OK);
	t->nr_of_outgoings = 1;
	assert_int_equal(failed(), 0);
	assert_int_equal(branches[1].last_received, 180);
}

/* Nothing is looked at that has ended. */
static void test_over(void **state)
{
	assert_int_equal(watch(rings("sip:" PHONE "@192.0.2.2:5070"), PHONE), WIMS_OK);
	ksr_tm_end(200);
	registry_standin.nodes = 0;
	assert_int_equal(failed(), 0);
}

static void test_no_memory(void **state)
{
	struct cell *t = rings("sip:" PHONE "@192.0.2.2:5070");

	assert_int_equal(watch(t, "short"), WIMS_INTERNAL);
	ksr_memory.left = 0;
	assert_int_equal(watch(t, PHONE), WIMS_NOMEM);
	ksr_memory.left = SIZE_MAX;
	ksr_tm.register_tmcb = 0;
	assert_int_equal(watch(t, PHONE), WIMS_NOMEM);
	ksr_tm.register_tmcb = 1;
	registry_standin.nodes = 0;
	assert_int_equal(failed(), 0);
}

#define watch_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			watch_test(test_dies), watch_test(test_starts_again), watch_test(test_too_late),
			watch_test(test_over), watch_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
