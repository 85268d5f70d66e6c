/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ledger.h"

#include <stdlib.h>
#include <time.h>

/* A registration that ends within this time may be over already for one side. */
#define EDGE_NS INT64_C(2000000000)

enum
{
	TEXT_MAX = 400
};

enum state
{
	NEVER,  /* registered */
	LIVE,   /* until `until` */
	GONE,   /* lost or unregistered; sure from `until` on */
	UNKNOWN /* a REGISTER was not answered */
};

struct entry
{
	int64_t until;
	uint8_t state;
	bool asked;
};

struct wl_ledger
{
	const struct wl_users *users;
	FILE *file;
	struct entry *of;
	unsigned differences;
	char listed[WL_DIFFERENCES_LISTED][TEXT_MAX];
};

struct wl_ledger *wl_ledger_new(const struct wl_users *users, FILE *file)
{
	struct wl_ledger *l = calloc(1, sizeof *l);

	if(!l)
		return NULL;
	l->of = calloc(wl_users_count(users), sizeof *l->of);
	if(!l->of) {
		free(l);
		return NULL;
	}
	l->users = users;
	l->file = file;
	return l;
}

void wl_ledger_free(struct wl_ledger *l)
{
	if(!l)
		return;
	if(l->file)
		fclose(l->file);
	free(l->of);
	free(l);
}

/* A row of the file: wall clock, what happened, to whom, and one more word. */
static void row(const struct wl_ledger *l, unsigned user, const char *event, struct wl_str word,
				int64_t number)
{
	struct wl_str impu = wl_users_impu(l->users, user);
	struct timespec now;

	if(!l->file)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	fprintf(l->file, "%lld.%06ld\t%s\t%.*s\t%.*s\t%lld\n", (long long)now.tv_sec,
			now.tv_nsec / 1000, event, (int)impu.n, impu.p, (int)word.n, word.p, (long long)number);
}

void wl_ledger_asked(struct wl_ledger *l, unsigned user, int64_t now)
{
	(void)now;
	l->of[user].asked = true;
}

void wl_ledger_granted(struct wl_ledger *l, unsigned user, int64_t now, int64_t seconds,
					   struct wl_str contact)
{
	l->of[user] = (struct entry){now + seconds * INT64_C(1000000000),
								 (uint8_t)(seconds > 0 ? LIVE : GONE), false};
	row(l, user, seconds > 0 ? "registered" : "unregistered", contact, seconds);
}

void wl_ledger_refused(struct wl_ledger *l, unsigned user, int64_t now, unsigned status)
{
	(void)now;
	l->of[user].asked = false;
	row(l, user, "refused", WL_STR("-"), status);
}

void wl_ledger_unanswered(struct wl_ledger *l, unsigned user, int64_t now)
{
	l->of[user] = (struct entry){now, UNKNOWN, false};
	row(l, user, "unanswered", WL_STR("-"), 0);
}

void wl_ledger_lost(struct wl_ledger *l, unsigned user, int64_t now, const char *how,
					int64_t patience)
{
	if(l->of[user].state != NEVER || l->of[user].asked)
		l->of[user] = (struct entry){now + patience, GONE, false};
	row(l, user, "lost", wl_str(how), 0);
}

void wl_ledger_noticed(struct wl_ledger *l, unsigned user, int64_t now)
{
	if(l->of[user].state == GONE && now < l->of[user].until)
		l->of[user].until = now;
	row(l, user, "noticed", WL_STR("-"), 0);
}

enum wl_expect wl_ledger_expect(const struct wl_ledger *l, unsigned user, int64_t now)
{
	const struct entry *e = &l->of[user];

	if(e->asked || e->state == UNKNOWN)
		return WL_EXPECT_EITHER;
	if(e->state == NEVER)
		return WL_EXPECT_REFUSE;
	if(e->state == GONE)
		return now >= e->until ? WL_EXPECT_REFUSE : WL_EXPECT_EITHER;
	if(now < e->until - EDGE_NS)
		return WL_EXPECT_RING;
	return now > e->until + EDGE_NS ? WL_EXPECT_REFUSE : WL_EXPECT_EITHER;
}

void wl_ledger_differs(struct wl_ledger *l, unsigned user, const char *what)
{
	struct wl_str impu = wl_users_impu(l->users, user);

	if(l->differences < WL_DIFFERENCES_LISTED)
		snprintf(l->listed[l->differences], TEXT_MAX, "%.*s: %s", (int)impu.n, impu.p, what);
	l->differences++;
	row(l, user, "differs", wl_str(what), 0);
}

enum wl_verdict wl_ledger_called(struct wl_ledger *l, unsigned user, int64_t began, int64_t ended,
								 unsigned status, int64_t by)
{
	enum wl_expect want = wl_ledger_expect(l, user, began);
	char what[120];

	row(l, user, "called", WL_STR("-"), status);
	if(by >= 0 && by != (int64_t)user) {
		snprintf(what, sizeof what, "WIC %lld of another user rang", (long long)by);
		wl_ledger_differs(l, user, what);
		return WL_DIFFERS;
	}
	if(want != wl_ledger_expect(l, user, ended) || want == WL_EXPECT_EITHER)
		return WL_DOUBTFUL;
	if(want == WL_EXPECT_RING ? status == 200 && by >= 0 : wl_nobody_there(status) && by < 0)
		return WL_AGREES;
	snprintf(what, sizeof what, "%s, but a call ended with %u%s",
			 want == WL_EXPECT_RING ? "is registered" : "is not registered", status,
			 by >= 0 ? " and rang" : "");
	wl_ledger_differs(l, user, what);
	return WL_DIFFERS;
}

unsigned wl_ledger_differences(const struct wl_ledger *l)
{
	return l->differences;
}

/* IMPUs are printable; quotes and backslashes are all that JSON minds. */
static void print_text(FILE *to, const char *s)
{
	fputc('"', to);
	for(; *s; s++) {
		if(*s == '"' || *s == '\\')
			fputc('\\', to);
		fputc(*s, to);
	}
	fputc('"', to);
}

void wl_ledger_print(FILE *to, const struct wl_ledger *l)
{
	unsigned i;

	fprintf(to, "\"differences\":%u,\"listed\":[", l->differences);
	for(i = 0; i < l->differences && i < WL_DIFFERENCES_LISTED; i++) {
		if(i > 0)
			fputc(',', to);
		print_text(to, l->listed[i]);
	}
	fputc(']', to);
}
