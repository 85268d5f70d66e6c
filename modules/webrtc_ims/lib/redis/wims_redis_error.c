/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_redis_error.h"

#include "redis/wims_redis_slot.h"

static const struct
{
	struct wims_pl code;
	const char *text;
} errors[WIMS_REDIS_ERROR_COUNT] = {[WIMS_REDIS_OTHER] = {WIMS_PL_NONE, "it answers with an error"},
#define ERROR_ROW(id, code, text) [WIMS_REDIS_##id] = {WIMS_PL(code), text},
									WIMS_REDIS_ERRORS(ERROR_ROW)
#undef ERROR_ROW
};

/* The code is a whole word. */
static bool begins(struct wims_pl text, struct wims_pl code)
{
	return code.l > 0 && wims_pl_starts(text, code) && (text.l == code.l || text.p[code.l] == ' ');
}

/* Redis 6 puts what went wrong inside a script behind the name of the script:
 * "ERR Error running script (call to f_X): @user_script:1: @user_script: 1: -OOM command ...". */
static struct wims_pl inside_script(struct wims_pl text)
{
	static const struct wims_pl mark = WIMS_PL(": -");
	size_t i;

	if(!wims_pl_starts(text, WIMS_PL("ERR Error running script")))
		return text;
	for(i = 0; i + mark.l < text.l; i++)
		if(wims_pl_starts(wims_pl_from(text, i), mark))
			return wims_pl_from(text, i + mark.l);
	return text;
}

enum wims_redis_error wims_redis_error(struct wims_pl text)
{
	size_t i;

	text = inside_script(text);
	for(i = 0; i < WIMS_REDIS_ERROR_COUNT; i++)
		if(begins(text, errors[i].code))
			return (enum wims_redis_error)i;
	return WIMS_REDIS_OTHER;
}

const char *wims_redis_error_text(enum wims_redis_error e)
{
	return errors[e].text;
}

/* Takes the word up to the next blank. */
static struct wims_pl word(struct wims_pl *rest)
{
	size_t end = wims_pl_find(*rest, ' ');
	struct wims_pl w = {rest->p, end};

	*rest = wims_pl_from(*rest, end + 1);
	return w;
}

bool wims_redis_redirect(struct wims_pl text, const struct wims_redis_addr *asked, uint16_t *slot,
						 struct wims_redis_addr *to)
{
	struct wims_pl number, at;
	uint64_t n, port;
	size_t colon;

	word(&text);
	number = word(&text);
	at = word(&text);
	for(colon = at.l; colon > 0 && at.p[colon - 1] != ':'; colon--)
		;
	if(text.l > 0 || colon == 0 || !wims_pl_u64(number, &n) || n >= WIMS_REDIS_SLOTS
	   || !wims_pl_u64(wims_pl_from(at, colon), &port))
		return false;
	*slot = (uint16_t)n;
	return wims_redis_addr_told((struct wims_pl){at.p, colon - 1}, port, asked, to);
}

bool wims_redis_is_master(const struct wims_redis_value *role)
{
	return wims_redis_is_array(role, 1) && role->at[0].type == WIMS_REDIS_TEXT
		   && wims_pl_eq(role->at[0].text, WIMS_PL("master"));
}

bool wims_redis_master(const struct wims_redis_value *v, const struct wims_redis_addr *asked,
					   struct wims_redis_addr *master)
{
	uint64_t port;

	return wims_redis_is_array(v, 2) && v->at[0].type == WIMS_REDIS_TEXT
		   && v->at[1].type == WIMS_REDIS_TEXT && wims_pl_u64(v->at[1].text, &port)
		   && wims_redis_addr_told(v->at[0].text, port, asked, master);
}
