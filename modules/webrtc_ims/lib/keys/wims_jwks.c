/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "keys/wims_jwks.h"

#include <inttypes.h>
#include <stdio.h>

static enum wims_reason fail_syntax(struct wims_jwks_fault *fault, size_t max,
									const struct wims_json_fault *jf)
{
	if(jf == NULL)
		snprintf(fault->text, sizeof(fault->text), "more than %zu bytes", max);
	else
		snprintf(fault->text, sizeof(fault->text), "line %d, column %d: %s", jf->line, jf->column,
				 jf->text);
	return WIMS_CONFIG_SYNTAX;
}

typedef enum wims_reason (*keys_of)(struct wims_keyset **out, const struct wims_env *env,
									const struct wims_json_value *jwks, uint32_t allowed,
									struct wims_key_fault *fault);

static enum wims_reason read_value(keys_of make, struct wims_keyset **out,
								   const struct wims_env *env, const struct wims_json_value *jwks,
								   uint32_t allowed, struct wims_jwks_fault *fault)
{
	struct wims_key_fault kf = {.text = "out of memory"};
	enum wims_reason r = make(out, env, jwks, allowed, &kf);

	fault->left_out = kf.left_out;
	if(r != WIMS_NOMEM && wims_json_member(jwks, "keys") != NULL)
		snprintf(fault->text, sizeof(fault->text), "key %zu: %s", kf.index, kf.text);
	else
		snprintf(fault->text, sizeof(fault->text), "%s", kf.text);
	return r;
}

static enum wims_reason read_text(keys_of make, struct wims_keyset **out,
								  const struct wims_env *env, struct wims_pl text, size_t max,
								  uint32_t allowed, struct wims_jwks_fault *fault)
{
	struct wims_json_fault jf = {0};
	struct wims_json *doc = NULL;
	enum wims_reason r;

	*out = NULL;
	fault->left_out = 0;
	if(text.l > max)
		return fail_syntax(fault, max, NULL);
	r = wims_json_parse(&doc, env, text, max, &jf);
	if(r == WIMS_OK)
		r = read_value(make, out, env, wims_json_root(doc), allowed, fault);
	else if(r == WIMS_NOMEM)
		snprintf(fault->text, sizeof(fault->text), "out of memory");
	else
		r = fail_syntax(fault, max, &jf);
	wims_json_free(doc);
	return r;
}

enum wims_reason wims_jwks_keys(struct wims_keyset **out, const struct wims_env *env,
								const struct wims_json_value *jwks, uint32_t allowed,
								struct wims_jwks_fault *fault)
{
	return read_value(wims_keyset_from_jwks, out, env, jwks, allowed, fault);
}

enum wims_reason wims_jwks_read(struct wims_keyset **out, const struct wims_env *env,
								struct wims_pl text, size_t max, uint32_t allowed,
								struct wims_jwks_fault *fault)
{
	return read_text(wims_keyset_from_jwks, out, env, text, max, allowed, fault);
}

enum wims_reason wims_jwks_published(struct wims_keyset **out, const struct wims_env *env,
									 struct wims_pl text, uint32_t allowed,
									 struct wims_jwks_fault *fault)
{
	return read_text(wims_keyset_from_published, out, env, text, WIMS_JWKS_MAX, allowed, fault);
}

/* Three lines, then the set. */
bool wims_jwks_keep(struct wims_buf *out, const struct wims_jwks_kept *kept)
{
	char head[WIMS_JWKS_URL_MAX + 64];
	int n = snprintf(head, sizeof(head), "%.*s\n%" PRId64 "\n%" PRId64 "\n", (int)kept->url.l,
					 kept->url.p, kept->fetched, kept->max_age < 0 ? -1 : kept->max_age);

	return kept->url.l <= WIMS_JWKS_URL_MAX && n > 0 && (size_t)n < sizeof(head)
		   && wims_buf_add(out, (struct wims_pl){head, (size_t)n}) && wims_buf_add(out, kept->jwks);
}

static bool take_line(struct wims_pl *line, struct wims_pl *text)
{
	size_t end = wims_pl_find(*text, '\n');

	if(end == text->l)
		return false;
	*line = (struct wims_pl){text->p, end};
	*text = wims_pl_from(*text, end + 1);
	return true;
}

static bool take_number(int64_t *out, struct wims_pl *text)
{
	struct wims_pl line;
	uint64_t n;

	if(!take_line(&line, text) || !wims_pl_u64(line, &n) || n > INT64_MAX)
		return false;
	*out = (int64_t)n;
	return true;
}

static bool take_max_age(int64_t *out, struct wims_pl *text)
{
	const struct wims_pl unsaid = WIMS_PL("-1\n");

	if(!wims_pl_starts(*text, unsaid))
		return take_number(out, text);
	*out = -1;
	*text = wims_pl_from(*text, unsaid.l);
	return true;
}

bool wims_jwks_kept_read(struct wims_jwks_kept *out, struct wims_pl text)
{
	*out = (struct wims_jwks_kept){0};
	if(!take_line(&out->url, &text) || !take_number(&out->fetched, &text)
	   || !take_max_age(&out->max_age, &text))
		return false;
	out->jwks = text;
	return out->url.l > 0 && out->url.l <= WIMS_JWKS_URL_MAX
		   && wims_pl_find(out->url, '\0') == out->url.l && text.l <= WIMS_JWKS_MAX;
}
