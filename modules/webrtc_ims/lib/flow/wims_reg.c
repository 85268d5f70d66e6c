/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_flow_int.h"

#include <string.h>

/* The texts of reg that lie in an index: subject, jti, IMPUs. */
static size_t indexed_texts(size_t n_impus)
{
	return WIMS_REG_IMPU - WIMS_REG_SUBJECT + n_impus;
}

static bool among(const struct wims_pl *list, size_t n, struct wims_pl s)
{
	size_t i;

	for(i = 0; i < n; i++)
		if(wims_pl_eq(list[i], s))
			return true;
	return false;
}

/* Each once, in the core's order. */
static size_t add_impus(struct wims_pl *impus, size_t have, const struct wims_pl *list, size_t n)
{
	size_t i;

	for(i = 0; i < n; i++)
		if(!among(impus, have, list[i]))
			impus[have++] = list[i];
	return have;
}

struct wims_reg *wims_reg_new(struct wims_flows *fs, const struct wims_pl texts[WIMS_REG_IMPU],
							  struct wims_pl impu, const struct wims_pl *associated, size_t n)
{
	struct wims_pl all[WIMS_REG_TEXTS], *copies;
	struct wims_pl *impus = all + WIMS_REG_IMPU;
	size_t n_associated, n_impus, n_links;
	struct wims_reg *reg;

	memcpy(all, texts, WIMS_REG_IMPU * sizeof(*texts));
	n_associated = n == 0 ? add_impus(impus, 0, &impu, 1) : add_impus(impus, 0, associated, n);
	n_impus = add_impus(impus, n_associated, &impu, 1);
	n_links = indexed_texts(n_impus);
	reg = wims_texts_record(&fs->env, sizeof(*reg) + n_links * sizeof(reg->links[0]), all,
							WIMS_REG_IMPU + n_impus, &copies);
	if(reg == NULL)
		return NULL;
	reg->texts = copies;
	reg->n_associated = (uint16_t)n_associated;
	reg->n_links = (uint16_t)n_links;
	return reg;
}

void wims_reg_free(struct wims_flows *fs, struct wims_reg *reg)
{
	size_t i;

	for(i = 0; reg != NULL && i < WIMS_REG_COMMONS; i++)
		wims_common_drop(fs, reg->common[i]);
	wims_free(&fs->env, reg);
}

static enum wims_index index_of_link(size_t i)
{
	switch(WIMS_REG_SUBJECT + i) {
		case WIMS_REG_SUBJECT:
			return WIMS_BY_SUBJECT;
		case WIMS_REG_JTI:
			return WIMS_BY_JTI;
		default:
			return WIMS_BY_IMPU;
	}
}

static struct wims_pl text_of_link(const struct wims_reg_link *l)
{
	const struct wims_reg *reg = l->owner->reg;

	return reg->texts[WIMS_REG_SUBJECT + (l - reg->links)];
}

void wims_reg_link(struct wims_flows *fs, struct wims_reg *reg, struct wims_binding *b)
{
	size_t i;

	for(i = 0; i < reg->n_links; i++) {
		const struct wims_pl *text = &reg->texts[WIMS_REG_SUBJECT + i];

		reg->links[i].owner = b;
		if(text->l > 0)
			wims_hash_add(&fs->index[index_of_link(i)], &reg->links[i].node,
						  wims_hash_slices(&fs->key, text, 1));
	}
}

void wims_reg_unlink(struct wims_flows *fs, struct wims_reg *reg)
{
	size_t i;

	for(i = 0; i < reg->n_links; i++)
		wims_hash_remove(&fs->index[index_of_link(i)], &reg->links[i].node);
}

struct wims_binding *wims_reg_next(const struct wims_flows *fs, enum wims_index index,
								   struct wims_pl key, struct wims_reg_link **at)
{
	struct wims_hnode *n =
			*at == NULL ? wims_hash_first(&fs->index[index], wims_hash_slices(&fs->key, &key, 1))
						: wims_hash_next(&(*at)->node);

	for(; n != NULL; n = wims_hash_next(n)) {
		*at = WIMS_OWNER(n, struct wims_reg_link, node);
		if(wims_pl_eq(text_of_link(*at), key))
			return (*at)->owner;
	}
	return NULL;
}

bool wims_reg_has(const struct wims_reg *reg, struct wims_pl impu)
{
	return among(reg->texts + WIMS_REG_IMPU, reg->n_associated, impu);
}
