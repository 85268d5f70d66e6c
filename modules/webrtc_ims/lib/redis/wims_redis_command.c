/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_redis_command.h"

#include <string.h>

#include "base/wims_w.h"

static bool number_line(struct wims_buf *out, char kind, size_t n)
{
	enum
	{
		LINE_MAX_BYTES = 24
	};
	struct wims_w w;
	char *room = wims_buf_room(out, LINE_MAX_BYTES);

	if(room == NULL)
		return false;
	wims_w_init(&w, room, LINE_MAX_BYTES);
	wims_w_pl(&w, (struct wims_pl){&kind, 1});
	wims_w_u64(&w, n);
	wims_w_crlf(&w);
	wims_buf_added(out, w.len);
	return w.ok;
}

bool wims_redis_command(struct wims_buf *out, size_t n)
{
	return n > 0 && n <= WIMS_REDIS_ARGS_MAX && number_line(out, '*', n);
}

bool wims_redis_words(struct wims_buf *out, const struct wims_pl *words, size_t n)
{
	size_t i;

	for(i = 0; i < n; i++)
		if(!number_line(out, '$', words[i].l) || !wims_buf_add(out, words[i])
		   || !wims_buf_add(out, WIMS_PL("\r\n")))
			return false;
	return true;
}
