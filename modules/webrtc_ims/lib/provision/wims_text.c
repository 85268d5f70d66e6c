/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_set.h"

#include "identity/wims_host.h"
#include "identity/wims_impu.h"
#include "provision/wims_origin.h"
#include "sip/wims_tna.h"

#include <string.h>

/* Is every byte printable ASCII, and none of those in without? */
static bool ascii_without(struct wims_pl s, const char *without)
{
	size_t i;

	for(i = 0; i < s.l; i++)
		if((unsigned char)s.p[i] < 0x20 || (unsigned char)s.p[i] >= 0x7f
		   || strchr(without, s.p[i]) != NULL)
			return false;
	return true;
}

static bool name_ok(struct wims_pl s)
{
	size_t i;

	for(i = 0; i < s.l; i++)
		if(!wims_is_alnum(s.p[i]) && s.p[i] != '.' && s.p[i] != '_' && s.p[i] != '-')
			return false;
	return true;
}

/* UTF-8 is fine here, the JSON layer has checked it. */
static bool printable_ok(struct wims_pl s)
{
	size_t i;

	for(i = 0; i < s.l; i++)
		if((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return false;
	return true;
}

/* A path of names with '.' between them, or one name that is a URI (RFC 7519
 * 4.2), where a '.' is only a '.'. */
static bool claim_ok(struct wims_pl s)
{
	bool uri = wims_pl_find(s, '/') < s.l;
	size_t i, steps = 1;

	if(!printable_ok(s))
		return false;
	for(i = 0; !uri && i < s.l; i++) {
		if(s.p[i] != '.')
			continue;
		if(i == 0 || s.p[i - 1] == '.' || i + 1 == s.l)
			return false;
		steps++;
	}
	return steps <= WIMS_CLAIM_STEPS_MAX;
}

/* Goes into a quoted-string of the challenge as it is. */
static bool realm_ok(struct wims_pl s)
{
	return ascii_without(s, "\"\\");
}

/* RFC 6749 3.3: scope-token */
static bool scope_ok(struct wims_pl s)
{
	return ascii_without(s, " \"\\");
}

static bool domain_ok(struct wims_pl s)
{
	return s.p[0] != '[';
}

/* RFC 8898 4: an https URI; the authority is checked, the rest only for bytes
 * that a URI cannot hold. */
static bool https_ok(struct wims_pl s)
{
	const struct wims_pl scheme = WIMS_PL("https://");
	char buf[WIMS_CONFIG_STRING_MAX];
	struct wims_pl authority;
	struct wims_w w;
	size_t end;

	if(!wims_pl_casestarts(s, scheme) || !ascii_without(s, " \"<>\\^`{|}#"))
		return false;
	authority = wims_pl_from(s, scheme.l);
	for(end = 0; end < authority.l && strchr("/?", authority.p[end]) == NULL; end++)
		;
	authority.l = end;
	wims_w_init(&w, buf, sizeof(buf));
	return wims_hostport_write(&w, authority, 0);
}

static bool origin_write(struct wims_w *w, struct wims_pl s)
{
	char buf[WIMS_ORIGIN_MAX];
	struct wims_pl origin;

	if(wims_origin_canonical(&origin, buf, sizeof(buf), s) != WIMS_OK)
		return false;
	wims_w_pl(w, origin);
	return w->ok;
}

static bool impu_write(struct wims_w *w, struct wims_pl s)
{
	char buf[WIMS_IMPU_MAX];
	struct wims_pl impu;

	if(wims_impu_canonical(&impu, buf, sizeof(buf), s) != WIMS_OK || wims_impu_is_wildcard(impu))
		return false;
	wims_w_pl(w, impu);
	return w->ok;
}

const struct wims_text_kind wims_text_name = {1, 64, name_ok, NULL,
											  "letters, digits, '.', '_' and '-'"};
const struct wims_text_kind wims_text_host = {1, WIMS_HOST_MAX, domain_ok, wims_host_write,
											  "a domain name, such as \"ims.test\""};
const struct wims_text_kind wims_text_printable = {1, WIMS_CONFIG_STRING_MAX, printable_ok, NULL,
												   "text without control characters"};
const struct wims_text_kind wims_text_claim = {
		1, WIMS_CLAIM_NAME_MAX, claim_ok, NULL,
		"the name of a claim, or up to 4 names with '.' between them"};
const struct wims_text_kind wims_text_param = {
		1, WIMS_TNA_CONVEYED_NAME_MAX, wims_tna_may_convey, NULL,
		"a token, such as \"authorization-entity\", that is no parameter of Digest"};
const struct wims_text_kind wims_text_realm = {1, 255, realm_ok, NULL,
											   "printable ASCII without '\"' and '\\'"};
const struct wims_text_kind wims_text_https = {1, WIMS_CONFIG_STRING_MAX, https_ok, NULL,
											   "an https URL"};
const struct wims_text_kind wims_text_scope = {0, 255, scope_ok, NULL,
											   "one scope value without spaces, or \"\" for none"};
const struct wims_text_kind wims_text_typ = {1, 64, scope_ok, NULL,
											 "a token type, such as \"at+jwt\""};
const struct wims_text_kind wims_text_origin = {
		1, WIMS_ORIGIN_MAX, NULL, origin_write,
		"an Origin: http or https, \"://\", host, optional \":port\", nothing behind it"};
const struct wims_text_kind wims_text_kid = {1, WIMS_KID_MAX, printable_ok, NULL,
											 "text without control characters"};
const struct wims_text_kind wims_text_pem = {1, WIMS_PEM_MAX, NULL, NULL, "a public key in PEM"};
const struct wims_text_kind wims_text_impu = {1, WIMS_IMPU_INPUT_MAX, NULL, impu_write,
											  "one sip:, sips: or tel: URI with a user part"};
