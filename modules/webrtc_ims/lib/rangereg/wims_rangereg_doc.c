/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rangereg/wims_rangereg_lease.h"

#include <string.h>

#include "base/wims_w.h"
#include "wims_rangereg_int.h"

/* The document of a lease: a line "u", a line "p" for each Contact of a node before
 * that is yet to be removed, a line "t" for each that was taken out last, and a line "r"
 * for each range. Fields are separated
 * by a TAB, which none of them has. docs/range-registration.md says the same to
 * whoever reads it in the store. */
enum unit_field
{
	U_KIND,
	U_VERSION,
	U_CONTACT_USER,
	U_ADDRESS, /* host:port of the Contact */
	U_IN_CORE, /* 1: the core may have this Contact */
	U_LEFT_MS, /* of the registration; 0: not registered */
	U_ROUTE,   /* Service-Route */
	U_FIELDS
};

enum peer_field
{
	P_KIND,
	P_CONTACT_USER,
	P_ADDRESS,
	P_FIELDS
};

enum taken_out_field
{
	T_KIND,
	T_CONTACT_USER,
	T_FIELDS
};

enum range_field
{
	R_KIND,
	R_ID,
	R_STATE,
	R_AFTER,
	R_LIFE,
	R_FIELDS
};

#define VERSION "1"
/* ms; no registration lasts longer (RFC 3261 20.19) */
#define LEFT_MAX_MS (UINT32_MAX * INT64_C(1000))

static const struct state
{
	char letter;
	bool off, idle;
	enum wims_reason is;
} states[] = {
		{'g', false, false, WIMS_OK},
		{'i', false, true, WIMS_OK},
		{'p', false, false, WIMS_RANGE_PENDING},
		{'u', false, false, WIMS_RANGE_UNAVAILABLE},
		{'f', false, false, WIMS_RANGE_REFUSED},
		{'o', true, false, WIMS_RANGE_UNAVAILABLE},
};

/* ---- in ---- */

/* What may stand in a Contact, and nothing that ends it. */
static bool is_address(struct wims_pl s)
{
	size_t i;

	if(s.l == 0 || s.l > WIMS_RANGEREG_ADDRESS_MAX || wims_pl_find(s, ':') == s.l)
		return false;
	for(i = 0; i < s.l; i++)
		if(!wims_is_alnum(s.p[i]) && memchr(".:-[]", s.p[i], 5) == NULL)
			return false;
	return true;
}

static bool is_line_text(struct wims_pl s, size_t max)
{
	size_t i;

	for(i = 0; i < s.l; i++)
		if((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return false;
	return s.l <= max;
}

/* Lines of one kind; *rest goes behind them. False: one has no end. */
static bool lines_of(struct wims_pl *rest, struct wims_pl kind, struct wims_pl *lines)
{
	struct wims_pl from = *rest;

	while(wims_pl_starts(*rest, kind)) {
		size_t end = wims_pl_find(*rest, '\n');

		if(end == rest->l)
			return false;
		*rest = wims_pl_from(*rest, end + 1);
	}
	*lines = (struct wims_pl){from.p, from.l - rest->l};
	return true;
}

static bool take_line(struct wims_pl *rest, struct wims_pl *line)
{
	size_t end = wims_pl_find(*rest, '\n');

	if(end == rest->l)
		return false;
	*line = (struct wims_pl){rest->p, end};
	*rest = wims_pl_from(*rest, end + 1);
	return true;
}

bool wims_rr_doc_peer(struct wims_pl *rest, struct wims_pl *user, struct wims_pl *address)
{
	struct wims_pl line, f[P_FIELDS];

	if(!take_line(rest, &line) || !wims_rr_split(line, f, P_FIELDS)
	   || !wims_rr_is_hex(f[P_CONTACT_USER], WIMS_CONTACT_USER_LEN) || !is_address(f[P_ADDRESS]))
		return false;
	*user = f[P_CONTACT_USER];
	*address = f[P_ADDRESS];
	return true;
}

bool wims_rr_doc_taken_out(struct wims_pl *rest, struct wims_pl *user)
{
	struct wims_pl line, f[T_FIELDS];

	if(!take_line(rest, &line) || !wims_rr_split(line, f, T_FIELDS)
	   || !wims_rr_is_hex(f[T_CONTACT_USER], WIMS_CONTACT_USER_LEN))
		return false;
	*user = f[T_CONTACT_USER];
	return true;
}

static bool read_life(uint64_t *out, struct wims_pl text)
{
	size_t i;

	*out = 0;
	for(i = 0; i < text.l; i++)
		*out = *out << 4
			   | (uint64_t)(wims_is_digit(text.p[i]) ? text.p[i] - '0' : text.p[i] - 'a' + 10);
	return wims_rr_is_hex(text, 2 * sizeof(*out));
}

bool wims_rr_doc_next(struct wims_pl *rest, struct wims_rr_doc_range *r)
{
	struct wims_pl line, f[R_FIELDS];
	int64_t after;
	size_t i;

	if(!take_line(rest, &line) || !wims_rr_split(line, f, R_FIELDS)
	   || !wims_rr_is_hex(f[R_ID], WIMS_RR_ID_LEN) || f[R_STATE].l != 1
	   || !wims_rr_number(&after, f[R_AFTER], UINT32_MAX) || !read_life(&r->life, f[R_LIFE]))
		return false;
	r->id = f[R_ID];
	r->after = (uint32_t)after;
	for(i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if(states[i].letter == f[R_STATE].p[0]) {
			r->off = states[i].off;
			r->idle = states[i].idle;
			r->is = states[i].is;
			return true;
		}
	return false;
}

static bool read_unit(struct wims_rr_doc *d, struct wims_pl line)
{
	struct wims_pl f[U_FIELDS];
	int64_t in_core;

	if(!wims_rr_split(line, f, U_FIELDS) || !wims_pl_eq(f[U_KIND], WIMS_PL("u"))
	   || !wims_pl_eq(f[U_VERSION], WIMS_PL(VERSION))
	   || !wims_rr_is_hex(f[U_CONTACT_USER], WIMS_CONTACT_USER_LEN) || !is_address(f[U_ADDRESS])
	   || !wims_rr_number(&in_core, f[U_IN_CORE], 1)
	   || !wims_rr_number(&d->left_ms, f[U_LEFT_MS], LEFT_MAX_MS)
	   || !is_line_text(f[U_ROUTE], WIMS_ROUTES_MAX))
		return false;
	d->user = f[U_CONTACT_USER];
	d->address = f[U_ADDRESS];
	d->in_core = in_core != 0;
	d->route = f[U_ROUTE];
	return true;
}

/* All of it is looked at before any of it counts. */
static bool read_all(struct wims_rr_doc *d, struct wims_pl text)
{
	struct wims_pl line, rest, user, address;
	struct wims_rr_doc_range r;

	if(text.l > WIMS_RANGEREG_DOC_MAX || !take_line(&text, &line) || !read_unit(d, line)
	   || !lines_of(&text, WIMS_PL("p\t"), &d->peers)
	   || !lines_of(&text, WIMS_PL("t\t"), &d->taken_out)
	   || !lines_of(&text, WIMS_PL("r\t"), &d->ranges) || text.l > 0)
		return false;
	for(rest = d->peers; rest.l > 0;)
		if(!wims_rr_doc_peer(&rest, &user, &address))
			return false;
	for(rest = d->taken_out; rest.l > 0;)
		if(!wims_rr_doc_taken_out(&rest, &user))
			return false;
	for(rest = d->ranges; rest.l > 0;)
		if(!wims_rr_doc_next(&rest, &r))
			return false;
	return true;
}

bool wims_rr_doc_read(struct wims_rr_doc *d, struct wims_pl text)
{
	*d = (struct wims_rr_doc){0};
	if(read_all(d, text))
		return true;
	*d = (struct wims_rr_doc){0};
	return false;
}

/* ---- out ---- */

/* The writer itself refuses what breaks a line. */
static void end_line(struct wims_w *w)
{
	if(w->len == w->size)
		w->ok = false;
	if(w->ok)
		w->buf[w->len++] = '\n';
}

static char letter_of(bool off, bool idle, enum wims_reason is)
{
	size_t i;

	for(i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if(states[i].off == off && states[i].idle == idle && states[i].is == is)
			return states[i].letter;
	return 'u';
}

static void write_range(const struct wims_rangereg *rr, const struct wims_rr_range *r, int64_t now,
						struct wims_w *w)
{
	enum wims_reason is = wims_rr_outcome(rr, r, now);
	char letter = letter_of(r->off, is == WIMS_OK && !wims_rr_range_wanted(r), is);
	unsigned char life[sizeof(r->life)];
	size_t i;

	for(i = 0; i < sizeof(life); i++)
		life[i] = (unsigned char)(r->life >> (8 * (sizeof(life) - 1 - i)));
	wims_w_lit(w, "r");
	wims_rr_put_text(w, wims_pl_str(r->id));
	wims_rr_put_text(w, (struct wims_pl){&letter, 1});
	wims_rr_put_number(w, wims_rr_retry_after(rr, r, now));
	wims_w_lit(w, "\t");
	wims_w_hex(w, life, sizeof(life));
	end_line(w);
}

static void write_unit(const struct wims_rangereg *rr, const struct wims_rr_unit *u, bool in_core,
					   int64_t now, struct wims_w *w)
{
	size_t i;

	wims_w_lit(w, "u");
	wims_rr_put_text(w, WIMS_PL(VERSION));
	wims_rr_put_text(w, wims_pl_str(u->contact_user));
	wims_rr_put_text(w, rr->policy.address);
	wims_rr_put_number(w, in_core);
	wims_rr_put_number(w, u->expires > now && !u->doubt ? u->expires - now : 0);
	wims_rr_put_text(w, (struct wims_pl){u->service_route, u->service_route_l});
	end_line(w);
	for(i = 0; i < u->n_peers; i++) {
		wims_w_lit(w, "p");
		wims_rr_put_text(w, wims_pl_str(u->peers[i].user));
		wims_rr_put_text(w, wims_pl_str(u->peers[i].address));
		end_line(w);
	}
	for(i = 0; i < u->n_taken_out; i++) {
		wims_w_lit(w, "t");
		wims_rr_put_text(w, wims_pl_str(u->taken_out[i]));
		end_line(w);
	}
}

bool wims_rr_doc_write(const struct wims_rangereg *rr, const struct wims_rr_unit *u, int64_t now,
					   struct wims_w *w)
{
	bool in_core = u->own || u->maybe || u->sent == WIMS_RR_REGISTER || wims_rr_wanted(rr, u);
	const struct wims_ring *l;

	write_unit(rr, u, in_core, now, w);
	for(l = u->ranges.next; l != &u->ranges; l = l->next) {
		struct wims_w before = *w;

		write_range(rr, WIMS_OWNER(l, struct wims_rr_range, on_unit), now, w);
		if(!w->ok)
			*w = before;
	}
	return in_core;
}
