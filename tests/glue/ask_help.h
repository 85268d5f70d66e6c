/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef ASK_HELP_H
#define ASK_HELP_H

/* A world in which wwsf1 has reference tokens only, and a fetching process that
 * the test plays. */

#include "glue.h"

#include <limits.h>

#include "wk_fetch.h"
#include "wk_lookup.h"

enum
{
	ASK_MAX = 64
};

/* What the module wants to have fetched. */
struct ask_fetch
{
	wk_fetch_done done;
	void *ctx;
	char url[64], post[128], user[32], password[32], ca_file[PATH_MAX];
	uint32_t timeout_ms;
	bool open;
};
extern struct ask_fetch ask_fetches[ASK_MAX];
extern size_t ask_fetch_count;
extern bool ask_fetch_fails;

/* cmocka fixtures. */
int ask_group_setup(void **state);
int ask_group_teardown(void **state);
/* Each resumed request goes to wk_token_validate(). */
int ask_setup(void **state);
int ask_teardown(void **state);
#define ask_test(f) cmocka_unit_test_setup_teardown(f, ask_setup, ask_teardown)

/* The member introspection of wwsf1, max_pending 3. */
#define ASK_MEMBER ",\"introspection\":{" ASK_INTROSPECTION ",\"max_pending\":3}"
#define ASK_INTROSPECTION                                          \
	"\"endpoint\":\"https://as.test/i\",\"client_id\":\"epcscf\"," \
	"\"client_secret_file\":\"secret\",\"ca_file\":\"ca.pem\""
/* Reloads; more: the last members of wwsf1. */
void ask_provision(const char *more);

/* The answer to the i-th fetch; NULL: a good one for alice. */
void ask_answer(size_t i, enum wims_fetch_outcome outcome, int status, const char *body);
/* REGISTER of alice with that token, for which wims_token_resolve() must answer
 * so. The caller frees. */
sip_msg_t *ask_resolved(const char *token, int want);
sip_msg_t *ask_resolved_on(uint32_t conn, const char *token, int want);
/* The same, refused or not asked about for that reason. */
void ask_refused(const char *token, int want, const char *reason);
/* What became of a request that was resumed. */
const char *ask_reason(const sip_msg_t *msg);
/* A whole look-up that ends so; the cache is empty afterwards. */
void ask_works(const char *token);
void ask_fails(const char *token);

#endif
