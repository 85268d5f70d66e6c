/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_provision.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/mem/mem.h"
#include "provision/wims_key_path.h"
#include "wk_env.h"
#include "wk_params.h"

enum
{
	KEY_FILES_MAX = 256
};

/* A key file as it was when Kamailio started: the processes may no longer be
 * allowed to read it, and all must see the same bytes. */
struct key_file
{
	str path;
	str text;
};

static str provisioning_text;
static struct key_file key_files[KEY_FILES_MAX];
static size_t key_file_count;
static struct wims_provision *mine;

static const struct key_file *kept(struct wims_pl path)
{
	size_t i;

	for(i = 0; i < key_file_count; i++)
		if(wims_pl_eq(wk_pl(&key_files[i].path), path))
			return &key_files[i];
	return NULL;
}

static const struct key_file *keep(struct wims_pl path)
{
	struct key_file *k = &key_files[key_file_count];
	char file[PATH_MAX];
	char *name;

	if(key_file_count == KEY_FILES_MAX || (name = pkg_malloc(path.l + 1)) == NULL)
		return NULL;
	memcpy(name, path.p, path.l);
	if(!wims_key_path(file, sizeof(file), wims_pl_str(wk_params.provisioning), path)
	   || wk_read_file("key file", file, WIMS_JSON_MAX, &k->text) < 0) {
		pkg_free(name);
		return NULL;
	}
	k->path = (str){name, (int)path.l};
	key_file_count++;
	return k;
}

static bool read_key_file(void *ctx, struct wims_pl path, char *buf, size_t size, size_t *len,
						  char *why, size_t why_size)
{
	const struct key_file *k = kept(path);

	if(k == NULL)
		k = keep(path);
	if(k == NULL || (size_t)k->text.len > size) {
		snprintf(why, why_size, "%s", k == NULL ? "cannot be read" : "too large");
		return false;
	}
	memcpy(buf, k->text.s, (size_t)k->text.len);
	*len = (size_t)k->text.len;
	return true;
}

static struct wims_provision *parse(void)
{
	const struct wims_file_reader reader = {.read = read_key_file};
	struct wims_config_fault fault = {0};
	struct wims_provision *pv = NULL;
	enum wims_reason r =
			wims_provision_parse(&pv, wk_env(), wk_pl(&provisioning_text), &reader, &fault);

	if(r != WIMS_OK)
		LM_ERR("%s: %s: %s (%s)\n", wk_params.provisioning, fault.path, fault.text,
			   wims_reason_text(r));
	return pv;
}

int wk_provision_check(void)
{
	struct wims_provision *pv;

	if(wk_read_file("provisioning", wk_params.provisioning, WIMS_JSON_MAX, &provisioning_text) < 0)
		return -1;
	pv = parse();
	if(pv == NULL)
		return -1;
	LM_INFO("%s: %zu WWSF\n", wk_params.provisioning, wims_provision_count(pv));
	wims_provision_free(pv);
	return 0;
}

int wk_provision_child(void)
{
	if(mine == NULL)
		mine = parse();
	return mine == NULL ? -1 : 0;
}

const struct wims_provision *wk_provision(void)
{
	return mine;
}
