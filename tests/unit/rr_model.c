/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rr_model.h"
#include "rr_policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
	RANGES = 7,         /* 1 to 6 */
	UNITS = 2 * RANGES, /* by pilot, and by the wildcard */
	ACTIONS_MAX = 100,  /* that one event may cause */
	FILE_MAX = 64 * 1024
};

/* A Call-ID and the largest CSeq that was used with it, over all crashes. */
struct dialog
{
	char call_id[WIMS_RANGEREG_CALL_ID_LEN + 1];
	uint32_t cseq;
};

struct unit
{
	uint64_t txn, old_txn;
	int64_t sent_at; /* -1: none in flight */
	bool subscribed;
	char contact_user[WIMS_CONTACT_USER_LEN + 1];
};

struct rr_model
{
	struct wims_rangereg_policy policy;
	struct wims_rangereg *rr;
	int64_t now;
	struct unit units[UNITS];
	bool good[RANGES]; /* as told */
	bool leaving;
	unsigned provisioned; /* what chose it */
	struct wims_buf file;
	struct rr_model_counts counts;
	size_t n_dialogs;
	struct dialog dialogs[]; /* hashed */
};

static uint64_t chance_state;

static uint64_t chance(void)
{
	chance_state ^= chance_state << 13;
	chance_state ^= chance_state >> 7;
	chance_state ^= chance_state << 17;
	return chance_state;
}

static bool fill(void *buf, size_t n)
{
	unsigned char *out = buf;

	while(n-- > 0)
		*out++ = (unsigned char)(chance() >> 32);
	return true;
}

#define CHECK(condition)                                                    \
	do {                                                                    \
		if(!(condition)) {                                                  \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                        \
		}                                                                   \
	} while(0)

static struct wims_pl wildcard(unsigned n)
{
	static char text[RANGES][32];

	snprintf(text[n], sizeof(text[n]), "sip:r%u-!.*!@ims.test", n);
	return wims_pl_str(text[n]);
}

static struct wims_pl pilot(unsigned n)
{
	static char text[RANGES][32];

	snprintf(text[n], sizeof(text[n]), "sip:r%u@ims.test", n);
	return wims_pl_str(text[n]);
}

static unsigned number(struct wims_pl uri)
{
	unsigned n = uri.l > 5 ? (unsigned)(uri.p[5] - '0') : 0;

	CHECK(n > 0 && n < RANGES);
	return n;
}

static struct unit *unit_of(struct rr_model *m, struct wims_pl to)
{
	return &m->units[number(to) + (to.p[6] == '-' ? RANGES : 0)];
}

static void open_table(struct rr_model *m)
{
	size_t i;

	m->rr = wims_rangereg_new(&wims_env_libc, &m->policy, fill);
	CHECK(m->rr != NULL);
	m->leaving = false;
	memset(m->good, 0, sizeof(m->good));
	for(i = 0; i < UNITS; i++)
		m->units[i] = (struct unit){.sent_at = -1};
}

/* ---- what must be so ---- */

static void check_dialog(struct rr_model *m, const struct wims_rangereg_action *a)
{
	size_t i = (size_t)(strtoull(a->call_id + 16, NULL, 16) % m->n_dialogs);

	CHECK(strlen(a->call_id) == WIMS_RANGEREG_CALL_ID_LEN);
	while(m->dialogs[i].cseq != 0 && strcmp(m->dialogs[i].call_id, a->call_id) != 0)
		i = (i + 1) % m->n_dialogs;
	CHECK(a->cseq > m->dialogs[i].cseq);
	memcpy(m->dialogs[i].call_id, a->call_id, sizeof(a->call_id));
	m->dialogs[i].cseq = a->cseq;
}

static void check_send(struct rr_model *m, const struct wims_rangereg_action *a)
{
	struct unit *u = unit_of(m, a->to);

	/* one REGISTER at a time */
	CHECK(u->sent_at < 0 || m->now >= u->sent_at + m->policy.answer_ms);
	CHECK(a->expires == 0
		  || (a->expires >= m->policy.expires && a->expires <= m->policy.expires_max));
	CHECK(!m->leaving || a->expires == 0);
	check_dialog(m, a);
	u->old_txn = u->txn;
	u->txn = a->txn;
	u->sent_at = m->now;
	memcpy(u->contact_user, a->contact_user, sizeof(a->contact_user));
	m->counts.sends++;
}

static void check_told(struct rr_model *m, const struct wims_rangereg_action *a)
{
	bool *good = &m->good[number(a->wildcard)];

	if(a->kind == WIMS_RANGEREG_LOST) {
		CHECK(*good); /* once for each loss */
		CHECK(a->outcome == WIMS_RANGE_UNAVAILABLE || a->outcome == WIMS_RANGE_REFUSED);
		*good = false;
		m->counts.lost++;
		return;
	}
	CHECK(a->outcome == WIMS_OK || a->outcome == WIMS_RANGE_UNAVAILABLE
		  || a->outcome == WIMS_RANGE_REFUSED);
	if(a->outcome == WIMS_OK)
		*good = true;
	m->counts.settled++;
}

static void carry_out(struct rr_model *m)
{
	struct wims_rangereg_action a;
	size_t n = 0;

	while(wims_rangereg_next_action(m->rr, m->now, &a)) {
		CHECK(++n < ACTIONS_MAX);
		switch(a.kind) {
			case WIMS_RANGEREG_SEND:
				check_send(m, &a);
				break;
			case WIMS_RANGEREG_SUBSCRIBE:
				unit_of(m, a.to)->subscribed = true;
				break;
			case WIMS_RANGEREG_UNSUBSCRIBE:
				CHECK(unit_of(m, a.to)->subscribed);
				unit_of(m, a.to)->subscribed = false;
				break;
			default:
				check_told(m, &a);
		}
	}
}

/* What it shows is what it told. */
static void check_all(struct rr_model *m)
{
	struct wims_rangereg_counts c;
	struct wims_rangereg_view v;
	size_t i, good = 0;

	wims_rangereg_counts(m->rr, m->now, &c);
	CHECK(c.in_flight <= m->policy.in_flight && c.ranges <= m->policy.ranges);
	for(i = 1; i < RANGES && !m->leaving; i++) {
		bool there = wims_rangereg_view(m->rr, wildcard((unsigned)i), m->now, &v);

		CHECK(m->good[i] == (there && v.state == WIMS_RANGEREG_REGISTERED));
		CHECK(!m->good[i] || unit_of(m, v.to)->subscribed);
		CHECK(v.expires == 0 || v.expires > m->now);
		/* what is not registered, not off and wanted is tried again some time, or is now */
		CHECK(v.state != WIMS_RANGEREG_RETRY || v.due != WIMS_FLOW_NEVER || c.in_flight > 0);
		good += m->good[i];
	}
	CHECK(m->leaving || c.registered == good);
}

/* ---- what happens ---- */

static void add(struct rr_model *m, unsigned n, enum wims_range_trigger trigger, bool wild,
				bool shared)
{
	unsigned p = shared ? 1 : n;
	const struct wims_rangereg_in in = {
			.wildcard = wildcard(n),
			.wwsf = WIMS_PL("wwsf"),
			.pilot = wild ? WIMS_PL_NONE : pilot(p),
			.impi = wims_pl_from(pilot(p), 4),
			.domain = WIMS_PL("ims.test"),
			.trigger = trigger,
	};

	CHECK(wims_rangereg_add(m->rr, &in, m->now) == WIMS_OK);
}

/* Which of 1 to 4 are there, and how: from the bits of what. */
static void reload(struct rr_model *m, unsigned what)
{
	unsigned n;

	m->provisioned = what;
	wims_rangereg_begin(m->rr);
	for(n = 1; n <= 4; n++)
		if((what >> n & 1) == 0)
			add(m, n,
				n == 4                         ? WIMS_RANGE_BY_TOKEN
				: ((what >> (n + 4)) & 1) != 0 ? WIMS_RANGE_AT_FIRST
											   : WIMS_RANGE_AT_START,
				n == 4 || (n == 2 && (what >> 9 & 1) != 0), n == 3 && (what >> 10 & 1) != 0);
	wims_rangereg_end(m->rr, m->now);
}

static void bring(struct rr_model *m, unsigned n)
{
	const struct wims_rangereg_in in = {
			.wildcard = wildcard(n),
			.wwsf = WIMS_PL("wwsf"),
			.pilot = pilot(n),
			.impi = wims_pl_from(pilot(n), 4),
			.domain = WIMS_PL("ims.test"),
			.within = wildcard(4),
	};

	(void)!wims_rangereg_bring(m->rr, &in, m->now);
}

static void answer(struct rr_model *m, struct unit *u, unsigned a, unsigned b, bool old)
{
	static const int codes[] = {200, 200, 200, 200, 200, 0,   100, 302, 401, 403,
								404, 408, 423, 480, 481, 500, 503, 504, 600, 202};
	static const char *const lists[] = {
			"<sip:r1-!.*!@ims.test>,<sip:r2-!.*!@ims.test>,<sip:r3-!.*!@ims.test>,"
			"<sip:r4-!.*!@ims.test>,<sip:r5-!.*!@ims.test>,<sip:r6-!.*!@ims.test>",
			"<sip:r1-!.*!@ims.test>,<sip:r4-!.*!@ims.test>", "<sip:r2-!.*!@ims.test>,"};
	static const int64_t seconds[] = {-1, 0, 1, 60, 3600, 5000, INT64_MAX};
	struct wims_rangereg_answer in = {
			.code = codes[a % (sizeof(codes) / sizeof(codes[0]))],
			.granted = b % 8 == 1 ? seconds[b / 8 % 7] : -1,
			.min_expires = seconds[b / 8 % 7],
			.retry_after = b % 8 == 2 ? seconds[b / 8 % 7] : -1,
			.has_associated = b % 4 != 3,
	};

	if(b % 4 < 3)
		in.associated = wims_pl_str(lists[b % 16 < 12 ? 0 : b % 4]);
	in.service_route = b % 5 == 0 ? WIMS_PL("<sip:orig@s;lr>") : WIMS_PL_NONE;
	if(wims_rangereg_answered(m->rr, old ? u->old_txn : u->txn, &in, m->now))
		u->sent_at = -1;
}

static void news(struct rr_model *m, unsigned n, unsigned a, unsigned b)
{
	char contact[64];
	struct wims_reginfo_news in = {
			.state = a % 3 == 0 ? WIMS_REGINFO_TERMINATED : WIMS_REGINFO_ACTIVE,
			.contact_state = (enum wims_reginfo_state)(b % 4),
			.event = (enum wims_reginfo_event)(b / 4 % 10),
			.expires = (int64_t)(a % 5) * 100 - 1,
			.retry_after = (int64_t)(a % 7) * 10 - 1,
	};

	snprintf(contact, sizeof(contact), "sip:%s@192.0.2.1", m->units[n].contact_user);
	in.contact = wims_pl_str(contact);
	if((a & 1) != 0)
		in.wildcard = wildcard(n);
	else
		in.aor = pilot(n);
	wims_rangereg_news(m->rr, &in, m->now);
}

/* how: the file is written and known to be, written, or lost. */
static void save(struct rr_model *m, unsigned how)
{
	struct wims_buf out;

	wims_buf_init(&out, &wims_env_libc, FILE_MAX);
	CHECK(wims_rangereg_save(m->rr, &out, m->now + 1700000000000, m->now));
	if(how != 2) {
		wims_buf_clear(&m->file);
		CHECK(wims_buf_add(&m->file, wims_buf_pl(&out)));
	}
	if(how == 0)
		wims_rangereg_saved(m->rr);
	wims_buf_clear(&out);
}

static void crash(struct rr_model *m, unsigned how)
{
	size_t line;

	wims_rangereg_free(m->rr);
	open_table(m);
	m->counts.restarts++;
	CHECK(wims_rangereg_load(m->rr, wims_buf_pl(&m->file), m->now + 1700000000000, m->now, &line)
		  == WIMS_OK);
	if(how != 0)
		save(m, 0);
	carry_out(m);
	reload(m, m->provisioned);
}

static void wait(struct rr_model *m, unsigned a, unsigned b)
{
	static const int64_t unit[] = {1, 100, 1000, 5000, 30000};

	m->now += unit[a % 5] * (int64_t)b;
}

static void by_hand(struct rr_model *m, unsigned op, unsigned n)
{
	if(op == 0)
		(void)!wims_rangereg_register(m->rr, wildcard(n), m->now);
	else if(op == 1)
		(void)!wims_rangereg_deregister(m->rr, wildcard(n), m->now);
	else
		(void)!wims_rangereg_refresh(m->rr, wildcard(n), m->now);
}

static void want(struct rr_model *m, unsigned n)
{
	bool good = m->good[n] && !m->leaving;

	CHECK((wims_rangereg_want(m->rr, wildcard(n), m->now, NULL) == WIMS_OK) == good);
}

static void happen(struct rr_model *m, unsigned op, unsigned n, unsigned a, unsigned b)
{
	switch(op % 32) {
		case 0:
			reload(m, a | b << 8);
			break;
		case 1:
			bring(m, 5 + (a & 1));
			break;
		case 2:
			by_hand(m, a % 3, n);
			break;
		case 3:
		case 4:
			save(m, a % 3);
			break;
		case 5:
			if(a < 64)
				crash(m, b & 1);
			break;
		case 6:
			if(a == 0) {
				wims_rangereg_leave_all(m->rr, m->now);
				m->leaving = true;
			}
			break;
		case 7:
		case 8:
			news(m, n, a, b);
			break;
		case 9:
		case 10:
			wims_rangereg_members(m->rr, wildcard(n), a % 3, m->now);
			break;
		case 11:
			answer(m, &m->units[n], a, b, true);
			break;
		case 12:
		case 13:
		case 14:
		case 15:
		case 16:
			want(m, n);
			break;
		case 17:
		case 18:
		case 19:
		case 20:
		case 21:
		case 22:
			wait(m, a, b);
			break;
		default:
			answer(m, &m->units[n + (op & 1 ? RANGES : 0)], a, b, false);
	}
}

void rr_model_step(struct rr_model *m, const unsigned char event[RR_MODEL_EVENT])
{
	/* what was due before comes first, as with a process that drives the table */
	carry_out(m);
	happen(m, event[0], 1 + event[1] % (RANGES - 1), event[2], event[3]);
	carry_out(m);
	check_all(m);
}

struct rr_model *rr_model_open(uint64_t seed, size_t dialogs)
{
	struct rr_model *m = calloc(1, sizeof(*m) + dialogs * sizeof(m->dialogs[0]));

	CHECK(m != NULL);
	m->policy = rr_policy;
	m->policy.brought = 1;
	m->policy.in_flight = 2;
	m->policy.subscribe = true;
	m->n_dialogs = dialogs;
	chance_state = seed | 1;
	wims_buf_init(&m->file, &wims_env_libc, FILE_MAX);
	open_table(m);
	reload(m, 0);
	return m;
}

void rr_model_close(struct rr_model *m)
{
	wims_rangereg_free(m->rr);
	wims_buf_clear(&m->file);
	free(m);
}

struct rr_model_counts rr_model_counts(const struct rr_model *m)
{
	return m->counts;
}
