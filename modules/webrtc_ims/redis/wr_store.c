/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wr_store_int.h"

#include <string.h>

#include "wr_conn.h"

enum
{
	USED_UP = -1, /* as allocate.lua says it */
	ASK_AGAIN = -2,
	ASKED_MAX = 8, /* times in a row */
	ASKED_FOR_US = 20000
};

static uint64_t quarantine_ms(const struct wims_block *b)
{
	return (uint64_t)b->quarantine * 1000;
}

/* A claimed IMPU has no key of its owner. */
static void owners_prefix(struct wr_step *step, const struct wims_block *b)
{
	if(b->size > 0)
		wr_step_prefix(step, b, WIMS_PL("u:"));
	else
		wr_step_text(step, WIMS_PL_NONE);
}

static enum wims_reason allocate_once(struct wr_store *s, const struct wims_block *b,
									  struct wims_pl owner, int64_t hold_ms, int64_t *index)
{
	struct wr_step *step = wr_step_new(s, &wr_script_allocate);
	const struct wims_redis_value *v;
	enum wims_reason r;

	wr_step_key(step, b, WIMS_PL("u:"), owner);
	wr_step_key(step, b, WIMS_PL("lease"), WIMS_PL_NONE);
	wr_step_key(step, b, WIMS_PL("next"), WIMS_PL_NONE);
	wr_step_key(step, b, WIMS_PL("format"), WIMS_PL_NONE);
	wr_step_text(step, owner);
	wr_step_number(step, b->size);
	wr_step_number(step, (uint64_t)hold_ms);
	wr_step_number(step, quarantine_ms(b));
	wr_step_prefix(step, b, WIMS_PL("e:"));
	if((r = wr_step_run(s, &v)) != WIMS_OK)
		return r;
	if(!wr_number_read(v, ASK_AGAIN, (int64_t)b->size - 1, index))
		return wr_store_bad(s, "no index of an IMPU");
	return WIMS_OK;
}

static enum wims_reason allocate(void *ctx, const struct wims_block *b, struct wims_pl owner,
								 int64_t hold_ms, int64_t *index)
{
	struct wr_store *s = ctx;
	int64_t began = wr_now_us(), found;
	enum wims_reason r;
	int asked = 0;

	do {
		if((r = allocate_once(s, b, owner, hold_ms, &found)) != WIMS_OK)
			return r;
	} while(found == ASK_AGAIN && ++asked < ASKED_MAX && wr_now_us() - began < ASKED_FOR_US);
	if(found == USED_UP)
		return WIMS_BLOCK_USED_UP;
	if(found == ASK_AGAIN) {
		s->error = "it still looks for IMPUs that are free, after a loss";
		return WIMS_REGISTRAR_AWAY;
	}
	*index = found;
	return WIMS_OK;
}

static void entry_keys(struct wr_step *step, const struct wims_block *b, struct wims_pl impu,
					   int64_t index)
{
	wr_step_entry(step, b, impu, index);
	wr_step_key(step, b, WIMS_PL("lease"), WIMS_PL_NONE);
	wr_step_key(step, b, WIMS_PL("format"), WIMS_PL_NONE);
}

static bool put_write(struct wr_step *step, const struct wims_block *b,
					  const struct wims_reg_put *in)
{
	bool ok;

	entry_keys(step, b, in->impu, in->index);
	if(b->size > 0)
		wr_step_key(step, b, WIMS_PL("u:"), in->owner);
	wr_step_id(step, in->impu, in->index);
	wr_step_text(step, in->impu);
	wr_step_text(step, in->owner);
	wr_step_text(step, in->contact.name);
	ok = wr_step_contact(step, &in->contact);
	wr_step_number(step, (uint64_t)in->contact.left_ms);
	wr_step_number(step, in->max_contacts);
	wr_step_number(step, (uint64_t)in->since);
	wr_step_number(step, in->kept ? 2 : in->again ? 1 : 0);
	wr_step_number(step, quarantine_ms(b));
	wr_step_prefix(step, b, WIMS_PL("u:"));
	wr_step_prefix(step, b, WIMS_PL("e:"));
	wr_step_number(step, (uint64_t)in->asked);
	return ok;
}

static enum wims_reason put_read(struct wr_store *s, const struct wims_redis_value *v,
								 struct wims_reg_put_out *out)
{
	static const struct
	{
		struct wims_pl text;
		enum wims_reason reason;
	} refusal[] = {{{"IN_USE", 6}, WIMS_IDENTITY_IN_USE},
				   {{"CONFLICT", 8}, WIMS_IDENTITY_CONFLICT},
				   {{"LIMIT", 5}, WIMS_LIMIT_REACHED}};
	int64_t since, contacts, displaced;
	size_t i;

	if(!wims_redis_is_array(v, 1) || v->at[0].type != WIMS_REDIS_TEXT)
		return wr_store_bad(s, "no outcome");
	for(i = 0; i < sizeof(refusal) / sizeof(refusal[0]); i++)
		if(wims_pl_eq(v->at[0].text, refusal[i].text))
			return refusal[i].reason;
	if(!wims_pl_eq(v->at[0].text, WIMS_PL("OK")) || v->count != 4
	   || !wr_number_read(&v->at[1], 0, INT64_MAX, &since)
	   || !wr_number_read(&v->at[2], 1, WIMS_REG_CONTACTS_MAX, &contacts)
	   || !wr_number_read(&v->at[3], 0, 1, &displaced))
		return wr_store_bad(s, "no such outcome");
	*out = (struct wims_reg_put_out){since, (size_t)contacts, displaced == 1};
	return WIMS_OK;
}

static enum wims_reason put(void *ctx, const struct wims_block *b, const struct wims_reg_put *in,
							struct wims_reg_put_out *out)
{
	struct wr_store *s = ctx;
	const struct wims_redis_value *v;
	enum wims_reason r;

	if(!put_write(wr_step_new(s, &wr_script_put), b, in))
		return WIMS_INTERNAL;
	if((r = wr_step_run(s, &v)) != WIMS_OK)
		return r;
	return put_read(s, v, out);
}

static enum wims_reason remove_contact(void *ctx, const struct wims_block *b, struct wims_pl impu,
									   int64_t index, struct wims_pl name)
{
	struct wr_store *s = ctx;
	struct wr_step *step = wr_step_new(s, &wr_script_remove);
	const struct wims_redis_value *v;

	entry_keys(step, b, impu, index);
	wr_step_id(step, impu, index);
	wr_step_text(step, name);
	wr_step_number(step, quarantine_ms(b));
	owners_prefix(step, b);
	return wr_step_run(s, &v);
}

static enum wims_reason query(void *ctx, const struct wims_block *b, struct wims_pl impu,
							  int64_t index, struct wims_reg_entry *e)
{
	struct wr_store *s = ctx;
	struct wr_step *step = wr_step_new(s, &wr_script_query);
	const struct wims_redis_value *v;
	enum wims_reason r;
	int64_t now;

	wr_step_entry(step, b, impu, index);
	wr_step_key(step, b, WIMS_PL("format"), WIMS_PL_NONE);
	if((r = wr_step_run(s, &v)) != WIMS_OK)
		return r;
	if(!wims_redis_is_array(v, 1) || !wr_number_read(&v->at[v->count - 1], 1, INT64_MAX, &now))
		return wr_store_bad(s, "no time");
	if(v->count == 1)
		return WIMS_TARGET_UNREGISTERED;
	if(!wr_entry_read(s, v->at, v->count - 1, now, e))
		return wr_store_bad(s, "an entry that is none");
	r = e->count == 0 ? WIMS_TARGET_UNREGISTERED : WIMS_OK;
	if(r == WIMS_OK && !wims_pl_eq(e->impu, impu))
		r = wr_store_bad(s, "an entry of another IMPU");
	if(r == WIMS_OK)
		e->index = index;
	else
		memset(e, 0, offsetof(struct wims_reg_entry, text));
	return r;
}

/* The index of an entry that a walk has found, from its ID. */
static bool id_read(const struct wims_block *b, const struct wims_redis_value *id,
					struct wims_reg_entry *e)
{
	uint64_t index;

	if(id->type != WIMS_REDIS_TEXT)
		return false;
	e->index = WIMS_REG_CLAIMED;
	if(b->size == 0)
		return wims_pl_eq(id->text, e->impu);
	if(!wims_pl_u64(id->text, &index) || index >= b->size)
		return false;
	e->index = (int64_t)index;
	return true;
}

static enum wims_reason list(void *ctx, const struct wims_block *b, uint64_t *cursor, size_t n,
							 void (*fn)(void *fn_ctx, const struct wims_reg_entry *e), void *fn_ctx)
{
	struct wr_store *s = ctx;
	struct wr_step *step = wr_step_new(s, &wr_script_list);
	const struct wims_redis_value *v;
	int64_t now, next;
	enum wims_reason r;
	size_t i;

	wr_step_key(step, b, WIMS_PL("lease"), WIMS_PL_NONE);
	wr_step_key(step, b, WIMS_PL("format"), WIMS_PL_NONE);
	wr_step_number(step, *cursor);
	wr_step_number(step, n);
	wr_step_prefix(step, b, WIMS_PL("e:"));
	if((r = wr_step_run(s, &v)) != WIMS_OK)
		return r;
	if(!wims_redis_is_array(v, 2) || !wr_number_read(&v->at[0], 1, INT64_MAX, &now)
	   || !wr_number_read(&v->at[1], 0, INT64_MAX, &next))
		return wr_store_bad(s, "no part of a list");
	for(i = 2; i < v->count; i++) {
		const struct wims_redis_value *one = &v->at[i];

		if(wims_redis_is_array(one, 1)
		   && wr_entry_read(s, one->at + 1, one->count - 1, now, &s->entry)
		   && id_read(b, &one->at[0], &s->entry))
			fn(fn_ctx, &s->entry);
		else
			s->ignored++;
	}
	*cursor = (uint64_t)next;
	return WIMS_OK;
}

static enum wims_reason counts(void *ctx, const struct wims_block *b, struct wims_reg_counts *out)
{
	struct wr_store *s = ctx;
	struct wr_step *step = wr_step_new(s, &wr_script_counts);
	const struct wims_redis_value *v;
	int64_t entries, allocated;
	enum wims_reason r;

	wr_step_key(step, b, WIMS_PL("lease"), WIMS_PL_NONE);
	wr_step_number(step, quarantine_ms(b));
	if((r = wr_step_run(s, &v)) != WIMS_OK)
		return r;
	if(!wims_redis_is_array(v, 2) || !wr_number_read(&v->at[0], 0, INT64_MAX, &entries)
	   || !wr_number_read(&v->at[1], 0, INT64_MAX, &allocated))
		return wr_store_bad(s, "no counts");
	out->entries = (uint64_t)entries;
	out->allocated = (uint64_t)allocated;
	out->free = b->size > out->allocated ? b->size - out->allocated : 0;
	return WIMS_OK;
}

static enum wims_reason drop(void *ctx, const struct wims_block *b, struct wims_pl impu,
							 int64_t index)
{
	struct wr_store *s = ctx;
	struct wr_step *step = wr_step_new(s, &wr_script_drop);
	const struct wims_redis_value *v;

	entry_keys(step, b, impu, index);
	wr_step_id(step, impu, index);
	owners_prefix(step, b);
	return wr_step_run(s, &v);
}

static enum wims_reason purge(void *ctx, const struct wims_block *b, uint16_t node, uint32_t epoch,
							  uint64_t *cursor, size_t n, size_t *removed)
{
	struct wr_store *s = ctx;
	struct wr_step *step = wr_step_new(s, &wr_script_purge);
	const struct wims_redis_value *v;
	int64_t next, gone;
	enum wims_reason r;

	wr_step_key(step, b, WIMS_PL("lease"), WIMS_PL_NONE);
	wr_step_key(step, b, WIMS_PL("format"), WIMS_PL_NONE);
	wr_step_number(step, *cursor);
	wr_step_number(step, n);
	wr_step_number(step, node);
	wr_step_number(step, epoch);
	wr_step_prefix(step, b, WIMS_PL("e:"));
	if((r = wr_step_run(s, &v)) != WIMS_OK)
		return r;
	if(!wims_redis_is_array(v, 2) || !wr_number_read(&v->at[0], 0, INT64_MAX, &next)
	   || !wr_number_read(&v->at[1], 0, INT64_MAX, &gone))
		return wr_store_bad(s, "no part of a purge");
	*cursor = (uint64_t)next;
	*removed = (size_t)gone;
	return WIMS_OK;
}

struct wr_store *wr_store_new(struct wr_client *client, const struct wims_env *env)
{
	struct wr_store *s = wims_zalloc(env, sizeof(*s));

	if(s != NULL) {
		s->env = env;
		s->client = client;
	}
	return s;
}

void wr_store_free(struct wr_store *s)
{
	if(s != NULL)
		wims_free(s->env, s);
}

const char *wr_store_error(const struct wr_store *s)
{
	return s->error != NULL ? s->error : wr_client_error(s->client);
}

uint64_t wr_store_ignored(const struct wr_store *s)
{
	return s->ignored;
}

struct wims_store wr_store(struct wr_store *s)
{
	static const struct wims_store_ops ops = {
			.allocate = allocate,
			.put = put,
			.remove = remove_contact,
			.query = query,
			.list = list,
			.counts = counts,
			.drop = drop,
			.purge = purge,
			.beat = wr_store_beat,
			.leave = wr_store_leave,
			.hold = wr_store_hold,
			.unhold = wr_store_unhold,
	};

	return (struct wims_store){&ops, s};
}
