/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "wk_mask.h"

#define HEAD "OPTIONS sip:ims.test SIP/2.0\nAuthorization: Bearer "

static char *token;

static int setup(void **state)
{
	ksr_reset();
	token = glue_token(NULL, NULL);
	return wk_mask_init();
}

static int teardown(void **state)
{
	free(token);
	return 0;
}

/* A message with the token, as Kamailio hands it in before it is parsed. */
static sip_msg_t *received(int proto)
{
	struct receive_info rcv = {.proto = (char)proto};
	char text[4096];
	sip_msg_t *msg;
	sr_event_param_t event = {.rcv = &rcv};
	str in;

	snprintf(text, sizeof(text), HEAD "%s\nCall-ID: c\n\n", token);
	msg = ksr_msg(proto, 1, text);
	in = (str){msg->buf, (int)msg->len};
	event.data = &in;
	assert_int_equal(ksr_core.on_data_in(&event), 0);
	return msg;
}

static void test_masked_until_lifted(void **state)
{
	sip_msg_t *msg = received(PROTO_WSS);

	assert_lacks(ksr_out(msg), token);
	assert_lacks(ksr_out(msg), strrchr(token, '.'));
	assert_contains(ksr_out(msg), HEAD "xxxx");
	assert_contains(ksr_out(msg), "xxxx\nCall-ID: c\n\n");
	wk_mask_lift(msg);
	assert_contains(ksr_out(msg), token);
	assert_contains(ksr_out(msg), "\nCall-ID: c\n\n");
	ksr_msg_free(msg);
}

/* What another part changed in place meanwhile stays changed. */
static void test_only_the_token_comes_back(void **state)
{
	sip_msg_t *msg = received(PROTO_WS);

	assert_lacks(ksr_out(msg), token);
	msg->buf[0] = 'o';
	wk_mask_lift(msg);
	assert_contains(ksr_out(msg), "oPTIONS ");
	assert_contains(ksr_out(msg), token);
	ksr_msg_free(msg);
}

/* More of them than are remembered. */
static void test_many_secrets(void **state)
{
	struct receive_info rcv = {.proto = PROTO_WSS};
	char text[4096] = "MESSAGE sip:a SIP/2.0\n", out[4096];
	sr_event_param_t event = {.rcv = &rcv};
	size_t used = strlen(text);
	sip_msg_t *msg;
	str in;
	int i;

	for(i = 0; i < 9; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
								 "X-%d: %064d.%d.secret%d\nAuthorization: Bearer\n key%d\n", i, i,
								 i, i, i);
	snprintf(text + used, sizeof(text) - used, "\n");
	msg = ksr_msg(PROTO_WSS, 1, text);
	snprintf(out, sizeof(out), "%s", ksr_out(msg));
	in = (str){msg->buf, (int)msg->len};
	event.data = &in;
	assert_int_equal(ksr_core.on_data_in(&event), 0);
	assert_lacks(ksr_out(msg), "secret");
	assert_lacks(ksr_out(msg), "key");
	wk_mask_lift(msg);
	assert_string_equal(ksr_out(msg), out);
	ksr_msg_free(msg);
}

/* The token of one message is never put into another one. */
static void test_another_message(void **state)
{
	sip_msg_t *first = received(PROTO_WSS), *second = received(PROTO_WSS);

	wk_mask_lift(first);
	assert_lacks(ksr_out(first), token);
	wk_mask_lift(second);
	assert_contains(ksr_out(second), token);
	ksr_msg_free(second);
	ksr_msg_free(first);
}

/* The head is judged before the token comes back: nothing that no head may hold
 * is hidden from that. */
static void test_control_bytes_stay(void **state)
{
	static const char bad[] = {1, 0x7f, '\t', ' ', (char)0xff};
	size_t i;

	for(i = 0; i < sizeof(bad); i++) {
		sip_msg_t *msg;
		const char *at;

		token[20] = bad[i];
		msg = received(PROTO_WSS);
		at = strstr(ksr_out(msg), HEAD);
		assert_non_null(at);
		assert_int_equal(at[sizeof(HEAD) - 1 + 20], bad[i]);
		assert_int_equal(at[sizeof(HEAD) - 1 + 19], 'x');
		assert_int_equal(at[sizeof(HEAD) - 1 + 21], 'x');
		ksr_msg_free(msg);
	}
}

static void test_core_is_not_masked(void **state)
{
	sip_msg_t *msg = received(PROTO_UDP);

	assert_contains(ksr_out(msg), token);
	ksr_msg_free(msg);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_masked_until_lifted), T(test_only_the_token_comes_back), T(test_another_message),
			T(test_control_bytes_stay),  T(test_core_is_not_masked),        T(test_many_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
