/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "second.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>
#include <openssl/evp.h>

#define LAST_SECOND 253402300799.0

/* --- base64url: decoded kindly, and right if it comes out the same again --- */

/* Malloced, NUL behind it; NULL when the text is not as it is encoded. */
static unsigned char *decode(size_t *len, const char *text, size_t n)
{
	size_t padded = (n + 3) / 4 * 4, i;
	char *plain = malloc(padded + 1), *again = malloc(padded + 5);
	unsigned char *out = malloc(padded / 4 * 3 + 1);
	int got;
	bool same = true;

	for(i = 0; i < padded; i++)
		plain[i] = i >= n ? '=' : text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i];
	plain[padded] = '\0';
	got = n % 4 == 1 ? -1 : EVP_DecodeBlock(out, (unsigned char *)plain, (int)padded);
	*len = got < 0 ? 0 : (size_t)got - (padded - n);
	EVP_EncodeBlock((unsigned char *)again, out, (int)*len);
	for(i = 0; i < n; i++)
		same = same && again[i] == plain[i] && strchr("+/=", text[i]) == NULL;
	free(plain);
	free(again);
	if(got < 0 || !same) {
		free(out);
		return NULL;
	}
	out[*len] = '\0';
	return out;
}

static json_t *decode_object(const char *text, size_t n)
{
	size_t len;
	unsigned char *bytes = decode(&len, text, n);
	json_t *doc =
			bytes == NULL ? NULL : json_loadb((char *)bytes, len, JSON_REJECT_DUPLICATES, NULL);

	free(bytes);
	if(!json_is_object(doc)) {
		json_decref(doc);
		return NULL;
	}
	return doc;
}

/* --- header --- */

static bool typ_good(const json_t *typ)
{
	const char *s = json_string_value(typ);

	if(typ == NULL)
		return true;
	if(s == NULL || strlen(s) != json_string_length(typ))
		return false;
	if(strncasecmp(s, "application/", 12) == 0)
		s += 12;
	return strcasecmp(s, "JWT") == 0 || strcasecmp(s, "at+jwt") == 0;
}

static bool header_good(const json_t *head, enum second_key *key, const char **alg)
{
	static const struct
	{
		const char *alg;
		enum second_key key;
	} pairs[] = {{"ES256", SECOND_ES256},
				 {"RS256", SECOND_RSA},
				 {"PS256", SECOND_RSA},
				 {"EdDSA", SECOND_ED25519},
				 {"HS256", SECOND_SECRET}};
	const char *kid = json_string_value(json_object_get(head, "kid"));
	const char *named = json_string_value(json_object_get(head, "alg"));
	size_t i;

	if(json_object_get(head, "crit") != NULL || json_object_get(head, "b64") != NULL
	   || json_object_get(head, "zip") != NULL || json_object_get(head, "cty") != NULL
	   || !typ_good(json_object_get(head, "typ")) || kid == NULL || named == NULL)
		return false;
	for(i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if(strcmp(named, pairs[i].alg) != 0 || strcmp(kid, second_kid[pairs[i].key]) != 0)
			continue;
		*key = pairs[i].key;
		*alg = pairs[i].alg;
		return true;
	}
	return false;
}

/* --- claims --- */

static bool fit_for_sip(const char *s)
{
	for(; *s != '\0'; s++)
		if(*s < 0x20 || *s > 0x7e || strchr("\"\\<>", *s) != NULL)
			return false;
	return true;
}

static bool text_good(const json_t *claims, const char *name, bool needed)
{
	const json_t *v = json_object_get(claims, name);

	if(v == NULL)
		return !needed;
	return json_is_string(v) && json_string_length(v) > 0 && fit_for_sip(json_string_value(v));
}

/* one string, or an array of nothing but strings: element i, NULL at the end */
static const char *element(const json_t *v, size_t i)
{
	if(json_is_string(v))
		return i == 0 ? json_string_value(v) : NULL;
	return json_string_value(json_array_get(v, i));
}

static bool strings_only(const json_t *v)
{
	size_t i;

	for(i = 0; i < json_array_size(v); i++)
		if(!json_is_string(json_array_get(v, i)))
			return false;
	return json_is_string(v) || json_is_array(v);
}

static bool audience_good(const json_t *aud)
{
	const char *s;
	size_t i;

	if(!strings_only(aud))
		return false;
	for(i = 0; (s = element(aud, i)) != NULL; i++)
		if(strcmp(s, "ims.test") == 0 || strcmp(s, "sip:ims.test") == 0)
			return true;
	return false;
}

static bool scope_good(const json_t *scope)
{
	static const char word[] = "webrtc-ims-client-access-to-ims";
	const char *s, *at;
	size_t i, n = strlen(word);

	if(!strings_only(scope))
		return false;
	for(i = 0; (s = element(scope, i)) != NULL; i++)
		for(at = strstr(s, word); at != NULL; at = strstr(at + 1, word))
			if((at == s || at[-1] == ' ') && (at[n] == '\0' || at[n] == ' '))
				return true;
	return false;
}

/* A number in its range, when it is there. */
static bool time_good(const json_t *v, double *out)
{
	*out = json_number_value(v);
	return json_is_number(v) && *out >= 0 && *out <= LAST_SECOND;
}

static bool life_good(const json_t *claims, long long *until)
{
	const json_t *nbf = json_object_get(claims, "nbf"), *iat = json_object_get(claims, "iat");
	const double now = (double)SECOND_NOW;
	double exp, start = 0, issued = 0;

	if(!time_good(json_object_get(claims, "exp"), &exp) || (nbf != NULL && !time_good(nbf, &start))
	   || (iat != NULL && !time_good(iat, &issued)))
		return false;
	exp = floor(exp);
	*until = (long long)exp;
	if(exp - 30 < now || ceil(start) - 60 > now || ceil(issued) - 60 > now)
		return false;
	return iat == NULL ? exp - 86400 - 60 <= now : exp - floor(issued) <= 86400;
}

/* --- identities --- */

/* What a WWSF may hand out: names that begin with a letter. */
struct site
{
	const char *issuer, letter, *escaped;
	bool tel;
	bool anonymous;
	bool brings; /* its tokens bring the range of their IMPUs */
};

static const struct site sites[] = {{"https://one.test", 'a', "%61", true, false, false},
									{"https://guest.test", 'g', "%67", false, true, false},
									{"https://ring.test", 'r', "%72", false, false, true}};

static const struct site *site_of(const json_t *iss)
{
	const char *text = json_string_value(iss);
	size_t i;

	for(i = 0; text != NULL && i < sizeof(sites) / sizeof(sites[0]); i++)
		if(strcmp(text, sites[i].issuer) == 0)
			return &sites[i];
	return NULL;
}

/* Is it a...@ims.test, whatever else it may be? */
static bool ours(const struct site *site, const char *user)
{
	const char *host = strchr(user, '@');
	size_t n;

	if(host == NULL || !(user[0] == site->letter || strncmp(user, site->escaped, 3) == 0))
		return false;
	host++;
	n = strcspn(host, ";:");
	if(host[n] == ':' && strtol(host + n + 1, NULL, 10) != 5060)
		return false;
	if(n > 0 && host[n - 1] == '.')
		n--;
	return n == 8 && strncasecmp(host, "ims.test", 8) == 0;
}

static bool ours_by_number(const char *number)
{
	char digits[16] = "";
	size_t n = 0;

	for(; *number != '\0' && n < 5; number++)
		if(strchr("-.()", *number) == NULL)
			digits[n++] = *number;
	return strncmp(digits, "+4930", 5) == 0;
}

static bool impus_good(const struct site *site, const json_t *impus)
{
	const char *s;
	size_t i;

	if(!strings_only(impus) || element(impus, 0) == NULL)
		return false;
	for(i = 0; (s = element(impus, i)) != NULL; i++)
		if(!fit_for_sip(s)
		   || !((strncasecmp(s, "sip:", 4) == 0 && ours(site, s + 4))
				|| (site->tel && strncasecmp(s, "tel:", 4) == 0 && ours_by_number(s + 4))))
			return false;
	return true;
}

/* Does what stands before '@' begin and end so, with no byte used twice? */
static bool framed(const char *user, const char *prefix, size_t head, const char *suffix,
				   size_t tail)
{
	size_t n = strcspn(user, "@");

	return n >= head + tail && strncmp(user, prefix, head) == 0
		   && strncmp(user + n - tail, suffix, tail) == 0;
}

/* sip:PREFIX!...!SUFFIX@ims.test, which begins and ends as its IMPUs do; what is
 * escaped is not looked at. */
static bool range_good(const struct site *site, const json_t *claims, const json_t *impus)
{
	const char *s = json_string_value(json_object_get(claims, "range")), *at, *first, *last, *impu;
	size_t i;

	if(!site->brings)
		return true;
	if(!text_good(claims, "range", true) || strncmp(s, "sip:", 4) != 0)
		return false;
	at = strrchr(s, '@');
	if(at == NULL || strcmp(at, "@ims.test") != 0)
		return false;
	if(strchr(s, '%') != NULL)
		return true;
	first = strchr(s, '!');
	last = strrchr(s, '!');
	if(first == NULL || first == last)
		return false;
	for(i = 0; (impu = element(impus, i)) != NULL; i++)
		if(strchr(impu, '%') == NULL
		   && !framed(impu + 4, s + 4, (size_t)(first - s - 4), last + 1, (size_t)(at - last - 1)))
			return false;
	return true;
}

/* Needed, but of a site that may leave it out; no name of such a user then. */
static bool subject_good(struct second_claims *out, const struct site *site, const json_t *claims)
{
	const char *sub = json_string_value(json_object_get(claims, "sub"));

	if(!text_good(claims, "sub", !site->anonymous)
	   || (site->anonymous && sub != NULL && strncmp(sub, "anonymous:", 10) == 0))
		return false;
	snprintf(out->subject, sizeof(out->subject), "%s", sub == NULL ? "" : sub);
	return true;
}

static bool claims_good(struct second_claims *out, const json_t *claims)
{
	const struct site *site = site_of(json_object_get(claims, "iss"));
	const char *impi = json_string_value(json_object_get(claims, "impi"));
	const json_t *impu = json_object_get(claims, "impu");
	bool azp = json_object_get(claims, "client_id") == NULL;

	if(site == NULL || !audience_good(json_object_get(claims, "aud"))
	   || !life_good(claims, &out->exp) || !subject_good(out, site, claims)
	   || !text_good(claims, "jti", false) || !text_good(claims, azp ? "azp" : "client_id", false)
	   || !scope_good(json_object_get(claims, "scope")) || impi == NULL || !fit_for_sip(impi)
	   || impi[0] != site->letter || strchr(impi, ':') != NULL || !ours(site, impi)
	   || !impus_good(site, impu) || !range_good(site, claims, impu))
		return false;
	snprintf(out->first_impu, sizeof(out->first_impu), "%s", element(impu, 0));
	return true;
}

/* --- all of it --- */

static bool signed_claims(struct second_claims *out, const char *token, const char *dot,
						  const char *dot2, const char *end)
{
	json_t *head = decode_object(token, (size_t)(dot - token)), *claims = NULL;
	unsigned char *sig = NULL;
	enum second_key key = SECOND_RSA;
	const char *alg = NULL;
	size_t len;
	bool good = false;

	if(head == NULL || !header_good(head, &key, &alg))
		goto out;
	sig = decode(&len, dot2 + 1, (size_t)(end - dot2 - 1));
	if(sig == NULL || len == 0 || !second_verify(key, alg, token, (size_t)(dot2 - token), sig, len))
		goto out;
	claims = decode_object(dot + 1, (size_t)(dot2 - dot - 1));
	good = claims != NULL && claims_good(out, claims);
out:
	free(sig);
	json_decref(claims);
	json_decref(head);
	return good;
}

bool second_accepts(struct second_claims *out, const char *token, size_t len)
{
	const char *end = token + len, *dot = memchr(token, '.', len), *dot2;

	memset(out, 0, sizeof(*out));
	dot2 = dot == NULL ? NULL : memchr(dot + 1, '.', (size_t)(end - dot - 1));
	if(dot2 == NULL || memchr(dot2 + 1, '.', (size_t)(end - dot2 - 1)) != NULL)
		return false;
	return signed_claims(out, token, dot, dot2, end);
}
