/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Whose an IMPU is: allocation, quarantine, claims, reconciliation. */
#include "registrar_conform_int.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

void conform_allocates_each_once(void **state)
{
	bool seen[3] = {false, false, false};
	static const char *const owners[] = {"alice", "bob", "carol"};
	int64_t index;
	size_t i;

	(void)state;
	reg_new_block(3, 60);
	reg_assert_counts(0, 0, 3);
	for(i = 0; i < 3; i++) {
		index = reg_get(owners[i]);
		assert_false(seen[index]);
		seen[index] = true;
		/* until it is put, and when it is */
		assert_int_equal(reg_get(owners[i]), index);
		reg_assert_counts(i + 1, i + 1, 2 - i);
		assert_string_equal(reg_names(index), "");
		assert_int_equal(reg_put(index, owners[i], reg_contact('a')), WIMS_OK);
		assert_int_equal(reg_get(owners[i]), index);
		assert_string_equal(reg_names(index), "a");
	}
	assert_int_equal(reg_allocate("dave", &index), WIMS_BLOCK_USED_UP);
	assert_int_equal(index, WIMS_REG_CLAIMED);
	reg_assert_counts(3, 3, 0);
	/* another block has nothing to do with it */
	reg_new_block(1, 0);
	assert_int_equal(reg_get("dave"), 0);
}

void conform_takes_the_longest_free(void **state)
{
	int64_t a, b, c;

	(void)state;
	reg_new_block(3, 0);
	a = reg_get("alice");
	b = reg_get("bob");
	assert_int_equal(reg_put(a, "alice", reg_contact('a')), WIMS_OK);
	assert_int_equal(reg_put(b, "bob", reg_contact('b')), WIMS_OK);
	reg_remove(b, 'b');
	reg_pass(5);
	reg_remove(a, 'a');
	reg_pass(5);
	reg_assert_counts(0, 0, 3);
	/* the one that nobody ever had, then the others */
	c = reg_get("carol");
	assert_true(c != a && c != b);
	assert_int_equal(reg_get("dave"), b);
	assert_int_equal(reg_get("erin"), a);
	assert_int_equal(reg_allocate("frank", &c), WIMS_BLOCK_USED_UP);
}

void conform_keeps_quarantine(void **state)
{
	int64_t since, index;

	(void)state;
	reg_new_block(1, 1);
	index = reg_get("alice");
	assert_int_equal(reg_put(0, "alice", reg_contact('a')), WIMS_OK);
	since = reg_out.since;
	reg_remove(0, 'a');
	assert_string_equal(reg_names(0), "");
	reg_assert_counts(0, 1, 0);
	assert_int_equal(reg_allocate("bob", &index), WIMS_BLOCK_USED_UP);
	assert_int_equal(reg_put(0, "bob", reg_contact('b')), WIMS_IDENTITY_IN_USE);
	/* its owner gets it back, by either way */
	assert_int_equal(reg_get("alice"), 0);
	assert_int_equal(reg_put(0, "alice", reg_contact('a')), WIMS_OK);
	assert_true(reg_out.since >= since);
	reg_remove(0, 'a');
	assert_int_equal(reg_put(0, "alice", reg_contact('a')), WIMS_OK);
	reg_remove(0, 'a');
	reg_pass(1000 + reg_on->tick);
	reg_assert_counts(0, 0, 1);
	assert_int_equal(reg_get("bob"), 0);
	assert_int_equal(reg_allocate("alice", &index), WIMS_BLOCK_USED_UP);
	assert_int_equal(reg_put(0, "alice", reg_contact('a')), WIMS_IDENTITY_IN_USE);
	assert_int_equal(reg_put(0, "bob", reg_contact('b')), WIMS_OK);
}

/* The index that the owner has, if he has one. */
static enum wims_reason ask(const char *owner, int64_t *index)
{
	return wims_store_allocate(&reg_on->store, reg_block, wims_pl_str(owner), 0, index);
}

void conform_only_asks(void **state)
{
	int64_t index;

	(void)state;
	reg_new_block(2, 1);
	assert_int_equal(ask("alice", &index), WIMS_BLOCK_USED_UP);
	assert_int_equal(index, WIMS_REG_CLAIMED);
	reg_assert_counts(0, 0, 2);
	assert_int_equal(reg_get("bob"), 0);
	assert_int_equal(reg_get("alice"), 1);
	assert_int_equal(reg_put(1, "alice", reg_contact('a')), WIMS_OK);
	assert_int_equal(ask("alice", &index), WIMS_OK);
	assert_int_equal(index, 1);
	assert_string_equal(reg_names(1), "a");
	/* in quarantine too, and it gets no longer by that */
	reg_remove(1, 'a');
	assert_int_equal(ask("alice", &index), WIMS_OK);
	assert_int_equal(index, 1);
	reg_pass(1000 + reg_on->tick);
	assert_int_equal(ask("alice", &index), WIMS_BLOCK_USED_UP);
}

void conform_holds_for_a_time(void **state)
{
	int64_t index;

	(void)state;
	reg_new_block(1, 0);
	assert_int_equal(
			wims_store_allocate(&reg_on->store, reg_block, WIMS_PL("alice"), reg_on->tick, &index),
			WIMS_OK);
	assert_int_equal(reg_allocate("bob", &index), WIMS_BLOCK_USED_UP);
	reg_pass(reg_on->tick);
	reg_assert_counts(0, 0, 1);
	assert_int_equal(reg_get("bob"), 0);
	assert_int_equal(reg_put(0, "alice", reg_contact('a')), WIMS_IDENTITY_IN_USE);
	reg_new_block(1, 0);
	/* a longer time is not made shorter by asking again */
	assert_int_equal(reg_get("alice"), 0);
	assert_int_equal(wims_store_allocate(&reg_on->store, reg_block, WIMS_PL("alice"), 1, &index),
					 WIMS_OK);
	reg_pass(reg_on->tick);
	assert_int_equal(reg_allocate("bob", &index), WIMS_BLOCK_USED_UP);
	/* one device leaves while another one comes */
	reg_new_block(1, 0);
	assert_int_equal(reg_put(0, "alice", reg_contact('a')), WIMS_OK);
	assert_int_equal(reg_get("alice"), 0);
	reg_remove(0, 'a');
	reg_assert_counts(1, 1, 0);
	assert_int_equal(reg_allocate("bob", &index), WIMS_BLOCK_USED_UP);
	assert_int_equal(reg_put(0, "alice", reg_contact('b')), WIMS_OK);
	reg_remove(0, 'b');
	assert_int_equal(reg_get("bob"), 0);
	/* what nobody holds may be put too: the lease has run out meanwhile */
	reg_new_block(2, 0);
	assert_int_equal(reg_put(1, "alice", reg_contact('a')), WIMS_OK);
	assert_int_equal(reg_get("alice"), 1);
	assert_int_equal(reg_get("bob"), 0);
}

/* The second IMPU of an owner, which only a lost store brings about. */
void conform_answers_the_first_of_an_owner(void **state)
{
	(void)state;
	reg_new_block(3, 0);
	assert_int_equal(reg_put(2, "alice", reg_contact('a')), WIMS_OK);
	assert_int_equal(reg_put(1, "alice", reg_contact('b')), WIMS_OK);
	assert_int_equal(reg_get("alice"), 2);
	assert_int_equal(reg_again(2, "bob", reg_contact('c'), 1), WIMS_OK);
	assert_true(reg_out.displaced);
	assert_int_equal(reg_put(1, "alice", reg_contact('b')), WIMS_OK);
	assert_int_equal(reg_get("alice"), 1);
	assert_int_equal(reg_get("bob"), 2);
	assert_int_equal(reg_get("carol"), 0);
}

void conform_claims(void **state)
{
	(void)state;
	reg_new_block(0, 0);
	assert_int_equal(reg_put(WIMS_REG_CLAIMED, "alice", reg_contact('a')), WIMS_OK);
	reg_assert_counts(1, 1, 0);
	assert_int_equal(reg_put(WIMS_REG_CLAIMED, "bob", reg_contact('b')), WIMS_IDENTITY_IN_USE);
	assert_int_equal(reg_put(WIMS_REG_CLAIMED, "Alice", reg_contact('b')), WIMS_IDENTITY_IN_USE);
	assert_int_equal(reg_put(WIMS_REG_CLAIMED, "", reg_contact('b')), WIMS_IDENTITY_IN_USE);
	assert_int_equal(reg_put(WIMS_REG_CLAIMED, "alice", reg_contact('b')), WIMS_OK);
	assert_string_equal(reg_names(WIMS_REG_CLAIMED), "ab");
	assert_true(wims_pl_eq(reg_entry.impu, reg_impu(WIMS_REG_CLAIMED)));
	assert_true(wims_pl_eq(reg_entry.owner, WIMS_PL("alice")));
	reg_remove(WIMS_REG_CLAIMED, 'a');
	reg_remove(WIMS_REG_CLAIMED, 'b');
	reg_assert_counts(0, 0, 0);
	/* it is the next one's at once */
	assert_int_equal(reg_put(WIMS_REG_CLAIMED, "", reg_contact('a')), WIMS_OK);
	assert_int_equal(reg_put(WIMS_REG_CLAIMED, "", reg_contact('b')), WIMS_OK);
	assert_string_equal(reg_names(WIMS_REG_CLAIMED), "ab");
	assert_int_equal(reg_entry.owner.l, 0);
	/* and the same IMPU of another block is another one */
	reg_new_block(0, 0);
	assert_string_equal(reg_names(WIMS_REG_CLAIMED), "");
	assert_int_equal(reg_put(WIMS_REG_CLAIMED, "bob", reg_contact('c')), WIMS_OK);
}

void conform_frees_a_claim_that_expires(void **state)
{
	struct wims_reg_contact c = reg_contact('a');

	(void)state;
	reg_new_block(0, 0);
	c.left_ms = reg_on->tick;
	assert_int_equal(reg_put(WIMS_REG_CLAIMED, "alice", c), WIMS_OK);
	reg_pass(reg_on->tick);
	reg_assert_counts(0, 0, 0);
	assert_string_equal(reg_names(WIMS_REG_CLAIMED), "");
	assert_int_equal(reg_put(WIMS_REG_CLAIMED, "bob", reg_contact('b')), WIMS_OK);
	assert_string_equal(reg_names(WIMS_REG_CLAIMED), "b");
}

/* What was acknowledged and is lost comes back as it was. */
void conform_makes_again(void **state)
{
	int64_t since, index;

	(void)state;
	reg_new_block(2, 60);
	assert_int_equal(reg_again(1, "alice", reg_contact('a'), 1000), WIMS_OK);
	assert_int_equal(reg_out.since, 1000);
	assert_false(reg_out.displaced);
	assert_string_equal(reg_names(1), "a");
	assert_int_equal(reg_entry.since, 1000);
	/* a second contact, a refresh and an older one of the same owner */
	assert_int_equal(reg_again(1, "alice", reg_contact('b'), 2000), WIMS_OK);
	assert_int_equal(reg_out.since, 1000);
	assert_int_equal(reg_put(1, "alice", reg_contact('a')), WIMS_OK);
	assert_int_equal(reg_out.since, 1000);
	assert_int_equal(reg_again(1, "alice", reg_contact('a'), 900), WIMS_OK);
	assert_int_equal(reg_out.since, 900);
	assert_int_equal(reg_out.contacts, 2);
	/* its place counts as given out, and is what alice gets */
	reg_assert_counts(1, 1, 1);
	assert_int_equal(reg_get("alice"), 1);
	assert_int_equal(reg_get("bob"), 0);
	assert_int_equal(reg_allocate("carol", &index), WIMS_BLOCK_USED_UP);
	/* and a claimed one */
	reg_new_block(0, 0);
	assert_int_equal(reg_put(WIMS_REG_CLAIMED, "bob", reg_contact('b')), WIMS_OK);
	since = reg_out.since;
	assert_int_equal(reg_again(WIMS_REG_CLAIMED, "alice", reg_contact('a'), since),
					 WIMS_IDENTITY_CONFLICT);
	assert_int_equal(reg_again(WIMS_REG_CLAIMED, "alice", reg_contact('a'), since - 1), WIMS_OK);
	assert_true(reg_out.displaced);
	assert_string_equal(reg_names(WIMS_REG_CLAIMED), "a");
}

void conform_keeps_the_older_owner(void **state)
{
	int64_t since;

	(void)state;
	reg_new_block(2, 60);
	assert_int_equal(reg_get("bob"), 0);
	assert_int_equal(reg_put(0, "bob", reg_contact('b')), WIMS_OK);
	assert_int_equal(reg_put(0, "bob", reg_contact('c')), WIMS_OK);
	since = reg_out.since;
	/* younger, as old */
	assert_int_equal(reg_again(0, "alice", reg_contact('a'), since + 1), WIMS_IDENTITY_CONFLICT);
	assert_int_equal(reg_again(0, "alice", reg_contact('a'), since), WIMS_IDENTITY_CONFLICT);
	assert_string_equal(reg_names(0), "bc");
	/* older: bob has lost it, and his next ones say so */
	assert_int_equal(reg_again(0, "alice", reg_contact('a'), since - 1), WIMS_OK);
	assert_true(reg_out.displaced);
	assert_int_equal(reg_out.contacts, 1);
	assert_string_equal(reg_names(0), "a");
	assert_true(wims_pl_eq(reg_entry.owner, WIMS_PL("alice")));
	assert_int_equal(reg_put(0, "bob", reg_contact('b')), WIMS_IDENTITY_IN_USE);
	assert_int_equal(reg_again(0, "bob", reg_contact('b'), since), WIMS_IDENTITY_CONFLICT);
	reg_assert_counts(1, 1, 1);
	assert_int_equal(reg_get("bob"), 1);
	/* one that is only held is younger than what was acknowledged */
	assert_int_equal(reg_again(1, "carol", reg_contact('d'), since - 1), WIMS_OK);
	assert_string_equal(reg_names(1), "d");
	/* one in quarantine keeps nobody who is registered away */
	reg_remove(0, 'a');
	assert_int_equal(reg_put(0, "dave", reg_contact('e')), WIMS_IDENTITY_IN_USE);
	assert_int_equal(reg_again(0, "dave", reg_contact('e'), since + 5), WIMS_OK);
	assert_false(reg_out.displaced);
	assert_string_equal(reg_names(0), "e");
	assert_int_equal(reg_get("dave"), 0);
}
