/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef REGISTRAR_MODEL_H
#define REGISTRAR_MODEL_H

/* A block of a registrar's store as simply as it can be said: an array of places,
 * each looked at whenever something is asked. */

#include "registrar/wims_registrar.h"

enum
{
	MODEL_PLACES = 6,
	MODEL_OWNERS = 5,
	MODEL_CONTACTS = 8 /* names: one for each */
};

#define MODEL_NOBODY (-1)
/* A since that the store has not said yet; far from those of acknowledged ones. */
#define MODEL_UNKNOWN (WIMS_REG_TIME_MAX / 2)

struct model_contact
{
	bool there;
	int64_t until;
	uint16_t node;
	uint32_t epoch;
	int instance; /* 0: none */
};

struct model_place
{
	int owner; /* of the lease */
	bool used, ever;
	int64_t since, held, rests_until, free_since;
	struct model_contact contact[MODEL_CONTACTS];
};

struct model_block
{
	bool claimed;
	int64_t quarantine, now;
	struct model_place place[MODEL_PLACES];
	int first[MODEL_OWNERS]; /* place that allocate answers, or -1 */
};

struct model_put
{
	int place, owner, name, instance;
	uint16_t node;
	uint32_t epoch;
	int64_t left, since;
	size_t max;
	bool again, kept;
};

void model_init(struct model_block *m, bool claimed, int64_t quarantine);
void model_pass(struct model_block *m, int64_t ms);
/* May allocate answer that place? -1: may it say that the block is used up? ties:
 * places that became free at about the same time are all right. */
bool model_may_allocate(const struct model_block *m, int owner, int place, int64_t ties);
void model_allocated(struct model_block *m, int owner, int place, int64_t hold);
/* Does it if the answer is OK. */
enum wims_reason model_put(struct model_block *m, const struct model_put *in, bool *displaced);
void model_remove(struct model_block *m, int place, int name);
void model_drop(struct model_block *m, int place);
size_t model_purge(struct model_block *m, uint16_t node, uint32_t epoch);
void model_counts(const struct model_block *m, struct wims_reg_counts *out);
size_t model_contacts(const struct model_place *p);

#endif
