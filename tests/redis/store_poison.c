/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* What the store makes of values that it would never write.
 *   store_poison PLACE RUN [FIRST] <LINES
 * Each line is a command, its words in hexadecimal, put to Redis on a block in
 * which alice and bob are registered. P: at the beginning of a word stands for
 * the keys of that block. Then each operation is tried: no answer may have a
 * contact that was not registered, nobody may get the IMPU of another, and the
 * next REGISTER must put right what it needs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "help/store_help.h"
#include "help/store_user.h"

enum
{
	LINE_MAX_BYTES = 4 * 1024 * 1024,
	WORDS_MAX = 300,
	SIZE = 8
};

#define RAW                                                         \
	"if ARGV[1] ~= 'NEW' then return redis.call(unpack(ARGV)) end " \
	"redis.call('DEL', KEYS[1]) return redis.call(unpack(ARGV, 2))"

static const struct wr_script raw = {
		.name = {"raw", 3},
		.sha1 = {"10088d4e0c9b70b7c68d94db7707e1a35b8250e9", 40},
		.text = {RAW, sizeof(RAW) - 1},
};
static struct wims_store store;
static struct wr_store *on;
static int line_number, failures;

static void wrong(const char *what, enum wims_reason r)
{
	printf("line %d: %s: %s %s\n", line_number, what, wims_reason_text(r), wr_store_error(on));
	failures++;
}

static int digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* The next word, in place; its end moves *at on. */
static struct wims_pl word(char **at, const struct wims_block *b)
{
	char *from = *at, *to = *at, *begin = *at;
	struct wims_pl w;

	from += *from == '-'; /* an empty word */
	while(*from != ' ' && *from != '\n' && *from != '\0') {
		*to++ = (char)(digit(from[0]) * 16 + digit(from[1]));
		from += 2;
	}
	*at = *from == ' ' ? from + 1 : from;
	w = (struct wims_pl){begin, (size_t)(to - begin)};
	if(wims_pl_starts(w, WIMS_PL("P:"))) {
		char *key = malloc(w.l + 64);
		int n = snprintf(key, 64, "wims:{%s}:", b->tag);

		memcpy(key + n, w.p + 2, w.l - 2);
		w = (struct wims_pl){key, (size_t)n + w.l - 2};
	}
	return w;
}

static void poison(char *line, const struct wims_block *b)
{
	struct wims_pl words[WORDS_MAX];
	struct wr_call call = {.script = &raw, .keys = words + 1, .key_count = 1, .args = words};
	const struct wims_redis_value *v;
	char *at = line;

	while(*at != '\n' && *at != '\0' && call.arg_count < WORDS_MAX)
		words[call.arg_count++] = word(&at, b);
	while(!wims_pl_starts(*call.keys, WIMS_PL("wims:")))
		call.keys++;
	if(wr_client_call(store_client(), &call, &v) != WIMS_OK) {
		printf("line %d: not poisoned: %s\n", line_number, wr_client_error(store_client()));
		failures++;
	}
}

static bool is_one_of(enum wims_reason r, const enum wims_reason *ok, size_t n)
{
	while(n > 0 && ok[n - 1] != r)
		n--;
	return n > 0;
}

#define EXPECT(what, r, ...)                                \
	do {                                                    \
		const enum wims_reason ok[] = {__VA_ARGS__};        \
		enum wims_reason got = (r);                         \
		if(!is_one_of(got, ok, sizeof(ok) / sizeof(ok[0]))) \
			wrong(what, got);                               \
	} while(0)

/* Contacts of an entry may only be what was registered. */
static void look(void *ctx, const struct wims_reg_entry *e)
{
	size_t i;

	(void)ctx;
	for(i = 0; i < e->count; i++)
		if(!user_is_contact(&e->contact[i], e->index))
			wrong("a contact of nobody", WIMS_OK);
}

static void reading(const struct wims_block *b)
{
	static struct wims_reg_entry e;
	struct wims_reg_counts counts;
	struct wims_reg_nodes *nodes = calloc(1, sizeof(*nodes));
	struct wims_reg_held held;
	uint64_t cursor = 0;
	enum wims_reason r = wims_store_query(&store, b, user_impu(0), 0, &e);
	int parts = 0;

	EXPECT("query", r, WIMS_OK, WIMS_TARGET_UNREGISTERED, WIMS_REGISTRAR_BAD);
	if(r == WIMS_OK)
		look(NULL, &e);
	do {
		r = wims_store_list(&store, b, &cursor, 3, look, NULL);
		EXPECT("list", r, WIMS_OK, WIMS_REGISTRAR_BAD);
	} while(r == WIMS_OK && cursor != 0 && ++parts < 1000);
	if(parts == 1000)
		wrong("list does not end", r);
	EXPECT("counts", wims_store_counts(&store, b, &counts), WIMS_OK, WIMS_REGISTRAR_BAD);
	EXPECT("beat", wims_store_beat(&store, 1, 7, WIMS_PL("127.0.0.1:5060"), nodes), WIMS_OK,
		   WIMS_LIMIT_REACHED);
	EXPECT("leave", wims_store_leave(&store, 1, 7), WIMS_OK);
	EXPECT("hold", wims_store_hold(&store, b, 1, 7, 1000, WIMS_PL("doc"), &held), WIMS_OK,
		   WIMS_REGISTRAR_BAD);
	free(nodes);
}

static void writing(const struct wims_block *b)
{
	static struct wims_reg_entry e;
	uint64_t cursor = 0;
	size_t removed;
	int64_t index = -1;
	int calls = 0;
	enum wims_reason r;

	EXPECT("purge", wims_store_purge(&store, b, 99, 0, &cursor, 100, &removed), WIMS_OK,
		   WIMS_REGISTRAR_BAD);
	EXPECT("remove", wims_store_remove(&store, b, user_impu(2), 2, user_contact(9).name), WIMS_OK,
		   WIMS_REGISTRAR_BAD);
	/* garbage is taken out a few at a time */
	do
		r = wims_store_allocate(&store, b, WIMS_PL("carol"), 1000, &index);
	while(r == WIMS_REGISTRAR_AWAY && ++calls < 10);
	EXPECT("allocate", r, WIMS_OK, WIMS_REGISTRAR_BAD, WIMS_BLOCK_USED_UP);
	if(r == WIMS_OK && index == 1)
		wrong("carol got the IMPU of bob", r);
	if(r == WIMS_REGISTRAR_BAD) /* a block of another format */
		return;
	r = user_put(&store, b, 1, "bob");
	EXPECT("put of bob", r, WIMS_OK);
	r = wims_store_query(&store, b, user_impu(1), 1, &e);
	EXPECT("query of bob", r, WIMS_OK);
	r = user_put(&store, b, 0, "alice");
	if(r != WIMS_OK && index != 0) /* carol may have got what alice has lost */
		wrong("put of alice", r);
	if(r == WIMS_OK) {
		EXPECT("query of alice", wims_store_query(&store, b, user_impu(0), 0, &e), WIMS_OK);
		look(NULL, &e);
	}
	EXPECT("drop", wims_store_drop(&store, b, user_impu(0), 0), WIMS_OK);
	EXPECT("unhold", wims_store_unhold(&store, b, 1, 7), WIMS_OK);
}

static void setup(const struct wims_block *b)
{
	int64_t index;

	EXPECT("alice", wims_store_allocate(&store, b, WIMS_PL("alice"), 1000, &index), WIMS_OK);
	EXPECT("bob", wims_store_allocate(&store, b, WIMS_PL("bob"), 1000, &index), WIMS_OK);
	EXPECT("alice", user_put(&store, b, 0, "alice"), WIMS_OK);
	EXPECT("bob", user_put(&store, b, 1, "bob"), WIMS_OK);
}

int main(int argc, char **argv)
{
	char *line = malloc(LINE_MAX_BYTES);
	uint32_t run;

	if(argc < 3 || line == NULL)
		return 2;
	on = open_store(argv[1], 1000);
	store = wr_store(on);
	run = (uint32_t)strtoul(argv[2], NULL, 10) * 1000;
	while(fgets(line, LINE_MAX_BYTES, stdin) != NULL) {
		struct wims_block b = block_of(run + (uint32_t)++line_number, SIZE, 60);

		setup(&b);
		poison(line, &b);
		reading(&b);
		writing(&b);
		reading(&b);
	}
	printf("%d values, %d faults, %llu ignored\n", line_number, failures,
		   (unsigned long long)wr_store_ignored(on));
	close_store(on);
	free(line);
	return failures > 0 || line_number == 0;
}
