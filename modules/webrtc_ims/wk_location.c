/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_location.h"

#include <string.h>

#include "core/ip_addr.h"
#include "core/parser/parse_methods.h"
#include "core/qvalue.h"
#include "modules/usrloc/usrloc.h"
#include "base/wims_w.h"
#include "wk_edge.h"
#include "wk_hdr.h"
#include "wk_params.h"
#include "wk_state.h"

enum
{
	URI_MAX = WIMS_CONTACT_USER_LEN + WIMS_FLOW_TEXT_MAX,
	AGENT_MAX = 100 /* bytes that are kept of User-Agent: it is for people */
};

static usrloc_api_t ul;
static udomain_t *table;

int wk_location_init(void)
{
	bind_usrloc_t bind = (bind_usrloc_t)(void *)find_export("ul_bind_usrloc", 1, 0);

	table = NULL;
	if(bind == NULL)
		return 0;
	if(bind(&ul) < 0) {
		LM_ERR("the usrloc module must be loaded before this one\n");
		return -1;
	}
	if(ul.db_mode != NO_DB) {
		LM_ERR("modparam usrloc db_mode=%d: must be 0, contacts end with their connections\n",
			   ul.db_mode);
		return -1;
	}
	if(ul.register_udomain(wk_params.location_table, &table) < 0) {
		LM_ERR("modparam location_table %s: usrloc does not take it\n", wk_params.location_table);
		return -1;
	}
	return 0;
}

bool wk_location_on(void)
{
	return table != NULL;
}

void wk_location_lock(struct wims_pl impu)
{
	str aor = wk_str(impu);

	ul.lock_udomain(table, &aor);
}

void wk_location_unlock(struct wims_pl impu)
{
	str aor = wk_str(impu);

	ul.unlock_udomain(table, &aor);
}

static urecord_t *find_record(struct wims_pl impu)
{
	str aor = wk_str(impu);
	urecord_t *r = NULL;

	return ul.get_urecord(table, &aor, &r) == 0 ? r : NULL;
}

static ucontact_t *find_contact(const urecord_t *r, struct wims_pl user)
{
	ucontact_t *c = r == NULL ? NULL : r->contacts;

	while(c != NULL && !wims_pl_eq(wk_pl(&c->ruid), user))
		c = c->next;
	return c;
}

/* ---- reading ---- */

/* usrloc may be told to order them by time. */
static void sort_in(struct wk_contact *out, size_t n, const ucontact_t *c)
{
	int q = c->q == Q_UNSPECIFIED ? WIMS_Q_MAX : c->q;

	for(; n > 0 && out[n - 1].q < q; n--)
		out[n] = out[n - 1];
	out[n].q = q;
	out[n].reg_id = c->reg_id;
	memcpy(out[n].user, c->ruid.s, WIMS_CONTACT_USER_LEN);
	out[n].user[WIMS_CONTACT_USER_LEN] = '\0';
}

size_t wk_location_contacts(struct wims_pl impu, struct wk_contact out[WK_CONTACTS_MAX])
{
	const urecord_t *r;
	const ucontact_t *c;
	size_t n = 0;

	if(!wk_location_on())
		return 0;
	wk_location_lock(impu);
	r = find_record(impu);
	for(c = r == NULL ? NULL : r->contacts; c != NULL && n < WK_CONTACTS_MAX; c = c->next)
		if(c->ruid.len == WIMS_CONTACT_USER_LEN)
			sort_in(out, n++, c);
	wk_location_unlock(impu);
	return n;
}

/* ---- writing ---- */

/* sip:USER@host:port */
static bool write_uri(struct wims_w *w, struct wims_pl user)
{
	struct wims_edge_uri own = wk_edge_plain();

	wims_edge_user_write(w, user, &own);
	return w->ok;
}

/* As Kamailio's registrar writes it; nobody sends by it. */
static bool write_received(struct wims_w *w, const sip_msg_t *msg)
{
	char *ip = ip_addr2a((struct ip_addr *)&msg->rcv.src_ip);

	wims_w_lit(w, "sip:");
	if(msg->rcv.src_ip.af == AF_INET6)
		wims_w_lit(w, "[");
	wims_w_pl(w, wims_pl_str(ip));
	if(msg->rcv.src_ip.af == AF_INET6)
		wims_w_lit(w, "]");
	wims_w_lit(w, ":");
	wims_w_u64(w, msg->rcv.src_port);
	wims_w_lit(w, ";transport=ws");
	return w->ok;
}

/* The clocks of usrloc and the flow table part by a second at most: the flow
 * table's is the first. */
static time_t end_of(uint32_t expires)
{
	return (time_t)(wk_wall() + (int64_t)expires + 1);
}

static bool store(urecord_t *r, ucontact_t *c, str *uri, ucontact_info_t *ci)
{
	if(c != NULL)
		return ul.update_ucontact(r, c, ci) >= 0;
	return ul.insert_ucontact(r, uri, ci, &c) >= 0;
}

static bool put(const struct wk_location_in *in, ucontact_info_t *ci)
{
	urecord_t *r = find_record(in->impu);
	str aor = wk_str(in->impu);
	ucontact_t *c;
	bool done;

	if(r == NULL && ul.insert_urecord(table, &aor, &r) < 0)
		return false;
	c = find_contact(r, in->user);
	if(in->renewed != NULL)
		*in->renewed = c != NULL && c->tcpconn_id == ci->tcpconn_id;
	done = store(r, c, ci->c, ci);
	ul.release_urecord(r); /* frees it when nothing is in it */
	return done;
}

bool wk_location_put(sip_msg_t *msg, const struct wk_location_in *in)
{
	char uri_buf[URI_MAX], received_buf[IP_ADDR_MAX_STR_SIZE + 32];
	str agent = wk_str(wk_hdr_body(msg, WIMS_PL("User-Agent"))), uri;
	str call_id = wk_str(in->call_id);
	struct wims_w u, v;
	ucontact_info_t ci;
	bool done;

	if(agent.s == NULL)
		agent.s = ""; /* without it usrloc writes two warnings for each */
	if(agent.len > AGENT_MAX)
		agent.len = AGENT_MAX;
	wims_w_init(&u, uri_buf, sizeof(uri_buf));
	wims_w_init(&v, received_buf, sizeof(received_buf));
	if(!write_uri(&u, in->user) || !write_received(&v, msg))
		return false;
	uri = wk_str(wims_w_done(&u));
	ci = (ucontact_info_t){
			.ruid = wk_str(in->user),
			.c = &uri,
			.received = wk_str(wims_w_done(&v)),
			.expires = end_of(in->expires),
			.q = in->q == WIMS_Q_NONE ? Q_UNSPECIFIED : in->q,
			.callid = &call_id,
			.cseq = (int)in->cseq,
			.user_agent = &agent,
			.sock = msg->rcv.bind_address,
			.methods = ALL_METHODS,
			.instance = wk_str(in->instance),
			.reg_id = in->reg_id,
			.tcpconn_id = msg->rcv.proto_reserved1,
			.last_modified = (time_t)wk_wall(),
	};
	wk_location_lock(in->impu);
	done = put(in, &ci);
	wk_location_unlock(in->impu);
	return done;
}

void wk_location_drop(struct wims_pl impu, struct wims_pl user)
{
	urecord_t *r;
	ucontact_t *c;

	wk_location_lock(impu);
	r = find_record(impu);
	c = find_contact(r, user);
	if(c != NULL) {
		ul.delete_ucontact(r, c);
		ul.release_urecord(r);
	}
	wk_location_unlock(impu);
}
