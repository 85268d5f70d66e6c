/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_RANGEREG_LEASE_H
#define WIMS_RANGEREG_LEASE_H

/* Leases: of several nodes with the same ranges one registers each of them. Who,
 * is decided by a store that all nodes share (registrar/wims_registrar.h): a lease
 * for each registration, which lasts policy.lease_ms and is renewed four times as
 * often, and a document that its holder publishes with it.
 *
 * Only the holder of a lease that has not run out sends REGISTERs. The others take
 * from the document what their WICs are told, and the Service-Route. A successor
 * registers its own Contact first, then takes the one of the node before it out.
 *
 * The table asks and is told; its user does the round trip in between. Not used,
 * and nothing is handed out, while policy.lease_ms is 0. */

#include "rangereg/wims_rangereg.h"
#include "sip/wims_flowtoken.h"

enum
{
	WIMS_RANGEREG_ASK_TAG_LEN = 16, /* hex digits: names the registration in the store */
	WIMS_RANGEREG_DOC_MAX = 8120,   /* bytes of a document, */
	WIMS_RANGEREG_SEAL_LEN = 70,    /* and of its seal */
	WIMS_RANGEREG_LOOKS = 3         /* that find a lease free, until what nobody wants goes */
};

enum wims_rangereg_ask_kind
{
	WIMS_RANGEREG_HOLD, /* take it, or keep it, and publish doc */
	WIMS_RANGEREG_LOOK, /* who has it, and what is published? Take it for 1 ms if it is free */
	WIMS_RANGEREG_GIVE  /* end our own; what is published stays */
};

struct wims_rangereg_ask
{
	enum wims_rangereg_ask_kind kind;
	int64_t ms; /* HOLD, LOOK: for so long */
	int64_t at; /* when it was handed out */
	/* HOLD, LOOK: end the lease of this node first, by order of the operator or
	 * because it is this node itself, before a restart */
	bool end_other;
	uint16_t other;
	uint32_t other_epoch;
	char tag[WIMS_RANGEREG_ASK_TAG_LEN + 1];
	struct wims_pl to;  /* of the registration, canonical */
	struct wims_pl doc; /* HOLD: empty leaves what is published */
	char text[WIMS_RANGE_TEXT_MAX + WIMS_RANGEREG_DOC_MAX];
};

/* What the store is to be asked next; false: nothing now. It is handed out again
 * after a while, told or not. */
WIMS_MUST_CHECK bool wims_rangereg_next_ask(struct wims_rangereg *rr, int64_t now,
											struct wims_rangereg_ask *out);

/* Before wims_rangereg_leave_all: another node that lives may register that range, and
 * what tokens brought inside it. It stays in the core for that one, which takes our
 * Contact out behind its own; so the core has one all the time, and never two
 * de-REGISTERs of one Contact. Of these ims_registrar_scscf of Kamailio 5.6.3 (save.c)
 * does not find the Contact of the second, and keeps the lock of the IMPU. */
void wims_rangereg_bequeath(struct wims_rangereg *rr, struct wims_pl wildcard);

/* A clean stop: from now on only questions of kind GIVE are handed out, once each. */
void wims_rangereg_give_all(struct wims_rangereg *rr, int64_t now);

struct wims_rangereg_held
{
	bool ours;
	uint16_t node; /* holder, if it is not ours */
	uint32_t epoch;
	int64_t left_ms;    /* of the lease */
	struct wims_pl doc; /* what was published before this call; may be empty */
	bool forged;        /* doc is not what a node has sealed: it is none */
};

enum wims_rangereg_change
{
	WIMS_RANGEREG_SAME,
	WIMS_RANGEREG_TAKEN,     /* the lease is ours now */
	WIMS_RANGEREG_GONE,      /* it is not any more, and nobody gave it */
	WIMS_RANGEREG_UNREADABLE /* the document; what was known before stays */
};

/* The store's answer to that question; held counts with OK and HOLD or LOOK. Any
 * other outcome: it did not answer, and all stays as it is known. */
enum wims_rangereg_change wims_rangereg_held(struct wims_rangereg *rr,
											 const struct wims_rangereg_ask *ask,
											 enum wims_reason outcome,
											 const struct wims_rangereg_held *held, int64_t now);

/* A document says where all requests of a range go, and which Contacts leave the core,
 * so it counts only from a node: sealed with the key of the nodes' flow tokens, for the
 * lease of that tag alone. buf has WIMS_RANGEREG_DOC_MAX + WIMS_RANGEREG_SEAL_LEN bytes.
 * False, *out empty: no key, a document over its maximum, no digest. */
WIMS_MUST_CHECK bool wims_rangereg_seal(char *buf, const struct wims_flowtoken_keys *keys,
										const char tag[WIMS_RANGEREG_ASK_TAG_LEN + 1],
										struct wims_pl doc, struct wims_pl *out);
/* False, *doc empty: no node has sealed that for that lease. What is empty needs no seal. */
WIMS_MUST_CHECK bool wims_rangereg_unseal(const struct wims_flowtoken_keys *keys,
										  const char tag[WIMS_RANGEREG_ASK_TAG_LEN + 1],
										  struct wims_pl sealed, struct wims_pl *doc);

#endif
