/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_SCENARIO_H
#define WIMS_SCENARIO_H

/* Names and kinds of scenarios. */

#include "provision/wims_wwsf.h"

/* As the provisioning and $wims(scenario) have it; a C string too. Empty:
 * NONE. */
struct wims_pl wims_scenario_name(enum wims_scenario s);
/* NONE: no scenario has that name. */
enum wims_scenario wims_scenario_named(struct wims_pl name);
/* Does a token say who registers (TS 23.228 U.2.1.3, U.2.1.4)? */
bool wims_scenario_by_token(enum wims_scenario s);
/* Do users of that WWSF come with a token, and others without one? */
bool wims_scenario_both(const struct wims_wwsf *w);
/* Scenario 3: does the WWSF have its identities to itself, a pool or ranges? */
bool wims_scenario_owns(enum wims_scenario s);

#endif
