/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_fetch.h"

#include <string.h>

enum
{
	VERSION = 1,
	KIND_REQUEST = 1,
	KIND_ANSWER = 2,
	HEAD_LEN = 8,
	STATUS_MAX = 999,
	REQUEST_TEXTS = 5,
	ANSWER_TEXTS = 2
};

#define OUTCOME_TEXT(id, text, meaning) text,
static const char *const texts[] = {WIMS_FETCH_OUTCOMES(OUTCOME_TEXT)};
#undef OUTCOME_TEXT

const char *wims_fetch_text(enum wims_fetch_outcome outcome)
{
	return texts[outcome];
}

/* --- what may be said ----------------------------------------------------- */

static bool short_text(struct wims_pl s, size_t max)
{
	return s.l <= max && wims_pl_find(s, '\0') == s.l;
}

static bool request_ok(const struct wims_fetch_in *in)
{
	return in->url.l > 0 && short_text(in->url, WIMS_FETCH_URL_MAX)
		   && short_text(in->ca_file, WIMS_FETCH_CA_MAX) && in->post_body.l <= WIMS_FETCH_POST_MAX
		   && short_text(in->user, WIMS_FETCH_USER_MAX)
		   && short_text(in->password, WIMS_FETCH_USER_MAX) && in->timeout_ms > 0
		   && in->timeout_ms <= WIMS_FETCH_TIMEOUT_MAX && in->max_bytes > 0
		   && in->max_bytes <= WIMS_FETCH_BODY_MAX;
}

static bool answer_ok(const struct wims_fetch_answer *a)
{
	return a->outcome < WIMS_FETCH_OUTCOME_COUNT && a->status >= 0 && a->status <= STATUS_MAX
		   && a->max_age >= -1 && a->why.l <= WIMS_FETCH_WHY_MAX && a->body.l <= WIMS_FETCH_BODY_MAX
		   && (a->outcome == WIMS_FETCH_OK || a->body.l == 0);
}

/* --- writing -------------------------------------------------------------- */

static char *put_number(char *p, uint64_t n, size_t bytes)
{
	size_t i;

	for(i = 0; i < bytes; i++)
		p[i] = (char)(n >> (bytes - 1 - i) * 8 & 0xff);
	return p + bytes;
}

static char *put_text(char *p, struct wims_pl s)
{
	p = put_number(p, s.l, 4);
	if(s.l > 0)
		memcpy(p, s.p, s.l);
	return p + s.l;
}

static char *put_head(char *p, int kind, size_t payload)
{
	*p++ = 'W';
	*p++ = 'F';
	*p++ = VERSION;
	*p++ = (char)kind;
	return put_number(p, payload, 4);
}

bool wims_fetch_put_request(struct wims_buf *out, uint32_t id, const struct wims_fetch_in *in)
{
	size_t payload = 3 * 4 + REQUEST_TEXTS * 4 + in->url.l + in->ca_file.l + in->post_body.l
					 + in->user.l + in->password.l;
	char *p;

	if(!request_ok(in) || (p = wims_buf_room(out, HEAD_LEN + payload)) == NULL)
		return false;
	p = put_head(p, KIND_REQUEST, payload);
	p = put_number(p, id, 4);
	p = put_number(p, in->timeout_ms, 4);
	p = put_number(p, in->max_bytes, 4);
	p = put_text(p, in->url);
	p = put_text(p, in->ca_file);
	p = put_text(p, in->post_body);
	p = put_text(p, in->user);
	put_text(p, in->password);
	wims_buf_added(out, HEAD_LEN + payload);
	return true;
}

bool wims_fetch_put_answer(struct wims_buf *out, uint32_t id, const struct wims_fetch_answer *a)
{
	size_t payload = 3 * 4 + 8 + ANSWER_TEXTS * 4 + a->why.l + a->body.l;
	char *p;

	if(!answer_ok(a) || (p = wims_buf_room(out, HEAD_LEN + payload)) == NULL)
		return false;
	p = put_head(p, KIND_ANSWER, payload);
	p = put_number(p, id, 4);
	p = put_number(p, (uint64_t)a->outcome, 4);
	p = put_number(p, (uint64_t)a->status, 4);
	p = put_number(p, (uint64_t)a->max_age, 8);
	p = put_text(p, a->why);
	put_text(p, a->body);
	wims_buf_added(out, HEAD_LEN + payload);
	return true;
}

/* --- reading -------------------------------------------------------------- */

/* What is left of a payload; ok turns false where it ends too early. */
struct reader
{
	struct wims_pl rest;
	bool ok;
};

static uint64_t get_number(struct reader *r, size_t bytes)
{
	uint64_t n = 0;
	size_t i;

	if(r->rest.l < bytes) {
		r->ok = false;
		return 0;
	}
	for(i = 0; i < bytes; i++)
		n = n << 8 | (unsigned char)r->rest.p[i];
	r->rest = wims_pl_from(r->rest, bytes);
	return n;
}

static struct wims_pl get_text(struct reader *r)
{
	struct wims_pl s;
	uint64_t l = get_number(r, 4);

	if(!r->ok || l > r->rest.l) {
		r->ok = false;
		return WIMS_PL_NONE;
	}
	s = (struct wims_pl){r->rest.p, (size_t)l};
	r->rest = wims_pl_from(r->rest, s.l);
	return s;
}

/* The payload of a whole frame of that kind. */
static enum wims_fetch_read get_frame(struct wims_pl bytes, int kind, struct reader *r,
									  size_t *used)
{
	char want[HEAD_LEN];
	struct reader head = {bytes, true};
	size_t i;
	uint64_t payload;

	*used = 0;
	put_head(want, kind, 0);
	for(i = 0; i < 4 && i < bytes.l; i++)
		if(bytes.p[i] != want[i])
			return WIMS_FETCH_BROKEN;
	if(bytes.l < HEAD_LEN)
		return WIMS_FETCH_MORE;
	get_number(&head, 4);
	payload = get_number(&head, 4);
	if(payload > WIMS_FETCH_FRAME_MAX - HEAD_LEN)
		return WIMS_FETCH_BROKEN;
	if(payload > head.rest.l)
		return WIMS_FETCH_MORE;
	*r = (struct reader){{head.rest.p, (size_t)payload}, true};
	*used = HEAD_LEN + (size_t)payload;
	return WIMS_FETCH_FRAME;
}

static bool read_request(struct reader *r, uint32_t *id, struct wims_fetch_in *in)
{
	*id = (uint32_t)get_number(r, 4);
	in->timeout_ms = (uint32_t)get_number(r, 4);
	in->max_bytes = (uint32_t)get_number(r, 4);
	in->url = get_text(r);
	in->ca_file = get_text(r);
	in->post_body = get_text(r);
	in->user = get_text(r);
	in->password = get_text(r);
	return r->ok && r->rest.l == 0 && request_ok(in);
}

enum wims_fetch_read wims_fetch_get_request(struct wims_pl bytes, size_t *used, uint32_t *id,
											struct wims_fetch_in *in)
{
	struct reader r;
	enum wims_fetch_read got = get_frame(bytes, KIND_REQUEST, &r, used);

	*in = (struct wims_fetch_in){0};
	if(got != WIMS_FETCH_FRAME || read_request(&r, id, in))
		return got;
	*in = (struct wims_fetch_in){0};
	return WIMS_FETCH_BROKEN;
}

static bool read_answer(struct reader *r, uint32_t *id, struct wims_fetch_answer *a)
{
	uint64_t outcome, status;

	*id = (uint32_t)get_number(r, 4);
	outcome = get_number(r, 4);
	status = get_number(r, 4);
	a->max_age = (int64_t)get_number(r, 8);
	a->why = get_text(r);
	a->body = get_text(r);
	if(outcome >= WIMS_FETCH_OUTCOME_COUNT || status > STATUS_MAX)
		return false;
	a->outcome = (enum wims_fetch_outcome)outcome;
	a->status = (int)status;
	return r->ok && r->rest.l == 0 && answer_ok(a);
}

enum wims_fetch_read wims_fetch_get_answer(struct wims_pl bytes, size_t *used, uint32_t *id,
										   struct wims_fetch_answer *a)
{
	const struct wims_fetch_answer none = {.outcome = WIMS_FETCH_FAILED, .max_age = -1};
	struct reader r;
	enum wims_fetch_read got = get_frame(bytes, KIND_ANSWER, &r, used);

	*a = none;
	if(got != WIMS_FETCH_FRAME || read_answer(&r, id, a))
		return got;
	*a = none;
	return WIMS_FETCH_BROKEN;
}
