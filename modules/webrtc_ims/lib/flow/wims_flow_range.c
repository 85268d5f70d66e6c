/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_flow_int.h"

static struct wims_common *find(const struct wims_flows *fs, struct wims_pl range)
{
	return range.l == 0 ? NULL : wims_common_find(fs, range);
}

size_t wims_flows_in_range(const struct wims_flows *fs, struct wims_pl range)
{
	const struct wims_common *c = find(fs, range);

	return c == NULL ? 0 : c->n_bindings;
}

/* Asked for each request of the core, and mostly in vain: nothing is copied. */
bool wims_impu_reachable(const struct wims_flows *fs, struct wims_pl impu, int64_t now)
{
	struct wims_reg_link *at = NULL;
	const struct wims_binding *b;

	while((b = wims_reg_next(fs, WIMS_BY_IMPU, impu, &at)) != NULL)
		if(b->range != NULL && b->conn != NULL && b->conn->state == WIMS_CONN_OPEN
		   && b->reg->expires > now)
			return true;
	return false;
}

static size_t end_one(struct wims_flows *fs, struct wims_binding *b, enum wims_reason why,
					  int64_t now)
{
	size_t n = 1;

	if(b->conn == NULL) {
		wims_binding_give_up(fs, b, now);
		return n;
	}
	n = b->conn->n_bindings;
	wims_conn_end(fs, b->conn, why, now);
	return n;
}

/* What is given up leaves the ring; with the last one the range itself may go. */
bool wims_flows_end_range(struct wims_flows *fs, struct wims_pl range, size_t n, int64_t now,
						  enum wims_reason why, size_t *ended)
{
	struct wims_common *c = wims_common_share(find(fs, range));
	bool more;

	if(c == NULL)
		return false;
	for(; n > 0 && !wims_ring_empty(&c->bindings); n--)
		*ended +=
				end_one(fs, WIMS_OWNER(c->bindings.next, struct wims_binding, in_range), why, now);
	more = !wims_ring_empty(&c->bindings);
	wims_common_drop(fs, c);
	return more;
}

void wims_binding_drop(struct wims_flows *fs, struct wims_pl contact_user, int64_t now)
{
	struct wims_binding *b = wims_binding_named(fs, contact_user);

	if(b != NULL && b->reg != NULL && !b->ending)
		wims_binding_give_up(fs, b, now);
}

/* ---- what the registrar asks before a REGISTER in a range ---- */

static bool same_client(const struct wims_binding *b, const struct wims_binding_in *in)
{
	return b->reg != NULL && wims_pl_eq(b->reg->texts[WIMS_REG_CALL_ID], in->call_id);
}

/* RFC 3261 10.3 steps 6 and 7: the CSeq of a client grows. */
static bool is_late(const struct wims_binding *b, const struct wims_binding_in *in)
{
	return same_client(b, in) && in->cseq <= b->reg->cseq;
}

/* One round over the contacts of the IMPU. */
static size_t count_contacts(const struct wims_flows *fs, const struct wims_binding_in *in,
							 bool *late)
{
	struct wims_reg_link *at = NULL;
	const struct wims_binding *b;
	size_t n = 0;

	while((b = wims_reg_next(fs, WIMS_BY_IMPU, in->impu, &at)) != NULL) {
		n += !b->ending;
		*late |= wims_pl_eq(b->texts[WIMS_BINDING_IMPI], in->impi) && is_late(b, in);
	}
	return n;
}

enum wims_reason wims_range_check(const struct wims_flows *fs, const struct wims_binding_in *in,
								  const struct wims_binding *b)
{
	bool late = false, is_new = b == NULL || b->reg == NULL || b->ending;
	size_t n;

	if(in->range.l == 0)
		return WIMS_OK;
	if(!is_new && !in->remove_all)
		return is_late(b, in) ? WIMS_REGISTER_LATE : WIMS_OK;
	n = count_contacts(fs, in, &late);
	if(in->remove_all)
		return late ? WIMS_REGISTER_LATE : WIMS_OK;
	return in->remove || n < fs->limits.contacts_per_impu ? WIMS_OK : WIMS_LIMIT_REACHED;
}
