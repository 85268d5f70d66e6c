/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef GLUE_H
#define GLUE_H

/* What every test of the glue includes first: cmocka, the stand-in of
 * Kamailio, and a small world to run in. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ksr_stub.h"
#include "flow/wims_flow.h"

#define GLUE_CONN 7u       /* a WIC of wwsf1 (web-auth) */
#define GLUE_RANGE_CONN 9u /* a WIC of wwsf3 (range); glue_range_open() */
#define GLUE_BOTH_CONN 11u /* a WIC of "both" (web-auth, ims-auth); glue_both_open() */
#define GLUE_THIN_CONN 8u  /* a WIC of the WWSF "thin" (ims-auth) */

/* cmocka fixtures. The group: parameters, provisioning, bindings to tm and sl.
 * Each test: a fresh flow table with GLUE_CONN and GLUE_THIN_CONN open. */
int glue_group_setup(void **state);
int glue_group_teardown(void **state);
int glue_setup(void **state);
/* Fails when pkg, shm or references to connections are not given back. */
int glue_teardown(void **state);

/* The provisioning of the group, in a file of its own. */
const char *glue_provisioning(void);

/* A good token for alice of wwsf1 with one claim changed (NULL: none). Free
 * it. */
char *glue_token(const char *claim, const char *value);
/* REGISTER of alice over GLUE_CONN with that token (NULL: no Authorization)
 * and further header lines. */
sip_msg_t *glue_register(const char *token, const char *more);
/* The same with a To and a From of one's own. */
sip_msg_t *glue_register_as(const char *token, const char *to, const char *from, const char *more);

/* "both" conveys WAF and WWSF identity, and requires a token on requests of users that
 * have one. */
int glue_both_open(void);
/* wwsf3 has sip:r1-!.*!@ims.test ("first", pilot sip:r1@ims.test, IMPI
 * r1@ims.test), sip:r2-!.*!@ims.test ("token", r2@ims.test),
 * sip:r3-![0-9]+!@ims.test ("never"), sip:r1-vip@ims.test in "impus" and IMPIs
 * r*@ims.test. */
int glue_range_open(void);
/* A good token of wwsf3 for that IMPU, with further members. Free it. */
char *glue_range_token(const char *impu, const char *more);
/* REGISTER of it over GLUE_RANGE_CONN. */
sip_msg_t *glue_range_register(const char *token, const char *impu, const char *more);

/* Registers alice over GLUE_CONN through the glue, up to the core's 200. The
 * contact user is copied out. */
void glue_registered(char contact_user[WIMS_CONTACT_USER_LEN + 1]);
/* The same with a token of one's own that is good for alice. */
void glue_registered_with(const char *token, char contact_user[WIMS_CONTACT_USER_LEN + 1]);
/* A REGISTER of alice that has been let pass, with a token of which one claim is
 * changed, and what the core says of it afterwards. */
struct glue_race
{
	sip_msg_t *msg, *reply;
	char *token;
};
void glue_race_begin(struct glue_race *r, const char *claim, const char *value);
/* The core's 200 comes; the outcome is this. */
void glue_race_end(struct glue_race *r, const char *reason);
/* What f(msg) returns when the allocation after n others fails, and with ksr_memory.once
 * no other one; *failed: so many were asked for. */
int glue_scarce(int (*f)(sip_msg_t *), sip_msg_t *msg, size_t n, bool *failed);
/* What the flow table holds now. */
struct wims_flow_counts glue_counts(void);
/* The next action that is due in the flow table. */
bool glue_next_action(struct wims_action *a);
/* One more WIC, of that WWSF. */
int glue_open(uint32_t conn, const char *origin, const char *wwsf);
/* What follows name in text, to the end of its line. */
void glue_line_of(char *to, size_t size, const char *text, const char *name);
/* What follows that text in the last request of our own, to the end of its line; one
 * of the last four such texts. */
const char *glue_sent(const char *name);
/* The last outcome that the glue noted for this message. */
const char *glue_reason(const sip_msg_t *msg);

#define assert_reason(msg, text) assert_string_equal(glue_reason(msg), text)
/* Fails and shows both unless needle is in hay. */
void glue_contains(const char *hay, const char *needle, int line);
void glue_lacks(const char *hay, const char *needle, int line);
#define assert_contains(hay, needle) glue_contains(hay, needle, __LINE__)
#define assert_lacks(hay, needle) glue_lacks(hay, needle, __LINE__)

#define glue_test(f) cmocka_unit_test_setup_teardown(f, glue_setup, glue_teardown)

#endif
