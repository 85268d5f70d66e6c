/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_callees.h"

#include <string.h>

#include "base/wims_w.h"
#include "core/globals.h"
#include "identity/wims_impu.h"
#include "sip/wims_grammar.h"
#include "wk_ask.h"
#include "wk_edge.h"
#include "wk_leg.h"
#include "wk_location.h"
#include "wk_params.h"
#include "wk_registry.h"
#include "wk_state.h"

enum
{
	CALLEES_MAX = WK_CONTACTS_MAX + WIMS_REG_CONTACTS_MAX
};

static struct
{
	unsigned int msg_id;
	int msg_pid;
	char impu[WIMS_IMPU_MAX];
	size_t impu_len;
	size_t count;
	struct wk_callee at[CALLEES_MAX];
} found;

/* Behind all of its q. tm has branches for as many as an IMPU may have; more there are
 * only where the registrar was away for a while: those of the lowest q do not ring. */
static void insert(const struct wk_callee *c)
{
	size_t most = sr_dst_max_branches < CALLEES_MAX ? sr_dst_max_branches : CALLEES_MAX, i;

	if(found.count == most && found.at[most - 1].q >= c->q)
		return;
	if(found.count == most)
		found.count--;
	for(i = found.count++; i > 0 && found.at[i - 1].q < c->q; i--)
		found.at[i] = found.at[i - 1];
	found.at[i] = *c;
}

static bool write_uri(struct wk_callee *c, struct wims_pl name, const struct wims_edge_uri *node)
{
	struct wims_w w;

	wims_w_init(&w, c->uri, sizeof(c->uri) - 1);
	wims_edge_user_write(&w, name, node);
	return w.ok;
}

/* ---- of this node ---- */

static bool is_connected(const struct wk_contact *c)
{
	static struct wims_binding_view b;

	return wk_leg_binding(wims_pl_str(c->user), &b) == WIMS_OK;
}

/* Its WIC rings on another flow of this node. */
static bool is_spare(const struct wk_contact *c)
{
	bool spare = wims_binding_is_spare(wk_flows_lock(), wims_pl_str(c->user));

	wk_flows_unlock();
	return spare;
}

static void add_own(struct wims_pl impu)
{
	struct wk_contact contacts[WK_CONTACTS_MAX];
	struct wims_edge_uri own = wk_edge_plain();
	size_t n = wk_location_contacts(impu, contacts), i;

	for(i = 0; i < n; i++) {
		struct wk_callee c = {.q = contacts[i].q};

		if(is_connected(&contacts[i]) && !is_spare(&contacts[i])
		   && write_uri(&c, wims_pl_str(contacts[i].user), &own))
			insert(&c);
	}
}

/* ---- of others ---- */

static bool write_path(struct wk_callee *c, const struct wims_edge_uri *node)
{
	struct wims_w w;

	wims_w_init(&w, c->path, sizeof(c->path) - 1);
	wims_edge_uri_write(&w, node);
	return w.ok;
}

/* What the registrar says is not believed without the nodes' key: whoever can write to
 * it could have calls sent anywhere. */
static bool read_contact(struct wk_callee *c, const struct wims_reg_contact *r)
{
	char address[WIMS_REG_ADDRESS_MAX + 1];
	struct wk_edge_hop hop;

	if(r->node == wk_params.node_id || !wk_registry_node(r->node, r->epoch, address)
	   || !wk_edge_hop(&hop, wims_pl_str(address), r->flow) || hop.node != r->node
	   || hop.epoch != r->epoch || !wims_is_token(r->name))
		return false;
	*c = (struct wk_callee){.q = r->q == WIMS_Q_NONE ? WIMS_Q_MAX : r->q};
	return write_uri(c, r->name, &hop.uri) && write_path(c, &hop.uri);
}

static void add_others(struct wims_pl impu)
{
	const struct wims_reg_entry *e = wk_ask_callee(impu);
	struct wk_callee c;
	size_t i;

	for(i = 0; e != NULL && i < e->count; i++)
		if(read_contact(&c, &e->contact[i]))
			insert(&c);
}

/* ---- all ---- */

static bool is_found(const sip_msg_t *msg, struct wims_pl impu)
{
	return found.impu_len > 0 && found.msg_id == msg->id && found.msg_pid == msg->pid
		   && wims_pl_eq(impu, (struct wims_pl){found.impu, found.impu_len});
}

size_t wk_callees(const sip_msg_t *msg, struct wims_pl impu, const struct wk_callee **callees)
{
	*callees = found.at;
	if(is_found(msg, impu))
		return found.count;
	found.count = found.impu_len = 0;
	if(impu.l == 0 || impu.l > sizeof(found.impu))
		return 0;
	add_own(impu);
	add_others(impu);
	memcpy(found.impu, impu.p, impu.l);
	found.impu_len = impu.l;
	found.msg_id = msg->id;
	found.msg_pid = msg->pid;
	return found.count;
}
