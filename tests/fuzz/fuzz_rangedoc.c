/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* The document of a lease, in the hands of a node that reads what another one has
 * published, and then takes the lease: what it publishes itself can be read. */
#include "jose/wims_alg_ossl.h"
#include "rangereg/wims_rangereg_lease.h"
#include "rr_policy.h"

#include "fuzz.h"

enum
{
	LEASE_MS = 4000,
	NODE = 1,
	OTHER = 2,
	TURNS = 4
};

static struct wims_rangereg *table(uint16_t node)
{
	struct wims_rangereg_policy policy = rr_policy;
	const struct wims_rangereg_in in = {.wildcard = WIMS_PL("sip:r1-!.*!@ims.test"),
										.wwsf = WIMS_PL("wwsf"),
										.pilot = WIMS_PL("sip:r1@ims.test"),
										.impi = WIMS_PL("r1@ims.test"),
										.domain = WIMS_PL("ims.test"),
										.trigger = WIMS_RANGE_AT_START};
	struct wims_rangereg *rr;

	policy.ranges = policy.in_flight = 2;
	policy.brought = 0;
	policy.confirm_ms = policy.grace_ms = 0;
	policy.lease_ms = LEASE_MS;
	policy.node = node;
	policy.address = WIMS_PL("192.0.2.1:5060");
	rr = wims_rangereg_new(&wims_env_libc, &policy, wims_random);
	FUZZ_ASSERT(rr != NULL && wims_rangereg_add(rr, &in, 0) == WIMS_OK);
	return rr;
}

/* One question, and an answer with that document. */
static enum wims_rangereg_change turn(struct wims_rangereg *rr, int64_t now, bool ours,
									  struct wims_pl doc, struct wims_rangereg_ask *ask)
{
	const struct wims_rangereg_held held = {
			.ours = ours, .node = OTHER, .epoch = 1, .left_ms = LEASE_MS, .doc = doc};
	struct wims_rangereg_action a;
	enum wims_rangereg_change change;

	FUZZ_ASSERT(wims_rangereg_next_ask(rr, now, ask));
	change = wims_rangereg_held(rr, ask, WIMS_OK, &held, now);
	while(wims_rangereg_next_action(rr, now, &a))
		FUZZ_ASSERT(a.kind != WIMS_RANGEREG_SEND || ours || a.expires == 0);
	return change;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wims_rangereg_ask ask;
	const struct wims_pl doc = {(const char *)data, size};
	struct wims_rangereg *rr = table(NODE), *reader = table(OTHER + 1);
	struct wims_rangereg_ask *other;
	enum wims_rangereg_change change;
	int64_t now = 0;
	size_t i;

	change = turn(rr, now, false, doc, &ask);
	FUZZ_ASSERT(size == 0 || size <= WIMS_RANGEREG_DOC_MAX || change == WIMS_RANGEREG_UNREADABLE);
	for(i = 0; i < TURNS; i++)
		(void)turn(rr, now += LEASE_MS / 4, true, doc, &ask);
	FUZZ_ASSERT(ask.kind == WIMS_RANGEREG_HOLD && ask.doc.l > 0);
	FUZZ_ASSERT((other = malloc(sizeof(*other))) != NULL);
	FUZZ_ASSERT(turn(reader, 0, false, ask.doc, other) != WIMS_RANGEREG_UNREADABLE);
	free(other);
	wims_rangereg_free(reader);
	wims_rangereg_free(rr);
	return 0;
}
