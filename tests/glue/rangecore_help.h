/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef RANGECORE_HELP_H
#define RANGECORE_HELP_H

/* A world in which wwsf1 has ranges, and a core that the test plays. */

#include "ask_help.h"

#define RC_WILDCARD "sip:range1-!.*!@ims.test"
#define RC_PILOT "sip:range1@ims.test"

/* One element of "ranges", by the pilot or by the wildcard itself. */
#define RC_BY_PILOT(trigger)                                                            \
	"{\"range\":\"" RC_WILDCARD "\",\"register\":\"" trigger "\",\"pilot\":\"" RC_PILOT \
	"\",\"impi\":\"a-range1@ims.test\"}"
#define RC_BY_ITSELF(trigger)                                      \
	"{\"range\":\"" RC_WILDCARD "\",\"register\":\"" trigger "\"," \
	"\"impi\":\"a-range1@ims.test\"}"

#define RC_OTHER "\"sip:aa-!.*!@ims.test\"" /* that nobody registers */

/* cmocka fixtures, on top of ask_*; the group ends with ask_group_teardown. */
int rc_group_setup(void **state);
int rc_setup(void **state);
int rc_teardown(void **state);
#define rc_test(f) cmocka_unit_test_setup_teardown(f, rc_setup, rc_teardown)

/* Reloads with these "ranges", and lets the wims process take them. */
void rc_provision(const char *ranges);

/* The core answers it: status "200 OK", more header lines; our Contact is among
 * them unless contact is false. */
void rc_answer(const char *status, const char *more, bool contact);
/* 200 that lists the wildcard. */
void rc_accept(void);
/* That range of the provisioning, which says "register" first and has no pilot,
 * is registered; as if nothing had been sent. */
void rc_register(const char *wildcard);
/* tm's time-out. */
void rc_silence(void);

/* What webrtc_ims.ranges says of the only range. */
const char *rc_rpc(void);

#endif
