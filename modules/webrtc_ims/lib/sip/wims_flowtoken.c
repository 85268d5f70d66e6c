/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip/wims_flowtoken.h"

#include "jose/wims_alg_ossl.h"
#include "jose/wims_b64.h"

#include <string.h>

enum
{
	VERSION = 1,
	BODY_LEN = 12,
	MAC_LEN = 12,
	RAW_LEN = BODY_LEN + MAC_LEN,
	KEY_ID_MAX = 255
};

_Static_assert(RAW_LEN % 3 == 0, "base64url without a remainder");
_Static_assert(RAW_LEN / 3 * 4 == WIMS_FLOWTOKEN_LEN, "the text is as long as it says");

static int hex_digit(char c)
{
	if(c >= '0' && c <= '9')
		return c - '0';
	if(c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool key_bytes(unsigned char *out, struct wims_pl hex)
{
	size_t i;

	if(hex.l != 2 * WIMS_FLOWTOKEN_KEY_LEN)
		return false;
	for(i = 0; i < WIMS_FLOWTOKEN_KEY_LEN; i++) {
		int hi = hex_digit(hex.p[2 * i]);
		int lo = hex_digit(hex.p[2 * i + 1]);

		if(hi < 0 || lo < 0)
			return false;
		out[i] = (unsigned char)(hi * 16 + lo);
	}
	return true;
}

/* The all-zero key and its like: made by hand, not by a generator. */
static bool one_byte_repeated(const unsigned char *key)
{
	return memcmp(key, key + 1, WIMS_FLOWTOKEN_KEY_LEN - 1) == 0;
}

static const struct wims_flowtoken_key *key_of(const struct wims_flowtoken_keys *keys, uint64_t id)
{
	size_t i;

	for(i = 0; i < keys->count; i++)
		if(keys->key[i].id == id)
			return &keys->key[i];
	return NULL;
}

/* Adds the key of one line; what is wrong with it, or NULL. */
static const char *add_key(struct wims_flowtoken_keys *keys, struct wims_pl line)
{
	size_t colon = wims_pl_find(line, ':');
	struct wims_flowtoken_key *key;
	uint64_t id;

	if(!wims_pl_u64((struct wims_pl){line.p, colon}, &id) || id > KEY_ID_MAX)
		return "no key id of 0 to 255 before ':'";
	if(key_of(keys, id) != NULL)
		return "key id used twice";
	if(keys->count == WIMS_FLOWTOKEN_KEYS_MAX)
		return "more than 8 keys";
	key = &keys->key[keys->count];
	if(!key_bytes(key->bytes, wims_pl_from(line, colon + 1)))
		return "the key is not 64 hexadecimal digits";
	if(one_byte_repeated(key->bytes))
		return "the key is one byte repeated";
	key->id = (uint8_t)id;
	keys->count++;
	return NULL;
}

static enum wims_reason add_keys(struct wims_flowtoken_keys *keys, struct wims_pl text,
								 struct wims_fault *fault)
{
	size_t line_no;

	for(line_no = 1; text.l > 0; line_no++) {
		size_t end = wims_pl_find(text, '\n');
		struct wims_pl line = wims_pl_trim((struct wims_pl){text.p, end});
		const char *wrong = NULL;

		if(line.l > 0 && line.p[0] != '#')
			wrong = add_key(keys, line);
		if(wrong != NULL) {
			wims_fault_line(fault, line_no, wims_pl_str(wrong));
			return WIMS_CONFIG_KEY;
		}
		text = wims_pl_from(text, end + 1);
	}
	if(keys->count > 0)
		return WIMS_OK;
	wims_fault_set(fault, WIMS_PL("no key in it"), WIMS_PL_NONE);
	return WIMS_CONFIG_KEY;
}

enum wims_reason wims_flowtoken_keys_parse(struct wims_flowtoken_keys *keys, struct wims_pl text,
										   struct wims_fault *fault)
{
	enum wims_reason r;

	memset(keys, 0, sizeof(*keys));
	wims_fault_set(fault, WIMS_PL_NONE, WIMS_PL_NONE);
	if(text.l > WIMS_FLOWTOKEN_KEYFILE_MAX) {
		wims_fault_set(fault, WIMS_PL("longer than 4096 bytes"), WIMS_PL_NONE);
		return WIMS_CONFIG_KEY;
	}
	r = add_keys(keys, text, fault);
	if(r != WIMS_OK)
		memset(keys, 0, sizeof(*keys));
	return r;
}

static bool known_kind(enum wims_flowtoken_kind kind)
{
	return kind == WIMS_FLOWTOKEN_PATH || kind == WIMS_FLOWTOKEN_RECORD_ROUTE;
}

static void put_be(unsigned char *out, size_t n, uint32_t v)
{
	while(n > 0) {
		out[--n] = (unsigned char)(v & 0xff);
		v >>= 8;
	}
}

static uint32_t get_be(const unsigned char *in, size_t n)
{
	uint32_t v = 0;
	size_t i;

	for(i = 0; i < n; i++)
		v = v << 8 | in[i];
	return v;
}

/* body has a fixed length, so body and context have one reading only. */
static bool mac_of(unsigned char mac[WIMS_SHA256_LEN], const struct wims_flowtoken_key *key,
				   const unsigned char *body, struct wims_pl context)
{
	struct wims_pl secret = {(const char *)key->bytes, sizeof(key->bytes)};
	struct wims_pl parts[2] = {{(const char *)body, BODY_LEN}, context};

	return wims_hmac_sha256(mac, secret, parts, 2);
}

/* Whole groups of three bytes only. */
static void base64url(char *out, const unsigned char *raw, size_t n)
{
	static const char alphabet[] =
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	size_t i;

	for(i = 0; i < n; i += 3, out += 4) {
		uint32_t group = get_be(raw + i, 3);

		out[0] = alphabet[group >> 18];
		out[1] = alphabet[group >> 12 & 63];
		out[2] = alphabet[group >> 6 & 63];
		out[3] = alphabet[group & 63];
	}
}

enum wims_reason wims_flowtoken_encode(char out[WIMS_FLOWTOKEN_LEN],
									   const struct wims_flowtoken_keys *keys,
									   const struct wims_flowtoken *token, struct wims_pl context)
{
	unsigned char raw[RAW_LEN], mac[WIMS_SHA256_LEN];

	memset(out, 0, WIMS_FLOWTOKEN_LEN);
	if(keys->count == 0 || !known_kind(token->kind) || context.l > WIMS_FLOWTOKEN_CONTEXT_MAX)
		return WIMS_INTERNAL;
	raw[0] = (unsigned char)(VERSION << 4 | (int)token->kind);
	raw[1] = keys->key[0].id;
	put_be(raw + 2, 2, token->node);
	put_be(raw + 4, 4, token->epoch);
	put_be(raw + 8, 4, token->conn);
	if(!mac_of(mac, &keys->key[0], raw, context))
		return WIMS_CRYPTO_FAILED;
	memcpy(raw + BODY_LEN, mac, MAC_LEN);
	base64url(out, raw, RAW_LEN);
	return WIMS_OK;
}

enum wims_reason wims_flowtoken_decode(struct wims_flowtoken *token,
									   const struct wims_flowtoken_keys *keys,
									   enum wims_flowtoken_kind kind, struct wims_pl text,
									   struct wims_pl context)
{
	unsigned char raw[RAW_LEN], mac[WIMS_SHA256_LEN];
	const struct wims_flowtoken_key *key;
	size_t len = 0;

	memset(token, 0, sizeof(*token));
	if(text.l != WIMS_FLOWTOKEN_LEN || context.l > WIMS_FLOWTOKEN_CONTEXT_MAX || !known_kind(kind))
		return WIMS_FLOW_TOKEN_BAD;
	if(!wims_b64_decode(raw, sizeof(raw), &len, text) || len != RAW_LEN)
		return WIMS_FLOW_TOKEN_BAD;
	if(raw[0] != (VERSION << 4 | (int)kind))
		return WIMS_FLOW_TOKEN_BAD;
	key = key_of(keys, raw[1]);
	if(key == NULL)
		return WIMS_FLOW_TOKEN_BAD;
	if(!mac_of(mac, key, raw, context))
		return WIMS_CRYPTO_FAILED;
	if(!wims_ct_equal((struct wims_pl){(const char *)mac, MAC_LEN},
					  (struct wims_pl){(const char *)raw + BODY_LEN, MAC_LEN}))
		return WIMS_FLOW_TOKEN_BAD;
	token->kind = kind;
	token->node = (uint16_t)get_be(raw + 2, 2);
	token->epoch = get_be(raw + 4, 4);
	token->conn = get_be(raw + 8, 4);
	return WIMS_OK;
}
