/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_key_path.h"

#include <string.h>

bool wims_key_path(char *buf, size_t size, struct wims_pl provisioning, struct wims_pl path)
{
	size_t dir = provisioning.l;

	while(dir > 0 && provisioning.p[dir - 1] != '/')
		dir--;
	if(path.l > 0 && path.p[0] == '/')
		dir = 0;
	if(path.l == 0 || wims_pl_find(path, '\0') < path.l || dir >= size || path.l >= size - dir)
		return false;
	if(dir > 0)
		memcpy(buf, provisioning.p, dir);
	memcpy(buf + dir, path.p, path.l);
	buf[dir + path.l] = '\0';
	return true;
}
