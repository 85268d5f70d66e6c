/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_file_read.h"

enum wims_reason wims_file_read(struct wims_reading *rd, struct wims_pl *text, struct wims_pl path,
								size_t max)
{
	char why[120] = "";
	char *buf;
	size_t len = 0;

	*text = WIMS_PL_NONE;
	if(rd->reader == NULL)
		return wims_config_fail(rd, WIMS_CONFIG_FILE, "files cannot be read here");
	if((buf = wims_arena_alloc(rd->scratch, max, 1)) == NULL)
		return wims_config_nomem(rd);
	if(!rd->reader->read(rd->reader->ctx, path, buf, max, &len, why, sizeof(why)))
		return wims_config_fail(rd, WIMS_CONFIG_FILE, "cannot read \"%.*s\": %s", WIMS_PL_ARG(path),
								why);
	*text = (struct wims_pl){buf, len};
	return WIMS_OK;
}

static bool has_certificate(struct wims_pl text)
{
	while(text.l > 0 && !wims_pl_starts(text, WIMS_PL("-----BEGIN CERTIFICATE-----")))
		text = wims_pl_from(text, wims_pl_find(text, '\n') + 1);
	return text.l > 0;
}

enum wims_reason wims_ca_file_check(struct wims_reading *rd, struct wims_pl path)
{
	size_t outer = wims_path_member(rd, "ca_file");
	enum wims_reason r = WIMS_OK;
	struct wims_pl text;

	if(path.l > 0)
		r = wims_file_read(rd, &text, path, WIMS_CA_FILE_MAX);
	if(path.l > 0 && r == WIMS_OK && !has_certificate(text))
		r = wims_config_fail(rd, WIMS_CONFIG_FILE, "\"%.*s\" holds no certificate in PEM",
							 WIMS_PL_ARG(path));
	wims_path_leave(rd, outer);
	return r;
}
