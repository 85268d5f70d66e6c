/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_answer.h"

#include "base/wims_w.h"
#include "sip/wims_cause.h"
#include "sip/wims_grammar.h"
#include "wk_params.h"

enum
{
	PHRASE_MAX = 64,
	CAUSE_LINE_MAX = WIMS_CAUSE_MAX + 16
};

static char line[CAUSE_LINE_MAX];
static struct wims_pl cause; /* Reason header line of an unregistered target */

/* A challenge that has nothing to be answered with would only confuse. */
static int check_code(const char *name, int code)
{
	if(code != 401 && code != 407)
		return 0;
	LM_ERR("modparam %s=%d: must be 400..499, but not 401 or 407\n", name, code);
	return -1;
}

static int check_phrase(const char *name, const char *phrase)
{
	struct wims_pl s = wims_pl_str(phrase);

	if(wims_is_printable(s) && s.l <= PHRASE_MAX)
		return 0;
	LM_ERR("modparam %s=%s: must be 1 to %d printable ASCII characters\n", name, phrase,
		   PHRASE_MAX);
	return -1;
}

static int make_cause(void)
{
	struct wims_pl value = wims_pl_str(wk_params.unregistered_reason);
	struct wims_w w;

	cause = WIMS_PL_NONE;
	if(value.l == 0)
		return 0;
	if(!wims_cause_ok(value)) {
		LM_ERR("modparam unregistered_reason=%s: must be like "
			   "Q.850;cause=20;text=\"Subscriber absent\", cause 1..127, at most %d bytes\n",
			   wk_params.unregistered_reason, WIMS_CAUSE_MAX);
		return -1;
	}
	wims_w_init(&w, line, sizeof(line));
	wims_w_lit(&w, "Reason: ");
	wims_w_pl(&w, value);
	wims_w_crlf(&w);
	cause = wims_w_done(&w);
	return 0;
}

int wk_answer_init(void)
{
	if(check_code("unregistered_code", wk_params.unregistered_code) < 0
	   || check_code("unknown_code", wk_params.unknown_code) < 0)
		return -1;
	if(check_phrase("unregistered_phrase", wk_params.unregistered_phrase) < 0
	   || check_phrase("unknown_phrase", wk_params.unknown_phrase) < 0)
		return -1;
	return make_cause();
}

static struct wk_answer unregistered(void)
{
	return (struct wk_answer){wk_params.unregistered_code,
							  wims_pl_str(wk_params.unregistered_phrase), cause};
}

struct wk_answer wk_answer_of(enum wims_reason r)
{
	const struct wims_reason_info *info = wims_reason_info(r);

	/* Who gives both the same code wants nobody to tell them apart. */
	if(r == WIMS_TARGET_UNREGISTERED
	   || (r == WIMS_TARGET_UNKNOWN && wk_params.unknown_code == wk_params.unregistered_code))
		return unregistered();
	if(r == WIMS_TARGET_UNKNOWN)
		return (struct wk_answer){wk_params.unknown_code, wims_pl_str(wk_params.unknown_phrase),
								  WIMS_PL_NONE};
	return (struct wk_answer){info->code, wims_pl_str(info->phrase), WIMS_PL_NONE};
}
