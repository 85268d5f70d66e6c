/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef REGSUB_HELP_H
#define REGSUB_HELP_H

/* Words of the scenes in test_regsub*.c: one subscription, its core and its
 * clock. */

#include "regevent/wims_regsub.h"

#define IDENTITY WIMS_PL("sip:range1@ims.test")
#define TARGET WIMS_PL("sip:scscf.ims.test:5060")
#define S *(int64_t)1000

enum
{
	EXPIRES = 7200,
	RETRY_MIN = 2000,
	RETRY_MAX = 300000,
	WAIT = RETRY_MIN / 2, /* after the first failure */
	WAIT_MAX = RETRY_MAX / 2
};

extern struct wims_regsubs *rs;
extern struct wims_regsub_action sent; /* the last SUBSCRIBE */
extern int64_t now;
extern uint32_t chance; /* of a wait: what is rolled for it */

/* A table without subscriptions; setup and teardown of a test. */
int start(void **state);
int stop(void **state);
/* Is there something to send? It is in `sent` then. */
bool due(void);
/* Nothing is sent before that time, and something then. */
void sends_after(int64_t ms);
void nothing_for(int64_t ms);
/* An answer to `sent`, in the dialog "core" when nothing else is said. */
bool answer_with(struct wims_regsub_answer a);
void answer(int code);
void answer_after(int code, int64_t retry_after);
void grant(int64_t seconds);
struct wims_reginfo *document(const char *kind, unsigned version);
/* A NOTIFY in the dialog of `sent`. */
struct wims_regsub_notify in_dialog(uint32_t cseq, const char *substate);
/* Outcome of a NOTIFY, and whether it is told; kind NULL: without a body. */
enum wims_reason notify(uint32_t cseq, const char *substate, const char *kind, unsigned version,
						bool *tell);
/* A NOTIFY that is told, or is not, with that outcome. */
void told(uint32_t cseq, const char *substate, const char *kind, unsigned version);
void untold(uint32_t cseq, const char *substate, const char *kind, unsigned version,
			enum wims_reason want);
/* IDENTITY is wanted. */
void want(void);
void view(struct wims_regsub_view *v);
/* The state of the one subscription that there is. */
void is_in(enum wims_regsub_state state);
void is_gone(void);
/* A subscription with its first NOTIFY: version 0, CSeq 1. */
void subscribed(void);
/* `sent` opens a dialog of its own. */
void anew(const struct wims_regsub_action *before);
void in_the_dialog(const struct wims_regsub_action *before);

#endif
