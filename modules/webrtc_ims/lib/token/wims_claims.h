/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_CLAIMS_H
#define WIMS_CLAIMS_H

/* Typed readers of JWT claims. Absent, of the wrong type and of a value that
 * cannot be used are different outcomes: a claim of the wrong type is never
 * read as absent. */

#include "base/wims_reason.h"
#include "base/wims_w.h"
#include "jose/wims_json.h"
#include "provision/wims_wwsf.h"

enum
{
	WIMS_CLAIM_LIST_MAX = 64, /* elements of an array claim */
	WIMS_CLAIM_TEXT_MAX = 1024
};

/* 9999-12-31T23:59:59Z. Sums of two such times and a leeway fit into int64_t
 * with much room. */
#define WIMS_CLAIM_TIME_MAX INT64_C(253402300799)

enum wims_claim
{
	WIMS_CLAIM_OK,
	WIMS_CLAIM_ABSENT,
	WIMS_CLAIM_WRONG_TYPE,
	WIMS_CLAIM_BAD_VALUE
};

/* Which way a fraction of a second goes. */
enum wims_rounding
{
	WIMS_ROUND_DOWN,
	WIMS_ROUND_UP
};

/* name: a claim's name, or up to WIMS_CLAIM_STEPS_MAX names with '.' between
 * them, each a member of the object that the one before names. A claim that has
 * the whole text for its own name comes first, and text with a '/' in it is
 * never a path: it is a URI (RFC 7519 4.2). WRONG_TYPE: a name before the last
 * leads to no object. *out is NULL unless OK. */
WIMS_MUST_CHECK enum wims_claim wims_claim_find(const struct wims_json_value **out,
												const struct wims_json_value *claims,
												struct wims_pl name);
/* Printable text of 1 to max bytes (wims_claim_text_ok), borrowed from the
 * document. *out is empty unless OK. */
WIMS_MUST_CHECK enum wims_claim wims_claim_text(struct wims_pl *out,
												const struct wims_json_value *claims,
												struct wims_pl name, size_t max);
/* NumericDate (RFC 7519 2): a JSON number, integer or not, from 0 to
 * WIMS_CLAIM_TIME_MAX. *out is 0 unless OK. */
WIMS_MUST_CHECK enum wims_claim wims_claim_time(int64_t *out, const struct wims_json_value *claims,
												struct wims_pl name, enum wims_rounding rounding);

/* A claim that is one string or an array of strings, as aud is (RFC 7519
 * 4.1.3). */
struct wims_claim_list
{
	const struct wims_json_value *value;
	size_t count;
};

/* OK: every element is a string, and there are at most WIMS_CLAIM_LIST_MAX. */
WIMS_MUST_CHECK enum wims_claim wims_claim_list(struct wims_claim_list *out,
												const struct wims_json_value *claims,
												struct wims_pl name);
/* i-th string, any bytes; i < count. */
struct wims_pl wims_claim_list_at(const struct wims_claim_list *list, size_t i);

/* Is it one of the values? Types count: 1 is not "1" and not 1.0. An array does
 * when one of its elements does, as with aud, and each has the type of one of
 * the values. WRONG_TYPE: not the type of any of them. */
WIMS_MUST_CHECK enum wims_claim wims_claim_obeys(const struct wims_json_value *claims,
												 const struct wims_claim_rule *rule);

/* A claim as one text, for the routing script: a string as it is, an integer in
 * decimal digits, "true" or "false", an array of strings with ',' between them.
 * BAD_VALUE: nothing in it, a string that is empty or not fit for SIP
 * (wims_claim_text_ok), one with a ',' in an array, too many of them, or w is
 * full. WRONG_TYPE: anything else. What w has is whole only if OK. */
WIMS_MUST_CHECK enum wims_claim
wims_claim_print(struct wims_w *w, const struct wims_json_value *claims, struct wims_pl name);

/* May this text go into a SIP header, a log line or a key? Printable ASCII
 * only, and nothing that could end a quoted-string or an addr-spec: no
 * control byte, '"', '\', '<' or '>'. */
bool wims_claim_text_ok(struct wims_pl text);

/* OK, CLAIM_MISSING, CLAIM_TYPE or CLAIM_VALUE. */
enum wims_reason wims_claim_reason(enum wims_claim c);

#endif
