/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_register.h"

#include <string.h>

#include "core/dset.h"
#include "identity/wims_impu.h"
#include "provision/wims_provision.h"
#include "sip/wims_contact_write.h"
#include "sip/wims_digest.h"
#include "wk_edge.h"
#include "wk_hdr.h"
#include "wk_params.h"
#include "wk_ranges.h"
#include "wk_register_txn.h"
#include "wk_reply.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_wish.h"
#include "wk_trust.h"

enum
{
	HEADERS_MAX = WIMS_TNA_MAX + WIMS_CONTACT_MAX + WIMS_DIGEST_MAX
};

static enum wims_reason begin(sip_msg_t *msg, const struct wk_who *who, const struct wk_wish *wish,
							  uint64_t txn, char contact_user[WIMS_CONTACT_USER_LEN + 1])
{
	int64_t now = wk_now_ms();
	const struct wims_binding_in in = wk_wish_binding(msg, who, wish, txn, now);
	enum wims_reason r = wims_binding_begin(wk_flows_lock(), &in, now, contact_user);

	wk_flows_unlock();
	return r;
}

/* The core has not heard of it. */
static void abort_unsent(const struct cell *t)
{
	wims_binding_abort(wk_flows_lock(), wk_tm_name(t), wk_now_ms(), false);
	wk_flows_unlock();
}

/* Opens the REGISTER in the flow table and hangs its story on the transaction. */
static enum wims_reason open_txn(sip_msg_t *msg, const struct wk_who *who,
								 const struct wk_wish *wish, char *contact_user)
{
	struct cell *t = wk_tm_transaction(msg);
	struct wk_register_txn *x;
	enum wims_reason r;

	if(t == NULL)
		return WIMS_INTERNAL;
	if((x = wk_register_txn_new(wish->contact.uri)) == NULL)
		return WIMS_NOMEM;
	x->plan = wish->plan;
	x->token_exp = who->token_exp;
	x->by_core = who->by_core;
	x->answered = who->answered;
	if((r = begin(msg, who, wish, wk_tm_name(t), contact_user)) != WIMS_OK) {
		/* nothing is open: let go of x without the callback */
		wk_register_txn_free(x);
		return r;
	}
	memcpy(x->contact_user, contact_user, WIMS_CONTACT_USER_LEN + 1);
	if(wk_register_txn_take(msg, t, x))
		return WIMS_OK;
	abort_unsent(t);
	return WIMS_NOMEM;
}

static enum wims_reason write_headers(struct wims_w *w, const sip_msg_t *msg,
									  const struct wk_who *who, const struct wk_wish *wish,
									  const char *contact_user)
{
	struct wims_edge_uri own = wk_edge_plain();
	struct wk_edge path;
	enum wims_reason r = wk_edge_write(&path, WIMS_FLOWTOKEN_PATH,
									   (uint32_t)msg->rcv.proto_reserved1, WIMS_PL_NONE);

	if(r != WIMS_OK)
		return WIMS_CRYPTO_FAILED;
	path.uri.ob = wish->contact.reg_id > 0;
	wims_contact_to_core(w, wims_pl_str(contact_user), &own, wish->contact.params);
	wims_w_lit(w, "Expires: ");
	wims_w_u64(w, wish->plan.core);
	wims_w_crlf(w);
	wims_tna_visited_network(w, wims_pl_str(wk_params.visited_network));
	wims_tna_path(w, &path.uri);
	if(!wk_trust_charging(w, who->wwsf->domain))
		return WIMS_CRYPTO_FAILED;
	wk_trust_access(w);
	return w->ok ? WIMS_OK : WIMS_CONTACT_BAD;
}

/* A REGISTER is for the home domain, whatever the WIC wrote. */
static bool address_domain(sip_msg_t *msg, struct wims_pl domain)
{
	char buf[WIMS_FLOW_TEXT_MAX + 4];
	struct wims_w w;
	str uri;

	wims_w_init(&w, buf, sizeof(buf));
	wims_w_lit(&w, "sip:");
	wims_w_pl(&w, domain);
	uri = wk_str(wims_w_done(&w));
	return w.ok && rewrite_uri(msg, &uri) >= 0;
}

static enum wims_reason rewrite(sip_msg_t *msg, const struct wk_who *who, struct wims_w *w)
{
	str hop = {wk_params.mw_next_hop, (int)strlen(wk_params.mw_next_hop)};

	if(!wk_hdr_drop_all(msg, WIMS_PL("Contact")) || !wk_hdr_drop_all(msg, WIMS_PL("Expires"))
	   || !wk_hdr_drop_all(msg, WIMS_PL("Route")) || !wk_hdr_add(msg, wims_w_done(w)))
		return WIMS_NOMEM;
	return address_domain(msg, who->wwsf->domain) && set_dst_uri(msg, &hop) >= 0 ? WIMS_OK
																				 : WIMS_NOMEM;
}

/* w holds the Authorization already, or nothing. */
static enum wims_reason apply(sip_msg_t *msg, const struct wk_who *who, struct wims_w *w)
{
	char contact_user[WIMS_CONTACT_USER_LEN + 1];
	struct wk_wish wish;
	enum wims_reason r = wk_wish_read(msg, who, &wish);

	if(r == WIMS_OK)
		r = open_txn(msg, who, &wish, contact_user);
	if(r == WIMS_NOT_REGISTERED && wish.plan.remove)
		return wk_reply_ok(msg) ? WIMS_OK : WIMS_INTERNAL;
	if(r != WIMS_OK)
		return r;
	r = write_headers(w, msg, who, &wish, contact_user);
	if(r == WIMS_OK)
		r = rewrite(msg, who, w);
	if(r != WIMS_OK)
		abort_unsent(wk_tm_transaction(msg));
	return r;
}

/* ---- scenario 2 ---- */

static enum wims_reason tna_apply(sip_msg_t *msg)
{
	static char lines[HEADERS_MAX];
	struct wims_tna tna;
	struct wk_who who;
	struct wims_w w;
	enum wims_reason r = wk_who_of_token(msg, &who);

	if(r != WIMS_OK)
		return r;
	if(wk_result(msg)->range_key.l > 0)
		return WIMS_SCENARIO_REFUSED; /* the eP-CSCF is the registrar */
	wims_w_init(&w, lines, sizeof(lines));
	tna = (struct wims_tna){who.impi, who.wwsf->domain, who.conveyed};
	wims_tna_authorization(&w, &tna);
	return apply(msg, &who, &w);
}

int wk_tna_apply(sip_msg_t *msg)
{
	return wk_outcome(msg, wk_hdr_parse(msg) ? tna_apply(msg) : WIMS_REQUEST_MALFORMED);
}

/* ---- scenario 1 ---- */

/* The IMPI that the WIC claims; without a claim the one that is registered over its
 * connection already, or the one that the core derives from the IMPU (TS 23.003 13.3:
 * without its scheme). The core authenticates it. */
static struct wims_pl claimed_impi(const struct wims_digest *d, const struct wims_conn_view *conn,
								   struct wims_pl impu)
{
	if(d->username.l > 0)
		return d->username;
	if(conn->by_core && conn->subject.l > 0)
		return conn->subject;
	return wims_pl_from(impu, wims_pl_find(impu, ':') + 1);
}

/* What this node says of the connection is what the core's challenge made of it, and
 * nothing that the WIC claims (TS 33.203 P.3, X.2.3.3). An answer to that challenge by
 * another algorithm is none. */
static enum wims_integrity integrity_of(const struct wims_flows *fs, uint32_t conn,
										const struct wims_digest *d)
{
	if(d->aka && wims_flow_is_aka(fs, conn, d->nonce))
		return WIMS_INTEGRITY_TLS_CONNECTED;
	return wk_params.ims_auth_integrity == 1 ? WIMS_INTEGRITY_NO : WIMS_INTEGRITY_NONE;
}

/* Is it in a range of which the core knows the whole and nobody in it? */
static bool is_in_range(struct wims_pl impu)
{
	struct wk_range_hit hit;

	return wk_ranges_find(impu, &hit) && wims_range_registered(hit.range);
}

static enum wims_reason read_digest(sip_msg_t *msg, struct wims_digest *digest, struct wims_pl body)
{
	const struct wims_wwsf *wwsf = wk_result_wwsf(msg);

	*digest = (struct wims_digest){.aka = false};
	if(wwsf == NULL || !wwsf->ims_auth)
		return WIMS_SCENARIO_REFUSED;
	return body.l == 0 ? WIMS_OK : wims_digest_parse(digest, body);
}

/* Nobody registers for somebody else from a UE (TS 24.229 5.1.1.2). */
static bool registers_itself(sip_msg_t *msg, struct wims_pl impu)
{
	char buf[WIMS_IMPU_MAX];
	struct wims_pl from;

	return wims_impu_canonical(&from, buf, sizeof(buf), wk_hdr_from_uri(msg)) == WIMS_OK
		   && wims_pl_eq(from, impu);
}

static enum wims_reason digest_apply(sip_msg_t *msg)
{
	static char lines[HEADERS_MAX];
	static struct wims_conn_view conn;
	struct wims_pl body = wk_hdr_body(msg, WIMS_PL("Authorization"));
	uint32_t id = (uint32_t)msg->rcv.proto_reserved1;
	struct wk_who who = {.by_core = true, .token_exp = WIMS_TOKEN_EXP_NONE};
	enum wims_integrity integrity;
	struct wims_digest digest;
	struct wims_flows *fs;
	char buf[WIMS_IMPU_MAX];
	struct wims_w w;
	enum wims_reason r = read_digest(msg, &digest, body);

	if(r != WIMS_OK)
		return r;
	if(wims_impu_canonical(&who.impu, buf, sizeof(buf), wk_hdr_to_uri(msg)) != WIMS_OK)
		return WIMS_URI_BAD;
	if(is_in_range(who.impu))
		return WIMS_SCENARIO_REFUSED;
	if(!registers_itself(msg, who.impu))
		return WIMS_FROM_MISMATCH;
	fs = wk_flows_lock();
	r = wims_flow_check(fs, id, &conn);
	integrity = integrity_of(fs, id, &digest);
	wk_flows_unlock();
	if(r != WIMS_OK)
		return r;
	who.wwsf = wk_result_wwsf(msg);
	/* AKA with a sequence number that is too old: asked for a challenge that fits it */
	who.answered = digest.response && !(digest.auts && integrity == WIMS_INTEGRITY_TLS_CONNECTED);
	who.impi = who.subject = claimed_impi(&digest, &conn, who.impu);
	wims_w_init(&w, lines, sizeof(lines));
	if(body.l > 0)
		wims_digest_relay(&w, body, integrity);
	wk_result_identity(wk_result(msg), who.impu, who.impi);
	return apply(msg, &who, &w);
}

int wk_digest_apply(sip_msg_t *msg)
{
	return wk_outcome(msg, wk_hdr_parse(msg) ? digest_apply(msg) : WIMS_REQUEST_MALFORMED);
}
