/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "events.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct wb_events
{
	FILE *out;
};

struct wb_events *wb_events_open(const char *path)
{
	struct wb_events *e = malloc(sizeof(*e));

	if(e == NULL)
		return NULL;
	e->out = path != NULL ? fopen(path, "a") : stdout;
	if(e->out == NULL) {
		free(e);
		return NULL;
	}
	setvbuf(e->out, NULL, _IOLBF, 0);
	return e;
}

void wb_events_close(struct wb_events *e)
{
	if(e == NULL)
		return;
	if(e->out != stdout)
		fclose(e->out);
	free(e);
}

static void put_head(struct wb_events *e, unsigned conn, const char *what)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	fprintf(e->out, "t=%lld.%03ld conn=%u event=%s", (long long)now.tv_sec, now.tv_nsec / 1000000,
			conn, what);
}

static void put_quoted(struct wb_events *e, const char *text, size_t len)
{
	size_t i;
	unsigned char c;

	fputc('"', e->out);
	for(i = 0; i < len; i++) {
		c = (unsigned char)text[i];
		if(c < 0x20 || c > 0x7e || c == '"' || c == '\\')
			fprintf(e->out, "\\x%02x", c);
		else
			fputc(c, e->out);
	}
	fputs("\"\n", e->out);
}

void wb_event_open(struct wb_events *e, unsigned conn, const char *local)
{
	put_head(e, conn, "open");
	fprintf(e->out, " local=%s\n", local);
}

void wb_event_refused(struct wb_events *e, unsigned conn, unsigned http, const char *why,
					  size_t len)
{
	put_head(e, conn, "refused");
	fprintf(e->out, " http=%u why=", http);
	put_quoted(e, why, len);
}

void wb_event_closed(struct wb_events *e, unsigned conn, const char *by, unsigned code,
					 const char *reason, size_t len)
{
	put_head(e, conn, "closed");
	fprintf(e->out, " by=%s code=%u reason=", by, code);
	put_quoted(e, reason, len);
}
