/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ask_help.h"

#include <unistd.h>

#include "mint.h"
#include "wk_cache.h"
#include "wk_introspect.h"
#include "wk_params.h"
#include "wk_provision.h"
#include "wk_token.h"
#include "world.h"

struct ask_fetch ask_fetches[ASK_MAX];
size_t ask_fetch_count;
bool ask_fetch_fails;
static char dir[] = "/tmp/wims-glue-XXXXXX";

static void copy(char *to, size_t size, struct wims_pl from)
{
	assert_true(from.l < size);
	memcpy(to, from.p, from.l);
	to[from.l] = '\0';
}

bool __wrap_wk_fetch_start(const struct wims_fetch_in *in, wk_fetch_done done, void *ctx);

/* In place of the real one, see glue.mk. */
bool __wrap_wk_fetch_start(const struct wims_fetch_in *in, wk_fetch_done done, void *ctx)
{
	struct ask_fetch *f = &ask_fetches[ask_fetch_count];

	if(ask_fetch_fails)
		return false;
	assert_true(ask_fetch_count++ < ASK_MAX);
	*f = (struct ask_fetch){.done = done, .ctx = ctx, .timeout_ms = in->timeout_ms, .open = true};
	copy(f->url, sizeof(f->url), in->url);
	copy(f->post, sizeof(f->post), in->post_body);
	copy(f->user, sizeof(f->user), in->user);
	copy(f->password, sizeof(f->password), in->password);
	copy(f->ca_file, sizeof(f->ca_file), in->ca_file);
	return true;
}

/* What a server says of alice. */
static char *good_answer(void)
{
	char *claims = world_claims("class", "\"gold\"");
	char *out = mint_text("{\"active\":true,%s", claims + 1);

	free(claims);
	return out;
}

void ask_answer(size_t i, enum wims_fetch_outcome outcome, int status, const char *body)
{
	char *good = good_answer();
	const struct wims_fetch_answer a = {.outcome = outcome,
										.status = status,
										.max_age = -1,
										.body = wims_pl_str(body == NULL ? good : body),
										.why = WIMS_PL("why not")};

	assert_true(i < ask_fetch_count && ask_fetches[i].open);
	ask_fetches[i].open = false;
	ask_fetches[i].done(ask_fetches[i].ctx, &a);
	free(good);
}

/* ---- the world ---- */

static void write_file(const char *name, const char *text)
{
	char *path = mint_text("%s/%s", dir, name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	free(path);
}

void ask_provision(const char *more)
{
	char *jwk = mint_jwk(MINT_ED25519, "ed25519", "");
	char *json = mint_text(
			"{\"version\":1,\"wwsf\":[{\"name\":\"wwsf1\",\"domain\":\"ims.test\",\"origins\":["
			"\"https://wwsf.test\"],\"issuer\":\"https://waf.wwsf.test\",\"audience\":"
			"\"https://ims.test\",\"impus\":[\"sip:a*@ims.test\",\"tel:+4930*\"],\"impis\":["
			"\"a*@ims.test\"]%s},{\"name\":\"both\",\"domain\":\"ims.test\",\"origins\":["
			"\"https://both.test\"],\"issuer\":\"https://both.test\",\"audience\":\"a\","
			"\"impus\":[\"sip:b*@ims.test\"],\"impis\":[\"b*@ims.test\"],"
			"\"keys\":{\"jwks\":{\"keys\":[%s]}}" ASK_MEMBER "}]}",
			more, jwk);
	struct wims_config_fault fault;

	write_file("p.json", json);
	if(wk_provision_reload(&fault) != WIMS_OK)
		fail_msg("%s: %s", fault.path, fault.text);
	assert_true(wk_provision_refresh());
	free(json);
	free(jwk);
}

int ask_group_setup(void **state)
{
	static char path[PATH_MAX];

	if(glue_group_setup(state) != 0 || mkdtemp(dir) == NULL)
		return -1;
	write_file("secret", "s3cret\n");
	write_file("ca.pem", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n");
	snprintf(path, sizeof(path), "%s/p.json", dir);
	wk_params.provisioning = path;
	wk_params.fetch_program = "/bin/true";
	ask_provision(ASK_MEMBER);
	return 0;
}

int ask_group_teardown(void **state)
{
	static const char *const names[] = {"secret", "ca.pem", "p.json"};
	size_t i;

	for(i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = mint_text("%s/%s", dir, names[i]);

		unlink(path);
		free(path);
	}
	return rmdir(dir);
}

static struct
{
	const sip_msg_t *msg;
	const char *reason;
} judged[ASK_MAX];
static size_t judged_count;

static void go_on(sip_msg_t *msg)
{
	wk_token_validate(msg, NULL);
	judged[judged_count % ASK_MAX].msg = msg;
	judged[judged_count++ % ASK_MAX].reason = glue_reason(msg);
}

const char *ask_reason(const sip_msg_t *msg)
{
	size_t i;

	for(i = judged_count; i > 0 && i + ASK_MAX > judged_count; i--)
		if(judged[(i - 1) % ASK_MAX].msg == msg)
			return judged[(i - 1) % ASK_MAX].reason;
	return "(not resumed)";
}

int ask_setup(void **state)
{
	ask_fetch_count = judged_count = 0;
	ask_fetch_fails = false;
	if(glue_setup(state) < 0)
		return -1;
	ksr_tm.resumed = go_on;
	return 0;
}

int ask_teardown(void **state)
{
	/* nothing is left of any request */
	if(wk_lookup_count() != 0)
		return -1;
	return glue_teardown(state);
}

sip_msg_t *ask_resolved(const char *token, int want)
{
	return ask_resolved_on(GLUE_CONN, token, want);
}

sip_msg_t *ask_resolved_on(uint32_t conn, const char *token, int want)
{
	sip_msg_t *msg = glue_register(token, "");
	int got;

	msg->rcv.proto_reserved1 = (int)conn;
	got = wk_token_resolve_route(msg, 1);
	if(got != want)
		fail_msg("%s: %d instead of %d, %s", token, got, want, glue_reason(msg));
	return msg;
}

void ask_refused(const char *token, int want, const char *reason)
{
	sip_msg_t *msg = ask_resolved(token, want);

	if(strcmp(glue_reason(msg), reason) != 0)
		fail_msg("%s: %s instead of %s", token, glue_reason(msg), reason);
	ksr_msg_free(msg);
}

static void looks_up(const char *token, enum wims_fetch_outcome outcome, const char *reason)
{
	sip_msg_t *msg = ask_resolved(token, WK_SUSPENDED);

	wk_introspect_ask();
	ask_answer(ask_fetch_count - 1, outcome, 200, NULL);
	assert_int_equal(ksr_async_run(), 1);
	assert_string_equal(ask_reason(msg), reason);
	wk_cache_flush();
	ksr_msg_free(msg);
}

void ask_works(const char *token)
{
	looks_up(token, WIMS_FETCH_OK, "ok");
}

void ask_fails(const char *token)
{
	looks_up(token, WIMS_FETCH_TIMEOUT, "token_server_failed");
}
