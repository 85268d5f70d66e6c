/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WB_EVENTS_H
#define WB_EVENTS_H

/* One line an event, for tests to read: KEY=VALUE, the time first (seconds
 * of the wall clock), text in quotes with odd bytes as \xNN. */

#include <stdbool.h>
#include <stddef.h>

struct wb_events;

/* path NULL: standard output. NULL: it cannot be opened (errno). */
struct wb_events *wb_events_open(const char *path);
void wb_events_close(struct wb_events *e);

/* The WSS connection of TCP connection conn is up. */
void wb_event_open(struct wb_events *e, unsigned conn, const char *local);
/* It did not come up: HTTP status (0: it did not get that far) and why. */
void wb_event_refused(struct wb_events *e, unsigned conn, unsigned http, const char *why,
					  size_t len);
/* It ended: by "ws" (the server), "tcp" (SIPp) or "bridge". */
void wb_event_closed(struct wb_events *e, unsigned conn, const char *by, unsigned code,
					 const char *reason, size_t len);

#endif
