/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_redis_reply.h"

#include <string.h>

#include <hiredis/read.h>

enum
{
	CHUNK = 16 * 1024, /* of memory; the first one is kept from reply to reply */
	ALIGN = sizeof(void *)
};

struct chunk
{
	struct chunk *next;
	size_t used, size;
	char data[];
};

struct wims_redis_reader
{
	const struct wims_env *env;
	redisReader *resp;
	struct chunk *chunks; /* newest first */
	struct wims_redis_value top;
	size_t bytes;  /* of this reply, so far */
	size_t values; /* likewise */
	enum wims_redis_read broken;
	bool delivered;
};

static void *create_text(const redisReadTask *task, char *text, size_t len);
static void *create_array(const redisReadTask *task, int count);
static void *create_number(const redisReadTask *task, long long number);
static void *create_nil(const redisReadTask *task);
static void free_value(void *value);

/* The reader below takes any memory that they hand out; it counts nothing. */
static redisReplyObjectFunctions functions = {create_text, create_array, create_number, create_nil,
											  free_value};

struct wims_redis_reader *wims_redis_reader_new(const struct wims_env *env)
{
	struct wims_redis_reader *r = wims_zalloc(env, sizeof(*r));

	if(r == NULL)
		return NULL;
	r->env = env;
	r->broken = WIMS_REDIS_READ;
	if((r->resp = redisReaderCreateWithFunctions(&functions)) == NULL) {
		wims_redis_reader_free(r);
		return NULL;
	}
	r->resp->privdata = r;
	return r;
}

static void drop_chunks(struct wims_redis_reader *r, struct chunk *but)
{
	struct chunk *c;

	while((c = r->chunks) != but) {
		r->chunks = c->next;
		wims_free(r->env, c);
	}
}

void wims_redis_reader_free(struct wims_redis_reader *r)
{
	if(r == NULL)
		return;
	drop_chunks(r, NULL);
	if(r->resp != NULL)
		redisReaderFree(r->resp);
	wims_free(r->env, r);
}

/* Memory of the reply; NULL: there is none. */
static void *take(struct wims_redis_reader *r, size_t n)
{
	struct chunk *c = r->chunks;
	size_t size;

	n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if(c == NULL || n > c->size - c->used) {
		size = n > CHUNK ? n : CHUNK;
		if((c = wims_zalloc(r->env, sizeof(*c) + size)) == NULL)
			return NULL;
		*c = (struct chunk){.next = r->chunks, .size = size};
		r->chunks = c;
	}
	c->used += n;
	return c->data + c->used - n;
}

static void *fail(struct wims_redis_reader *r, enum wims_redis_read what)
{
	r->broken = what;
	return NULL;
}

/* Where a value belongs; NULL: there are too many. */
static struct wims_redis_value *place(const redisReadTask *task)
{
	struct wims_redis_reader *r = task->privdata;
	struct wims_redis_value *v;

	if(++r->values > WIMS_REDIS_VALUES_MAX)
		return fail(r, WIMS_REDIS_GARBAGE);
	if(task->parent == NULL)
		return &r->top;
	/* It is ours; only whoever reads the reply must not write there. */
	v = (struct wims_redis_value *)(uintptr_t)((struct wims_redis_value *)task->parent->obj)->at;
	return &v[task->idx];
}

static void *create_text(const redisReadTask *task, char *text, size_t len)
{
	struct wims_redis_reader *r = task->privdata;
	struct wims_redis_value *v = place(task);
	char *copy;

	if(v == NULL)
		return NULL;
	/* hiredis counts the two bytes behind a bulk string and does not look at
	 * them. */
	if(task->type == REDIS_REPLY_STRING && memcmp(text + len, "\r\n", 2) != 0)
		return fail(r, WIMS_REDIS_GARBAGE);
	if((copy = take(r, len)) == NULL)
		return fail(r, WIMS_REDIS_NOMEM);
	if(len > 0)
		memcpy(copy, text, len);
	*v = (struct wims_redis_value){.type = task->type == REDIS_REPLY_STRING   ? WIMS_REDIS_TEXT
										   : task->type == REDIS_REPLY_STATUS ? WIMS_REDIS_STATUS
																			  : WIMS_REDIS_ERROR,
								   .text = {copy, len}};
	return v;
}

static void *create_array(const redisReadTask *task, int count)
{
	struct wims_redis_reader *r = task->privdata;
	struct wims_redis_value *v = place(task), *at = NULL;
	size_t n = (size_t)count;

	if(v == NULL)
		return NULL;
	if(n > WIMS_REDIS_VALUES_MAX - r->values)
		return fail(r, WIMS_REDIS_GARBAGE);
	if(n > 0 && (at = take(r, n * sizeof(*at))) == NULL)
		return fail(r, WIMS_REDIS_NOMEM);
	*v = (struct wims_redis_value){.type = WIMS_REDIS_ARRAY, .at = at, .count = n};
	return v;
}

static void *create_number(const redisReadTask *task, long long number)
{
	struct wims_redis_value *v = place(task);

	if(v != NULL)
		*v = (struct wims_redis_value){.type = WIMS_REDIS_NUMBER, .number = number};
	return v;
}

static void *create_nil(const redisReadTask *task)
{
	struct wims_redis_value *v = place(task);

	if(v != NULL)
		*v = (struct wims_redis_value){.type = WIMS_REDIS_NIL};
	return v;
}

/* All of a reply goes at once, with the next one. */
static void free_value(void *value)
{
	(void)value;
}

static void begin(struct wims_redis_reader *r)
{
	struct chunk *first = r->chunks;

	while(first != NULL && first->next != NULL)
		first = first->next;
	drop_chunks(r, first);
	if(first != NULL)
		first->used = 0;
	r->values = 0;
	r->bytes = r->resp->len - r->resp->pos;
	r->delivered = false;
}

/* Does it wait for a bulk string that is longer than a reply may be? hiredis has
 * taken its '$' by then, and nothing of the length. */
static bool announces_too_much(const struct wims_redis_reader *r)
{
	const redisReader *resp = r->resp;
	struct wims_pl left = {resp->buf + resp->pos, resp->len - resp->pos};
	uint64_t len;

	if(resp->ridx < 0 || resp->rstack[resp->ridx].type != REDIS_REPLY_STRING)
		return false;
	/* hiredis says what is no number */
	left.l = wims_pl_find(left, '\r');
	return wims_pl_u64(left, &len) && len > WIMS_REDIS_REPLY_MAX;
}

static enum wims_redis_read broken(struct wims_redis_reader *r, enum wims_redis_read what)
{
	/* what one of the functions above found goes before what hiredis says */
	if(r->broken == WIMS_REDIS_READ)
		r->broken = what;
	return r->broken;
}

enum wims_redis_read wims_redis_read(struct wims_redis_reader *r, struct wims_pl bytes,
									 const struct wims_redis_value **value)
{
	void *got = NULL;

	*value = NULL;
	if(r->broken != WIMS_REDIS_READ)
		return r->broken;
	if(r->delivered)
		begin(r);
	r->bytes += bytes.l;
	if(r->bytes > WIMS_REDIS_REPLY_MAX)
		return broken(r, WIMS_REDIS_GARBAGE);
	if(redisReaderFeed(r->resp, bytes.p, bytes.l) != REDIS_OK)
		return broken(r, WIMS_REDIS_NOMEM);
	if(redisReaderGetReply(r->resp, &got) != REDIS_OK)
		return broken(r, r->resp->err == REDIS_ERR_OOM ? WIMS_REDIS_NOMEM : WIMS_REDIS_GARBAGE);
	if(got == NULL)
		return announces_too_much(r) ? broken(r, WIMS_REDIS_GARBAGE) : WIMS_REDIS_MORE;
	r->delivered = true;
	*value = got;
	return WIMS_REDIS_READ;
}

bool wims_redis_reader_idle(const struct wims_redis_reader *r)
{
	return r->broken == WIMS_REDIS_READ && r->delivered && r->resp->pos == r->resp->len;
}
