/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef RR_MODEL_H
#define RR_MODEL_H

/* A table of range registrations in a world of chance: WICs, an operator, a core
 * that answers anything or nothing, crashes with files that were written or not.
 * After each event the table is held against what must always be so; what is not
 * ends the program. */

#include "rangereg/wims_rangereg.h"

enum
{
	RR_MODEL_EVENT = 4 /* bytes */
};

struct rr_model;

/* dialogs: more than Call-IDs that will be seen. */
struct rr_model *rr_model_open(uint64_t seed, size_t dialogs);
void rr_model_step(struct rr_model *m, const unsigned char event[RR_MODEL_EVENT]);
void rr_model_close(struct rr_model *m);

struct rr_model_counts
{
	size_t sends, settled, lost, restarts;
};
struct rr_model_counts rr_model_counts(const struct rr_model *m);

#endif
