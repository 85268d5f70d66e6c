/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_keys_read.h"

#include "keys/wims_jwks.h"

#include <stddef.h>

#include "provision/wims_file_read.h"

enum
{
	NOT_GIVEN = -1,
	REFRESH_MIN = 60, /* s, defaults */
	REFRESH_MAX = 3600,
	STALE = 86400,
	DAY = 86400
};

/* One source: exactly one of the first four, or remote.uri, is given. */
struct source
{
	struct wims_pl jwks_file;
	const struct wims_json_value *jwks;
	struct wims_pl pem_file;
	struct wims_pl pem;
	struct wims_pl kid;
	struct wims_remote_keys remote;
};

/* clang-format off */
#define AT(m) offsetof(struct source, m)
static const struct wims_member source_rows[] = {
	{"jwks_file",   WIMS_TYPE_BIT(WIMS_JSON_STRING), 0, 0, 0,        AT(jwks_file),          wims_set_text,     &wims_text_printable},
	{"jwks",        WIMS_TYPE_BIT(WIMS_JSON_OBJECT), 0, 0, 0,        AT(jwks),               wims_set_borrowed, NULL},
	{"pem_file",    WIMS_TYPE_BIT(WIMS_JSON_STRING), 0, 0, 0,        AT(pem_file),           wims_set_text,     &wims_text_printable},
	{"pem",         WIMS_TYPE_BIT(WIMS_JSON_STRING), 0, 0, 0,        AT(pem),                wims_set_text,     &wims_text_pem},
	{"kid",         WIMS_TYPE_BIT(WIMS_JSON_STRING), 0, 0, 0,        AT(kid),                wims_set_text,     &wims_text_kid},
	{"jwks_uri",    WIMS_TYPE_BIT(WIMS_JSON_STRING), 0, 0, 0,        AT(remote.uri),         wims_set_text,     &wims_text_https},
	{"ca_file",     WIMS_TYPE_BIT(WIMS_JSON_STRING), 0, 0, 0,        AT(remote.ca_file),     wims_set_text,     &wims_text_printable},
	{"refresh_min", WIMS_TYPE_BIT(WIMS_JSON_INT),    0, 1, DAY,      AT(remote.refresh_min), wims_set_int,      NULL},
	{"refresh_max", WIMS_TYPE_BIT(WIMS_JSON_INT),    0, 1, 7 * DAY,  AT(remote.refresh_max), wims_set_int,      NULL},
	{"stale",       WIMS_TYPE_BIT(WIMS_JSON_INT),    0, 0, 30 * DAY, AT(remote.stale),       wims_set_int,      NULL},
};
#undef AT
/* clang-format on */

static enum wims_reason fail_key(struct wims_reading *rd, enum wims_reason r, const char *text)
{
	if(r == WIMS_NOMEM)
		return wims_config_nomem(rd);
	return wims_config_fail(rd, r, "%s", text);
}

static enum wims_reason from_jwks(struct wims_reading *rd, struct wims_keyset **out,
								  const struct wims_json_value *jwks, uint32_t algorithms)
{
	struct wims_jwks_fault fault;
	enum wims_reason r = wims_jwks_keys(out, rd->env, jwks, algorithms, &fault);

	return r == WIMS_OK ? r : fail_key(rd, r, fault.text);
}

static enum wims_reason from_jwks_file(struct wims_reading *rd, struct wims_keyset **out,
									   struct wims_pl path, uint32_t algorithms)
{
	struct wims_jwks_fault fault;
	struct wims_pl text;
	enum wims_reason r;

	if((r = wims_file_read(rd, &text, path, WIMS_JWKS_FILE_MAX)) != WIMS_OK)
		return r;
	r = wims_jwks_read(out, rd->env, text, WIMS_JWKS_FILE_MAX, algorithms, &fault);
	if(r == WIMS_CONFIG_SYNTAX)
		return wims_config_fail(rd, r, "\"%.*s\" %s", WIMS_PL_ARG(path), fault.text);
	return r == WIMS_OK ? r : fail_key(rd, r, fault.text);
}

static enum wims_reason from_pem(struct wims_reading *rd, struct wims_keyset **out,
								 struct wims_pl pem, struct wims_pl kid, uint32_t algorithms)
{
	struct wims_key_fault kf = {0};
	enum wims_reason r = wims_keyset_from_pem(out, rd->env, pem, kid, algorithms, &kf);

	return r == WIMS_OK ? r : fail_key(rd, r, kf.text);
}

static enum wims_reason from_pem_file(struct wims_reading *rd, struct wims_keyset **out,
									  const struct source *s, uint32_t algorithms)
{
	struct wims_pl text;
	enum wims_reason r = wims_file_read(rd, &text, s->pem_file, WIMS_PEM_MAX);

	return r == WIMS_OK ? from_pem(rd, out, text, s->kid, algorithms) : r;
}

static bool refresh_given(const struct wims_remote_keys *k)
{
	return k->ca_file.l > 0 || k->refresh_min != NOT_GIVEN || k->refresh_max != NOT_GIVEN
		   || k->stale != NOT_GIVEN;
}

static enum wims_reason check_source(struct wims_reading *rd, const struct source *s)
{
	int pems = (s->pem.l > 0) + (s->pem_file.l > 0);
	bool remote = s->remote.uri.l > 0;
	int sources = pems + (s->jwks_file.l > 0) + (s->jwks != NULL) + remote;

	if(sources != 1)
		return wims_config_fail(
				rd, WIMS_CONFIG_MEMBER,
				"names %d sources; allowed: one of jwks_file, jwks, pem_file, pem, jwks_uri",
				sources);
	if(s->kid.l > 0 && pems == 0)
		return wims_config_fail(rd, WIMS_CONFIG_MEMBER, "\"kid\" goes with pem or pem_file only");
	if(!remote && refresh_given(&s->remote))
		return wims_config_fail(rd, WIMS_CONFIG_MEMBER,
								"\"ca_file\", \"refresh_min\", \"refresh_max\" and \"stale\" go "
								"with jwks_uri only");
	return WIMS_OK;
}

/* What can be fetched by everybody is no secret: no key for HMAC comes from
 * there. */
static enum wims_reason set_remote(struct wims_reading *rd, struct wims_wwsf *w,
								   const struct wims_remote_keys *k)
{
	struct wims_remote_keys *to = &w->remote;

	if(to->uri.l > 0)
		return wims_config_fail(rd, WIMS_CONFIG_MEMBER, "allowed: one jwks_uri in a WWSF");
	if((w->algorithms & WIMS_ALG_PUBLIC) == 0)
		return wims_config_fail(rd, WIMS_CONFIG_MEMBER,
								"jwks_uri has no meaning where algorithms names HMAC only");
	*to = *k;
	if(to->refresh_min == NOT_GIVEN)
		to->refresh_min = k->refresh_max == NOT_GIVEN || k->refresh_max > REFRESH_MIN
								  ? REFRESH_MIN
								  : k->refresh_max;
	if(to->refresh_max == NOT_GIVEN)
		to->refresh_max = to->refresh_min > REFRESH_MAX ? to->refresh_min : REFRESH_MAX;
	if(to->stale == NOT_GIVEN)
		to->stale = STALE;
	if(to->refresh_min > to->refresh_max)
		return wims_config_fail(rd, WIMS_CONFIG_VALUE,
								"refresh_min is more than refresh_max; allowed: at most that");
	if(w->keys == NULL && (w->keys = wims_keyset_new(rd->env)) == NULL)
		return wims_config_nomem(rd);
	return wims_ca_file_check(rd, to->ca_file);
}

static enum wims_reason source_keys(struct wims_reading *rd, struct wims_keyset **out,
									const struct source *s, uint32_t algorithms)
{
	const char *name = s->jwks_file.l > 0  ? "jwks_file"
					   : s->jwks != NULL   ? "jwks"
					   : s->pem_file.l > 0 ? "pem_file"
										   : "pem";
	size_t outer = wims_path_member(rd, name);
	enum wims_reason r;

	if(s->jwks_file.l > 0)
		r = from_jwks_file(rd, out, s->jwks_file, algorithms);
	else if(s->jwks != NULL)
		r = from_jwks(rd, out, s->jwks, algorithms);
	else if(s->pem_file.l > 0)
		r = from_pem_file(rd, out, s, algorithms);
	else
		r = from_pem(rd, out, s->pem, s->kid, algorithms);
	wims_path_leave(rd, outer);
	return r;
}

static enum wims_reason add_source(struct wims_reading *rd, struct wims_wwsf *w,
								   const struct wims_json_value *v)
{
	struct wims_key_fault kf = {0};
	struct wims_keyset *more = NULL;
	struct source s = {
			.remote = {.refresh_min = NOT_GIVEN, .refresh_max = NOT_GIVEN, .stale = NOT_GIVEN}};
	enum wims_reason r;

	if((r = wims_schema_read(rd, WIMS_SCHEMA(source_rows), &s, v)) != WIMS_OK
	   || (r = check_source(rd, &s)) != WIMS_OK)
		goto out;
	if(s.remote.uri.l > 0) {
		r = set_remote(rd, w, &s.remote);
		goto out;
	}
	if((r = source_keys(rd, w->keys == NULL ? &w->keys : &more, &s, w->algorithms)) != WIMS_OK)
		goto out;
	if(more != NULL && (r = wims_keyset_merge(w->keys, more, &kf)) != WIMS_OK)
		r = fail_key(rd, r, kf.text);
out:
	wims_keyset_free(more);
	return r;
}

/* No token could name it once remote keys are there. */
static enum wims_reason check_kids(struct wims_reading *rd, const struct wims_wwsf *w)
{
	if(w->remote.uri.l > 0 && wims_keyset_count(w->keys) > 0 && wims_keyset_kid(w->keys, 0).l == 0)
		return wims_config_fail(rd, WIMS_CONFIG_KEY,
								"a key without \"kid\" must be the only one: none beside jwks_uri");
	return WIMS_OK;
}

WIMS_SETTER(wims_set_keys)
{
	enum wims_reason r = WIMS_OK;
	size_t i;

	(void)m;
	if(wims_json_type(v) == WIMS_JSON_OBJECT)
		return add_source(rd, field, v);
	for(i = 0; r == WIMS_OK && i < wims_json_count(v); i++) {
		size_t outer = wims_path_index(rd, i);

		r = add_source(rd, field, wims_json_at(v, i));
		wims_path_leave(rd, outer);
	}
	return r == WIMS_OK ? check_kids(rd, field) : r;
}
