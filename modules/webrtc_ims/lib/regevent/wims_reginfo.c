/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "regevent/wims_reginfo.h"

#include "identity/wims_impu.h"
#include "regevent/wims_xml.h"

#include <string.h>

#define REGINFO_SPACE WIMS_PL("urn:ietf:params:xml:ns:reginfo")
#define WILDCARD_SPACE WIMS_PL("urn:3gpp:ns:extRegExp:1.0")

struct contact
{
	struct contact *next;
	enum wims_reginfo_state state;
	enum wims_reginfo_event event;
	int64_t expires;
	int64_t retry_after;
	char *uri; /* NULL: none that is short enough, and plain */
};

/* With neither aor nor wildcard it is passed over. */
struct registration
{
	struct registration *next;
	enum wims_reginfo_state state;
	char *aor;
	char *wildcard;
	struct contact *contacts;
	struct contact **end; /* of contacts */
};

struct wims_reginfo
{
	const struct wims_env *env;
	uint32_t version;
	bool full;
	struct registration *registrations;
	struct registration **end;
};

/* Where the reader is. */
enum place
{
	OUTSIDE,
	REGINFO,
	REGISTRATION,
	CONTACT,
	URI,
	WILDCARD
};

struct parsing
{
	struct wims_reginfo *doc;
	enum place place;
	size_t skipping; /* elements that are open and not known */
	struct registration *registration;
	struct contact *contact;
	size_t registrations, contacts;
	char text[WIMS_REGINFO_CONTACT_MAX]; /* of URI and WILDCARD, without blanks in front */
	size_t length;
	bool too_long;
};

/* --- names and numbers --- */

static const char *const states[] = {"none", "init", "active", "terminated"};
static const char *const events[] = {"none",         "registered", "created",     "refreshed",
									 "shortened",    "expired",    "deactivated", "probation",
									 "unregistered", "rejected"};

const char *wims_reginfo_state_text(enum wims_reginfo_state state)
{
	return states[state];
}

const char *wims_reginfo_event_text(enum wims_reginfo_event event)
{
	return events[event];
}

/* The attribute's place in names, which holds n; that of index 0 is never said. */
static enum wims_reason read_word(const struct wims_xml_element *e, const char *name,
								  const char *const *names, size_t n, size_t *out)
{
	struct wims_pl value;

	if(!wims_xml_attribute(e, name, &value))
		return WIMS_REGINFO_MISSING;
	for(*out = 1; *out < n; (*out)++)
		if(wims_pl_eq(value, wims_pl_str(names[*out])))
			return WIMS_OK;
	return WIMS_REGINFO_VALUE;
}

static enum wims_reason read_state(const struct wims_xml_element *e, enum wims_reginfo_state *state)
{
	size_t at;
	enum wims_reason r = read_word(e, "state", states, sizeof(states) / sizeof(states[0]), &at);

	if(r == WIMS_OK)
		*state = (enum wims_reginfo_state)at;
	return r;
}

static enum wims_reason read_event(const struct wims_xml_element *e, enum wims_reginfo_event *event)
{
	size_t at;
	enum wims_reason r = read_word(e, "event", events, sizeof(events) / sizeof(events[0]), &at);

	if(r == WIMS_OK)
		*event = (enum wims_reginfo_event)at;
	return r;
}

static enum wims_reason read_u32(struct wims_pl value, uint32_t *out)
{
	uint64_t n;

	if(!wims_pl_u64(value, &n) || n > UINT32_MAX)
		return WIMS_REGINFO_VALUE;
	*out = (uint32_t)n;
	return WIMS_OK;
}

/* -1: it is not there. */
static enum wims_reason read_seconds(const struct wims_xml_element *e, const char *name,
									 int64_t *out)
{
	struct wims_pl value;
	uint32_t n = 0;
	enum wims_reason r;

	*out = -1;
	if(!wims_xml_attribute(e, name, &value))
		return WIMS_OK;
	r = read_u32(value, &n);
	if(r == WIMS_OK)
		*out = n;
	return r;
}

/* --- elements --- */

static enum wims_reason open_reginfo(struct parsing *p, const struct wims_xml_element *e)
{
	static const char *const kinds[] = {"", "full", "partial"};
	struct wims_pl version;
	size_t kind;
	enum wims_reason r;

	if(!wims_xml_attribute(e, "version", &version))
		return WIMS_REGINFO_MISSING;
	r = read_u32(version, &p->doc->version);
	if(r == WIMS_OK)
		r = read_word(e, "state", kinds, sizeof(kinds) / sizeof(kinds[0]), &kind);
	if(r != WIMS_OK)
		return r;
	p->doc->full = kind == 1;
	p->place = REGINFO;
	return WIMS_OK;
}

/* An identity that stands for many is a wildcard, wherever it is written. */
static enum wims_reason set_wildcard(struct parsing *p, struct wims_pl text)
{
	struct registration *reg = p->registration;

	if(text.l > WIMS_REGINFO_WILDCARD_MAX || !wims_impu_is_wildcard(text)
	   || !wims_impu_fits_brackets(text))
		return WIMS_OK;
	reg->wildcard = wims_strdup(p->doc->env, text);
	return reg->wildcard == NULL ? WIMS_NOMEM : WIMS_OK;
}

static enum wims_reason set_aor(struct parsing *p, struct wims_pl text)
{
	char buf[WIMS_IMPU_MAX];
	struct wims_pl aor;

	if(wims_impu_is_wildcard(text))
		return set_wildcard(p, text);
	if(wims_impu_canonical(&aor, buf, sizeof(buf), text) != WIMS_OK)
		return WIMS_OK;
	p->registration->aor = wims_strdup(p->doc->env, aor);
	return p->registration->aor == NULL ? WIMS_NOMEM : WIMS_OK;
}

static enum wims_reason open_registration(struct parsing *p, const struct wims_xml_element *e)
{
	struct registration *reg;
	struct wims_pl aor;
	enum wims_reason r;

	if(++p->registrations > WIMS_REGINFO_REGISTRATIONS_MAX)
		return WIMS_BODY_TOO_LONG;
	if(!wims_xml_attribute(e, "aor", &aor))
		return WIMS_REGINFO_MISSING;
	reg = wims_zalloc(p->doc->env, sizeof(*reg));
	if(reg == NULL)
		return WIMS_NOMEM;
	reg->end = &reg->contacts;
	*p->doc->end = reg;
	p->doc->end = &reg->next;
	p->registration = reg;
	p->place = REGISTRATION;
	r = read_state(e, &reg->state);
	return r == WIMS_OK ? set_aor(p, wims_pl_trim(aor)) : r;
}

static enum wims_reason open_contact(struct parsing *p, const struct wims_xml_element *e)
{
	struct contact *c;
	enum wims_reason r;

	if(++p->contacts > WIMS_REGINFO_CONTACTS_MAX)
		return WIMS_BODY_TOO_LONG;
	c = wims_zalloc(p->doc->env, sizeof(*c));
	if(c == NULL)
		return WIMS_NOMEM;
	*p->registration->end = c;
	p->registration->end = &c->next;
	p->contact = c;
	p->place = CONTACT;
	r = read_state(e, &c->state);
	if(r == WIMS_OK)
		r = read_event(e, &c->event);
	if(r == WIMS_OK)
		r = read_seconds(e, "expires", &c->expires);
	if(r == WIMS_OK)
		r = read_seconds(e, "retry-after", &c->retry_after);
	/* init is of registrations alone */
	return r == WIMS_OK && c->state == WIMS_REGINFO_INIT ? WIMS_REGINFO_VALUE : r;
}

static enum wims_reason open_text(struct parsing *p, enum place place)
{
	p->place = place;
	p->length = 0;
	p->too_long = false;
	return WIMS_OK;
}

static bool is_element(const struct wims_xml_element *e, struct wims_pl space, struct wims_pl name)
{
	return wims_pl_eq(e->name, name) && wims_pl_eq(e->space, space);
}

static enum wims_reason on_open(void *ctx, const struct wims_xml_element *e)
{
	struct parsing *p = ctx;

	if(p->place == OUTSIDE)
		return is_element(e, REGINFO_SPACE, WIMS_PL("reginfo")) ? open_reginfo(p, e)
																: WIMS_REGINFO_MISSING;
	if(p->skipping == 0) {
		if(p->place == REGINFO && is_element(e, REGINFO_SPACE, WIMS_PL("registration")))
			return open_registration(p, e);
		if(p->place == REGISTRATION && is_element(e, REGINFO_SPACE, WIMS_PL("contact")))
			return open_contact(p, e);
		if(p->place == REGISTRATION && is_element(e, WILDCARD_SPACE, WIMS_PL("wildcardedIdentity")))
			return open_text(p, WILDCARD);
		if(p->place == CONTACT && is_element(e, REGINFO_SPACE, WIMS_PL("uri")))
			return open_text(p, URI);
	}
	p->skipping++;
	return WIMS_OK;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static enum wims_reason on_text(void *ctx, struct wims_pl text)
{
	struct parsing *p = ctx;

	if(p->skipping > 0 || (p->place != URI && p->place != WILDCARD))
		return WIMS_OK;
	while(p->length == 0 && text.l > 0 && is_blank(text.p[0]))
		text = wims_pl_from(text, 1);
	if(text.l > sizeof(p->text) - p->length) {
		p->too_long = true;
		return WIMS_OK;
	}
	if(text.l > 0)
		memcpy(p->text + p->length, text.p, text.l);
	p->length += text.l;
	return WIMS_OK;
}

/* What was read of a URI or WILDCARD; empty when it was too long. */
static struct wims_pl text_of(const struct parsing *p)
{
	struct wims_pl text = {p->text, p->too_long ? 0 : p->length};

	while(text.l > 0 && is_blank(text.p[text.l - 1]))
		text.l--;
	return text;
}

static enum wims_reason close_uri(struct parsing *p)
{
	struct wims_pl uri = text_of(p);

	p->place = CONTACT;
	wims_free(p->doc->env, p->contact->uri);
	p->contact->uri = NULL;
	/* what is no URI leads nowhere, and a line end in it would be one in the log */
	if(uri.l == 0 || !wims_impu_fits_brackets(uri))
		return WIMS_OK;
	p->contact->uri = wims_strdup(p->doc->env, uri);
	return p->contact->uri == NULL ? WIMS_NOMEM : WIMS_OK;
}

static enum wims_reason close_wildcard(struct parsing *p)
{
	struct registration *reg = p->registration;

	/* its aor is any identity of many, also when the wildcard cannot be read */
	p->place = REGISTRATION;
	wims_free(p->doc->env, reg->aor);
	wims_free(p->doc->env, reg->wildcard);
	reg->aor = NULL;
	reg->wildcard = NULL;
	return set_wildcard(p, text_of(p));
}

static enum wims_reason on_close(void *ctx)
{
	struct parsing *p = ctx;

	if(p->skipping > 0) {
		p->skipping--;
		return WIMS_OK;
	}
	if(p->place == URI)
		return close_uri(p);
	if(p->place == WILDCARD)
		return close_wildcard(p);
	p->place--; /* the element around it */
	return WIMS_OK;
}

/* --- the document --- */

enum wims_reason wims_reginfo_parse(struct wims_reginfo **out, const struct wims_env *env,
									struct wims_pl text)
{
	static const struct wims_xml_reader reader = {on_open, on_text, on_close};
	struct parsing p = {.place = OUTSIDE};
	enum wims_reason r;

	*out = NULL;
	p.doc = wims_zalloc(env, sizeof(*p.doc));
	if(p.doc == NULL)
		return WIMS_NOMEM;
	p.doc->env = env;
	p.doc->end = &p.doc->registrations;
	r = wims_xml_read(env, text, WIMS_REGINFO_MAX, &reader, &p);
	if(r == WIMS_OK)
		*out = p.doc;
	else
		wims_reginfo_free(p.doc);
	return r;
}

static void registration_free(const struct wims_env *env, struct registration *reg)
{
	struct contact *c, *next;

	for(c = reg->contacts; c != NULL; c = next) {
		next = c->next;
		wims_free(env, c->uri);
		wims_free(env, c);
	}
	wims_free(env, reg->aor);
	wims_free(env, reg->wildcard);
	wims_free(env, reg);
}

void wims_reginfo_free(struct wims_reginfo *doc)
{
	struct registration *reg, *next;

	if(doc == NULL)
		return;
	for(reg = doc->registrations; reg != NULL; reg = next) {
		next = reg->next;
		registration_free(doc->env, reg);
	}
	wims_free(doc->env, doc);
}

uint32_t wims_reginfo_version(const struct wims_reginfo *doc)
{
	return doc->version;
}

bool wims_reginfo_is_full(const struct wims_reginfo *doc)
{
	return doc->full;
}

static bool is_nobody(const struct registration *reg)
{
	return reg->aor == NULL && reg->wildcard == NULL;
}

void wims_reginfo_each(const struct wims_reginfo *doc,
					   void (*tell)(void *ctx, const struct wims_reginfo_news *news), void *ctx)
{
	const struct registration *reg;
	const struct contact *c;

	for(reg = doc->registrations; reg != NULL; reg = reg->next) {
		struct wims_reginfo_news news = {
				.aor = wims_pl_str(reg->aor),
				.wildcard = wims_pl_str(reg->wildcard),
				.state = reg->state,
				.expires = -1,
				.retry_after = -1,
				.full = doc->full,
		};

		if(is_nobody(reg))
			continue;
		if(reg->contacts == NULL)
			tell(ctx, &news);
		for(c = reg->contacts; c != NULL; c = c->next) {
			news.contact_state = c->state;
			news.event = c->event;
			news.expires = c->expires;
			news.retry_after = c->retry_after;
			news.contact = wims_pl_str(c->uri);
			tell(ctx, &news);
		}
	}
}
