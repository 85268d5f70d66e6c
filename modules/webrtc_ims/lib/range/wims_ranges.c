/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "range/wims_ranges_int.h"

#include "identity/wims_host.h"

#include <string.h>

/* --- text --- */

struct wims_pl wims_ranges_span(const struct wims_ranges *rs, struct wims_span s)
{
	return (struct wims_pl){rs->text + s.at, s.length};
}

bool wims_ranges_keep(struct wims_ranges *rs, struct wims_pl s, struct wims_span *out)
{
	/* one byte more: even an empty text has an address */
	if(rs->text_count + s.l >= UINT32_MAX
	   || !wims_vec_room(&rs->env, (void **)&rs->text, &rs->text_size, rs->text_count + s.l + 1, 1))
		return false;
	if(s.l > 0)
		memcpy(rs->text + rs->text_count, s.p, s.l);
	*out = (struct wims_span){(uint32_t)rs->text_count, (uint32_t)s.l};
	rs->text_count += s.l;
	return true;
}

struct wims_pl wims_member_prefix(const struct wims_ranges *rs, const struct wims_member *m)
{
	return (struct wims_pl){rs->text + m->prefix, m->prefix_length};
}

struct wims_pl wims_member_suffix(const struct wims_ranges *rs, const struct wims_member *m)
{
	return (struct wims_pl){rs->text + m->prefix + m->prefix_length, m->suffix_length};
}

/* --- owners --- */

struct wims_ranges *wims_ranges_new(const struct wims_env *env)
{
	struct wims_ranges *rs = wims_zalloc(env, sizeof(*rs));

	if(rs != NULL)
		rs->env = *env;
	return rs;
}

void wims_ranges_free(struct wims_ranges *rs)
{
	struct wims_env env;
	size_t i;

	if(rs == NULL)
		return;
	for(i = 0; i < rs->programs_count; i++)
		wims_regex_free(rs->programs[i].regex);
	env = rs->env;
	wims_slots_free(&rs->space_slots, &env);
	wims_slots_free(&rs->program_slots, &env);
	wims_slots_free(&rs->prefix_slots, &env);
	wims_free(&env, rs->text);
	wims_free(&env, rs->owners);
	wims_free(&env, rs->spaces);
	wims_free(&env, rs->programs);
	wims_free(&env, rs->members);
	wims_free(&env, rs);
}

enum wims_reason wims_ranges_owner(struct wims_ranges *rs, struct wims_pl name, struct wims_pl host,
								   uint32_t *out)
{
	char buf[WIMS_HOST_MAX];
	struct wims_owner o;
	struct wims_w w;

	wims_w_init(&w, buf, sizeof(buf));
	if(name.l > WIMS_RANGES_NAME_MAX || (host.l > 0 && !wims_hostport_write(&w, host, 5060)))
		return WIMS_CONFIG_VALUE;
	if(rs->owners_count == WIMS_RANGES_OWNERS_MAX)
		return WIMS_LIMIT_REACHED;
	if(!wims_ranges_keep(rs, name, &o.name) || !wims_ranges_keep(rs, wims_w_done(&w), &o.host)
	   || !wims_vec_room(&rs->env, (void **)&rs->owners, &rs->owners_size, rs->owners_count + 1,
						 sizeof(o)))
		return WIMS_NOMEM;
	*out = (uint32_t)rs->owners_count;
	rs->owners[rs->owners_count++] = o;
	return WIMS_OK;
}

/* --- adding --- */

static bool wide(struct wims_range_fault *fault, const char *why)
{
	fault->why = why;
	return true;
}

static bool too_wide(const struct wims_ranges *rs, uint32_t owner, const struct wims_range *r,
					 struct wims_range_fault *fault)
{
	struct wims_pl host = wims_ranges_span(rs, rs->owners[owner].host);
	bool number = r->prefix.l > 0 && r->prefix.p[0] == '+';

	if(host.l > 0 && r->host.l > 0 && !wims_pl_eq(host, r->host))
		return wide(fault, "of another host; allowed: the domain of its owner");
	if(r->kind == WIMS_RANGE_DISTINCT)
		return false;
	if(r->prefix.l + r->suffix.l == 0)
		return wide(fault, "too wide; allowed: with a literal part of the user part");
	if((number || r->host.l == 0) && r->prefix.l < 1 + WIMS_RANGES_TEL_DIGITS)
		return wide(fault, "too wide; allowed: at least four digits before what varies");
	return false;
}

static enum wims_reason space_of(struct wims_ranges *rs, const struct wims_range *r, uint32_t *out)
{
	struct wims_space s = {0};
	uint32_t hash;

	*out = wims_ranges_space(rs, r->scheme, r->host, &hash);
	if(*out != WIMS_NO_ITEM)
		return WIMS_OK;
	if(!wims_ranges_keep(rs, r->scheme, &s.scheme) || !wims_ranges_keep(rs, r->host, &s.host)
	   || !wims_vec_room(&rs->env, (void **)&rs->spaces, &rs->spaces_size, rs->spaces_count + 1,
						 sizeof(s))
	   || !wims_slots_add(&rs->space_slots, &rs->env, hash, (uint32_t)rs->spaces_count))
		return WIMS_NOMEM;
	*out = (uint32_t)rs->spaces_count;
	rs->spaces[rs->spaces_count++] = s;
	return WIMS_OK;
}

/* Does m count before other, which has the same prefix and was added before? */
static bool comes_before(const struct wims_member *m, const struct wims_member *other)
{
	bool distinct = m->program == WIMS_NO_ITEM;

	if(distinct != (other->program == WIMS_NO_ITEM))
		return distinct;
	return m->suffix_length > other->suffix_length;
}

/* Puts the member into its list, the most specific first. */
static enum wims_reason link_member(struct wims_ranges *rs, struct wims_member *m)
{
	struct wims_pl prefix = wims_member_prefix(rs, m);
	uint64_t hash = wims_slots_hash(wims_ranges_seed(m->space), prefix);
	struct wims_slot *slot = wims_ranges_list(rs, m->space, prefix, hash);
	uint32_t index = (uint32_t)rs->members_count, i, before = WIMS_NO_ITEM, beside = 0;

	m->next = WIMS_NO_ITEM;
	if(slot == NULL)
		return wims_slots_add(&rs->prefix_slots, &rs->env, wims_slots_mix(hash), index)
					   ? WIMS_OK
					   : WIMS_NOMEM;
	for(i = wims_slot_item(slot); i != WIMS_NO_ITEM; i = rs->members[i].next, beside++)
		if(!comes_before(m, &rs->members[i]))
			before = i;
	if(beside >= WIMS_RANGES_BESIDE_MAX)
		return WIMS_LIMIT_REACHED;
	if(before == WIMS_NO_ITEM) {
		m->next = wims_slot_item(slot);
		wims_slot_set(slot, index);
	} else {
		m->next = rs->members[before].next;
		rs->members[before].next = index;
	}
	return WIMS_OK;
}

static enum wims_reason add_member(struct wims_ranges *rs, uint32_t owner, struct wims_pl text,
								   const struct wims_range *r)
{
	struct wims_member m = {.owner = owner,
							.program = WIMS_NO_ITEM,
							.prefix_length = (uint16_t)r->prefix.l,
							.suffix_length = (uint16_t)r->suffix.l};
	struct wims_span prefix, suffix;
	enum wims_reason why = space_of(rs, r, &m.space);

	if(why == WIMS_OK && r->kind != WIMS_RANGE_DISTINCT)
		why = wims_ranges_program(rs, r, &m.program);
	if(why != WIMS_OK)
		return why;
	if(!wims_ranges_keep(rs, r->prefix, &prefix) || !wims_ranges_keep(rs, r->suffix, &suffix)
	   || !wims_ranges_keep(rs, text, &m.text)
	   || !wims_vec_room(&rs->env, (void **)&rs->members, &rs->members_size, rs->members_count + 1,
						 sizeof(m)))
		return WIMS_NOMEM;
	m.prefix = prefix.at;
	if((why = link_member(rs, &m)) != WIMS_OK)
		return why;
	rs->spaces[m.space].lengths[m.prefix_length / 64] |= UINT64_C(1) << (m.prefix_length % 64);
	rs->members[rs->members_count++] = m;
	return WIMS_OK;
}

/* *r: text, read. */
static enum wims_reason add_read(struct wims_ranges *rs, uint32_t owner, struct wims_pl text,
								 const struct wims_range *r, struct wims_range_fault *fault)
{
	enum wims_reason why;

	if(rs->members_count == WIMS_RANGES_MAX || rs->sealed) {
		fault->why = "too many ranges";
		return WIMS_LIMIT_REACHED;
	}
	why = add_member(rs, owner, text, r);
	if(why == WIMS_OK)
		return WIMS_OK;
	fault->why = why == WIMS_NOMEM
						 ? "no memory"
						 : "allowed: 64 ranges with one host and one literal part before the "
						   "expression; expressions that the engine takes";
	return why;
}

enum wims_reason wims_ranges_add(struct wims_ranges *rs, uint32_t owner, struct wims_pl text,
								 struct wims_range_fault *fault)
{
	struct wims_range r;

	if(!wims_range_read(&r, text, fault) || too_wide(rs, owner, &r, fault))
		return WIMS_CONFIG_VALUE;
	return add_read(rs, owner, text, &r, fault);
}

enum wims_reason wims_ranges_add_given(struct wims_ranges *rs, uint32_t owner, struct wims_pl text,
									   struct wims_range_fault *fault)
{
	struct wims_range r;

	if(!wims_range_read(&r, text, fault))
		return WIMS_CONFIG_VALUE;
	return add_read(rs, owner, text, &r, fault);
}

/* --- looking at it --- */

size_t wims_ranges_count(const struct wims_ranges *rs)
{
	return rs->members_count;
}

struct wims_pl wims_ranges_text(const struct wims_ranges *rs, uint32_t range)
{
	return wims_ranges_span(rs, rs->members[range].text);
}

uint32_t wims_ranges_owner_of(const struct wims_ranges *rs, uint32_t range)
{
	return rs->members[range].owner;
}

struct wims_pl wims_ranges_name(const struct wims_ranges *rs, uint32_t owner)
{
	return wims_ranges_span(rs, rs->owners[owner].name);
}
