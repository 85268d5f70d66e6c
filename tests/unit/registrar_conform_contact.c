/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Over which contacts an IMPU is reached. */
#include "registrar_conform_int.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define PUT(c) assert_int_equal(reg_put(0, "alice", (c)), WIMS_OK)

static struct wims_reg_contact lasting(char name, int64_t ms)
{
	struct wims_reg_contact c = reg_contact(name);

	c.left_ms = ms;
	return c;
}

static struct wims_reg_contact device(char name, const char *instance, uint32_t reg_id)
{
	struct wims_reg_contact c = reg_contact(name);

	c.instance = wims_pl_str(instance);
	c.reg_id = reg_id;
	return c;
}

void conform_shows_what_was_put(void **state)
{
	struct wims_reg_contact c = device('a', "<urn:uuid:a b\"\\ \xc3\xa4 :;,=|>", 4294967295u);
	const struct wims_reg_contact *got;

	(void)state;
	reg_new_block(1, 0);
	assert_int_equal(reg_get("alice"), 0);
	c.node = 65535;
	c.epoch = 4294967295u;
	c.q = WIMS_Q_MAX;
	c.flow = WIMS_PL("abcdefghijklmnopqrstuvwxyz-_0189");
	PUT(c);
	assert_int_equal(reg_out.contacts, 1);
	assert_true(reg_out.since > 0);
	c = reg_contact('b');
	c.q = 0;
	c.node = 0;
	PUT(c);
	PUT(reg_contact('c'));
	assert_int_equal(reg_out.contacts, 3);
	assert_string_equal(reg_names(0), "abc");
	assert_true(wims_pl_eq(reg_entry.impu, reg_impu(0)));
	assert_true(wims_pl_eq(reg_entry.owner, WIMS_PL("alice")));
	assert_int_equal(reg_entry.since, reg_out.since);
	got = reg_find('a');
	assert_true(wims_pl_eq(got->flow, WIMS_PL("abcdefghijklmnopqrstuvwxyz-_0189")));
	assert_true(wims_pl_eq(got->instance, wims_pl_str("<urn:uuid:a b\"\\ \xc3\xa4 :;,=|>")));
	assert_int_equal(got->node, 65535);
	assert_int_equal(got->epoch, 4294967295u);
	assert_int_equal(got->reg_id, 4294967295u);
	assert_int_equal(got->q, WIMS_Q_MAX);
	assert_in_range(got->left_ms, CONFORM_FOREVER_MS / 2, CONFORM_FOREVER_MS);
	got = reg_find('b');
	assert_int_equal(got->q, 0);
	assert_int_equal(got->node, 0);
	assert_int_equal(got->instance.l, 0);
	assert_int_equal(reg_find('c')->q, WIMS_Q_NONE);
	assert_int_equal(reg_find('c')->reg_id, 0);
}

void conform_expires(void **state)
{
	int64_t index;

	(void)state;
	reg_new_block(1, 0);
	PUT(lasting('a', reg_on->tick));
	assert_string_equal(reg_names(0), "a");
	assert_in_range(reg_find('a')->left_ms, 1, reg_on->tick);
	PUT(lasting('b', CONFORM_FOREVER_MS));
	reg_pass(reg_on->tick);
	assert_string_equal(reg_names(0), "b");
	/* a refresh makes it longer, and shorter */
	PUT(lasting('b', reg_on->tick));
	PUT(lasting('c', reg_on->tick));
	PUT(lasting('c', CONFORM_FOREVER_MS));
	assert_string_equal(reg_names(0), "bc");
	reg_pass(reg_on->tick);
	assert_string_equal(reg_names(0), "c");
	assert_int_equal(reg_allocate("bob", &index), WIMS_BLOCK_USED_UP);
	PUT(lasting('c', reg_on->tick));
	reg_pass(reg_on->tick);
	assert_string_equal(reg_names(0), "");
	reg_assert_counts(0, 0, 1);
	assert_int_equal(reg_get("bob"), 0);
	assert_string_equal(reg_names(0), "");
	/* the last one to leave is not the last one to expire */
	reg_new_block(1, 0);
	PUT(lasting('a', CONFORM_FOREVER_MS));
	PUT(lasting('b', reg_on->tick));
	reg_remove(0, 'a');
	reg_pass(reg_on->tick);
	reg_assert_counts(0, 0, 1);
	assert_int_equal(reg_get("bob"), 0);
}

void conform_replaces_contacts(void **state)
{
	int64_t since;

	(void)state;
	reg_new_block(1, 0);
	PUT(device('a', "<urn:uuid:1>", 1));
	since = reg_out.since;
	PUT(device('b', "<urn:uuid:1>", 2));
	PUT(device('c', "<urn:uuid:2>", 1));
	PUT(device('d', "", 1));
	PUT(device('e', "", 1));
	assert_string_equal(reg_names(0), "abcde");
	/* its instance came back under another name */
	PUT(device('f', "<urn:uuid:1>", 1));
	assert_int_equal(reg_out.contacts, 5);
	assert_string_equal(reg_names(0), "bcdef");
	/* a name with another instance; an instance that has one name and takes another's */
	PUT(device('d', "<urn:uuid:3>", 0));
	assert_int_equal(reg_out.contacts, 5);
	PUT(device('e', "<urn:uuid:2>", 1));
	assert_int_equal(reg_out.contacts, 4);
	assert_string_equal(reg_names(0), "bdef");
	PUT(device('d', "<urn:uuid:3>", 0));
	PUT(device('a', "<urn:uuid:3>", 0));
	assert_string_equal(reg_names(0), "abef");
	assert_int_equal(reg_out.since, since);
}

static void kept_is(struct wims_reg_contact c, int64_t ms, int64_t late, const char *names)
{
	struct wims_reg_put in = {reg_impu(0), 0,    WIMS_PL("alice"), c, 9, reg_out.since,
							  true,        true, reg_time() - late};

	in.contact.left_ms = ms;
	assert_int_equal(wims_store_put(&reg_on->store, reg_block, &in, &reg_out), WIMS_OK);
	assert_string_equal(reg_names(0), names);
}

static void refresh(struct wims_reg_contact c, const char *names)
{
	struct wims_reg_put in = {reg_impu(0), 0, WIMS_PL("alice"), c, 9, reg_out.since, true,
							  false,       0};

	in.contact.left_ms = CONFORM_FOREVER_MS / 4;
	assert_int_equal(wims_store_put(&reg_on->store, reg_block, &in, &reg_out), WIMS_OK);
	assert_string_equal(reg_names(0), names);
}

/* The WIC registered at another node; the one that it left tells what it has. */
void conform_keeps_who_has_moved(void **state)
{
	const int64_t ms = CONFORM_FOREVER_MS;

	(void)state;
	reg_new_block(1, 0);
	PUT(device('a', "<urn:uuid:1>", 1));
	PUT(device('z', "", 0));
	PUT(device('b', "<urn:uuid:1>", 1));
	kept_is(device('a', "<urn:uuid:1>", 1), ms / 2, 0, "bz");
	kept_is(device('a', "<urn:uuid:1>", 1), ms, 0, "bz");
	assert_int_equal(reg_out.contacts, 2);
	assert_true(reg_out.since > 0);
	/* by name, by another reg-id, and without instance it is as before */
	kept_is(device('b', "<urn:uuid:1>", 1), ms / 2, 0, "bz");
	assert_in_range(reg_find('b')->left_ms, 1, ms / 2);
	kept_is(device('c', "<urn:uuid:1>", 2), ms / 2, 0, "bcz");
	kept_is(device('y', "", 0), ms / 2, 0, "bcyz");
	/* told when it was to last no longer than the other one, and done later */
	kept_is(device('d', "<urn:uuid:1>", 1), ms, ms / 2, "bcyz");
	/* told by a clock that is ahead of the store's */
	kept_is(device('d', "<urn:uuid:1>", 1), ms / 2, -ms, "bcyz");
	assert_int_equal(reg_again(0, "alice", device('d', "<urn:uuid:1>", 1), reg_out.since), WIMS_OK);
	assert_string_equal(reg_names(0), "bcyz");
	/* the store has lost that the WIC moved, and not that it was there before */
	kept_is(device('d', "<urn:uuid:1>", 1), ms, 0, "cdyz");
	assert_int_equal(reg_out.contacts, 4);
	/* what the WIC asks for is the newest, also where it was before */
	PUT(lasting('d', 2 * ms));
	refresh(device('e', "<urn:uuid:1>", 2), "deyz");
	refresh(device('c', "<urn:uuid:1>", 2), "cdyz");
	PUT(device('a', "<urn:uuid:1>", 2));
	assert_string_equal(reg_names(0), "adyz");
	/* not those of somebody else */
	assert_int_equal(reg_again(0, "bob", device('e', "<urn:uuid:1>", 2), 1), WIMS_OK);
	assert_string_equal(reg_names(0), "e");
}

void conform_limits_contacts(void **state)
{
	struct wims_reg_put in = {reg_impu(0), 0, WIMS_PL("alice"), reg_contact('a'), 2, 0, false,
							  false,       0};
	const struct wims_store *st = &reg_on->store;

	(void)state;
	reg_new_block(2, 0);
	in.contact = device('a', "<urn:uuid:1>", 1);
	in.contact.left_ms = reg_on->tick;
	assert_int_equal(wims_store_put(st, reg_block, &in, &reg_out), WIMS_OK);
	in.contact = reg_contact('b');
	assert_int_equal(wims_store_put(st, reg_block, &in, &reg_out), WIMS_OK);
	in.contact = reg_contact('c');
	assert_int_equal(wims_store_put(st, reg_block, &in, &reg_out), WIMS_LIMIT_REACHED);
	assert_int_equal(reg_out.contacts, 0);
	assert_string_equal(reg_names(0), "ab");
	/* also of one that comes back */
	in.again = true;
	in.since = 1;
	assert_int_equal(wims_store_put(st, reg_block, &in, &reg_out), WIMS_LIMIT_REACHED);
	in.again = false;
	/* in place of another it is no more */
	in.contact = reg_contact('b');
	assert_int_equal(wims_store_put(st, reg_block, &in, &reg_out), WIMS_OK);
	/* nor counts what has expired */
	reg_pass(reg_on->tick);
	in.contact = reg_contact('c');
	assert_int_equal(wims_store_put(st, reg_block, &in, &reg_out), WIMS_OK);
	assert_string_equal(reg_names(0), "bc");
	in.contact = device('d', "<urn:uuid:1>", 1);
	in.max_contacts = 3;
	assert_int_equal(wims_store_put(st, reg_block, &in, &reg_out), WIMS_OK);
	in.contact = device('e', "<urn:uuid:1>", 1);
	assert_int_equal(wims_store_put(st, reg_block, &in, &reg_out), WIMS_OK);
	assert_string_equal(reg_names(0), "bce");
}

void conform_holds_as_many_as_allowed(void **state)
{
	static const char names[] = "0123456789abcdefghijklmnopqrstu";
	char instance[WIMS_INSTANCE_MAX + 1];
	size_t i;

	(void)state;
	reg_new_block(1, 0);
	memset(instance, 'x', WIMS_INSTANCE_MAX);
	instance[WIMS_INSTANCE_MAX] = '\0';
	for(i = 0; i < WIMS_REG_CONTACTS_MAX; i++) {
		instance[0] = names[i];
		PUT(device(names[i], instance, 1));
		assert_int_equal(reg_out.contacts, i + 1);
	}
	assert_int_equal(reg_put(0, "alice", reg_contact('z')), WIMS_LIMIT_REACHED);
	assert_string_equal(reg_names(0), names);
	assert_int_equal(reg_find('u')->instance.l, WIMS_INSTANCE_MAX);
}

void conform_removes(void **state)
{
	struct wims_pl name = reg_contact('a').name;
	int64_t index;

	(void)state;
	reg_new_block(2, 60);
	/* nothing is there yet */
	reg_remove(0, 'a');
	PUT(reg_contact('a'));
	PUT(reg_contact('b'));
	reg_remove(0, 'c');
	reg_remove(1, 'a');
	assert_string_equal(reg_names(0), "ab");
	reg_remove(0, 'a');
	reg_remove(0, 'a');
	assert_string_equal(reg_names(0), "b");
	reg_assert_counts(1, 1, 1);
	/* one that is only held stays so */
	assert_int_equal(reg_get("bob"), 1);
	reg_remove(1, 'a');
	reg_assert_counts(2, 2, 0);
	reg_remove(0, 'b');
	reg_assert_counts(1, 2, 0);
	reg_remove(0, 'b');
	/* by order of the operator nothing is kept */
	assert_int_equal(wims_store_drop(&reg_on->store, reg_block, reg_impu(0), 0), WIMS_OK);
	assert_int_equal(wims_store_drop(&reg_on->store, reg_block, reg_impu(1), 1), WIMS_OK);
	assert_int_equal(wims_store_drop(&reg_on->store, reg_block, reg_impu(1), 1), WIMS_OK);
	reg_assert_counts(0, 0, 2);
	PUT(reg_contact('a'));
	assert_int_equal(wims_store_drop(&reg_on->store, reg_block, reg_impu(0), 0), WIMS_OK);
	assert_string_equal(reg_names(0), "");
	index = reg_get("carol");
	assert_int_equal(reg_get("alice"), 1 - index);
	reg_new_block(0, 0);
	index = WIMS_REG_CLAIMED;
	assert_int_equal(wims_store_remove(&reg_on->store, reg_block, reg_impu(index), index, name),
					 WIMS_OK);
	assert_int_equal(wims_store_drop(&reg_on->store, reg_block, reg_impu(index), index), WIMS_OK);
	assert_int_equal(reg_put(index, "alice", reg_contact('a')), WIMS_OK);
	assert_int_equal(wims_store_drop(&reg_on->store, reg_block, reg_impu(index), index), WIMS_OK);
	assert_int_equal(reg_put(index, "bob", reg_contact('b')), WIMS_OK);
	assert_string_equal(reg_names(index), "b");
}

/* Texts are what they are, whatever a store's own language makes of them. */
void conform_takes_any_text(void **state)
{
	static const char odd[] = "}{ %s '\"\\ \x01\x7f\xff:*\r\n$3\r\n[]";
	const struct wims_store *st = &reg_on->store;
	char longest[256];
	struct wims_reg_put in = {.index = WIMS_REG_CLAIMED, .max_contacts = 1};
	int64_t index;

	(void)state;
	memset(longest, 'o', sizeof(longest));
	reg_new_block(0, 0);
	in.contact = reg_contact('a');
	in.impu = (struct wims_pl){longest, WIMS_IMPU_MAX};
	in.owner = (struct wims_pl){odd, sizeof(odd)}; /* with its NUL */
	assert_int_equal(wims_store_put(st, reg_block, &in, &reg_out), WIMS_OK);
	assert_int_equal(wims_store_put(st, reg_block, &in, &reg_out), WIMS_OK);
	assert_int_equal(wims_store_query(st, reg_block, in.impu, in.index, &reg_entry), WIMS_OK);
	assert_true(wims_pl_eq(reg_entry.owner, in.owner) && wims_pl_eq(reg_entry.impu, in.impu));
	in.owner.l--;
	assert_int_equal(wims_store_put(st, reg_block, &in, &reg_out), WIMS_IDENTITY_IN_USE);
	reg_new_block(2, 0);
	assert_int_equal(wims_store_allocate(st, reg_block, in.owner, CONFORM_FOREVER_MS, &index),
					 WIMS_OK);
	assert_int_equal(wims_store_allocate(st, reg_block,
										 (struct wims_pl){longest, WIMS_REG_OWNER_MAX},
										 CONFORM_FOREVER_MS, &in.index),
					 WIMS_OK);
	assert_int_not_equal(index, in.index);
	in.owner = (struct wims_pl){longest, WIMS_REG_OWNER_MAX};
	assert_int_equal(wims_store_put(st, reg_block, &in, &reg_out), WIMS_OK);
	assert_int_equal(wims_store_query(st, reg_block, in.impu, in.index, &reg_entry), WIMS_OK);
	assert_true(wims_pl_eq(reg_entry.owner, in.owner) && wims_pl_eq(reg_entry.impu, in.impu));
}

static void refuse(struct wims_reg_put in)
{
	assert_int_equal(wims_store_put(&reg_on->store, reg_block, &in, &reg_out), WIMS_INTERNAL);
	assert_int_equal(reg_out.since, 0);
}

void conform_refuses_what_is_too_much(void **state)
{
	static const char text[WIMS_REG_DOC_MAX + 1] = "x";
	const struct wims_store *st = &reg_on->store;
	const struct wims_reg_put good = {reg_impu(0), 0, WIMS_PL("o"), reg_contact('a'), 1, 0, false,
									  false,       0};
	struct wims_reg_put in;
	struct wims_reg_held held;
	uint64_t cursor = 0;
	size_t n;
	int64_t index;

	(void)state;
	reg_new_block(2, 0);
#define REFUSE(member, value) (in = good, in.member = (value), refuse(in))
	REFUSE(impu.l, 0);
	REFUSE(impu, ((struct wims_pl){text, WIMS_IMPU_MAX + 1}));
	REFUSE(index, 2);
	REFUSE(index, WIMS_REG_CLAIMED);
	REFUSE(owner, ((struct wims_pl){text, WIMS_REG_OWNER_MAX + 1}));
	REFUSE(owner.l, 0);
	REFUSE(contact.name.l, WIMS_CONTACT_USER_LEN - 1);
	REFUSE(contact.flow.l, 31);
	REFUSE(contact.instance, ((struct wims_pl){text, WIMS_INSTANCE_MAX + 1}));
	REFUSE(contact.q, WIMS_Q_MAX + 1);
	REFUSE(contact.q, -2);
	REFUSE(contact.left_ms, 0);
	REFUSE(contact.left_ms, WIMS_REG_LEFT_MAX_MS + 1);
	REFUSE(max_contacts, 0);
	REFUSE(max_contacts, WIMS_REG_CONTACTS_MAX + 1);
	REFUSE(since, -1);
	REFUSE(since, WIMS_REG_TIME_MAX + 1);
	REFUSE(again, true);
	REFUSE(kept, true);
	REFUSE(asked, -1);
	REFUSE(asked, WIMS_REG_TIME_MAX + 1);
#define ALLOCATE(owner, ms) wims_store_allocate(st, reg_block, (owner), (ms), &index)
	assert_int_equal(ALLOCATE(WIMS_PL(""), 1), WIMS_INTERNAL);
	assert_int_equal(ALLOCATE(((struct wims_pl){text, WIMS_REG_OWNER_MAX + 1}), 1), WIMS_INTERNAL);
	assert_int_equal(ALLOCATE(WIMS_PL("o"), -1), WIMS_INTERNAL);
	assert_int_equal(ALLOCATE(WIMS_PL("o"), WIMS_REG_HOLD_MAX_MS + 1), WIMS_INTERNAL);
	assert_int_equal(wims_store_query(st, reg_block, reg_impu(2), 2, &reg_entry), WIMS_INTERNAL);
	assert_int_equal(wims_store_remove(st, reg_block, reg_impu(0), 0, WIMS_PL("short")),
					 WIMS_INTERNAL);
	assert_int_equal(wims_store_drop(st, reg_block, reg_impu(0), 9), WIMS_INTERNAL);
	assert_int_equal(wims_store_purge(st, reg_block, 1, 0, &cursor, 0, &n), WIMS_INTERNAL);
	assert_int_equal(wims_store_list(st, reg_block, &cursor, WIMS_REG_PART_MAX + 1, NULL, NULL),
					 WIMS_INTERNAL);
	assert_int_equal(wims_store_hold(st, reg_block, 1, 5, 1,
									 (struct wims_pl){text, WIMS_REG_DOC_MAX + 1}, &held),
					 WIMS_INTERNAL);
	assert_int_equal(wims_store_hold(st, reg_block, 1, 5, 0, WIMS_PL(""), &held), WIMS_INTERNAL);
	assert_int_equal(wims_store_hold(st, reg_block, 1, 0, 1, WIMS_PL(""), &held), WIMS_INTERNAL);
	reg_assert_counts(0, 0, 2);
	reg_new_block(0, 0);
	REFUSE(index, 0);
	assert_int_equal(ALLOCATE(WIMS_PL("o"), 1), WIMS_INTERNAL);
}
