/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WORLD_H
#define WORLD_H

/* The provisioning that token tests run against. Two WWSFs:
 *   wwsf1  https://waf.wwsf.test      one key of each kind, all algorithms
 *   wwsf2  https://waf.other.test     another RSA key, one Ed25519 key
 * Both hand out ...@ims.test; wwsf1 owns sip:a*@ims.test, tel:+4930* and the
 * IMPIs a*@ims.test, wwsf2 those with b. */

#include "provision/wims_provision.h"

#define WORLD_NOW INT64_C(1900000000)
#define WORLD_SCOPE "webrtc-ims-client-access-to-ims"

/* wwsf1's members, without braces; more is put behind them (",..."). The
 * caller frees. */
char *world_wwsf1(const char *more);
/* Aborts when the provisioning is refused. more: further members of wwsf1.
 * Free with wims_provision_free. */
struct wims_provision *world_new(const char *more);
/* The same with fixed keys only, which are quick to make. Its wwsf2 asks for
 * more: claims by path, required claims, a WWSF identity and at+jwt. */
struct wims_provision *world_quick(void);

/* world_new with its set of ranges in use. */
struct world
{
	struct wims_provision *pv;
	struct wims_ranges *set;
};
struct world world_of(const char *more);
void world_end(struct world w);

/* A good payload for wwsf1 at WORLD_NOW with one claim changed: "claim":value
 * (JSON text), added when it is new, left out when value is NULL. The caller
 * frees. */
char *world_claims(const char *claim, const char *value);

#endif
