/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Ranges beside the C library's regexec(): generated expressions, identities
 * made from them and spoilt ones, one verdict. The same ones in each run. */
#include "range/wims_ranges.h"

#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

enum
{
	PATTERNS = 12000,
	IDENTITIES = 10, /* of each */
	TEXT_MAX = 400,
	USER_MAX = 150
};

static uint64_t seed;

static unsigned roll(unsigned n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % n;
}

/* --- expressions --- */

struct text
{
	char at[TEXT_MAX];
	size_t l;
};

static void put(struct text *t, const char *s)
{
	size_t n = strlen(s);

	assert_true(t->l + n < sizeof(t->at));
	memcpy(t->at + t->l, s, n + 1);
	t->l += n;
}

static const char *pick(const char *const *from, size_t n)
{
	return from[roll((unsigned)n)];
}

#define PICK(...)                            \
	pick((const char *const[]){__VA_ARGS__}, \
		 sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void put_alternatives(struct text *t, unsigned depth);

static void put_atom(struct text *t, unsigned depth)
{
	unsigned kind = roll(depth > 0 && t->l < 120 ? 10 : 7);

	if(kind < 3) {
		put(t, PICK("a", "b", "c", "0", "9", "-", "!", "A", ",", "&", "=", "~", "'", "_", "/"));
	} else if(kind == 3) {
		put(t, PICK(".", ".", "\\.", "\\*", "\\+", "\\(", "\\)", "\\$", "\\?", "\\|", "\\-"));
	} else if(kind < 7) {
		put(t, PICK("[ab]", "[^ab]", "[0-9]", "[[:digit:]]", "[[:alpha:]_]", "[]a]", "[^]a]",
					"[a-]", "[-a]", "[+--]", "[a\\]", "[.*+?()|$]", "[^[:alnum:]]", "[[a]",
					"[0-9a-c]", "[^-9]", "[!-~]", "[[:punct:]]", "[a-b-]"));
	} else {
		put(t, "(");
		put_alternatives(t, depth - 1);
		put(t, ")");
	}
}

static void put_sequence(struct text *t, unsigned depth)
{
	unsigned n = 1 + roll(3);

	while(n-- > 0) {
		put_atom(t, depth);
		if(roll(3) == 0)
			put(t, PICK("*", "+", "?", "*", "{2}", "{0,2}", "{1,3}", "{2,}", "{0}", "{0,}"));
	}
}

static void put_alternatives(struct text *t, unsigned depth)
{
	put_sequence(t, depth);
	while(roll(4) == 0) {
		put(t, "|");
		put_sequence(t, depth);
	}
}

/* --- identities --- */

/* One that a user part may hold, or that a literal asks for. */
static char any_of(struct wims_ere_set set)
{
	static const char letters[] = "abcABC0129-_.!~*'()&=+$,;?/|";
	unsigned at = roll(sizeof(letters) - 1);

	while(!wims_ere_set_has(set, letters[at]))
		at = (at + 1) % (sizeof(letters) - 1);
	return letters[at];
}

/* One text that the expression matches, unless it is cut off. */
static void sample(const struct wims_ere *e, uint16_t at, char *out, size_t *l)
{
	const struct wims_ere_node *n = &e->node[at];
	unsigned count, most = n->max == WIMS_ERE_NO_MAX ? n->min + 3u : n->max, alternatives = 0;
	uint16_t c;

	if(*l >= USER_MAX)
		return;
	switch(n->kind) {
		case WIMS_ERE_SET:
			out[(*l)++] = any_of(n->set);
			break;
		case WIMS_ERE_REPEAT:
			for(count = n->min + roll(most - n->min + 1); count > 0; count--)
				sample(e, n->child, out, l);
			break;
		case WIMS_ERE_SEQ:
			for(c = n->child; c != WIMS_ERE_END; c = e->node[c].next)
				sample(e, c, out, l);
			break;
		case WIMS_ERE_ALT:
			for(c = n->child; c != WIMS_ERE_END; c = e->node[c].next)
				if(roll(++alternatives) == 0)
					at = c;
			sample(e, at, out, l);
			break;
	}
}

/* A character more, less, or another one. */
static void spoil(char *user, size_t *l)
{
	const char *letters = "ab0-!.*A";
	size_t at = roll((unsigned)*l + 1);

	if(*l > 0 && at < *l && roll(2) == 0) {
		memmove(user + at, user + at + 1, *l - at - 1);
		(*l)--;
	} else if(roll(2) == 0) {
		memmove(user + at + 1, user + at, *l - at);
		user[at] = letters[roll(8)];
		(*l)++;
	} else if(at < *l) {
		user[at] = letters[roll(8)];
	}
}

/* --- both verdicts --- */

struct tally
{
	size_t pairs, matched, limited;
};

static void compare(const struct wims_ranges *rs, struct wims_regex_room *room, const regex_t *re,
					const char *pattern, const char *user, struct tally *tally)
{
	char impu[USER_MAX + 40];
	struct wims_ranges_hit hit;
	bool ours, theirs = regexec(re, user, 0, NULL, 0) == 0;
	int n = snprintf(impu, sizeof(impu), "sip:%s@h.test", user);

	ours = wims_ranges_find(rs, room, (struct wims_pl){impu, (size_t)n}, &hit);
	if(ours != theirs && !hit.limited)
		fail_msg("%s, %s: %s here, %s there", pattern, user, ours ? "match" : "none",
				 theirs ? "match" : "none");
	/* given up at a limit is no match, whatever the other says */
	assert_false(ours && hit.limited);
	tally->pairs += !hit.limited;
	tally->limited += hit.limited;
	tally->matched += ours;
}

static void one_pattern(struct wims_regex_room *room, struct tally *tally)
{
	static struct wims_ere e;
	struct wims_ranges *rs = wims_ranges_new(&wims_env_libc);
	struct text ere = {.l = 0}, range = {.l = 0}, posix = {.l = 0};
	struct wims_range_fault fault;
	uint32_t owner;
	regex_t re;
	unsigned i;

	put_alternatives(&ere, 2);
	put(&range, "sip:p!"), put(&range, ere.at), put(&range, "!s@h.test");
	put(&posix, "^p("), put(&posix, ere.at), put(&posix, ")s$");
	if(!wims_ere_parse(&e, (struct wims_pl){ere.at, ere.l}, &fault))
		fail_msg("%s: byte %zu: %s", ere.at, fault.at, fault.why);
	assert_int_equal(wims_ranges_owner(rs, WIMS_PL("o"), WIMS_PL_NONE, &owner), WIMS_OK);
	assert_int_equal(wims_ranges_add(rs, owner, (struct wims_pl){range.at, range.l}, &fault),
					 WIMS_OK);
	assert_int_equal(wims_ranges_seal(rs, &fault), WIMS_OK);
	assert_int_equal(regcomp(&re, posix.at, REG_EXTENDED | REG_NOSUB), 0);
	for(i = 0; i < IDENTITIES; i++) {
		char user[2 * USER_MAX] = "p";
		size_t l = 1;
		unsigned k;

		sample(&e, e.root, user, &l);
		user[l++] = 's';
		for(k = i / 3; k > 0; k--)
			spoil(user, &l);
		user[l] = '\0';
		if(l > 0 && l < USER_MAX + 10)
			compare(rs, room, &re, range.at, user, tally);
	}
	regfree(&re);
	wims_ranges_free(rs);
}

static void same_as_regexec(void **state)
{
	struct wims_regex_room *room = wims_regex_room_new(&wims_env_libc);
	struct tally tally = {0};
	unsigned i;

	(void)state;
	for(i = 0; i < PATTERNS; i++) {
		seed = i;
		one_pattern(room, &tally);
	}
	wims_regex_room_free(room);
	print_message("%zu pairs, %zu matched, %zu limited\n", tally.pairs, tally.matched,
				  tally.limited);
	assert_true(tally.pairs >= 100000);
	assert_true(tally.limited < 500);
	assert_true(tally.matched > 20000 && tally.pairs - tally.matched > 20000);
}

/* --- no identity belongs to two owners --- */

/* A set of those of the two texts that are not NULL, of an owner each. NULL: they
 * overlap. */
static struct wims_ranges *set_of(const char *a, const char *b)
{
	const char *text[] = {a, b};
	struct wims_ranges *rs = wims_ranges_new(&wims_env_libc);
	struct wims_range_fault fault;
	uint32_t owner;
	unsigned i;

	for(i = 0; i < 2; i++) {
		assert_int_equal(wims_ranges_owner(rs, WIMS_PL("o"), WIMS_PL_NONE, &owner), WIMS_OK);
		if(text[i] != NULL)
			assert_int_equal(wims_ranges_add(rs, owner, wims_pl_str(text[i]), &fault), WIMS_OK);
	}
	if(wims_ranges_seal(rs, &fault) == WIMS_OK)
		return rs;
	wims_ranges_free(rs);
	return NULL;
}

/* Is one of some identities that fit the first expression in both sets? */
static bool meet(const struct text *ere, const struct wims_ranges *a, const struct wims_ranges *b,
				 struct wims_regex_room *room)
{
	static struct wims_ere e;
	struct wims_range_fault fault;
	struct wims_ranges_hit hit;
	unsigned i;

	assert_true(wims_ere_parse(&e, (struct wims_pl){ere->at, ere->l}, &fault));
	for(i = 0; i < IDENTITIES; i++) {
		char impu[2 * USER_MAX] = "sip:p";
		size_t l = strlen(impu);
		struct wims_pl id;

		sample(&e, e.root, impu, &l);
		id = (struct wims_pl){impu, l + (size_t)snprintf(impu + l, sizeof(impu) - l, "s@h.test")};
		if(wims_ranges_find(a, room, id, &hit) && wims_ranges_find(b, room, id, &hit))
			return true;
	}
	return false;
}

static void no_hidden_overlap(void **state)
{
	struct wims_regex_room *room = wims_regex_room_new(&wims_env_libc);
	size_t shared = 0, apart = 0;
	unsigned i, k;

	(void)state;
	for(i = 0; i < PATTERNS; i++) {
		struct text ere[2] = {{.l = 0}, {.l = 0}}, range[2] = {{.l = 0}, {.l = 0}};
		struct wims_ranges *set[3];
		bool met;

		seed = i;
		for(k = 0; k < 2; k++) {
			put_alternatives(&ere[k], 1);
			put(&range[k], "sip:p!"), put(&range[k], ere[k].at), put(&range[k], "!s@h.test");
		}
		set[0] = set_of(range[0].at, NULL);
		set[1] = set_of(NULL, range[1].at);
		set[2] = set_of(range[0].at, range[1].at);
		met = meet(&ere[0], set[0], set[1], room) || meet(&ere[1], set[0], set[1], room);
		if(met && set[2] != NULL)
			fail_msg("%s and %s share an identity", range[0].at, range[1].at);
		shared += met;
		apart += set[2] != NULL;
		for(k = 0; k < 3; k++)
			wims_ranges_free(set[k]);
	}
	wims_regex_room_free(room);
	print_message("%zu pairs share an identity, %zu are apart\n", shared, apart);
	assert_true(shared > 500 && apart > 2000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(same_as_regexec),
			cmocka_unit_test(no_hidden_overlap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
