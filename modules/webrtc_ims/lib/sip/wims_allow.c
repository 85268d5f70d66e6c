/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip/wims_allow.h"

#include "sip/wims_grammar.h"

#include <string.h>

enum
{
	R = WIMS_ALLOW_REGISTER,
	Q = WIMS_ALLOW_REQUEST,
	S = WIMS_ALLOW_REPLY,
	PANI = 8, /* these two are judged by their values too */
	PRIORITY = 16
};

struct row
{
	struct wims_pl name;
	unsigned flags;
};

/* Sorted by name without regard to case; compact names have rows of their
 * own. Record-Route passes in replies only: there it is the copy of what the
 * core sent (RFC 3261 12.1.1). */
/* clang-format off */
static const struct row rows[] = {
	{WIMS_PL("a"), Q},
	{WIMS_PL("Accept"), R | Q | S},
	{WIMS_PL("Accept-Contact"), Q},
	{WIMS_PL("Accept-Encoding"), R | Q | S},
	{WIMS_PL("Accept-Language"), R | Q | S},
	{WIMS_PL("Alert-Info"), Q | S},
	{WIMS_PL("Allow"), R | Q | S},
	{WIMS_PL("Allow-Events"), R | Q | S},
	{WIMS_PL("Answer-Mode"), Q | S},
	{WIMS_PL("Authentication-Info"), S},
	{WIMS_PL("b"), Q},
	{WIMS_PL("c"), R | Q | S},
	{WIMS_PL("Call-ID"), R | Q | S},
	{WIMS_PL("Call-Info"), Q | S},
	{WIMS_PL("Contact"), R | Q | S},
	{WIMS_PL("Content-Disposition"), R | Q | S},
	{WIMS_PL("Content-Encoding"), R | Q | S},
	{WIMS_PL("Content-ID"), R | Q | S},
	{WIMS_PL("Content-Language"), R | Q | S},
	{WIMS_PL("Content-Length"), R | Q | S},
	{WIMS_PL("Content-Type"), R | Q | S},
	{WIMS_PL("CSeq"), R | Q | S},
	{WIMS_PL("d"), Q},
	{WIMS_PL("Date"), R | Q | S},
	{WIMS_PL("e"), R | Q | S},
	{WIMS_PL("Error-Info"), S},
	{WIMS_PL("Event"), Q},
	{WIMS_PL("Expires"), R | Q | S},
	{WIMS_PL("f"), R | Q | S},
	{WIMS_PL("From"), R | Q | S},
	{WIMS_PL("Geolocation"), Q},
	{WIMS_PL("Geolocation-Error"), S},
	{WIMS_PL("Geolocation-Routing"), Q},
	{WIMS_PL("History-Info"), Q | S},
	{WIMS_PL("i"), R | Q | S},
	{WIMS_PL("In-Reply-To"), Q},
	{WIMS_PL("Info-Package"), Q},
	{WIMS_PL("j"), Q},
	{WIMS_PL("Join"), Q},
	{WIMS_PL("k"), R | Q | S},
	{WIMS_PL("l"), R | Q | S},
	{WIMS_PL("m"), R | Q | S},
	{WIMS_PL("Max-Breadth"), Q},
	{WIMS_PL("Max-Forwards"), R | Q},
	{WIMS_PL("MIME-Version"), R | Q | S},
	{WIMS_PL("Min-Expires"), S},
	{WIMS_PL("Min-SE"), Q | S},
	{WIMS_PL("o"), Q},
	{WIMS_PL("Organization"), R | Q | S},
	{WIMS_PL("P-Access-Network-Info"), R | Q | S | PANI},
	{WIMS_PL("P-Early-Media"), Q | S},
	{WIMS_PL("P-Preferred-Identity"), Q | S},
	{WIMS_PL("P-Preferred-Service"), Q},
	{WIMS_PL("Priority"), Q | PRIORITY},
	{WIMS_PL("Priv-Answer-Mode"), Q},
	{WIMS_PL("Privacy"), Q | S},
	{WIMS_PL("Proxy-Require"), R | Q},
	{WIMS_PL("r"), Q},
	{WIMS_PL("RAck"), Q},
	{WIMS_PL("Reason"), R | Q | S},
	{WIMS_PL("Record-Route"), S},
	{WIMS_PL("Recv-Info"), R | Q | S},
	{WIMS_PL("Refer-Sub"), Q | S},
	{WIMS_PL("Refer-To"), Q},
	{WIMS_PL("Referred-By"), Q},
	{WIMS_PL("Reject-Contact"), Q},
	{WIMS_PL("Replaces"), Q},
	{WIMS_PL("Reply-To"), Q | S},
	{WIMS_PL("Request-Disposition"), Q},
	{WIMS_PL("Require"), R | Q | S},
	{WIMS_PL("Retry-After"), S},
	{WIMS_PL("RSeq"), S},
	{WIMS_PL("s"), Q},
	{WIMS_PL("Server"), S},
	{WIMS_PL("Session-Expires"), Q | S},
	{WIMS_PL("SIP-ETag"), S},
	{WIMS_PL("SIP-If-Match"), Q},
	{WIMS_PL("Subject"), Q},
	{WIMS_PL("Subscription-State"), Q},
	{WIMS_PL("Supported"), R | Q | S},
	{WIMS_PL("t"), R | Q | S},
	{WIMS_PL("Target-Dialog"), Q},
	{WIMS_PL("Timestamp"), R | Q | S},
	{WIMS_PL("To"), R | Q | S},
	{WIMS_PL("u"), R | Q | S},
	{WIMS_PL("Unsupported"), S},
	{WIMS_PL("User-Agent"), R | Q | S},
	{WIMS_PL("v"), R | Q | S},
	{WIMS_PL("Via"), R | Q | S},
	{WIMS_PL("Warning"), S},
	{WIMS_PL("WWW-Authenticate"), S},
	{WIMS_PL("x"), Q | S},
};
/* clang-format on */

struct pattern
{
	struct wims_pl text;
	bool prefix;
};

/* Passes in every kind without a row. */
static const struct pattern builtin[] = {{{"X-", 2}, true}};

/* What no operator can allow: believed by the core because the eP-CSCF said
 * it, or steering requests past it. */
/* clang-format off */
static const struct pattern reserved[] = {
	{WIMS_PL("P-"), true},
	{WIMS_PL("Security-"), true},
	{WIMS_PL("3GPP-"), true},
	{WIMS_PL("Additional-Identity"), false},
	{WIMS_PL("Attestation-Info"), false},
	{WIMS_PL("Authorization"), false},
	{WIMS_PL("Cellular-Network-Info"), false},
	{WIMS_PL("Feature-Caps"), false},
	{WIMS_PL("Flow-Timer"), false},
	{WIMS_PL("Origination-Id"), false},
	{WIMS_PL("Path"), false},
	{WIMS_PL("Priority-Share"), false},
	{WIMS_PL("Proxy-Authorization"), false},
	{WIMS_PL("Record-Route"), false},
	{WIMS_PL("Relayed-Charge"), false},
	{WIMS_PL("Resource-Share"), false},
	{WIMS_PL("Response-Source"), false},
	{WIMS_PL("Restoration-Info"), false},
	{WIMS_PL("Route"), false},
	{WIMS_PL("Service-Interact-Info"), false},
	{WIMS_PL("Service-Route"), false},
};
/* clang-format on */

enum
{
	ROWS = sizeof(rows) / sizeof(rows[0]),
	BUILTIN = sizeof(builtin) / sizeof(builtin[0]),
	RESERVED = sizeof(reserved) / sizeof(reserved[0])
};

struct wims_allow
{
	const struct wims_env *env;
	size_t count;
	struct pattern extra[WIMS_ALLOW_EXTRA_MAX];
	char text[WIMS_ALLOW_TEXT_MAX];
};

static int compare(struct wims_pl a, struct wims_pl b)
{
	size_t i;

	for(i = 0; i < a.l && i < b.l; i++)
		if(a.p[i] != b.p[i] && wims_lower(a.p[i]) != wims_lower(b.p[i]))
			return wims_lower(a.p[i]) - wims_lower(b.p[i]);
	return (a.l > b.l) - (a.l < b.l);
}

static unsigned flags_of(struct wims_pl name)
{
	size_t from = 0, to = ROWS;

	while(from < to) {
		size_t mid = (from + to) / 2;
		int c = compare(name, rows[mid].name);

		if(c == 0)
			return rows[mid].flags;
		if(c < 0)
			to = mid;
		else
			from = mid + 1;
	}
	return 0;
}

static bool matches(const struct pattern *p, struct wims_pl name)
{
	return p->prefix ? wims_pl_casestarts(name, p->text) : wims_pl_caseeq(name, p->text);
}

/* Some equipment reads '_' as '-', so it does not make another name. */
static struct wims_pl with_dashes(char *buf, struct wims_pl s)
{
	size_t i;

	for(i = 0; i < s.l; i++)
		buf[i] = s.p[i] == '_' ? '-' : s.p[i];
	return (struct wims_pl){buf, s.l};
}

static bool covers_reserved(const struct pattern *p)
{
	char buf[WIMS_ALLOW_NAME_MAX];
	struct pattern plain = {.text = with_dashes(buf, p->text), .prefix = p->prefix};
	size_t i;

	for(i = 0; i < RESERVED; i++)
		if(matches(&plain, reserved[i].text) || matches(&reserved[i], plain.text))
			return true;
	return false;
}

/* item: one name or pattern, trimmed; it points into a->text. */
static enum wims_reason add_extra(struct wims_allow *a, struct wims_pl item,
								  struct wims_fault *fault)
{
	struct pattern p = {.text = item, .prefix = item.l > 0 && item.p[item.l - 1] == '*'};

	if(p.prefix)
		p.text.l--;
	if(item.l > WIMS_ALLOW_NAME_MAX) {
		wims_fault_set(fault, WIMS_PL("header name longer than 64 bytes:"), item);
		return WIMS_CONFIG_VALUE;
	}
	if(!wims_is_token(p.text) || wims_pl_find(p.text, '*') < p.text.l) {
		wims_fault_set(fault, WIMS_PL("no header name, and no beginning of one before '*':"), item);
		return WIMS_CONFIG_VALUE;
	}
	if(covers_reserved(&p)) {
		wims_fault_set(fault, WIMS_PL("only the network may set this header:"), item);
		return WIMS_CONFIG_VALUE;
	}
	if(a->count == WIMS_ALLOW_EXTRA_MAX) {
		wims_fault_set(fault, WIMS_PL("more than 32 header names"), WIMS_PL_NONE);
		return WIMS_CONFIG_VALUE;
	}
	a->extra[a->count++] = p;
	return WIMS_OK;
}

static enum wims_reason add_extras(struct wims_allow *a, struct wims_pl extra,
								   struct wims_fault *fault)
{
	struct wims_pl rest = {a->text, extra.l}, item;
	enum wims_reason r;
	bool more;

	if(wims_pl_trim(extra).l == 0)
		return WIMS_OK;
	memcpy(a->text, extra.p, extra.l);
	do {
		more = wims_pl_part(&rest, &item);
		r = add_extra(a, wims_pl_trim(item), fault);
	} while(more && r == WIMS_OK);
	return r;
}

enum wims_reason wims_allow_new(struct wims_allow **out, const struct wims_env *env,
								struct wims_pl extra, struct wims_fault *fault)
{
	struct wims_allow *a = NULL;
	enum wims_reason r;

	*out = NULL;
	wims_fault_set(fault, WIMS_PL_NONE, WIMS_PL_NONE);
	if(extra.l > WIMS_ALLOW_TEXT_MAX) {
		wims_fault_set(fault, WIMS_PL("list longer than 1024 bytes"), WIMS_PL_NONE);
		return WIMS_CONFIG_VALUE;
	}
	a = wims_zalloc(env, sizeof(*a));
	if(a == NULL)
		return WIMS_NOMEM;
	a->env = env;
	r = add_extras(a, extra, fault);
	if(r != WIMS_OK)
		goto out;
	*out = a;
	a = NULL;
out:
	wims_allow_free(a);
	return r;
}

void wims_allow_free(struct wims_allow *a)
{
	if(a != NULL)
		wims_free(a->env, a);
}

/* What only the network says of access, '-' or '_' in it. */
static bool has_network_word(struct wims_pl s)
{
	static const struct wims_pl word = {"network-provided", 16};
	char buf[sizeof("network-provided")];

	return s.l >= word.l && wims_pl_caseeq(with_dashes(buf, (struct wims_pl){s.p, word.l}), word);
}

/* One that looks for the word, or ends a string where it likes, reads it no other way. */
static bool hides_network_word(struct wims_pl value)
{
	bool quoted = false;
	size_t i;

	for(i = 0; i < value.l; i++) {
		char c = value.p[i];

		quoted ^= c == '"';
		if(c == '\\' || (quoted && (c == ',' || c == ';'))
		   || has_network_word(wims_pl_from(value, i)))
			return true;
	}
	return false;
}

/* One access-net-spec: access type, then parameters. */
static bool user_provided_one(struct wims_pl spec)
{
	size_t semi = wims_find_plain(spec, 0, ';');
	struct wims_pl type, name, value, rest;

	if(semi == SIZE_MAX)
		return false;
	type = wims_lws_trim((struct wims_pl){spec.p, semi});
	if(!wims_is_token(type) || wims_pl_caseeq(type, WIMS_PL("np")))
		return false;
	rest = wims_pl_from(spec, semi);
	while(wims_param_next(&rest, &name, &value))
		if(wims_pl_caseeq(name, WIMS_PL("np")))
			return false;
	return rest.l == 0;
}

bool wims_access_of_user_agent(struct wims_pl value)
{
	if(hides_network_word(value))
		return false;
	for(;;) {
		size_t comma = wims_find_plain(value, 0, ',');

		if(comma == SIZE_MAX || !user_provided_one((struct wims_pl){value.p, comma}))
			return false;
		if(comma == value.l)
			return true;
		value = wims_pl_from(value, comma + 1);
	}
}

/* One word (RFC 3261 20.26). Who calls back is the PSAP's to say (RFC 7090 4.2). */
static bool is_priority_of_user_agent(struct wims_pl value)
{
	return wims_is_token(value) && !wims_pl_caseeq(value, WIMS_PL("psap-callback"));
}

static bool by_pattern(const struct pattern *patterns, size_t n, struct wims_pl name)
{
	size_t i;

	for(i = 0; i < n; i++)
		if(matches(&patterns[i], name))
			return true;
	return false;
}

bool wims_allow_header(const struct wims_allow *a, enum wims_allow_kind kind, struct wims_pl name,
					   struct wims_pl value)
{
	unsigned flags = flags_of(name);

	if(flags & PANI)
		return wims_access_of_user_agent(value);
	if((flags & PRIORITY) && !is_priority_of_user_agent(wims_lws_trim(value)))
		return false;
	if(flags & kind)
		return true;
	return by_pattern(builtin, BUILTIN, name) || by_pattern(a->extra, a->count, name);
}

bool wims_allow_route(struct wims_pl name)
{
	return wims_pl_caseeq(name, WIMS_PL("Route"));
}
