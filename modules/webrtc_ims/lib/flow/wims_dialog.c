/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_call_int.h"

#include <string.h>

/* Which dialog a request or an answer belongs to. */

static bool has_tags(const struct wims_call *call, struct wims_pl wic_tag, struct wims_pl core_tag)
{
	const struct wims_pl *t = call->texts;

	return wims_pl_eq(t[WIMS_CALL_WIC_TAG], wic_tag) && wims_pl_eq(t[WIMS_CALL_CORE_TAG], core_tag);
}

/* The order given counts first: a WIC may be both sides of a call with itself. */
static bool is_dialog(const struct wims_call *call, const struct wims_pl tags[2],
					  const struct wims_call **found)
{
	if(call->ended || call->conn == NULL)
		return false;
	if(has_tags(call, tags[0], tags[1])) {
		*found = call;
		return true;
	}
	if(has_tags(call, tags[1], tags[0]))
		*found = call;
	return false;
}

static const struct wims_call *find_dialog(const struct wims_flows *fs, uint32_t conn,
										   struct wims_pl call_id, const struct wims_pl tags[2])
{
	const struct wims_call *call = NULL, *found = NULL;

	while((call = wims_call_begun_next(fs, conn, call_id, call)) != NULL)
		if(is_dialog(call, tags, &found))
			return found;
	return found;
}

enum wims_reason wims_call_find(struct wims_flows *fs, uint32_t conn, struct wims_pl call_id,
								struct wims_pl wic_tag, struct wims_pl core_tag, uint64_t *id,
								uint32_t *at)
{
	const struct wims_pl tags[2] = {wic_tag, core_tag};
	const struct wims_call *call = NULL;

	*id = 0;
	*at = 0;
	/* who has not answered has no tag: a request without one is in no dialog */
	if(wic_tag.l > 0 && core_tag.l > 0)
		call = find_dialog(fs, conn, call_id, tags);
	if(call == NULL)
		return wims_conn_find(fs, conn) == NULL ? WIMS_FLOW_UNKNOWN : WIMS_DIALOG_UNKNOWN;
	*id = call->id;
	*at = call->conn_id;
	return WIMS_OK;
}

/* What the flow table holds of the opening request that was answered. */
struct opened
{
	struct wims_call *opening; /* NULL: removed, or never there */
	struct wims_call *dialog;  /* the one with the tag of the answer */
	size_t dialogs;
};

static void look_up(const struct wims_flows *fs, const struct wims_call_answer *a,
					struct opened *found)
{
	struct wims_call *call = NULL;

	memset(found, 0, sizeof(*found));
	while((call = wims_call_begun_next(fs, a->conn, a->call_id, call)) != NULL) {
		if(call->wic_is_caller != a->wic_is_caller
		   || !wims_pl_eq(wims_call_caller_tag(call), a->caller_tag))
			continue;
		found->dialogs++;
		if(call->opening == call->id)
			found->opening = call;
		if(wims_pl_eq(wims_call_callee_tag(call), a->callee_tag))
			found->dialog = call;
	}
}

/* Answers to the opening request go there, wherever its first dialog has moved. NULL:
 * lost. */
static struct wims_conn *began_on(const struct wims_flows *fs, const struct wims_call *call)
{
	return call->conn_id == call->home ? call->conn : wims_conn_find(fs, call->home);
}

/* The opening request is now also that of a dialog with this tag. */
static enum wims_reason begin_dialog(struct wims_flows *fs, const struct opened *found,
									 struct wims_pl callee_tag, struct wims_call **out)
{
	struct wims_call *call = found->opening;
	struct wims_pl texts[WIMS_CALL_TEXTS] = {{NULL, 0}};
	bool first = wims_call_callee_tag(call).l == 0;

	*out = call;
	memcpy(texts, call->texts, sizeof(texts));
	texts[call->wic_is_caller ? WIMS_CALL_CORE_TAG : WIMS_CALL_WIC_TAG] = callee_tag;
	if(first)
		return wims_call_store(fs, call, texts);
	if(found->dialogs >= WIMS_FORKS_MAX)
		return WIMS_LIMIT_REACHED;
	/* what the far end says of itself, it says on each branch anew */
	if(call->wic_is_caller)
		memset(&texts[WIMS_CALL_CORE_TARGET], 0,
			   sizeof(texts) - WIMS_CALL_CORE_TARGET * sizeof(texts[0]));
	return wims_call_new(fs, began_on(fs, call), call, texts, out);
}

enum wims_reason wims_call_answered(struct wims_flows *fs, const struct wims_call_answer *answer,
									const struct wims_call_news *news)
{
	struct opened found;
	enum wims_reason r;

	if(answer->callee_tag.l == 0 || answer->callee_tag.l > WIMS_FLOW_TEXT_MAX)
		return WIMS_REQUEST_MALFORMED;
	look_up(fs, answer, &found);
	if(found.dialog != NULL)
		return wims_call_update(fs, found.dialog, news);
	if(found.opening == NULL)
		return WIMS_DIALOG_UNKNOWN;
	r = begin_dialog(fs, &found, answer->callee_tag, &found.dialog);
	return r == WIMS_OK ? wims_call_update(fs, found.dialog, news) : r;
}
