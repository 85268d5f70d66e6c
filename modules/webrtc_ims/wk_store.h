/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_STORE_H
#define WK_STORE_H

/* The state directory (modparam state_dir): what has to survive a restart, one
 * file for each kind of it, state_dir/NAME.state, mode 0600, in the form of
 * store/wims_record.h. A save writes a file of its own and renames it into
 * place, so that whoever is killed, and wherever, leaves a whole file.
 *
 * Any process may call, but no SIP worker with a request in hand: a save waits
 * for the disk, and for a save of another process. */

#include "base/wims_buf.h"
#include "wk.h"

/* mod_init: is the directory there, and fit to be written? 0 or -1 after a log
 * line. */
int wk_store_init(void);
/* Is there a state directory at all? */
bool wk_store_on(void);

/* One save at a time over all processes: write() runs once its turn has come
 * and appends the newest state to out (at most WIMS_RECORD_BODY_MAX bytes),
 * false when it cannot. name is a kind of record, in C text. OK also without a
 * state directory: nothing is written then, nor is write() called. Otherwise
 * the old file is as it was, after one log line: CONFIG_FILE (the directory,
 * the disk), NOMEM (or write() gave up), LIMIT_REACHED, CRYPTO_FAILED. */
WIMS_MUST_CHECK enum wims_reason
wk_store_save(const char *name, bool (*write)(void *ctx, struct wims_buf *out), void *ctx);
/* Why the last save of this process failed, in words. */
const char *wk_store_fault(void);

/* What was saved under that name, at most max bytes, into body, which is
 * initialised here and which the caller clears. False, and body empty: there is no state
 * directory or no such file; or it is damaged or too long, after one log
 * line. */
WIMS_MUST_CHECK bool wk_store_load(const char *name, size_t max, struct wims_buf *body);

#endif
