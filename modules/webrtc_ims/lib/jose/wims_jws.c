/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_jws.h"

#include <string.h>

#include "wims_b64.h"

enum
{
	MEMO_ROWS = 4,
	MEMO_TEXT_MAX = 256
};

/* The last few header texts that came with a valid signature, and what they
 * say. Reading a header depends on nothing but its bytes, so a row never goes
 * stale; a client repeats the same header in each token, and comparing it is
 * a hundred times cheaper than parsing it. Only signed headers get in, so
 * nobody without a key can push others out. Private to a process and thread. */
struct memo_row
{
	size_t len; /* 0: free */
	char text[MEMO_TEXT_MAX];
	struct wims_jws_header header;
};

static _Thread_local struct memo_row memo[MEMO_ROWS];
static _Thread_local size_t memo_next;

static const struct wims_jws_header *memo_find(struct wims_pl text)
{
	size_t i;

	for(i = 0; i < MEMO_ROWS; i++)
		if(memo[i].len > 0 && wims_pl_eq((struct wims_pl){memo[i].text, memo[i].len}, text))
			return &memo[i].header;
	return NULL;
}

static void memo_add(struct wims_pl text, const struct wims_jws_header *header)
{
	struct memo_row *row = &memo[memo_next];

	if(text.l > MEMO_TEXT_MAX || memo_find(text) != NULL)
		return;
	row->len = text.l;
	memcpy(row->text, text.p, text.l);
	row->header = *header;
	memo_next = (memo_next + 1) % MEMO_ROWS;
}

/* Copies a string member. wrong: it is no string; large: it is longer than
 * size or empty. */
static enum wims_reason copy_member(char *buf, size_t size, size_t *len,
									const struct wims_json_value *head, const char *name,
									enum wims_reason wrong, enum wims_reason large)
{
	const struct wims_json_value *v = wims_json_member(head, name);
	struct wims_pl s = wims_json_string(v);

	if(v == NULL)
		return WIMS_OK;
	if(wims_json_type(v) != WIMS_JSON_STRING)
		return wrong;
	if(s.l == 0 || s.l > size)
		return large;
	memcpy(buf, s.p, s.l);
	*len = s.l;
	return WIMS_OK;
}

/* RFC 7515 4.1 */
static enum wims_reason read_header(struct wims_jws_header *out, const struct wims_json_value *head)
{
	enum wims_reason r;

	/* 4.1.11: an extension that must be understood, and we understand none;
	 * RFC 7797 3: b64 would change what is signed */
	if(wims_json_member(head, "crit") != NULL || wims_json_member(head, "b64") != NULL)
		return WIMS_TOKEN_CRIT;
	/* compression is for JWE (RFC 7516 4.1.3) */
	if(wims_json_type(head) != WIMS_JSON_OBJECT || wims_json_member(head, "zip") != NULL)
		return WIMS_TOKEN_FORMAT;
	out->alg = wims_alg_by_name(wims_json_string(wims_json_member(head, "alg")));
	if(out->alg == NULL)
		return WIMS_ALG_UNKNOWN;
	out->has_cty = wims_json_member(head, "cty") != NULL;
	out->has_typ = wims_json_member(head, "typ") != NULL;
	r = copy_member(out->typ, sizeof(out->typ), &out->typ_len, head, "typ", WIMS_TOKEN_TYP,
					WIMS_TOKEN_TYP);
	if(r != WIMS_OK)
		return r;
	return copy_member(out->kid, sizeof(out->kid), &out->kid_len, head, "kid", WIMS_TOKEN_FORMAT,
					   WIMS_KEY_UNKNOWN);
}

static enum wims_reason parse_header(struct wims_jws_header *out, const struct wims_env *env,
									 struct wims_pl text)
{
	const struct wims_jws_header *known = memo_find(text);
	char bytes[WIMS_B64_DECODED_MAX(WIMS_JWS_HEADER_MAX)];
	struct wims_json *json = NULL;
	size_t len;
	enum wims_reason r;

	if(known != NULL) {
		*out = *known;
		return WIMS_OK;
	}
	memset(out, 0, sizeof(*out));
	if(text.l > WIMS_JWS_HEADER_MAX)
		return WIMS_TOKEN_TOO_LONG;
	if(!wims_b64_decode(bytes, sizeof(bytes), &len, text))
		return WIMS_TOKEN_BASE64;
	r = wims_json_parse(&json, env, (struct wims_pl){bytes, len}, sizeof(bytes), NULL);
	if(r == WIMS_OK)
		r = read_header(out, wims_json_root(json));
	wims_json_free(json);
	return r;
}

/* Exactly three parts; the payload may be empty. */
static bool split(struct wims_jws *out, struct wims_pl *payload, struct wims_pl *signature,
				  struct wims_pl compact)
{
	size_t dot = wims_pl_find(compact, '.');
	struct wims_pl rest = wims_pl_from(compact, dot + 1);
	size_t dot2 = wims_pl_find(rest, '.');

	out->header_text = (struct wims_pl){compact.p, dot};
	*payload = (struct wims_pl){rest.p, dot2};
	*signature = wims_pl_from(rest, dot2 + 1);
	out->signing_input = (struct wims_pl){compact.p, dot + 1 + dot2};
	return dot > 0 && dot2 < rest.l && signature->l > 0
		   && wims_pl_find(*signature, '.') == signature->l;
}

enum wims_reason wims_jws_parse(struct wims_jws *out, const struct wims_env *env,
								struct wims_pl compact)
{
	struct wims_pl payload, signature;
	size_t len;
	enum wims_reason r;

	if(compact.l > WIMS_JWS_MAX)
		return WIMS_TOKEN_TOO_LONG;
	if(!split(out, &payload, &signature, compact))
		return WIMS_TOKEN_FORMAT;
	if(signature.l > WIMS_JWS_SIGNATURE_MAX)
		return WIMS_TOKEN_TOO_LONG;
	r = parse_header(&out->header, env, out->header_text);
	if(r != WIMS_OK)
		return r;
	if(!wims_b64_decode(out->payload_bytes, sizeof(out->payload_bytes), &len, payload))
		return WIMS_TOKEN_BASE64;
	out->payload = (struct wims_pl){out->payload_bytes, len};
	if(!wims_b64_decode(out->signature_bytes, sizeof(out->signature_bytes), &len, signature))
		return WIMS_TOKEN_BASE64;
	out->signature = (struct wims_pl){out->signature_bytes, len};
	return WIMS_OK;
}

enum wims_reason wims_jws_verify(const struct wims_jws *jws, const struct wims_keyset *keys)
{
	const struct wims_jws_header *head = &jws->header;
	const struct wims_key *key = wims_keyset_find(keys, (struct wims_pl){head->kid, head->kid_len});
	enum wims_reason r;

	if(key == NULL)
		return WIMS_KEY_UNKNOWN;
	r = wims_key_verify(key, head->alg, jws->signing_input, jws->signature);
	if(r == WIMS_OK)
		memo_add(jws->header_text, head);
	return r;
}
