/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_ENV_H
#define WK_ENV_H

/* What the library gets from the outside world inside one process. */

#include "wk.h"

/* libc memory, of this process alone. */
const struct wims_env *wk_env(void);

/* Memory that all processes share. */
const struct wims_env *wk_shm_env(void);

/* Reads a whole file of at most max bytes into pkg memory. 0 or -1 after a log
 * line that names what it is. The caller frees with pkg_free. */
int wk_read_file(const char *what, const char *path, size_t max, str *out);

#endif
