/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registrar_help.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/wims_w.h"

const struct conform *reg_on;
const struct wims_block *reg_block;
struct wims_reg_put_out reg_out;
struct wims_reg_entry reg_entry;

void reg_pass(int64_t ms)
{
	reg_on->pass(reg_on->ctx, ms);
}

struct wims_block *reg_new_block(uint64_t size, uint32_t quarantine)
{
	static struct wims_block blocks[4];
	static uint32_t made;
	struct wims_block *b = &blocks[made++ % 4];

	*b = (struct wims_block){
			.range = WIMS_PL("sip:!.*!@ims.test"), .size = size, .quarantine = quarantine};
	snprintf(b->tag, sizeof(b->tag), "%08x%08x", reg_on->run, made);
	reg_block = b;
	return b;
}

struct wims_reg_contact reg_contact(char name)
{
	static char names[256][WIMS_CONTACT_USER_LEN];
	char *n = names[(unsigned char)name];
	struct wims_w w;

	wims_w_init(&w, n, WIMS_CONTACT_USER_LEN);
	while(w.len < WIMS_CONTACT_USER_LEN)
		wims_w_hex(&w, &name, 1);
	return (struct wims_reg_contact){
			.name = {n, WIMS_CONTACT_USER_LEN},
			.flow = WIMS_PL("EAEAAVvNFQAAAAABq83vEjRWeJCrze8S"),
			.node = 1,
			.epoch = 5,
			.q = WIMS_Q_NONE,
			.left_ms = CONFORM_FOREVER_MS,
	};
}

/* The byte that reg_contact() made it of. */
static char name_of(const struct wims_reg_contact *c)
{
	char hex[3] = {0};

	assert_int_equal(c->name.l, WIMS_CONTACT_USER_LEN);
	memcpy(hex, c->name.p, 2);
	return (char)strtol(hex, NULL, 16);
}

struct wims_pl reg_impu(int64_t index)
{
	static char text[8][64];
	static int n;
	char *t = text[n++ % 8];

	if(index == WIMS_REG_CLAIMED)
		return WIMS_PL("sip:claimed@ims.test");
	snprintf(t, sizeof(text[0]), "sip:block-%lld@ims.test", (long long)index);
	return wims_pl_str(t);
}

enum wims_reason reg_allocate(const char *owner, int64_t *index)
{
	return wims_store_allocate(&reg_on->store, reg_block, wims_pl_str(owner), CONFORM_FOREVER_MS,
							   index);
}

int64_t reg_get(const char *owner)
{
	int64_t index = 0;

	assert_int_equal(reg_allocate(owner, &index), WIMS_OK);
	assert_in_range(index, 0, reg_block->size - 1);
	return index;
}

static enum wims_reason put(struct wims_reg_put in)
{
	in.max_contacts = in.max_contacts == 0 ? WIMS_REG_CONTACTS_MAX : in.max_contacts;
	return wims_store_put(&reg_on->store, reg_block, &in, &reg_out);
}

enum wims_reason reg_put(int64_t index, const char *owner, struct wims_reg_contact c)
{
	return put((struct wims_reg_put){reg_impu(index), index, wims_pl_str(owner), c, 0, 0, false,
									 false, 0});
}

int64_t reg_time(void)
{
	static struct wims_reg_nodes nodes;
	const struct wims_store *st = &reg_on->store;

	assert_int_equal(wims_store_beat(st, 60000, 1, WIMS_PL("192.0.2.9:5060"), &nodes), WIMS_OK);
	assert_int_equal(wims_store_leave(st, 60000, 1), WIMS_OK);
	return nodes.time;
}

enum wims_reason reg_again(int64_t index, const char *owner, struct wims_reg_contact c,
						   int64_t since)
{
	return put((struct wims_reg_put){reg_impu(index), index, wims_pl_str(owner), c, 0, since, true,
									 true, 0});
}

void reg_remove(int64_t index, char name)
{
	assert_int_equal(wims_store_remove(&reg_on->store, reg_block, reg_impu(index), index,
									   reg_contact(name).name),
					 WIMS_OK);
}

static int by_byte(const void *a, const void *b)
{
	return *(const char *)a - *(const char *)b;
}

const char *reg_names(int64_t index)
{
	static char names[4][WIMS_REG_CONTACTS_MAX + 1];
	static int n;
	char *s = names[n++ % 4];
	enum wims_reason r;
	size_t i;

	r = wims_store_query(&reg_on->store, reg_block, reg_impu(index), index, &reg_entry);
	memset(s, 0, sizeof(names[0]));
	if(r != WIMS_OK) {
		assert_int_equal(r, WIMS_TARGET_UNREGISTERED);
		assert_int_equal(reg_entry.count, 0);
		return s;
	}
	assert_true(reg_entry.count > 0 && reg_entry.count <= WIMS_REG_CONTACTS_MAX);
	assert_int_equal(reg_entry.index, index);
	for(i = 0; i < reg_entry.count; i++)
		s[i] = name_of(&reg_entry.contact[i]);
	qsort(s, reg_entry.count, 1, by_byte);
	return s;
}

const struct wims_reg_contact *reg_find(char name)
{
	size_t i;

	for(i = 0; i < reg_entry.count; i++)
		if(name_of(&reg_entry.contact[i]) == name)
			return &reg_entry.contact[i];
	fail();
	return NULL;
}

void reg_assert_counts(uint64_t entries, uint64_t allocated, uint64_t free)
{
	struct wims_reg_counts n;

	assert_int_equal(wims_store_counts(&reg_on->store, reg_block, &n), WIMS_OK);
	assert_int_equal(n.entries, entries);
	assert_int_equal(n.allocated, allocated);
	assert_int_equal(n.free, free);
}
