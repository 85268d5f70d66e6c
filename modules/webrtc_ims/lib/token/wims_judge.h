/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_JUDGE_H
#define WIMS_JUDGE_H

/* What claims must say, whoever vouches for them: the one home of the rules of
 * docs/token-profile.md. For the verifiers of this directory. */

#include "base/wims_w.h"
#include "wims_token.h"

/* One validation under way. */
struct wims_judging
{
	struct wims_token *out;
	const struct wims_env *env;
	const struct wims_wwsf *wwsf; /* whose rules; set before wims_judge_claims */
	const struct wims_json_value *claims;
	struct wims_w text; /* over out->text */
	int64_t now;
	bool by_server; /* a token server vouches, no signature */
};

/* Empties *out, which fills as the claims are read. */
void wims_judging_begin(struct wims_judging *j, struct wims_token *out, const struct wims_env *env,
						int64_t now);
/* All that is believed once somebody has vouched for the claims. */
WIMS_MUST_CHECK enum wims_reason wims_judge_claims(struct wims_judging *j);
/* The outcome of all: *out is whole when it is OK, else nothing but out->wwsf. */
WIMS_MUST_CHECK enum wims_reason wims_judging_end(struct wims_judging *j, enum wims_reason r);

#endif
