/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registrar_help.h"

#include <unistd.h>

#include "ksr_int.h"
#include "mint.h"
#include "rangecore_help.h"
#include "wk_location.h"
#include "wk_params.h"
#include "wk_proc.h"
#include "wk_provision.h"
#include "wk_registrar.h"
#include "wk_result.h"
#include "wk_screen.h"
#include "wk_state.h"
#include "wk_token.h"
#include "world.h"

static char path[] = "/tmp/wims-glue-registrar-XXXXXX";

static void write_provisioning(void)
{
	char *jwk = mint_jwk(MINT_ED25519, "ed25519", "");
	char *json = mint_text("{\"version\":1,\"wwsf\":[{\"name\":\"gw\",\"domain\":\"ims.test\","
						   "\"origins\":[\"https://gw.test\"],"
						   "\"issuer\":\"https://waf.gw.test\",\"audience\":\"a\","
						   "\"keys\":{\"jwks\":{\"keys\":[%s]}},\"impis\":[\"web-*@ims.test\"],"
						   "\"scenario\":\"range\",\"impus\":[\"sip:vip@ims.test\"],"
						   "\"ranges\":[{\"range\":\"" RANGE "\",\"impi\":\"web-0@ims.test\"},"
						   "{\"range\":\"" DESKS "\",\"impi\":\"desk@ims.test\",\"quarantine\":5,"
						   "\"allocate\":{\"pattern\":\"sip:desk-{0..1}@ims.test\"}},"
						   "{\"range\":\"" VIPS "\",\"impi\":\"vip-0@ims.test\",\"quarantine\":0,"
						   "\"allocate\":{\"list\":[\"sip:vip-ann@ims.test\"]},"
						   "\"claim\":{\"name\":\"vip\",\"values\":true}}]}]}",
						   jwk);
	int fd;

	snprintf(path, sizeof(path), "/tmp/wims-glue-registrar-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, json, strlen(json)), (ssize_t)strlen(json));
	close(fd);
	free(json);
	free(jwk);
}

int gw_group_setup(void **state)
{
	struct wims_config_fault fault;

	if(glue_group_setup(state) != 0)
		return -1;
	write_provisioning();
	wk_params.provisioning = path;
	wk_params.max_contacts = 2;
	if(wk_location_init() != 0 || wk_provision_reload(&fault) != WIMS_OK)
		return -1;
	return wk_provision_refresh() ? 0 : -1;
}

int gw_group_teardown(void **state)
{
	unlink(path);
	return glue_group_teardown(state);
}

int gw_setup(void **state)
{
	if(glue_setup(state) != 0 || wk_location_init() != 0)
		return -1;
	rc_register(RANGE);
	rc_register(DESKS);
	rc_register(VIPS);
	return glue_open(CONN, "https://gw.test", "gw") | glue_open(OTHER_CONN, "https://gw.test", "gw")
		   | glue_open(THIRD_CONN, "https://gw.test", "gw");
}

int gw_teardown(void **state)
{
	int locks = ksr_usrloc.locks;

	ksr_memory.left = SIZE_MAX;
	wk_proc_destroy();
	ksr_reset();
	assert_int_equal(locks, 0);
	return glue_teardown(state);
}

/* ---- a WIC of the range ---- */

struct wic gw_wic(uint32_t conn)
{
	return (struct wic){conn, IMPU, "user-7", "reg-1", 1, 600};
}

static char *token_of(const struct wic *w)
{
	char *payload =
			mint_text("{\"iss\":\"https://waf.gw.test\",\"sub\":\"%s\",\"aud\":\"a\","
					  "\"iat\":%ld,\"exp\":%ld,\"jti\":\"id-1\",\"client_id\":\"web-site\","
					  "\"scope\":\"" WORLD_SCOPE "\",\"impi\":\"web-7@ims.test\",\"impu\":\"%s\"}",
					  w->subject, (long)ksr_clock.wall, (long)(ksr_clock.wall + w->exp), w->impu);
	char *token = mint_token(MINT_ED25519, "EdDSA", "ed25519", payload);

	free(payload);
	return token;
}

sip_msg_t *gw_request(const struct wic *w, const char *more)
{
	char *token = token_of(w);
	char *text = mint_text("REGISTER sip:ims.test SIP/2.0\n"
						   "Via: SIP/2.0/WSS x.invalid;branch=z9hG4bK1\nMax-Forwards: 70\n"
						   "To: <%s>\nFrom: <%s>;tag=f1\nCall-ID: %s\nCSeq: %u REGISTER\n"
						   "Authorization: Bearer %s\n%sContent-Length: 0\n\n",
						   w->impu, w->impu, w->call_id, w->cseq, token, more);
	sip_msg_t *msg = ksr_msg(PROTO_WSS, w->conn, text);

	assert_int_equal(wk_screen(msg), WK_TRUE);
	if(wk_token_validate(msg, NULL) != WK_TRUE || wk_identity_check(msg) != WK_TRUE)
		fail_msg("%s", glue_reason(msg));
	free(text);
	free(token);
	return msg;
}

/* Sends it; gw_reply holds the lines of the 200, if it is one. */
char gw_reply[GW_REPLY_MAX];

void gw_expect(const struct wic *w, const char *more, const char *reason)
{
	sip_msg_t *msg = gw_request(w, more);
	int replies = ksr_sl.replies;
	bool ok = strcmp(reason, "ok") == 0;

	assert_int_equal(wk_registrar_save(msg), ok ? WK_TRUE : WK_FALSE);
	if(strcmp(glue_reason(msg), reason) != 0)
		fail_msg("%s: %s instead of %s", more, glue_reason(msg), reason);
	assert_int_equal(ksr_sl.replies, replies + ok);
	if(ok)
		assert_int_equal(ksr_sl.code, 200);
	snprintf(gw_reply, sizeof(gw_reply), "%s", ok ? ksr_reply_lines(msg) : "");
	assert_int_equal(ksr_usrloc.locks, 0);
	assert_int_equal(glue_counts().pending, 0);
	ksr_msg_free(msg);
}

void gw_expect_bindings(size_t n)
{
	size_t in_range = wims_flows_in_range(wk_flows_lock(), WIMS_PL(RANGE));

	wk_flows_unlock();
	assert_int_equal(in_range, n);
	assert_int_equal(ksr_usrloc_records(), n > 0);
}

size_t gw_contacts(void)
{
	struct wk_contact all[WK_CONTACTS_MAX];

	return wk_location_contacts(WIMS_PL(IMPU), all);
}

/* All that is due now. */
size_t gw_deregs(void)
{
	static struct wims_action a;
	size_t n = 0;

	while(glue_next_action(&a)) {
		if(a.kind != WIMS_ACT_DEREG)
			continue;
		assert_true(wims_pl_eq(a.binding.range, WIMS_PL(RANGE)));
		wk_location_drop(a.binding.impu, wims_pl_str(a.binding.contact_user));
		n++;
	}
	return n;
}
