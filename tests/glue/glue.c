/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include <unistd.h>

#include "mint.h"
#include "world.h"
#include "wk_bans.h"
#include "wk_cache.h"
#include "wk_edge.h"
#include "wk_emergency.h"
#include "wk_exclusive.h"
#include "wk_fetch.h"
#include "wk_limits.h"
#include "wk_load.h"
#include "wk_location.h"
#include "wk_lookup.h"
#include "wk_params.h"
#include "wk_proc.h"
#include "wk_provision.h"
#include "wk_regevent.h"
#include "wk_register.h"
#include "wk_rangereg.h"
#include "wk_peer_watch.h"
#include "wk_registry.h"
#include "wk_reply.h"
#include "wk_result.h"
#include "wk_revoke.h"
#include "wk_screen.h"
#include "wk_state.h"
#include "wk_stats.h"
#include "wk_tm.h"
#include "wk_token.h"
#include "wk_ws.h"
#include "wk_used_up.h"

static char provisioning[] = "/tmp/wims-glue-XXXXXX";
static size_t live_before;

const char *glue_provisioning(void)
{
	return provisioning;
}

static void write_provisioning(void)
{
	char *key = mint_jwk(MINT_ED25519, "ed25519", "");
	char *json = mint_text(
			"{\"version\":1,\"wwsf\":["
			"{\"name\":\"wwsf1\",\"domain\":\"ims.test\",\"origins\":[\"https://wwsf.test\"],"
			"\"issuer\":\"https://waf.wwsf.test\",\"audience\":\"https://ims.test\","
			"\"authz_server\":\"https://waf.wwsf.test/token\",\"keys\":{\"jwks\":{\"keys\":[%s]}},"
			"\"impus\":[\"sip:a*@ims.test\",\"tel:+4930*\"],\"impis\":[\"a*@ims.test\"]},"
			"{\"name\":\"wwsf2\",\"domain\":\"ims.test\",\"origins\":[\"https://other.test\"],"
			"\"issuer\":\"https://waf.other.test\",\"audience\":\"https://ims.test\","
			"\"keys\":{\"jwks\":{\"keys\":[%s]}},\"close_on_bad_token\":false,"
			"\"impus\":[\"sip:b*@ims.test\"],\"impis\":[\"b*@ims.test\"]},"
			"{\"name\":\"wwsf3\",\"scenario\":\"range\",\"domain\":\"ims.test\","
			"\"origins\":[\"https://range.test\"],\"issuer\":\"https://waf.range.test\","
			"\"audience\":\"https://ims.test\",\"keys\":{\"jwks\":{\"keys\":[%s]}},"
			"\"impus\":[\"sip:r1-vip@ims.test\"],\"impis\":[\"r*@ims.test\"],\"ranges\":["
			"{\"range\":\"sip:r1-!.*!@ims.test\",\"pilot\":\"sip:r1@ims.test\","
			"\"impi\":\"r1@ims.test\"},"
			"{\"range\":\"sip:r2-!.*!@ims.test\",\"register\":\"token\","
			"\"impi\":\"r2@ims.test\"},\"sip:r3-![0-9]+!@ims.test\"]},"
			"{\"name\":\"thin\",\"scenario\":\"ims-auth\",\"domain\":\"ims.test\","
			"\"origins\":[\"https://thin.test\"]},"
			"{\"name\":\"both\",\"scenario\":[\"web-auth\",\"ims-auth\"],\"domain\":\"ims.test\","
			"\"origins\":[\"https://both.test\"],\"issuer\":\"https://waf.both.test\","
			"\"audience\":\"https://ims.test\",\"keys\":{\"jwks\":{\"keys\":[%s]}},"
			"\"claims\":{\"waf\":\"waf\"},\"convey\":{\"waf\":\"authorization-entity\",\"wwsf\":"
			"\"site\"},"
			"\"request_token\":\"require\","
			"\"impus\":[\"sip:m*@ims.test\"],\"impis\":[\"m*@ims.test\"]}]}",
			key, key, key, key);
	int fd = mkstemp(provisioning);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, json, strlen(json)), (ssize_t)strlen(json));
	close(fd);
	free(json);
	free(key);
}

int glue_group_setup(void **state)
{
	ksr_reset();
	write_provisioning();
	wk_params.provisioning = provisioning;
	wk_params.mw_address = "127.0.0.1:5060";
	wk_params.mw_next_hop = "sip:icscf.ims.test:4060";
	wk_params.visited_network = "ims.test";
	wk_params.max_connections = 400;
	wk_params.token_cache_size = 100;
	wk_params.unregistered_timeout = 0;
	return wk_edge_init() | wk_tm_bind() | wk_reply_bind() | wk_location_init() | wk_screen_init()
		   | wk_emergency_init() | wk_provision_init() | !wk_provision_refresh()
		   | wk_stats_register();
}

int glue_group_teardown(void **state)
{
	return unlink(provisioning);
}

int glue_open(uint32_t conn, const char *origin, const char *wwsf)
{
	const struct wims_conn_in in = {
			.id = conn,
			.origin = wims_pl_str(origin),
			.wwsf = wims_pl_str(wwsf),
			.dereg_grace = 5000,
			.dialog_grace_silent = 10000,
			.calls_outlive_token = true,
	};
	enum wims_reason r = wims_flow_open(wk_flows_lock(), &in, wk_now_ms());

	wk_flows_unlock();
	ksr_tcp_open(conn);
	return r == WIMS_OK ? 0 : -1;
}

int glue_setup(void **state)
{
	ksr_reset();
	live_before = ksr_memory.live;
	if(wk_limits_init() < 0 || wk_bans_init() < 0 || wk_revoke_init() < 0 || wk_exclusive_init() < 0
	   || wk_regevent_init() < 0)
		return -1;
	if(wk_state_init() < 0 || wk_load_init() < 0 || wk_registry_init() < 0
	   || wk_peer_watch_init() < 0 || wk_used_up_init() < 0 || wk_rangereg_init() < 0
	   || wk_cache_init() < 0 || wk_proc_reserve() < 0 || wk_fetch_init() < 0
	   || wk_lookup_init() < 0 || glue_open(GLUE_CONN, "https://wwsf.test", "wwsf1") < 0)
		return -1;
	return glue_open(GLUE_THIN_CONN, "https://thin.test", "thin");
}

int glue_teardown(void **state)
{
	ksr_memory.left = SIZE_MAX;
	ksr_tm_end(500);
	wk_regevent_destroy();
	wk_exclusive_destroy();
	wk_rangereg_destroy();
	wk_used_up_destroy();
	wk_peer_watch_destroy();
	wk_registry_destroy();
	wk_revoke_destroy();
	wk_cache_destroy();
	wk_lookup_destroy();
	wk_fetch_destroy();
	wk_proc_destroy();
	wk_load_destroy();
	wk_state_destroy();
	wk_bans_destroy();
	wk_limits_destroy();
	if(ksr_memory.live != live_before)
		fprintf(stderr, "%zd pieces of memory not given back\n",
				(ssize_t)(ksr_memory.live - live_before));
	wk_ws_alive(0); /* instead of the last one */
	if(ksr_tcp_refs() != 0)
		fprintf(stderr, "%d references to connections not given back\n", ksr_tcp_refs());
	return ksr_memory.live == live_before && ksr_tcp_refs() == 0 ? 0 : -1;
}

/* ---- a WIC ---- */

char *glue_token(const char *claim, const char *value)
{
	char *payload = world_claims(claim, value);
	char *token = mint_token(MINT_ED25519, "EdDSA", "ed25519", payload);

	free(payload);
	return token;
}

static sip_msg_t *register_over(uint32_t conn, const char *token, const char *to, const char *from,
								const char *more)
{
	static unsigned cseq;
	char *auth =
			token == NULL ? mint_text("%s", "") : mint_text("Authorization: Bearer %s\n", token);
	char *text = mint_text("REGISTER sip:elsewhere.test SIP/2.0\n"
						   "Via: SIP/2.0/WSS x.invalid;branch=z9hG4bK1\n"
						   "Max-Forwards: 70\n"
						   "To: <%s>\n"
						   "From: <%s>;tag=f1\n"
						   "Call-ID: reg-1\n"
						   "CSeq: %u REGISTER\n"
						   "%s%s"
						   "Content-Length: 0\n\n",
						   to, from, ++cseq, auth, more);
	sip_msg_t *msg = ksr_msg(PROTO_WSS, conn, text);

	free(auth);
	free(text);
	return msg;
}

sip_msg_t *glue_register_as(const char *token, const char *to, const char *from, const char *more)
{
	return register_over(GLUE_CONN, token, to, from, more);
}

int glue_both_open(void)
{
	return glue_open(GLUE_BOTH_CONN, "https://both.test", "both");
}

int glue_range_open(void)
{
	return glue_open(GLUE_RANGE_CONN, "https://range.test", "wwsf3");
}

char *glue_range_token(const char *impu, const char *more)
{
	char *payload = mint_text("{\"iss\":\"https://waf.range.test\",\"sub\":\"user-%s\","
							  "\"aud\":\"https://ims.test\",\"iat\":1899999900,"
							  "\"exp\":1900000600,\"impi\":\"r-1@ims.test\","
							  "\"scope\":\"webrtc-ims-client-access-to-ims\",\"impu\":\"%s\"%s}",
							  impu, impu, more);
	char *token = mint_token(MINT_ED25519, "EdDSA", "ed25519", payload);

	free(payload);
	return token;
}

sip_msg_t *glue_range_register(const char *token, const char *impu, const char *more)
{
	return register_over(GLUE_RANGE_CONN, token, impu, impu, more);
}

sip_msg_t *glue_register(const char *token, const char *more)
{
	return glue_register_as(token, "sip:alice@ims.test", "sip:alice@ims.test", more);
}

static bool copy_contact_user(void *ctx, const struct wims_binding_view *v)
{
	memcpy(ctx, v->contact_user, WIMS_CONTACT_USER_LEN + 1);
	return false;
}

static void accept_register(sip_msg_t *msg)
{
	const char *at = strstr(ksr_out(msg), "Contact: <sip:");
	char *text;
	sip_msg_t *reply;

	assert_non_null(at);
	text = mint_text("SIP/2.0 200 OK\nTo: <sip:alice@ims.test>;tag=c\n"
					 "From: <sip:alice@ims.test>;tag=f1\nCall-ID: reg-1\nCSeq: 1 REGISTER\n"
					 "Service-Route: <sip:orig@scscf.ims.test:6060;lr>\n"
					 "P-Associated-URI: <sip:alice@ims.test>, <tel:+4930123>\n"
					 "Contact: <sip:%.24s@127.0.0.1:5060>;expires=600\nContent-Length: 0\n\n",
					 at + strlen("Contact: <sip:"));
	reply = ksr_msg(PROTO_UDP, 0, text);
	assert_int_equal(wk_register_reply(reply), WK_TRUE);
	ksr_msg_free(reply);
	free(text);
}

void glue_registered_with(const char *token, char contact_user[WIMS_CONTACT_USER_LEN + 1])
{
	sip_msg_t *msg = glue_register(
			token, "Contact: <sip:w@x.invalid;transport=ws>;+sip.instance=\"<urn:uuid:1>\"\n");

	ksr_tm_new(msg);
	assert_int_equal(wk_token_validate(msg, NULL), WK_TRUE);
	assert_int_equal(wk_identity_check(msg), WK_TRUE);
	assert_int_equal(wk_tna_apply(msg), WK_TRUE);
	accept_register(msg);
	ksr_tm_end(200);
	ksr_msg_free(msg);
	wims_bindings_by(wk_flows_lock(), WIMS_BY_IMPU, WIMS_PL("sip:alice@ims.test"),
					 copy_contact_user, contact_user);
	wk_flows_unlock();
}

void glue_registered(char contact_user[WIMS_CONTACT_USER_LEN + 1])
{
	char *token = glue_token(NULL, NULL);

	glue_registered_with(token, contact_user);
	free(token);
}

int glue_scarce(int (*f)(sip_msg_t *), sip_msg_t *msg, size_t n, bool *failed)
{
	int rc;

	ksr_memory.failed = false;
	ksr_memory.left = n;
	rc = f(msg);
	ksr_memory.left = SIZE_MAX;
	*failed = ksr_memory.failed;
	return rc;
}

struct wims_flow_counts glue_counts(void)
{
	struct wims_flow_counts c;

	wims_flow_counts(wk_flows_lock(), &c);
	wk_flows_unlock();
	return c;
}

bool glue_next_action(struct wims_action *a)
{
	bool due = wims_flows_next_action(wk_flows_lock(), wk_now_ms(), a);

	wk_flows_unlock();
	return due;
}

const char *glue_reason(const sip_msg_t *msg)
{
	const struct wk_result *res = wk_result_peek(msg);

	return res == NULL ? "(none)" : wims_reason_text(res->reason);
}

void glue_contains(const char *hay, const char *needle, int line)
{
	if(strstr(hay, needle) == NULL)
		fail_msg("line %d: no\n%s\nin\n%s", line, needle, hay);
}

void glue_lacks(const char *hay, const char *needle, int line)
{
	if(strstr(hay, needle) != NULL)
		fail_msg("line %d: there is\n%s\nin\n%s", line, needle, hay);
}

/* ---- a race ---- */

void glue_race_begin(struct glue_race *r, const char *claim, const char *value)
{
	const char *at;
	char *text;

	r->token = glue_token(claim, value);
	r->msg = glue_register(
			r->token, "Contact: <sip:w@x.invalid;transport=ws>;+sip.instance=\"<urn:uuid:1>\"\n");
	ksr_tm_new(r->msg);
	assert_int_equal(wk_token_validate(r->msg, NULL), WK_TRUE);
	assert_int_equal(wk_identity_check(r->msg), WK_TRUE);
	assert_int_equal(wk_tna_apply(r->msg), WK_TRUE);
	at = strstr(ksr_out(r->msg), "Contact: <sip:");
	assert_non_null(at);
	text = mint_text("SIP/2.0 200 OK\nTo: <sip:alice@ims.test>;tag=c\n"
					 "From: <sip:alice@ims.test>;tag=f1\nCall-ID: reg-1\nCSeq: 1 REGISTER\n"
					 "Contact: <sip:%.24s@127.0.0.1:5060>;expires=600\n\n",
					 at + strlen("Contact: <sip:"));
	r->reply = ksr_msg(PROTO_UDP, 0, text);
	free(text);
}

void glue_race_end(struct glue_race *r, const char *reason)
{
	bool ok = strcmp(reason, "ok") == 0;

	assert_int_equal(wk_register_reply(r->reply), ok ? WK_TRUE : WK_FALSE);
	assert_reason(r->reply, reason);
	if(!ok)
		assert_lacks(ksr_out(r->reply), "Contact");
	ksr_tm_end(ok ? 200 : 500);
	ksr_msg_free(r->reply);
	ksr_msg_free(r->msg);
	free(r->token);
}

void glue_line_of(char *to, size_t size, const char *text, const char *name)
{
	const char *at = strstr(text, name);
	size_t n;

	if(at == NULL)
		fail_msg("no %s in\n%s", name, text);
	at += strlen(name);
	n = strcspn(at, "\r\n");
	assert_true(n < size);
	memcpy(to, at, n);
	to[n] = '\0';
}

const char *glue_sent(const char *name)
{
	static char values[4][256];
	static unsigned next;
	char *to = values[next++ % 4];

	glue_line_of(to, sizeof(values[0]), ksr_tm.sent, name);
	return to;
}
