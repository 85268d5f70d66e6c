/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rangereg/wims_rangereg_lease.h"

#include <string.h>

#include "base/wims_w.h"
#include "jose/wims_alg_ossl.h"

/* The last line of a document, as long as it always is:
 *   "s" TAB key-id TAB HMAC-SHA256 LF
 * with the id in two hexadecimal digits, and the digest in 64. */
enum
{
	KEY_AT = 2,
	KEY_END = 4,
	MAC_AT = 5,
	MAC_END = MAC_AT + 2 * WIMS_SHA256_LEN
};

_Static_assert((int)WIMS_RANGEREG_SEAL_LEN == (int)MAC_END + 1, "the seal is as long as it says");

/* What a flow token is the digest of never begins like that. */
static bool mac_of(unsigned char mac[WIMS_SHA256_LEN], const struct wims_flowtoken_key *key,
				   const char *tag, struct wims_pl doc)
{
	const struct wims_pl secret = {(const char *)key->bytes, sizeof(key->bytes)};
	const struct wims_pl parts[] = {
			WIMS_PL("lease of "), {tag, WIMS_RANGEREG_ASK_TAG_LEN}, WIMS_PL(": "), doc};

	return wims_hmac_sha256(mac, secret, parts, sizeof(parts) / sizeof(parts[0]));
}

static bool write_seal(char seal[WIMS_RANGEREG_SEAL_LEN], const struct wims_flowtoken_key *key,
					   const char *tag, struct wims_pl doc)
{
	unsigned char mac[WIMS_SHA256_LEN];
	struct wims_w w;

	if(!mac_of(mac, key, tag, doc))
		return false;
	wims_w_init(&w, seal, MAC_END);
	wims_w_lit(&w, "s\t");
	wims_w_hex(&w, &key->id, sizeof(key->id));
	wims_w_lit(&w, "\t");
	wims_w_hex(&w, mac, sizeof(mac));
	seal[MAC_END] = '\n';
	return w.ok;
}

bool wims_rangereg_seal(char *buf, const struct wims_flowtoken_keys *keys,
						const char tag[WIMS_RANGEREG_ASK_TAG_LEN + 1], struct wims_pl doc,
						struct wims_pl *out)
{
	*out = WIMS_PL_NONE;
	if(keys->count == 0 || doc.l == 0 || doc.l > WIMS_RANGEREG_DOC_MAX
	   || !write_seal(buf + doc.l, &keys->key[0], tag, doc))
		return false;
	memcpy(buf, doc.p, doc.l);
	*out = (struct wims_pl){buf, doc.l + WIMS_RANGEREG_SEAL_LEN};
	return true;
}

bool wims_rangereg_unseal(const struct wims_flowtoken_keys *keys,
						  const char tag[WIMS_RANGEREG_ASK_TAG_LEN + 1], struct wims_pl sealed,
						  struct wims_pl *doc)
{
	struct wims_pl said = {sealed.p, sealed.l - WIMS_RANGEREG_SEAL_LEN};
	char seal[WIMS_RANGEREG_SEAL_LEN];
	bool good = false;
	size_t i;

	*doc = WIMS_PL_NONE;
	if(sealed.l == 0)
		return true;
	if(sealed.l <= WIMS_RANGEREG_SEAL_LEN
	   || sealed.l > WIMS_RANGEREG_DOC_MAX + WIMS_RANGEREG_SEAL_LEN)
		return false;
	for(i = 0; i < keys->count && !good; i++)
		good = write_seal(seal, &keys->key[i], tag, said)
			   && wims_ct_equal((struct wims_pl){seal, sizeof(seal)}, wims_pl_from(sealed, said.l));
	if(good)
		*doc = said;
	return good;
}
