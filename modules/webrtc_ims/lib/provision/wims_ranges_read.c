/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_ranges_read.h"

#include "jose/wims_alg_ossl.h"
#include "provision/wims_alloc.h"
#include "provision/wims_alloc_read.h"
#include "range/wims_range_inside.h"

static bool impi_write(struct wims_w *w, struct wims_pl s)
{
	char buf[WIMS_IMPI_MAX];
	struct wims_pl impi;

	if(wims_impi_canonical(&impi, buf, sizeof(buf), s) != WIMS_OK)
		return false;
	wims_w_pl(w, impi);
	return w->ok;
}

static const struct wims_text_kind text_range = {
		1, WIMS_RANGE_TEXT_MAX, NULL, NULL,
		"sip:PREFIX!ERE!SUFFIX@HOST, tel:+DIGITS!ERE! or FIRST..LAST"};
static const struct wims_text_kind text_wildcard = {
		1, WIMS_RANGE_TEXT_MAX, wims_impu_fits_brackets, NULL,
		"a wildcarded identity without spaces, '\"', '<' and '>'"};
static const struct wims_text_kind text_impi = {1, WIMS_IMPI_MAX, NULL, impi_write, "user@realm"};

static const struct wims_pl triggers[] = {
		[WIMS_RANGE_NEVER] = {"never", 5},
		[WIMS_RANGE_AT_START] = {"start", 5},
		[WIMS_RANGE_AT_FIRST] = {"first", 5},
		[WIMS_RANGE_BY_TOKEN] = {"token", 5},
};

struct wims_pl wims_range_trigger_name(enum wims_range_trigger trigger)
{
	return triggers[trigger];
}

static WIMS_SETTER(set_trigger)
{
	enum wims_range_trigger *trigger = field;
	size_t i;

	(void)m;
	for(i = 0; i < sizeof(triggers) / sizeof(triggers[0]); i++)
		if(wims_pl_eq(triggers[i], wims_json_string(v))) {
			*trigger = (enum wims_range_trigger)i;
			return WIMS_OK;
		}
	return wims_config_fail(rd, WIMS_CONFIG_VALUE,
							"allowed: \"start\", \"first\", \"token\" or \"never\"");
}

/* clang-format off */
#define STRING WIMS_TYPE_BIT(WIMS_JSON_STRING)
#define ARRAY WIMS_TYPE_BIT(WIMS_JSON_ARRAY)
#define OBJECT WIMS_TYPE_BIT(WIMS_JSON_OBJECT)
#define AT(m) offsetof(struct wims_range_in, m)
static const struct wims_member range_rows[] = {
	{"range",      STRING,          WIMS_MEMBER_REQUIRED, 0, 0, AT(range.text),     wims_set_text,     &text_range},
	{"wildcard",   STRING,          0, 0, 0,                    AT(range.wildcard), wims_set_text,     &text_wildcard},
	{"register",   STRING,          0, 0, 0,                    AT(range.trigger),  set_trigger,       NULL},
	{"pilot",      STRING,          0, 0, 0,                    AT(range.pilot),    wims_set_text,     &wims_text_impu},
	{"impi",       STRING,          0, 0, 0,                    AT(range.impi),     wims_set_text,     &text_impi},
	{"nodes",      ARRAY,           0, 1, WIMS_RANGE_NODES_MAX, AT(range.nodes),    wims_set_nodes,    NULL},
	{"allocate",   WIMS_TYPE_BIT(WIMS_JSON_BOOL) | OBJECT, 0, 0, 0, AT(allocate),   wims_set_borrowed, NULL},
	{"quarantine", WIMS_TYPE_BIT(WIMS_JSON_INT), 0, 0, WIMS_QUARANTINE_MAX, AT(quarantine), wims_set_int, NULL},
	{"users",      ARRAY,           0, 1, WIMS_RANGE_USERS_MAX, AT(range.users),    wims_set_texts,    &wims_text_users},
	{"claim",      OBJECT,          0, 0, 0,                    AT(range.claim),    wims_set_serves,   NULL},
};
#undef AT
#undef OBJECT
#undef ARRAY
#undef STRING
/* clang-format on */

/* --- one range --- */

static enum wims_reason fail_at(struct wims_reading *rd, const char *member, enum wims_reason r,
								const char *text)
{
	size_t outer = wims_path_member(rd, member);

	wims_config_fail(rd, r, "%s", text);
	wims_path_leave(rd, outer);
	return r;
}

static enum wims_reason read_here(struct wims_reading *rd, struct wims_range *r,
								  struct wims_pl text)
{
	struct wims_range_fault fault;

	if(!wims_range_read(r, text, &fault))
		return wims_config_fail(rd, WIMS_CONFIG_VALUE, "\"%.*s\": byte %zu: %s", WIMS_PL_ARG(text),
								fault.at, fault.why);
	if(r->kind == WIMS_RANGE_DISTINCT)
		return wims_config_fail(rd, WIMS_CONFIG_VALUE,
								"\"%.*s\" is one identity; allowed: in \"impus\"",
								WIMS_PL_ARG(text));
	return WIMS_OK;
}

/* member: NULL for a range that is a plain string. */
static enum wims_reason read_text(struct wims_reading *rd, struct wims_range *r, const char *member,
								  struct wims_pl text)
{
	size_t outer = member == NULL ? rd->path_len : wims_path_member(rd, member);
	enum wims_reason why = read_here(rd, r, text);

	wims_path_leave(rd, outer);
	return why;
}

/* It only says whose the IMPUs are. */
static enum wims_reason check_unregistered(struct wims_reading *rd,
										   const struct wims_wwsf_range *range)
{
	static const char why[] = "has no meaning where the range is not registered";

	if(range->wildcard.l > 0)
		return fail_at(rd, "wildcard", WIMS_CONFIG_MEMBER, why);
	if(range->pilot.l > 0)
		return fail_at(rd, "pilot", WIMS_CONFIG_MEMBER, why);
	if(range->impi.l > 0)
		return fail_at(rd, "impi", WIMS_CONFIG_MEMBER, why);
	return WIMS_OK;
}

static bool at_home(const struct wims_wwsf *w, struct wims_pl host)
{
	return host.l == 0 || wims_pl_eq(host, w->domain);
}

static enum wims_reason check_wildcard(struct wims_reading *rd, const struct wims_wwsf *w,
									   struct wims_wwsf_range *range, const struct wims_range *read)
{
	struct wims_range wildcard;
	enum wims_reason r;

	if(range->wildcard.l == 0 && read->kind == WIMS_RANGE_BLOCK)
		return fail_at(rd, "wildcard", WIMS_CONFIG_MEMBER,
					   "is required: the core knows no blocks of numbers");
	if(range->wildcard.l == 0 && !wims_impu_fits_brackets(range->text))
		return fail_at(rd, "wildcard", WIMS_CONFIG_MEMBER,
					   "is required: the range has a '\"', '<' or '>'");
	if(range->wildcard.l == 0) {
		range->wildcard = range->text;
		return WIMS_OK;
	}
	if((r = read_text(rd, &wildcard, "wildcard", range->wildcard)) != WIMS_OK)
		return r;
	if(wildcard.kind != WIMS_RANGE_EXPRESSION || !at_home(w, wildcard.host))
		return fail_at(rd, "wildcard", WIMS_CONFIG_VALUE,
					   "allowed: a wildcarded identity of the WWSF's own domain");
	if(!wims_range_inside(read, &wildcard))
		return fail_at(rd, "wildcard", WIMS_CONFIG_VALUE,
					   "does not hold the range, as far as can be told");
	return WIMS_OK;
}

/* Text behind what is hashed already. */
static bool hash_on(unsigned char digest[WIMS_SHA256_LEN], struct wims_pl text)
{
	char buf[2 * WIMS_SHA256_LEN + WIMS_ALLOC_TEXT_MAX];
	struct wims_w w;

	wims_w_init(&w, buf, sizeof(buf));
	wims_w_hex(&w, digest, WIMS_SHA256_LEN);
	wims_w_pl(&w, text);
	return w.ok && wims_sha256(digest, wims_w_done(&w));
}

static bool hash_block(unsigned char digest[WIMS_SHA256_LEN], const struct wims_wwsf_range *range)
{
	const struct wims_alloc *a = range->allocate;
	bool ok = wims_sha256(digest, range->text);
	size_t i;

	if(a != NULL && a->text.l > 0)
		ok = ok && hash_on(digest, a->text);
	for(i = 0; ok && a != NULL && i < a->list.count; i++)
		ok = hash_on(digest, a->list.at[i]);
	return ok;
}

/* Its name in the store is as long for any range, and of characters that any store takes.
 * The store knows IMPUs by number: where others are allocated, or in another order, it is
 * another block. */
static enum wims_reason name_block(struct wims_reading *rd, struct wims_wwsf_range *range)
{
	unsigned char digest[WIMS_SHA256_LEN];
	struct wims_block *b = &range->block;
	struct wims_w w;

	if(!hash_block(digest, range))
		return wims_config_fail(rd, WIMS_CRYPTO_FAILED, "no SHA-256");
	wims_w_init(&w, b->tag, sizeof(b->tag) - 1);
	wims_w_hex(&w, digest, WIMS_BLOCK_TAG_LEN / 2);
	b->range = range->text;
	return WIMS_OK;
}

static enum wims_reason check_registered(struct wims_reading *rd, const struct wims_wwsf *w,
										 struct wims_wwsf_range *range,
										 const struct wims_range *read)
{
	enum wims_reason r = check_wildcard(rd, w, range, read);

	if(r != WIMS_OK)
		return r;
	if(range->impi.l == 0)
		return fail_at(rd, "impi", WIMS_CONFIG_MEMBER, "is required where the range is registered");
	if(!at_home(w, wims_identity_split(range->pilot).host))
		return fail_at(rd, "pilot", WIMS_CONFIG_VALUE,
					   "is of another host; allowed: the WWSF's own domain");
	return WIMS_OK;
}

static enum wims_reason check(struct wims_reading *rd, const struct wims_wwsf *w,
							  struct wims_range_in *in, const char *member)
{
	struct wims_range read;
	enum wims_reason r = read_text(rd, &read, member, in->range.text);

	if(r != WIMS_OK)
		return r;
	if(in->range.trigger == WIMS_RANGE_NEVER)
		return (r = check_unregistered(rd, &in->range)) == WIMS_OK ? wims_alloc_refuse(rd, in) : r;
	if(w->scenario != WIMS_SCENARIO_RANGE)
		return fail_at(rd, "register", WIMS_CONFIG_VALUE,
					   "allowed with scenario \"pool\": \"never\"");
	if((r = check_registered(rd, w, &in->range, &read)) != WIMS_OK
	   || (r = wims_alloc_read(rd, in, &read)) != WIMS_OK)
		return r;
	return name_block(rd, &in->range);
}

static enum wims_reason read_range(struct wims_reading *rd, const struct wims_wwsf *w,
								   struct wims_wwsf_range *range, const struct wims_json_value *v)
{
	struct wims_range_in in = {.quarantine = -1};
	enum wims_reason r;

	if(wims_json_type(v) == WIMS_JSON_STRING)
		r = wims_text_take(rd, &text_range, &in.range.text, v);
	else if(wims_json_type(v) != WIMS_JSON_OBJECT)
		r = wims_config_type(rd, WIMS_TYPE_BIT(WIMS_JSON_STRING) | WIMS_TYPE_BIT(WIMS_JSON_OBJECT),
							 v);
	else {
		if(w->scenario == WIMS_SCENARIO_RANGE)
			in.range.trigger = WIMS_RANGE_AT_FIRST;
		r = wims_schema_read(rd, WIMS_SCHEMA(range_rows), &in, v);
	}
	if(r == WIMS_OK)
		r = check(rd, w, &in, wims_json_type(v) == WIMS_JSON_OBJECT ? "range" : NULL);
	*range = in.range;
	return r;
}

/* Each of them is an owner of its own where overlaps are looked for. */
static enum wims_reason count_blocks(struct wims_reading *rd, struct wims_wwsf *w)
{
	size_t i;

	for(i = 0; i < w->ranges.count; i++)
		w->blocks += w->ranges.at[i].allocate != NULL;
	if(w->blocks > WIMS_WWSF_BLOCKS_MAX)
		return wims_config_fail(rd, WIMS_CONFIG_VALUE, "%zu ranges allocate; allowed: %d",
								w->blocks, WIMS_WWSF_BLOCKS_MAX);
	return WIMS_OK;
}

WIMS_SETTER(wims_set_ranges)
{
	struct wims_wwsf *w = field;
	struct wims_wwsf_ranges *ranges = &w->ranges;
	enum wims_reason r = WIMS_OK;

	(void)m;
	ranges->at = wims_arena_alloc(rd->keep, wims_json_count(v), sizeof(ranges->at[0]));
	if(ranges->at == NULL)
		return wims_config_nomem(rd);
	while(r == WIMS_OK && ranges->count < wims_json_count(v)) {
		size_t i = ranges->count++, outer = wims_path_index(rd, i);

		r = read_range(rd, w, &ranges->at[i], wims_json_at(v, i));
		wims_path_leave(rd, outer);
	}
	return r == WIMS_OK ? count_blocks(rd, w) : r;
}

/* --- across WWSFs --- */

/* Members of a range that belong to one registration, or to one WWSF. */
static const struct shared
{
	const char *name;
	size_t offset; /* of struct wims_pl in struct wims_wwsf_range */
	bool once;     /* in one range, not only in those of one WWSF */
} shared[] = {
		{"wildcard", offsetof(struct wims_wwsf_range, wildcard), true},
		{"pilot", offsetof(struct wims_wwsf_range, pilot), false},
		{"impi", offsetof(struct wims_wwsf_range, impi), false},
};

static enum wims_reason fail_shared(struct wims_reading *rd, const struct shared *s, uint32_t wwsf,
									uint32_t range, struct wims_pl value,
									const struct wims_wwsf *other)
{
	wims_path_leave(rd, 0);
	wims_path_member(rd, "wwsf");
	wims_path_index(rd, wwsf);
	wims_path_member(rd, "ranges");
	wims_path_index(rd, range);
	wims_path_member(rd, s->name);
	return wims_config_fail(rd, WIMS_CONFIG_OVERLAP, "\"%.*s\" is one of WWSF \"%.*s\" already",
							WIMS_PL_ARG(value), WIMS_PL_ARG(other->name));
}

static enum wims_reason collect(struct wims_reading *rd, const struct shared *s,
								const struct wims_wwsf *wwsfs, size_t count,
								struct wims_entries *out)
{
	size_t i, k;

	for(i = 0; i < count; i++)
		for(k = 0; k < wwsfs[i].ranges.count; k++) {
			const char *range = (const char *)&wwsfs[i].ranges.at[k];
			struct wims_entry e = {.key = *(const struct wims_pl *)(range + s->offset),
								   .wwsf = (uint32_t)i,
								   .item = (uint32_t)k};

			if(e.key.l > 0 && !wims_entries_add(out, rd->scratch, e))
				return wims_config_nomem(rd);
		}
	wims_entries_sort(out);
	return WIMS_OK;
}

static enum wims_reason settle_member(struct wims_reading *rd, const struct shared *s,
									  const struct wims_wwsf *wwsfs, size_t count)
{
	struct wims_entries all = {NULL, 0, 0};
	enum wims_reason r = collect(rd, s, wwsfs, count, &all);
	size_t i;

	for(i = 1; r == WIMS_OK && i < all.count; i++) {
		const struct wims_entry *e = &all.at[i], *before = e - 1;

		if(wims_pl_eq(e->key, before->key) && (s->once || e->wwsf != before->wwsf))
			r = fail_shared(rd, s, e->wwsf, e->item, e->key, &wwsfs[before->wwsf]);
	}
	return r;
}

/* An IMPI by which a range is registered is none that another WWSF may hand
 * out. */
static enum wims_reason check_impi(struct wims_reading *rd, const struct wims_wwsf *wwsfs,
								   size_t count, uint32_t wwsf, uint32_t range)
{
	struct wims_pl impi = wwsfs[wwsf].ranges.at[range].impi;
	size_t i;

	for(i = 0; impi.l > 0 && i < count; i++)
		if(i != wwsf && wims_wwsf_owns_impi(&wwsfs[i], impi))
			return fail_shared(rd, &shared[2], wwsf, range, impi, &wwsfs[i]);
	return WIMS_OK;
}

enum wims_reason wims_ranges_settle(struct wims_reading *rd, const struct wims_wwsf *wwsfs,
									size_t count)
{
	enum wims_reason r = WIMS_OK;
	uint32_t i, k;

	for(i = 0; r == WIMS_OK && i < sizeof(shared) / sizeof(shared[0]); i++)
		r = settle_member(rd, &shared[i], wwsfs, count);
	for(i = 0; i < count; i++)
		for(k = 0; r == WIMS_OK && k < wwsfs[i].ranges.count; k++)
			r = check_impi(rd, wwsfs, count, i, k);
	return r;
}
