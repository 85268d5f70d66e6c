/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_provision.h"

#include "provision/wims_identities.h"
#include "provision/wims_members.h"
#include "provision/wims_origin.h"
#include "provision/wims_ranges_read.h"
#include "provision/wims_wwsf_read.h"

struct wims_provision
{
	struct wims_arena arena;
	struct wims_wwsf *wwsfs;
	size_t count;
	struct wims_entries names;
	struct wims_entries issuers;
	struct wims_entries origins;
	struct wims_members members;
};

void wims_provision_free(struct wims_provision *pv)
{
	struct wims_arena arena;
	size_t i;

	if(pv == NULL)
		return;
	for(i = 0; i < pv->count; i++) {
		struct wims_pl secret = pv->wwsfs[i].introspection.client_secret;

		wims_keyset_free(pv->wwsfs[i].keys);
		wims_wipe((char *)secret.p, secret.l);
	}
	wims_regex_room_free(pv->members.room);
	arena = pv->arena; /* pv itself lies in it */
	wims_arena_free(&arena);
}

/* --- reading --- */

/* What the rows of the file's root fill. */
struct root
{
	int64_t version;
	const struct wims_json_value *wwsfs;
};

/* clang-format off */
static const struct wims_member root_rows[] = {
	{"version", WIMS_TYPE_BIT(WIMS_JSON_INT),   WIMS_MEMBER_REQUIRED, 1, 1,              offsetof(struct root, version), wims_set_int,      NULL},
	{"wwsf",    WIMS_TYPE_BIT(WIMS_JSON_ARRAY), WIMS_MEMBER_REQUIRED, 1, WIMS_WWSFS_MAX, offsetof(struct root, wwsfs),   wims_set_borrowed, NULL},
};
/* clang-format on */

static enum wims_reason read_wwsfs(struct wims_reading *rd, struct wims_provision *pv,
								   const struct wims_json_value *v)
{
	size_t outer = wims_path_member(rd, "wwsf");
	enum wims_reason r = WIMS_OK;

	pv->wwsfs = wims_arena_alloc(&pv->arena, wims_json_count(v), sizeof(pv->wwsfs[0]));
	if(pv->wwsfs == NULL)
		return wims_config_nomem(rd);
	while(r == WIMS_OK && pv->count < wims_json_count(v)) {
		size_t at = pv->count++; /* counted first: keys are freed up to count */
		size_t inner = wims_path_index(rd, at);

		rd->wwsf = (uint32_t)at;
		r = wims_wwsf_read(rd, &pv->wwsfs[at], wims_json_at(v, at));
		pv->wwsfs[at].place = at;
		wims_path_leave(rd, inner);
	}
	wims_path_leave(rd, outer);
	return r;
}

/* --- index --- */

static bool index_list(struct wims_provision *pv, struct wims_entries *index, size_t wwsf,
					   const struct wims_pl *at, size_t count)
{
	size_t i;

	for(i = 0; i < count; i++) {
		struct wims_entry e = {.key = at[i], .wwsf = (uint32_t)wwsf, .item = (uint32_t)i};

		if(!wims_entries_add(index, &pv->arena, e))
			return false;
	}
	return true;
}

/* In a sorted index every key belongs to one WWSF, and stands there once. */
static enum wims_reason settle_index(struct wims_reading *rd, struct wims_provision *pv,
									 struct wims_entries *index, const char *member)
{
	const struct wims_entry *hit;

	wims_entries_sort(index);
	if((hit = wims_entries_repeated(index)) == NULL)
		return WIMS_OK;
	wims_path_member(rd, "wwsf");
	wims_path_index(rd, hit->wwsf);
	wims_path_member(rd, member);
	return wims_config_fail(
			rd, WIMS_CONFIG_OVERLAP,
			"\"%.*s\" stands in WWSF \"%.*s\" already; allowed: each value once, in one WWSF",
			WIMS_PL_ARG(hit->key), WIMS_PL_ARG(pv->wwsfs[hit[-1].wwsf].name));
}

/* As wims_provision_ranges() adds them. */
static void number_ranges(struct wims_provision *pv)
{
	size_t i, at = 0;

	for(i = 0; i < pv->count; i++) {
		struct wims_wwsf *w = &pv->wwsfs[i];

		w->ranges_from = at + w->impus.count;
		at = w->ranges_from + w->ranges.count;
	}
}

static enum wims_reason build_index(struct wims_reading *rd, struct wims_provision *pv)
{
	enum wims_reason r;
	size_t i;

	for(i = 0; i < pv->count; i++) {
		const struct wims_wwsf *w = &pv->wwsfs[i];

		if(!index_list(pv, &pv->names, i, &w->name, 1)
		   || !index_list(pv, &pv->issuers, i, w->issuers.at, w->issuers.count)
		   || !index_list(pv, &pv->origins, i, w->origins.at, w->origins.count))
			return wims_config_nomem(rd);
	}
	if((r = settle_index(rd, pv, &pv->names, "name")) != WIMS_OK
	   || (r = settle_index(rd, pv, &pv->issuers, "issuer")) != WIMS_OK
	   || (r = settle_index(rd, pv, &pv->origins, "origins")) != WIMS_OK)
		return r;
	if((r = wims_identities_settle(rd, pv->wwsfs, pv->count)) != WIMS_OK)
		return r;
	number_ranges(pv);
	return wims_ranges_settle(rd, pv->wwsfs, pv->count);
}

static enum wims_reason read_document(struct wims_reading *rd, struct wims_provision *pv,
									  const struct wims_json *doc)
{
	struct root root = {0};
	enum wims_reason r;

	if((r = wims_schema_read(rd, WIMS_SCHEMA(root_rows), &root, wims_json_root(doc))) != WIMS_OK
	   || (r = read_wwsfs(rd, pv, root.wwsfs)) != WIMS_OK)
		return r;
	return build_index(rd, pv);
}

static enum wims_reason parse_json(struct wims_reading *rd, struct wims_json **doc,
								   struct wims_pl json)
{
	struct wims_json_fault jf = {0};
	enum wims_reason r = wims_json_parse(doc, rd->env, json, WIMS_JSON_MAX, &jf);

	if(r == WIMS_OK)
		return r;
	if(r == WIMS_NOMEM)
		return wims_config_nomem(rd);
	return wims_config_fail(rd, WIMS_CONFIG_SYNTAX, "line %d, column %d: %s", jf.line, jf.column,
							jf.text);
}

/* The provisioning lies in its own arena: one block less to lose. */
static struct wims_provision *provision_new(const struct wims_env *env)
{
	struct wims_provision *pv;
	struct wims_arena arena;

	wims_arena_init(&arena, env);
	pv = wims_arena_alloc(&arena, 1, sizeof(*pv));
	if(pv != NULL)
		pv->arena = arena;
	return pv;
}

enum wims_reason wims_provision_parse(struct wims_provision **out, const struct wims_env *env,
									  struct wims_pl json, const struct wims_file_reader *reader,
									  struct wims_config_fault *fault)
{
	struct wims_provision *pv = NULL;
	struct wims_json *doc = NULL;
	struct wims_arena scratch;
	struct wims_reading rd = {.env = env, .scratch = &scratch, .reader = reader, .fault = fault};
	enum wims_reason r;

	*out = NULL;
	*fault = (struct wims_config_fault){0};
	wims_arena_init(&scratch, env);
	if((pv = provision_new(env)) == NULL) {
		r = wims_config_nomem(&rd);
		goto out;
	}
	rd.keep = &pv->arena;
	if((r = parse_json(&rd, &doc, json)) != WIMS_OK || (r = read_document(&rd, pv, doc)) != WIMS_OK)
		goto out;
	*out = pv;
	pv = NULL;
out:
	wims_json_free(doc);
	wims_arena_free(&scratch);
	wims_provision_free(pv);
	return r;
}

/* --- look-up --- */

size_t wims_provision_count(const struct wims_provision *pv)
{
	return pv->count;
}

const struct wims_wwsf *wims_provision_at(const struct wims_provision *pv, size_t i)
{
	return i < pv->count ? &pv->wwsfs[i] : NULL;
}

static const struct wims_wwsf *look_up(const struct wims_provision *pv,
									   const struct wims_entries *index, struct wims_pl key)
{
	const struct wims_entry *e = wims_entries_find(index, key);

	return e == NULL ? NULL : &pv->wwsfs[e->wwsf];
}

const struct wims_wwsf *wims_provision_by_name(const struct wims_provision *pv, struct wims_pl name)
{
	return look_up(pv, &pv->names, name);
}

const struct wims_wwsf *wims_provision_by_issuer(const struct wims_provision *pv,
												 struct wims_pl issuer)
{
	return look_up(pv, &pv->issuers, issuer);
}

const struct wims_wwsf *wims_provision_by_origin(const struct wims_provision *pv,
												 struct wims_pl origin)
{
	char buf[WIMS_ORIGIN_MAX];
	struct wims_pl canonical;

	if(wims_origin_canonical(&canonical, buf, sizeof(buf), origin) != WIMS_OK)
		return NULL;
	return look_up(pv, &pv->origins, canonical);
}

/* --- whose is an identity? --- */

bool wims_provision_use(struct wims_provision *pv, const struct wims_ranges *set)
{
	struct wims_members *m = &pv->members;
	size_t i;

	if(set != NULL && m->room == NULL && (m->room = wims_regex_room_new(pv->arena.env)) == NULL)
		return false;
	m->wwsfs = pv->wwsfs;
	m->count = pv->count;
	m->set = set;
	for(i = 0; i < pv->count; i++)
		pv->wwsfs[i].members = m;
	return true;
}

bool wims_provision_has_ranges(const struct wims_provision *pv)
{
	return pv->members.set != NULL;
}

bool wims_provision_owner(const struct wims_provision *pv, struct wims_pl impu,
						  struct wims_owned *out)
{
	return wims_members_find(&pv->members, impu, out);
}
