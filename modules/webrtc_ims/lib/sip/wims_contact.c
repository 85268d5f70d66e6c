/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip/wims_contact.h"

#include "identity/wims_host.h"
#include "sip/wims_grammar.h"
#include "sip/wims_list.h"

#include <string.h>

enum
{
	Q_LEN_MAX = 5,
	Q_FROM = 2,            /* behind "0." */
	REG_ID_MAX = INT32_MAX /* RFC 5626 4.2 */
};

static bool take_expires(struct wims_contact *c, struct wims_pl value)
{
	uint64_t n;

	if(!wims_pl_u64(value, &n) || n > UINT32_MAX)
		return false;
	c->has_expires = true;
	c->expires = (uint32_t)n;
	return true;
}

static bool take_q(struct wims_contact *c, struct wims_pl value)
{
	int weight = WIMS_Q_MAX / 10, q;
	size_t i;

	if(value.l == 0 || value.l > Q_LEN_MAX || (value.p[0] != '0' && value.p[0] != '1')
	   || (value.l > 1 && value.p[1] != '.'))
		return false;
	q = value.p[0] == '1' ? WIMS_Q_MAX : 0;
	for(i = Q_FROM; i < value.l; i++, weight /= 10) {
		if(!wims_is_digit(value.p[i]))
			return false;
		q += weight * (value.p[i] - '0');
	}
	if(q > WIMS_Q_MAX)
		return false;
	c->q = q;
	return true;
}

/* "<" 1*uric ">" in quotes; none of uric needs a backslash. */
static bool take_instance(struct wims_contact *c, struct wims_pl value)
{
	size_t i;

	if(value.l < 5 || value.l > WIMS_INSTANCE_MAX + 2)
		return false;
	if(!wims_pl_starts(value, WIMS_PL("\"<"))
	   || !wims_pl_eq(wims_pl_from(value, value.l - 2), WIMS_PL(">\"")))
		return false;
	for(i = 2; i < value.l - 2; i++)
		if(value.p[i] <= 0x20 || value.p[i] > 0x7e || strchr("\"\\<>", value.p[i]) != NULL)
			return false;
	value = (struct wims_pl){value.p + 1, value.l - 2};
	/* SIP.js writes it twice; two different ones name no device. */
	if(c->instance.l > 0 && !wims_pl_eq(c->instance, value))
		return false;
	c->instance = value;
	return true;
}

/* A number (RFC 5626 11.1); Kamailio's S-CSCF answers with quotes around it. */
static bool take_reg_id(struct wims_contact *c, struct wims_pl value)
{
	uint64_t n;

	if(value.l > 2 && value.p[0] == '"' && value.p[value.l - 1] == '"')
		value = (struct wims_pl){value.p + 1, value.l - 2};
	if(!wims_pl_u64(value, &n) || n == 0 || n > REG_ID_MAX)
		return false;
	c->reg_id = (uint32_t)n;
	return true;
}

struct known_param
{
	struct wims_pl name;
	bool (*take)(struct wims_contact *c, struct wims_pl value);
	bool again; /* may be repeated */
};

/* clang-format off */
static const struct known_param known_params[] = {
	{WIMS_PL("expires"), take_expires, false},
	{WIMS_PL("q"), take_q, false},
	{WIMS_PL("+sip.instance"), take_instance, true},
	{WIMS_PL("reg-id"), take_reg_id, false},
};
/* clang-format on */

static bool read_params(struct wims_contact *c, struct wims_pl params)
{
	struct wims_pl name, value;
	unsigned seen = 0;
	size_t i;

	while(wims_param_next(&params, &name, &value))
		for(i = 0; i < sizeof(known_params) / sizeof(known_params[0]); i++) {
			if(!wims_pl_caseeq(name, known_params[i].name))
				continue;
			if((seen & 1u << i && !known_params[i].again) || !known_params[i].take(c, value))
				return false;
			seen |= 1u << i;
		}
	return params.l == 0;
}

enum wims_reason wims_contact_parse(struct wims_contact *out, struct wims_pl one)
{
	memset(out, 0, sizeof(*out));
	out->q = WIMS_Q_NONE;
	if(one.l <= WIMS_CONTACT_MAX && wims_list_uri(one, &out->uri, &out->params)
	   && wims_uri_parse(&out->parts, out->uri) == WIMS_OK && read_params(out, out->params))
		return WIMS_OK;
	memset(out, 0, sizeof(*out));
	return WIMS_CONTACT_BAD;
}

static bool add_all(struct wims_contacts *all, struct wims_pl body)
{
	struct wims_pl item;

	if(wims_pl_eq(wims_lws_trim(body), WIMS_PL("*"))) {
		if(all->star || all->count > 0)
			return false;
		all->star = true;
		return true;
	}
	while(wims_list_next(&body, &item)) {
		if(all->star || all->count == WIMS_CONTACTS_MAX)
			return false;
		if(wims_contact_parse(&all->contact[all->count], item) != WIMS_OK)
			return false;
		all->count++;
	}
	return body.l == 0;
}

enum wims_reason wims_contacts_add(struct wims_contacts *all, struct wims_pl body)
{
	if(add_all(all, body))
		return WIMS_OK;
	memset(all, 0, sizeof(*all));
	return WIMS_CONTACT_BAD;
}

bool wims_contact_find_user(struct wims_contact *out, struct wims_pl body, struct wims_pl user)
{
	struct wims_pl item;

	while(user.l > 0 && wims_list_next(&body, &item))
		if(wims_contact_parse(out, item) == WIMS_OK && wims_pl_eq(out->parts.user, user))
			return true;
	memset(out, 0, sizeof(*out));
	return false;
}
