/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_user.h"

#include "range/wims_range.h"
#include "wims_claims.h"

/* --- identity --- */

static bool is_uri(struct wims_pl s)
{
	return wims_pl_casestarts(s, WIMS_PL("sip:")) || wims_pl_casestarts(s, WIMS_PL("sips:"))
		   || wims_pl_casestarts(s, WIMS_PL("tel:"));
}

static void write_escape(struct wims_w *w, unsigned byte)
{
	static const char hex[] = "0123456789ABCDEF";
	const char text[3] = {'%', hex[byte >> 4], hex[byte & 15]};

	wims_w_pl(w, (struct wims_pl){text, sizeof(text)});
}

/* escaped: an escape in it stands for another character. */
static void write_user(struct wims_w *w, struct wims_pl user, bool escaped)
{
	size_t i;

	for(i = 0; i < user.l; i++) {
		int byte = escaped ? wims_unescape(wims_pl_from(user, i)) : -1;

		if(user.p[i] == '%' && byte >= 0)
			i += 2;
		else
			byte = (unsigned char)user.p[i];
		if(byte < 0x80 && wims_is_unreserved((char)byte))
			wims_w_pl(w, (struct wims_pl){(const char[]){(char)byte}, 1});
		else
			write_escape(w, (unsigned)byte);
	}
}

/* A canonical URI in that spelling. */
static enum wims_reason spell(struct wims_pl *out, char buf[WIMS_IMPU_MAX], struct wims_pl impu)
{
	struct wims_identity id = wims_identity_split(impu);
	struct wims_w w;

	wims_w_init(&w, buf, WIMS_IMPU_MAX);
	wims_w_pl(&w, id.scheme);
	if(id.host.l == 0) {
		wims_w_pl(&w, id.user);
	} else {
		write_user(&w, id.user, true);
		wims_w_lit(&w, "@");
		wims_w_pl(&w, id.host);
	}
	*out = wims_w_done(&w);
	return w.ok ? WIMS_OK : WIMS_URI_BAD;
}

/* The last '@' is the one before the domain. */
static size_t last_at(struct wims_pl s)
{
	size_t i = s.l;

	while(i > 0 && s.p[i - 1] != '@')
		i--;
	return i == 0 ? s.l : i - 1;
}

static struct wims_pl uri_of_name(char *buf, size_t size, struct wims_pl name,
								  struct wims_pl domain)
{
	size_t at = last_at(name);
	struct wims_w w;

	wims_w_init(&w, buf, size);
	wims_w_lit(&w, "sip:");
	write_user(&w, (struct wims_pl){name.p, at}, false);
	wims_w_lit(&w, "@");
	wims_w_pl(&w, at < name.l ? wims_pl_from(name, at + 1) : domain);
	return wims_w_done(&w);
}

enum wims_reason wims_user_identity(struct wims_pl *out, char buf[WIMS_IMPU_MAX],
									struct wims_pl text, struct wims_pl domain)
{
	char made[WIMS_IMPU_INPUT_MAX], canonical[WIMS_IMPU_MAX];
	struct wims_pl impu;

	*out = WIMS_PL_NONE;
	if(!is_uri(text))
		text = uri_of_name(made, sizeof(made), text, domain);
	if(wims_impu_canonical(&impu, canonical, sizeof(canonical), text) != WIMS_OK)
		return WIMS_URI_BAD;
	return spell(out, buf, impu);
}

struct wims_pl wims_user_owner(const struct wims_token *t)
{
	return wims_pl_eq(t->user, WIMS_PL(WIMS_USER_ANONYMOUS)) ? t->subject : t->user;
}

/* --- blocks --- */

static bool ends_with(struct wims_pl s, struct wims_pl tail)
{
	return s.l >= tail.l && wims_pl_eq(wims_pl_from(s, s.l - tail.l), tail);
}

static bool matches(struct wims_pl pattern, struct wims_pl name)
{
	struct wims_pl head = {pattern.p, wims_pl_find(pattern, '*')};
	struct wims_pl tail = wims_pl_from(pattern, head.l + 1);

	if(head.l == pattern.l)
		return wims_pl_eq(pattern, name);
	return name.l >= head.l + tail.l && wims_pl_starts(name, head) && ends_with(name, tail);
}

static bool is_one(struct wims_pl_list patterns, struct wims_pl user)
{
	struct wims_pl name = wims_pl_from(user, wims_pl_find(user, ':') + 1);
	size_t i;

	for(i = 0; i < patterns.count; i++)
		if(matches(patterns.at[i], name))
			return true;
	return patterns.count == 0;
}

size_t wims_user_blocks(const struct wims_wwsf *w, struct wims_pl user,
						const struct wims_json_value *claims, uint16_t out[WIMS_TOKEN_BLOCKS_MAX])
{
	size_t i, n = 0;

	for(i = 0; i < w->ranges.count && n < WIMS_TOKEN_BLOCKS_MAX; i++) {
		const struct wims_wwsf_range *range = &w->ranges.at[i];

		if(range->allocate != NULL && is_one(range->users, user)
		   && (range->claim.count == 0 || wims_claim_obeys(claims, &range->claim) == WIMS_CLAIM_OK))
			out[n++] = (uint16_t)i;
	}
	return n;
}
