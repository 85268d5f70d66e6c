/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_identities.h"

#include "identity/wims_impu.h"

enum
{
	IDENTITY_MAX = WIMS_IMPU_MAX > WIMS_IMPI_MAX ? WIMS_IMPU_MAX : WIMS_IMPI_MAX
};

typedef enum wims_reason (*canonical_fn)(struct wims_pl *out, char *buf, size_t size,
										 struct wims_pl in);

/* What differs between the two lists. */
struct kind
{
	const char *member;
	const char *allowed;
	canonical_fn canonical;
	size_t entries; /* of struct wims_entries in struct wims_reading */
	size_t list;    /* of struct wims_pl_list in struct wims_wwsf */
	size_t exact;   /* of its count of exact ones */
};

/* clang-format off */
static const struct kind impus = {
	"impus", "a sip:, sips: or tel: URI with a user part; one '*' in the user part stands for any text",
	wims_impu_canonical,
	offsetof(struct wims_reading, impus), offsetof(struct wims_wwsf, impus), offsetof(struct wims_wwsf, impus_exact)};
static const struct kind impis = {
	"impis", "user@realm; one '*' in the user part stands for any text",
	wims_impi_canonical,
	offsetof(struct wims_reading, impis), offsetof(struct wims_wwsf, impis), offsetof(struct wims_wwsf, impis_exact)};
/* clang-format on */

static struct wims_entries *entries_of(struct wims_reading *rd, const struct kind *k)
{
	return (struct wims_entries *)((char *)rd + k->entries);
}

/* --- reading one --- */

static bool is_tel(struct wims_pl s)
{
	return wims_pl_casestarts(s, WIMS_PL("tel:"));
}

/* "tel:+4930*" is no URI: the number before the star is. */
static enum wims_reason tel_pattern(struct wims_pl *out, char *buf, size_t size, struct wims_pl in)
{
	enum wims_reason r;

	if(in.p[in.l - 1] != '*')
		return WIMS_URI_BAD;
	in.l--;
	if((r = wims_impu_canonical(out, buf, size - 1, in)) != WIMS_OK)
		return r;
	buf[out->l++] = '*';
	return WIMS_OK;
}

static enum wims_reason pattern_canonical(const struct kind *k, struct wims_pl *out, char *buf,
										  size_t size, struct wims_pl in)
{
	enum wims_reason r =
			is_tel(in) ? tel_pattern(out, buf, size, in) : k->canonical(out, buf, size, in);
	size_t star;

	if(r != WIMS_OK)
		return r;
	star = wims_pl_find(*out, '*');
	/* an escaped star beside a plain one would make two; a host has none */
	if(star == out->l || wims_pl_find(wims_pl_from(*out, star + 1), '*') + star + 1 < out->l)
		return WIMS_URI_BAD;
	return WIMS_OK;
}

/* Does the pattern leave something literal, or stay inside the WWSF's own
 * domain? */
static bool narrow_enough(struct wims_pl pattern, struct wims_pl domain)
{
	size_t at = wims_pl_find(pattern, '@');
	size_t user = wims_pl_find(pattern, ':');

	if(is_tel(pattern))
		return pattern.l >= sizeof("tel:+*") - 1 + WIMS_TEL_PATTERN_DIGITS;
	user = user < at ? user + 1 : 0;
	return at - user > 1 || wims_pl_eq(wims_pl_from(pattern, at + 1), domain);
}

static enum wims_reason fail_wide(struct wims_reading *rd, struct wims_pl text)
{
	if(is_tel(text))
		return wims_config_fail(rd, WIMS_CONFIG_VALUE,
								"\"%.*s\" is too wide; allowed: at least %d digits before the '*'",
								WIMS_PL_ARG(text), WIMS_TEL_PATTERN_DIGITS);
	return wims_config_fail(
			rd, WIMS_CONFIG_VALUE,
			"\"%.*s\" is too wide; allowed: a user part that is only '*' at the WWSF's own domain",
			WIMS_PL_ARG(text));
}

static enum wims_reason read_one(struct wims_reading *rd, const struct kind *k,
								 const struct wims_wwsf *w, struct wims_entry e,
								 const struct wims_json_value *v)
{
	struct wims_pl text = wims_json_string(v), canonical;
	char buf[IDENTITY_MAX];
	enum wims_reason r;

	if(wims_json_type(v) != WIMS_JSON_STRING)
		return wims_config_type(rd, WIMS_TYPE_BIT(WIMS_JSON_STRING), v);
	e.pattern = wims_pl_find(text, '*') < text.l;
	r = e.pattern ? pattern_canonical(k, &canonical, buf, sizeof(buf), text)
				  : k->canonical(&canonical, buf, sizeof(buf), text);
	if(r != WIMS_OK)
		return wims_config_fail(rd, WIMS_CONFIG_VALUE, "\"%.*s\" is no identity; allowed: %s",
								WIMS_PL_ARG(text), k->allowed);
	if(k == &impus && wims_impu_is_wildcard(canonical))
		return wims_config_fail(rd, WIMS_CONFIG_VALUE,
								"\"%.*s\" is a wildcarded identity; allowed: in \"ranges\"",
								WIMS_PL_ARG(text));
	if(e.pattern && !narrow_enough(canonical, w->domain))
		return fail_wide(rd, text);
	if(!wims_arena_dup(rd->keep, &e.key, canonical)
	   || !wims_entries_add(entries_of(rd, k), rd->scratch, e))
		return wims_config_nomem(rd);
	return WIMS_OK;
}

static enum wims_reason read_all(struct wims_reading *rd, const struct kind *k,
								 const struct wims_wwsf *w, const struct wims_json_value *v)
{
	struct wims_entries *entries = entries_of(rd, k);
	enum wims_reason r = WIMS_OK;
	size_t patterns = 0;
	size_t i;

	for(i = 0; r == WIMS_OK && i < wims_json_count(v); i++) {
		struct wims_entry e = {.wwsf = rd->wwsf, .item = (uint32_t)i};
		size_t outer = wims_path_index(rd, i);

		r = read_one(rd, k, w, e, wims_json_at(v, i));
		if(r == WIMS_OK && entries->at[entries->count - 1].pattern
		   && ++patterns > WIMS_PATTERNS_MAX)
			r = wims_config_fail(rd, WIMS_CONFIG_VALUE,
								 "is one pattern too many; allowed: %d with a '*'",
								 WIMS_PATTERNS_MAX);
		wims_path_leave(rd, outer);
	}
	return r;
}

WIMS_SETTER(wims_set_impus)
{
	(void)m;
	return read_all(rd, &impus, field, v);
}

WIMS_SETTER(wims_set_impis)
{
	(void)m;
	return read_all(rd, &impis, field, v);
}

/* --- matching --- */

struct halves
{
	struct wims_pl head;
	struct wims_pl tail;
};

static struct halves split(struct wims_pl pattern)
{
	size_t star = wims_pl_find(pattern, '*');

	return (struct halves){{pattern.p, star}, wims_pl_from(pattern, star + 1)};
}

static bool ends_with(struct wims_pl s, struct wims_pl tail)
{
	return s.l >= tail.l && wims_pl_eq(wims_pl_from(s, s.l - tail.l), tail);
}

/* The star stands for a part of the user, whatever the caller hands in. */
static bool matches(struct halves p, struct wims_pl identity)
{
	struct wims_pl middle;

	if(identity.l < p.head.l + p.tail.l || !wims_pl_starts(identity, p.head)
	   || !ends_with(identity, p.tail))
		return false;
	middle = (struct wims_pl){identity.p + p.head.l, identity.l - p.head.l - p.tail.l};
	return wims_pl_find(middle, '@') == middle.l && wims_pl_find(middle, ':') == middle.l;
}

/* Some text fits both when the heads agree as far as both go, and the tails. */
static bool patterns_meet(struct halves a, struct halves b)
{
	return (wims_pl_starts(a.head, b.head) || wims_pl_starts(b.head, a.head))
		   && (ends_with(a.tail, b.tail) || ends_with(b.tail, a.tail));
}

static bool owns(const struct wims_pl_list *list, size_t exact, struct wims_pl identity)
{
	size_t lo = 0, hi = exact;
	size_t i;

	while(lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int d = wims_pl_order(list->at[mid], identity);

		if(d == 0)
			return true;
		if(d < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for(i = exact; i < list->count; i++)
		if(matches(split(list->at[i]), identity))
			return true;
	return false;
}

bool wims_wwsf_owns_impu(const struct wims_wwsf *w, struct wims_pl impu)
{
	const struct wims_wwsf_range *range;

	if(owns(&w->impus, w->impus_exact, impu))
		return true;
	range = wims_wwsf_range_of(w, impu);
	return range != NULL && range->allocate == NULL;
}

bool wims_wwsf_owns_impi(const struct wims_wwsf *w, struct wims_pl impi)
{
	return owns(&w->impis, w->impis_exact, impi);
}

/* --- across WWSFs --- */

/* The later of the two in the file is the one to blame. */
static enum wims_reason fail_overlap(struct wims_reading *rd, const struct kind *k,
									 const struct wims_wwsf *wwsfs, const struct wims_entry *a,
									 const struct wims_entry *b)
{
	const struct wims_entry *first =
			a->wwsf < b->wwsf || (a->wwsf == b->wwsf && a->item < b->item) ? a : b;
	const struct wims_entry *second = first == a ? b : a;

	wims_path_leave(rd, 0);
	wims_path_member(rd, "wwsf");
	wims_path_index(rd, second->wwsf);
	wims_path_member(rd, k->member);
	wims_path_index(rd, second->item);
	return wims_config_fail(
			rd, WIMS_CONFIG_OVERLAP,
			"overlaps with \"%.*s\" of WWSF \"%.*s\"; allowed: each identity once, in one WWSF",
			WIMS_PL_ARG(first->key), WIMS_PL_ARG(wwsfs[first->wwsf].name));
}

/* An entry that pattern p shares an identity with, in another WWSF. */
static const struct wims_entry *meets(const struct wims_entries *list, size_t exact,
									  const struct wims_entry *p)
{
	struct halves h = split(p->key);
	size_t i;

	for(i = wims_entries_lower(list, h.head); i < exact; i++) {
		if(!wims_pl_starts(list->at[i].key, h.head))
			break;
		if(list->at[i].wwsf != p->wwsf && matches(h, list->at[i].key))
			return &list->at[i];
	}
	for(i = exact; &list->at[i] < p; i++)
		if(list->at[i].wwsf != p->wwsf && patterns_meet(h, split(list->at[i].key)))
			return &list->at[i];
	return NULL;
}

static enum wims_reason check_overlap(struct wims_reading *rd, const struct kind *k,
									  const struct wims_wwsf *wwsfs)
{
	struct wims_entries *list = entries_of(rd, k);
	size_t exact = wims_entries_exact(list);
	const struct wims_entry *hit = wims_entries_repeated(list);
	size_t i;

	if(hit != NULL)
		return fail_overlap(rd, k, wwsfs, hit - 1, hit);
	for(i = exact; i < list->count; i++)
		if((hit = meets(list, exact, &list->at[i])) != NULL)
			return fail_overlap(rd, k, wwsfs, hit, &list->at[i]);
	return WIMS_OK;
}

/* The sorted whole, dealt out: each WWSF's share is sorted too. */
static enum wims_reason deal(struct wims_reading *rd, const struct kind *k, struct wims_wwsf *wwsfs,
							 size_t count)
{
	struct wims_entries *entries = entries_of(rd, k);
	size_t *share = wims_arena_alloc(rd->scratch, count, sizeof(*share));
	size_t i;

	if(share == NULL)
		return wims_config_nomem(rd);
	for(i = 0; i < entries->count; i++)
		share[entries->at[i].wwsf]++;
	for(i = 0; i < count; i++) {
		struct wims_pl_list *list = (struct wims_pl_list *)((char *)&wwsfs[i] + k->list);

		list->at = wims_arena_alloc(rd->keep, share[i], sizeof(list->at[0]));
		if(list->at == NULL)
			return wims_config_nomem(rd);
	}
	for(i = 0; i < entries->count; i++) {
		char *w = (char *)&wwsfs[entries->at[i].wwsf];
		struct wims_pl_list *list = (struct wims_pl_list *)(w + k->list);

		list->at[list->count++] = entries->at[i].key;
		*(size_t *)(w + k->exact) += !entries->at[i].pattern;
	}
	return WIMS_OK;
}

enum wims_reason wims_identities_settle(struct wims_reading *rd, struct wims_wwsf *wwsfs,
										size_t count)
{
	const struct kind *kinds[] = {&impus, &impis};
	enum wims_reason r = WIMS_OK;
	size_t i;

	for(i = 0; r == WIMS_OK && i < 2; i++) {
		wims_entries_sort(entries_of(rd, kinds[i]));
		r = check_overlap(rd, kinds[i], wwsfs);
		if(r == WIMS_OK)
			r = deal(rd, kinds[i], wwsfs, count);
	}
	return r;
}
