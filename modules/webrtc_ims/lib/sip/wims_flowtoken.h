/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_FLOWTOKEN_H
#define WIMS_FLOWTOKEN_H

/* The flow token (RFC 5626 5.2): the user part of this node's URI in Path and
 * Record-Route. It names one connection, not an address: the next client that
 * gets the same port has another connection id, and a node that was started
 * again has another boot epoch.
 *
 *   byte  0      version (high four bits, 1) and kind (low four bits)
 *         1      id of the key
 *         2 - 3  node
 *         4 - 7  boot epoch
 *         8 - 11 connection
 *        12 - 23 first 96 bits of HMAC-SHA256 over bytes 0 - 11 and context
 *
 * numbers big endian, the whole in base64url: 32 characters. */

#include "base/wims_reason.h"
#include "base/wims_fault.h"

enum
{
	WIMS_FLOWTOKEN_LEN = 32,
	WIMS_FLOWTOKEN_KEY_LEN = 32, /* bytes */
	WIMS_FLOWTOKEN_KEYS_MAX = 8,
	WIMS_FLOWTOKEN_KEYFILE_MAX = 4096, /* bytes */
	WIMS_FLOWTOKEN_CONTEXT_MAX = 1024
};

/* Keys in the order of the file; the first one makes tokens, all of them
 * check. A plain value: it may be copied into shared memory. */
struct wims_flowtoken_keys
{
	size_t count;
	struct wims_flowtoken_key
	{
		uint8_t id;
		unsigned char bytes[WIMS_FLOWTOKEN_KEY_LEN];
	} key[WIMS_FLOWTOKEN_KEYS_MAX];
};

/* text: lines "id:key", id 0 to 255 in decimal, key as 64 hexadecimal digits;
 * empty lines and lines beginning with '#' are passed over. To rotate, put a
 * new first line in and keep the old ones until their registrations and calls
 * are over. CONFIG_KEY, keys->count 0 and fault (may be NULL; it never quotes
 * the file) filled: no key, more than 8, a repeated id, a key of one repeated
 * byte, bad syntax. */
WIMS_MUST_CHECK enum wims_reason wims_flowtoken_keys_parse(struct wims_flowtoken_keys *keys,
														   struct wims_pl text,
														   struct wims_fault *fault);

/* A token of one kind is none of the other. */
enum wims_flowtoken_kind
{
	WIMS_FLOWTOKEN_PATH = 1,
	WIMS_FLOWTOKEN_RECORD_ROUTE = 2
};

struct wims_flowtoken
{
	enum wims_flowtoken_kind kind;
	uint16_t node;
	uint32_t epoch; /* start of the node, s since 1970 */
	uint32_t conn;  /* connection id */
};

/* context binds the token to where it was written: empty for Path, the
 * Call-ID for Record-Route. CRYPTO_FAILED; INTERNAL: no key, no such kind,
 * context over its maximum. out then holds NULs. */
WIMS_MUST_CHECK enum wims_reason wims_flowtoken_encode(char out[WIMS_FLOWTOKEN_LEN],
													   const struct wims_flowtoken_keys *keys,
													   const struct wims_flowtoken *token,
													   struct wims_pl context);
/* token is zeroed unless OK. FLOW_TOKEN_BAD for each way to be wrong: length,
 * alphabet, version, kind, key, MAC, context. CRYPTO_FAILED. */
WIMS_MUST_CHECK enum wims_reason wims_flowtoken_decode(struct wims_flowtoken *token,
													   const struct wims_flowtoken_keys *keys,
													   enum wims_flowtoken_kind kind,
													   struct wims_pl text, struct wims_pl context);

#endif
