/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_revoke.h"

#include "base/wims_w.h"

enum
{
	FIELDS = 4
};

static const char *const kinds[WIMS_REVOKE_KINDS] = {
		[WIMS_REVOKE_JTI] = "jti",
		[WIMS_REVOKE_SUBJECT] = "subject",
		[WIMS_REVOKE_ISSUED_BEFORE] = "issued_before",
};

const char *wims_revoke_kind_text(enum wims_revoke_kind kind)
{
	return kind < WIMS_REVOKE_KINDS ? kinds[kind] : "";
}

bool wims_revoke_kind_parse(enum wims_revoke_kind *kind, struct wims_pl text)
{
	unsigned i;

	for(i = 0; i < WIMS_REVOKE_KINDS; i++)
		if(wims_pl_eq(text, wims_pl_str(kinds[i]))) {
			*kind = (enum wims_revoke_kind)i;
			return true;
		}
	return false;
}

/* The table lets no TAB in. */
bool wims_revocation_write(struct wims_buf *out, const struct wims_revocation *r)
{
	char *room = wims_buf_room(out, WIMS_REVOKE_LINE_MAX);
	struct wims_w w;

	if(room == NULL)
		return false;
	wims_w_init(&w, room, WIMS_REVOKE_LINE_MAX - 1);
	wims_w_pl(&w, wims_pl_str(kinds[r->kind]));
	wims_w_lit(&w, "\t");
	wims_w_pl(&w, r->wwsf);
	wims_w_lit(&w, "\t");
	if(r->kind == WIMS_REVOKE_ISSUED_BEFORE)
		wims_w_u64(&w, (uint64_t)r->before);
	else
		wims_w_pl(&w, r->value);
	wims_w_lit(&w, "\t");
	wims_w_u64(&w, (uint64_t)r->expires);
	if(!w.ok)
		return false;
	room[w.len] = '\n';
	wims_buf_added(out, w.len + 1);
	return true;
}

/* Exactly FIELDS of them. */
static bool split(struct wims_pl line, struct wims_pl field[FIELDS])
{
	size_t i;

	for(i = 0; i < FIELDS; i++) {
		size_t end = wims_pl_find(line, '\t');

		if((end == line.l) != (i == FIELDS - 1))
			return false;
		field[i] = (struct wims_pl){line.p, end};
		line = wims_pl_from(line, end + 1);
	}
	return true;
}

/* One spelling for a time: no zero in front, nothing beyond int64_t. */
static bool read_time(int64_t *out, struct wims_pl text)
{
	uint64_t n;

	if(text.l == 0 || text.p[0] == '0' || !wims_pl_u64(text, &n) || n > INT64_MAX)
		return false;
	*out = (int64_t)n;
	return true;
}

static bool read_line(struct wims_revocation *r, struct wims_pl line)
{
	struct wims_pl field[FIELDS];

	*r = (struct wims_revocation){0};
	if(line.l >= WIMS_REVOKE_LINE_MAX || !split(line, field)
	   || !wims_revoke_kind_parse(&r->kind, field[0]) || !read_time(&r->expires, field[3]))
		return false;
	r->wwsf = field[1];
	if(r->kind == WIMS_REVOKE_ISSUED_BEFORE)
		return read_time(&r->before, field[2]);
	r->value = field[2];
	return true;
}

enum wims_reason wims_revokes_read(struct wims_revokes *rs, struct wims_pl text, int64_t now,
								   size_t *line)
{
	for(*line = 0; text.l > 0;) {
		struct wims_revocation r;
		size_t end = wims_pl_find(text, '\n');
		enum wims_reason added = WIMS_OK;

		++*line;
		if(end == text.l || !read_line(&r, (struct wims_pl){text.p, end}))
			return WIMS_CONFIG_SYNTAX;
		if(r.expires > now)
			added = wims_revokes_add(rs, &r);
		if(added != WIMS_OK)
			return added;
		text = wims_pl_from(text, end + 1);
	}
	return WIMS_OK;
}
