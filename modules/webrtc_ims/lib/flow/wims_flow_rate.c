/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_flow_rate.h"

#include "flow/wims_call_int.h"

enum wims_reason wims_flow_count(struct wims_flows *fs, uint32_t id, const struct wims_pace *pace,
								 int64_t now)
{
	struct wims_conn *c = wims_conn_find(fs, id);
	enum wims_reason r = wims_conn_check(c);

	if(r != WIMS_OK)
		return r;
	if(wims_bucket_take(&c->served, pace, now))
		return WIMS_OK;
	return wims_bucket_take(&c->refused, pace, now) ? WIMS_RATE_EXCEEDED : WIMS_RATE_FLOODED;
}

bool wims_flow_flooded(struct wims_flows *fs, uint32_t id, const struct wims_pace *pace,
					   int64_t now)
{
	const struct wims_pace beyond = {pace->each_us / WIMS_BEYOND, pace->burst * WIMS_BEYOND};
	struct wims_conn *c = wims_conn_find(fs, id);

	return wims_conn_check(c) == WIMS_OK && !wims_bucket_take(&c->messages, pace, now)
		   && (wims_call_emergencies(c) == 0 || !wims_bucket_take(&c->beyond, &beyond, now));
}

enum wims_reason wims_flow_count_urgent(struct wims_flows *fs, uint32_t id, bool within,
										int64_t now)
{
	static const struct wims_pace asked = {1000 * WIMS_URGENT_EACH_MS, WIMS_URGENT_BURST},
								  helped = {1000 * WIMS_HELPED_EACH_MS, WIMS_HELPED_BURST};
	struct wims_conn *c = wims_conn_find(fs, id);
	enum wims_reason r = wims_conn_check(c);

	if(r != WIMS_OK)
		return r;
	return wims_bucket_take(within ? &c->helped : &c->urgent, within ? &helped : &asked, now)
				   ? WIMS_OK
				   : WIMS_RATE_EXCEEDED;
}

void wims_flow_patience(struct wims_flows *fs, uint32_t id, int64_t ms, int64_t now)
{
	struct wims_conn *c = wims_conn_find(fs, id);

	if(c == NULL || c->n_bindings > 0 || c->token_over || c->patience >= WIMS_PATIENCE_MAX
	   || c->idle_since >= now + ms)
		return;
	c->patience++;
	c->idle_since = now + ms;
	wims_conn_review(fs, c);
}
