/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* What is registered in the core, and for whom. */

#include "mw_int.h"
#include "lose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
	GRANTED = 600, /* s, to who asks for no time */
	TEXT_MAX = 1024
};

static void clear(struct wl_binding *b)
{
	free(b->text);
	b->text = NULL;
	b->until = 0;
}

static struct wl_str keep(char **at, struct wl_str s)
{
	struct wl_str copy = {*at, s.n};

	if(s.n > 0)
		memcpy(*at, s.p, s.n);
	*at += s.n;
	return copy;
}

/* Contact and Path take the place of what was there. */
static bool replace(struct wl_binding *b, const struct wl_sip *m, int64_t until)
{
	struct wl_str contact = wl_sip_uri(m->contacts.at[0]), to = wl_sip_uri(m->to);
	size_t n = contact.n + to.n + 1;
	char *text, *at;
	unsigned i;

	for(i = 0; i < m->paths.n; i++)
		n += m->paths.at[i].n;
	text = at = malloc(n);
	if(!text)
		return false;
	to = keep(&at, to);
	contact = keep(&at, contact);
	for(i = 0; i < m->paths.n; i++)
		b->path.at[i] = keep(&at, m->paths.at[i]);
	b->path.n = m->paths.n;
	free(b->text);
	b->text = text;
	b->to = to;
	b->contact = contact;
	b->until = until;
	return true;
}

/* The range with that identity; a new one, if there is room. */
static struct wl_binding *range_of(struct wl_mw *mw, struct wl_str to)
{
	struct wl_binding *unused = NULL;
	unsigned i;

	for(i = 0; i < mw->n_ranges; i++) {
		if(!mw->ranges[i].text)
			unused = &mw->ranges[i];
		else if(wl_str_eq(mw->ranges[i].to, to))
			return &mw->ranges[i];
	}
	if(!unused && mw->n_ranges < WL_RANGES_MAX)
		unused = &mw->ranges[mw->n_ranges++];
	return unused;
}

static bool is_repeated(struct wl_binding *b, struct wl_str branch)
{
	if(wl_str_eq(branch, (struct wl_str){b->branch, b->branch_n}))
		return true;
	b->branch_n = branch.n <= WL_BRANCH_MAX ? branch.n : 0;
	memcpy(b->branch, branch.p, b->branch_n);
	return false;
}

/* For how long, in s. 0: it is the end of the registration. */
static int64_t wished(const struct wl_sip *m)
{
	int64_t seconds = wl_sip_granted(m, wl_sip_uri(m->contacts.at[0]));

	if(seconds < 0)
		seconds = m->expires;
	return seconds < 0 ? GRANTED : seconds;
}

static size_t answer(const struct wl_mw *mw, const struct wl_sip *m, int64_t seconds, char *buf,
					 size_t size)
{
	char contact[TEXT_MAX], more[TEXT_MAX], expires[32] = "";
	struct wl_str to = wl_sip_uri(m->to), own = m->contacts.at[0];
	struct wl_answer a = {.status = 200, .to_tag = WL_STR("core")};
	int n;

	if(seconds == 0)
		return wl_sip_answer(buf, size, m, &a);
	if(!wl_sip_param(own, "expires").p)
		snprintf(expires, sizeof expires, ";expires=%lld", (long long)seconds);
	n = snprintf(contact, sizeof contact, "%.*s%s", (int)own.n, own.p, expires);
	if(n < 0 || n >= TEXT_MAX)
		return 0;
	a.contact = (struct wl_str){contact, (size_t)n};
	n = snprintf(more, sizeof more,
				 "P-Associated-URI: <%.*s>\r\nService-Route: <sip:orig@%s;lr>\r\n", (int)to.n, to.p,
				 mw->host);
	if(n < 0 || n >= TEXT_MAX)
		return 0;
	a.more = (struct wl_str){more, (size_t)n};
	return wl_sip_answer(buf, size, m, &a);
}

static size_t unfit(const struct wl_sip *m, char *buf, size_t size)
{
	struct wl_answer a = {.status = 400, .to_tag = WL_STR("core")};

	return wl_sip_answer(buf, size, m, &a);
}

size_t wl_mw_register(struct wl_mw *mw, const struct wl_sip *m, char *buf, size_t size)
{
	struct wl_str to = wl_sip_uri(m->to);
	unsigned user = wl_users_find(mw->load->users, to);
	bool is_user = user < wl_users_count(mw->load->users);
	struct wl_binding *b = is_user ? &mw->of[user] : range_of(mw, to);
	int64_t now = wl_now(), seconds;

	if(!b || m->contacts.n != 1) {
		mw->strange++;
		return unfit(m, buf, size);
	}
	seconds = wished(m);
	if(is_repeated(b, m->branch))
		mw->repeated++;
	else if(seconds > 0) {
		mw->registers++;
		if(!replace(b, m, now + seconds * WL_SECOND))
			return 0;
	} else {
		mw->deregisters++;
		/* a connection that is over does not end what the WIC registered since */
		if(b->text && wl_str_eq(wl_sip_uri(m->contacts.at[0]), b->contact))
			clear(b);
		if(is_user)
			wl_lose_told(mw->load, user, now);
	}
	return answer(mw, m, seconds, buf, size);
}

/* The text of a wildcarded identity in front of its expression (TS 23.003
 * 13.4A); all of a pilot's is none of it. */
static bool may_hold(const struct wl_binding *range, struct wl_str impu)
{
	const char *mark = memchr(range->to.p, '!', range->to.n);
	size_t n = mark ? (size_t)(mark - range->to.p) : 0;

	return impu.n >= n && memcmp(impu.p, range->to.p, n) == 0;
}

enum wl_reach wl_mw_reach(const struct wl_mw *mw, unsigned user, struct wl_str *uri,
						  const struct wl_list **path)
{
	struct wl_str impu = wl_users_impu(mw->load->users, user);
	const struct wl_binding *found = &mw->of[user];
	int64_t now = wl_now();
	unsigned i;

	*uri = impu;
	*path = NULL;
	if(mw->registers == 0)
		return WL_REACH_PLAIN;
	for(i = 0; i < mw->n_ranges && (!found->text || found->until < now); i++) {
		if(mw->ranges[i].text && may_hold(&mw->ranges[i], impu))
			found = &mw->ranges[i];
	}
	if(!found->text || found->until < now)
		return WL_REACH_NONE;
	*uri = found->contact;
	*path = &found->path;
	return found == &mw->of[user] ? WL_REACH_OWN : WL_REACH_RANGE;
}

void wl_mw_forget(struct wl_mw *mw)
{
	unsigned i;

	for(i = 0; i < wl_users_count(mw->load->users); i++)
		clear(&mw->of[i]);
	for(i = 0; i < mw->n_ranges; i++)
		clear(&mw->ranges[i]);
	free(mw->of);
	mw->of = NULL;
}
