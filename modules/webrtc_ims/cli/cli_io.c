/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum cli_status cli_fail(const char *fmt, ...)
{
	va_list ap;

	fputs("wims: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return CLI_USAGE;
}

bool cli_read_file(const char *path, size_t max, char **buf, size_t *len, char *why,
				   size_t why_size)
{
	FILE *f = NULL;
	bool ok = false;

	*len = 0;
	*buf = malloc(max + 1);
	if(*buf == NULL || (f = fopen(path, "rb")) == NULL) {
		snprintf(why, why_size, "%s", strerror(errno));
		goto out;
	}
	*len = fread(*buf, 1, max + 1, f);
	ok = ferror(f) == 0 && *len <= max;
	if(!ok)
		snprintf(why, why_size, "%s", ferror(f) != 0 ? strerror(errno) : "too large");
out:
	if(f != NULL)
		fclose(f);
	if(!ok) {
		free(*buf);
		*buf = NULL;
	}
	return ok;
}

bool cli_must_read(const char *path, size_t max, char **buf, size_t *len)
{
	char why[120];

	if(cli_read_file(path, max, buf, len, why, sizeof(why)))
		return true;
	cli_fail("%s: %s", path, why);
	return false;
}

static bool write_all(int fd, struct wims_pl text)
{
	while(text.l > 0) {
		ssize_t n = write(fd, text.p, text.l);

		if(n < 0)
			return false;
		text = wims_pl_from(text, (size_t)n);
	}
	return true;
}

bool cli_must_write(const char *path, unsigned mode, struct wims_pl text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
	bool ok = fd >= 0 && write_all(fd, text);

	if(fd >= 0 && close(fd) != 0)
		ok = false;
	if(!ok)
		cli_fail("%s: %s", path, strerror(errno));
	return ok;
}

enum cli_status cli_each_line(enum cli_status (*one)(const void *ctx, struct wims_pl line),
							  const void *ctx)
{
	enum cli_status worst = CLI_OK;
	char *line = NULL;
	size_t size = 0;
	size_t count = 0;
	ssize_t n;

	while((n = getline(&line, &size, stdin)) >= 0) {
		size_t len = (size_t)n - (n > 0 && line[n - 1] == '\n');
		enum cli_status s = one(ctx, (struct wims_pl){line, len});

		if(s > worst)
			worst = s;
		count++;
	}
	free(line);
	if(ferror(stdin) != 0)
		return cli_fail("standard input: %s", strerror(errno));
	return count == 0 ? cli_fail("nothing on standard input; one line or more is expected") : worst;
}

void cli_print_escaped(FILE *to, struct wims_pl text, bool spaces)
{
	size_t i;

	for(i = 0; i < text.l; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if(c > 0x7e || c < 0x20 || c == '\\' || (c == ' ' && !spaces))
			fprintf(to, "\\x%02x", c);
		else
			fputc(c, to);
	}
}

int64_t cli_now(void)
{
	return (int64_t)time(NULL);
}
