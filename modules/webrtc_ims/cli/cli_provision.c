/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cli_provision.h"

#include "provision/wims_key_path.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static bool read_key_file(void *ctx, struct wims_pl path, char *buf, size_t size, size_t *len,
						  char *why, size_t why_size)
{
	char file[PATH_MAX];
	char *text = NULL;

	if(!wims_key_path(file, sizeof(file), wims_pl_str(ctx), path)) {
		snprintf(why, why_size, "not the name of a file");
		return false;
	}
	if(!cli_read_file(file, size, &text, len, why, why_size))
		return false;
	memcpy(buf, text, *len);
	free(text);
	return true;
}

static enum wims_reason build(struct cli_provision *out, struct wims_pl text,
							  const struct wims_file_reader *reader,
							  struct wims_config_fault *fault)
{
	const struct wims_env *env = &wims_env_libc;
	enum wims_reason r = wims_provision_parse(&out->pv, env, text, reader, fault);

	if(r == WIMS_OK)
		r = wims_provision_ranges(&out->ranges, env, out->pv, fault);
	if(r == WIMS_OK && !wims_provision_use(out->pv, out->ranges))
		r = WIMS_NOMEM;
	return r;
}

enum cli_status cli_provision_read(struct cli_provision *out, const char *path)
{
	char name[PATH_MAX];
	struct wims_file_reader reader = {.ctx = name, .read = read_key_file};
	struct wims_config_fault fault = {"$", "out of memory"};
	enum cli_status status = CLI_OK;
	char *text = NULL;
	size_t len;

	*out = (struct cli_provision){NULL, NULL};
	if((size_t)snprintf(name, sizeof(name), "%s", path) >= sizeof(name))
		return cli_fail("%s: name too long", path);
	if(!cli_must_read(path, WIMS_JSON_MAX, &text, &len))
		return CLI_USAGE;
	if(build(out, (struct wims_pl){text, len}, &reader, &fault) != WIMS_OK) {
		fprintf(stderr, "%s: %s: %s\n", path, fault.path, fault.text);
		status = CLI_REFUSED;
	}
	free(text);
	return status;
}

void cli_provision_free(struct cli_provision *p)
{
	wims_provision_free(p->pv);
	wims_ranges_free(p->ranges);
}
