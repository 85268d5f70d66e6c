/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ksr_int.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/mem/shm_mem.h"

/* usrloc without a database: one list of records, contacts with the highest q
 * first. */

struct ksr_usrloc ksr_usrloc;
static urecord_t *records;

static int register_table(const char *name, udomain_t **d)
{
	*d = (udomain_t *)(void *)&records;
	return ksr_usrloc.refuses || strcmp(name, "location") != 0 ? -1 : 0;
}

static void take_lock(udomain_t *d, str *aor)
{
	ksr_usrloc.locks++;
}

static void give_lock(udomain_t *d, str *aor)
{
	ksr_usrloc.locks--;
	assert_true(ksr_usrloc.locks >= 0);
}

static bool same(const str *a, const str *b)
{
	return a->len == b->len && memcmp(a->s, b->s, (size_t)a->len) == 0;
}

static int find_one(udomain_t *d, str *aor, urecord_t **r)
{
	assert_true(ksr_usrloc.locks > 0);
	for(*r = records; *r != NULL; *r = (*r)->next)
		if(same(&(*r)->aor, aor))
			return 0;
	return 1;
}

/* The record and its text in one block. */
static int insert_one(udomain_t *d, str *aor, urecord_t **r)
{
	assert_true(ksr_usrloc.locks > 0);
	*r = shm_malloc(sizeof(**r) + (size_t)aor->len);
	if(*r == NULL)
		return -1;
	memset(*r, 0, sizeof(**r));
	(*r)->aor = (str){(char *)(*r + 1), aor->len};
	memcpy((*r)->aor.s, aor->s, (size_t)aor->len);
	(*r)->next = records;
	records = *r;
	return 0;
}

static void release(urecord_t *r)
{
	urecord_t **at;

	if(r->contacts != NULL)
		return;
	for(at = &records; *at != r; at = &(*at)->next)
		assert_non_null(*at);
	*at = r->next;
	shm_free(r);
}

enum
{
	TEXT = 256
};

/* What a contact holds of texts. */
struct texts
{
	char uri[TEXT], ruid[TEXT], received[TEXT], callid[TEXT], agent[TEXT], instance[TEXT];
};

static void keep(str *to, char *buf, const str *from)
{
	assert_true(from->len < TEXT);
	if(from->len > 0)
		memcpy(buf, from->s, (size_t)from->len);
	buf[from->len] = '\0';
	*to = (str){buf, from->len};
}

static void fill(ucontact_t *c, const ucontact_info_t *ci)
{
	struct texts *t = (struct texts *)(void *)(c + 1);

	keep(&c->received, t->received, &ci->received);
	keep(&c->callid, t->callid, ci->callid);
	keep(&c->user_agent, t->agent, ci->user_agent);
	c->expires = ci->expires;
	c->q = ci->q;
	c->cseq = ci->cseq;
	c->tcpconn_id = ci->tcpconn_id;
	c->sock = ci->sock;
}

static void place(urecord_t *r, ucontact_t *c)
{
	ucontact_t **at = &r->contacts;

	while(*at != NULL && (*at)->q >= c->q)
		at = &(*at)->next;
	c->next = *at;
	*at = c;
}

static void take_out(urecord_t *r, ucontact_t *c)
{
	ucontact_t **at = &r->contacts;

	while(*at != c)
		at = &(*at)->next;
	*at = c->next;
}

static void before_write(void)
{
	assert_true(ksr_usrloc.locks > 0);
	if(ksr_usrloc.on_write != NULL)
		ksr_usrloc.on_write();
}

static int insert(urecord_t *r, str *uri, ucontact_info_t *ci, ucontact_t **out)
{
	ucontact_t *c;
	struct texts *t;

	before_write();
	assert_true(ci->ruid.len > 0);
	*out = c = shm_malloc(sizeof(*c) + sizeof(*t));
	if(c == NULL)
		return -1;
	memset(c, 0, sizeof(*c) + sizeof(*t));
	t = (struct texts *)(void *)(c + 1);
	keep(&c->c, t->uri, uri);
	keep(&c->ruid, t->ruid, &ci->ruid);
	keep(&c->instance, t->instance, &ci->instance);
	c->reg_id = ci->reg_id;
	fill(c, ci);
	place(r, c);
	return 0;
}

static int update(urecord_t *r, ucontact_t *c, ucontact_info_t *ci)
{
	before_write();
	if(ksr_usrloc.update_fails)
		return -1;
	fill(c, ci);
	take_out(r, c);
	place(r, c);
	return 0;
}

static int delete(urecord_t *r, ucontact_t *c)
{
	assert_true(ksr_usrloc.locks > 0);
	take_out(r, c);
	shm_free(c);
	return 0;
}

int ksr_bind_usrloc(usrloc_api_t *api)
{
	if(ksr_usrloc.unready)
		return -1;
	*api = (usrloc_api_t){
			.db_mode = ksr_usrloc.db_mode,
			.register_udomain = register_table,
			.lock_udomain = take_lock,
			.unlock_udomain = give_lock,
			.get_urecord = find_one,
			.insert_urecord = insert_one,
			.release_urecord = release,
			.insert_ucontact = insert,
			.update_ucontact = update,
			.delete_ucontact = delete,
	};
	return 0;
}

void ksr_usrloc_reset(void)
{
	ucontact_t *c;

	while(records != NULL) {
		urecord_t *r = records;

		while((c = r->contacts) != NULL) {
			take_out(r, c);
			shm_free(c);
		}
		release(r);
	}
	ksr_usrloc = (struct ksr_usrloc){0};
}

static const urecord_t *record_of(const char *aor)
{
	const urecord_t *r;

	for(r = records; r != NULL; r = r->next)
		if((size_t)r->aor.len == strlen(aor) && memcmp(r->aor.s, aor, strlen(aor)) == 0)
			return r;
	return NULL;
}

const char *ksr_contacts(const char *aor)
{
	static char text[KSR_TEXT_MAX];
	const urecord_t *r = record_of(aor);
	const ucontact_t *c;
	size_t used = 0;

	text[0] = '\0';
	for(c = r == NULL ? NULL : r->contacts; c != NULL; c = c->next)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
								 "%s q=%d expires=%ld callid=%s cseq=%d instance=%s reg-id=%u "
								 "agent=%s conn=%d received=%s\n",
								 c->c.s, c->q, (long)c->expires, c->callid.s, c->cseq,
								 c->instance.s, c->reg_id, c->user_agent.s, c->tcpconn_id,
								 c->received.s);
	return text;
}

size_t ksr_usrloc_records(void)
{
	const urecord_t *r;
	size_t n = 0;

	for(r = records; r != NULL; r = r->next)
		n++;
	return n;
}

void ksr_contact_add(const char *aor, const char *ruid)
{
	str a = {(char *)aor, (int)strlen(aor)}, uri = str_init("sip:foreign@x"), none = {"", 0};
	ucontact_info_t ci = {.ruid = {(char *)ruid, (int)strlen(ruid)},
						  .callid = &none,
						  .user_agent = &none,
						  .q = Q_UNSPECIFIED};
	ucontact_t *c;
	urecord_t *r;

	take_lock(NULL, &a);
	if(find_one(NULL, &a, &r) != 0)
		assert_int_equal(insert_one(NULL, &a, &r), 0);
	assert_int_equal(insert(r, &uri, &ci, &c), 0);
	give_lock(NULL, &a);
}
