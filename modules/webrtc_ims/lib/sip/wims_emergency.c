/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip/wims_emergency.h"

#include <string.h>

#include "identity/wims_host.h"
#include "identity/wims_impu.h"
#include "sip/wims_uri.h"

struct number
{
	struct wims_pl digits, service;
};

struct wims_emergency
{
	const struct wims_env *env;
	size_t count;
	struct number at[WIMS_EMERGENCY_NUMBERS_MAX];
	char text[WIMS_EMERGENCY_TEXT_MAX];
};

/* let-dig [ *25( let-dig / "-" ) let-dig ] of RFC 5031. */
static bool is_label(struct wims_pl s)
{
	size_t i;

	if(s.l == 0 || s.l > 27 || !wims_is_alnum(s.p[0]) || !wims_is_alnum(s.p[s.l - 1]))
		return false;
	for(i = 0; i < s.l; i++)
		if(!wims_is_alnum(s.p[i]) && s.p[i] != '-')
			return false;
	return true;
}

/* "sos", or "sos." and labels. */
static bool is_sos(struct wims_pl service)
{
	struct wims_pl rest = service;
	size_t dot = wims_pl_find(rest, '.');

	if(service.l > WIMS_EMERGENCY_SERVICE_MAX
	   || !wims_pl_caseeq((struct wims_pl){rest.p, dot}, WIMS_PL("sos")))
		return false;
	while(dot < rest.l) {
		rest = wims_pl_from(rest, dot + 1);
		dot = wims_pl_find(rest, '.');
		if(!is_label((struct wims_pl){rest.p, dot}))
			return false;
	}
	return true;
}

static bool is_number(struct wims_pl s)
{
	size_t i;

	for(i = 0; i < s.l; i++)
		if(!wims_is_digit(s.p[i]))
			return false;
	return s.l > 0 && s.l <= WIMS_EMERGENCY_DIGITS_MAX;
}

static const struct number *find(const struct wims_emergency *e, struct wims_pl digits)
{
	size_t i;

	for(i = 0; i < e->count; i++)
		if(wims_pl_eq(e->at[i].digits, digits))
			return &e->at[i];
	return NULL;
}

/* item points into e->text. */
static enum wims_reason add(struct wims_emergency *e, struct wims_pl item, struct wims_fault *fault)
{
	size_t sign = wims_pl_find(item, '=');
	struct number n = {.digits = wims_pl_trim((struct wims_pl){item.p, sign}),
					   .service = WIMS_PL("sos")};
	const char *wrong = NULL;

	if(sign < item.l)
		n.service = wims_pl_trim(wims_pl_from(item, sign + 1));
	if(!is_number(n.digits))
		wrong = "no number of 1 to 15 digits:";
	else if(!is_sos(n.service))
		wrong = "no service such as sos.police:";
	else if(find(e, n.digits) != NULL)
		wrong = "number given twice:";
	else if(e->count == WIMS_EMERGENCY_NUMBERS_MAX)
		wrong = "more than 32 numbers:";
	if(wrong != NULL) {
		wims_fault_set(fault, wims_pl_str(wrong), item);
		return WIMS_CONFIG_VALUE;
	}
	e->at[e->count++] = n;
	return WIMS_OK;
}

static enum wims_reason add_all(struct wims_emergency *e, struct wims_pl text,
								struct wims_fault *fault)
{
	struct wims_pl rest = {e->text, text.l}, item;
	enum wims_reason r;
	bool more;

	if(wims_pl_trim(text).l == 0)
		return WIMS_OK;
	memcpy(e->text, text.p, text.l);
	do {
		more = wims_pl_part(&rest, &item);
		r = add(e, wims_pl_trim(item), fault);
	} while(more && r == WIMS_OK);
	return r;
}

enum wims_reason wims_emergency_new(struct wims_emergency **out, const struct wims_env *env,
									struct wims_pl text, struct wims_fault *fault)
{
	struct wims_emergency *e = NULL;
	enum wims_reason r;

	*out = NULL;
	wims_fault_set(fault, WIMS_PL_NONE, WIMS_PL_NONE);
	if(text.l > WIMS_EMERGENCY_TEXT_MAX) {
		wims_fault_set(fault, WIMS_PL("list longer than 512 bytes"), WIMS_PL_NONE);
		return WIMS_CONFIG_VALUE;
	}
	if((e = wims_zalloc(env, sizeof(*e))) == NULL)
		return WIMS_NOMEM;
	e->env = env;
	if((r = add_all(e, text, fault)) != WIMS_OK)
		goto out;
	*out = e;
	e = NULL;
out:
	wims_emergency_free(e);
	return r;
}

void wims_emergency_free(struct wims_emergency *e)
{
	if(e != NULL)
		wims_free(e->env, e);
}

static struct wims_pl service_of_urn(struct wims_pl urn, char buf[WIMS_EMERGENCY_SERVICE_MAX])
{
	static const struct wims_pl prefix = {"urn:service:", 12};
	struct wims_pl service = {buf, 0};
	size_t i;

	for(i = 0; i < prefix.l; i++)
		if(wims_lower((char)wims_take_byte(&urn)) != prefix.p[i])
			return WIMS_PL_NONE;
	while(urn.l > 0 && service.l < WIMS_EMERGENCY_SERVICE_MAX)
		buf[service.l++] = (char)wims_take_byte(&urn);
	return urn.l == 0 && is_sos(service) ? service : WIMS_PL_NONE;
}

static struct wims_pl service_of_number(const struct wims_emergency *e, struct wims_pl number)
{
	char buf[WIMS_EMERGENCY_DIGITS_MAX];
	struct wims_pl digits = {buf, 0};
	const struct number *n;
	size_t i;

	number.l = wims_pl_find(number, ';');
	for(i = 0; number.l > 0; i++) {
		int c = wims_take_byte(&number);

		if((c == '+' && i == 0) || (c > 0 && wims_pl_find(WIMS_PL("-.()"), (char)c) < 4))
			continue;
		if(c < 0 || !wims_is_digit((char)c) || digits.l == sizeof(buf))
			return WIMS_PL_NONE;
		buf[digits.l++] = (char)c;
	}
	n = find(e, digits);
	return n == NULL ? WIMS_PL_NONE : n->service;
}

struct wims_pl wims_emergency_service(const struct wims_emergency *e, struct wims_pl uri,
									  struct wims_pl domain, char buf[WIMS_EMERGENCY_SERVICE_MAX])
{
	static const struct wims_pl urn = {"urn:", 4}, tel = {"tel:", 4};
	struct wims_uri u;

	if(wims_pl_casestarts(uri, urn))
		return service_of_urn(uri, buf);
	if(wims_pl_casestarts(uri, tel))
		return service_of_number(e, wims_pl_from(uri, tel.l));
	if(wims_uri_parse(&u, uri) != WIMS_OK || !wims_pl_caseeq(u.host, domain))
		return WIMS_PL_NONE;
	return service_of_number(e, u.user);
}
