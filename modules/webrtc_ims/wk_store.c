/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/wims_record.h"
#include "wk_env.h"
#include "wk_params.h"
#include "wk_stats.h"

enum
{
	FILE_NAME_MAX = WIMS_RECORD_KIND_MAX + sizeof(".state")
};

static char fault[256];

static const char *dir_fault(const struct stat *st)
{
	if(!S_ISDIR(st->st_mode))
		return "must be a directory";
	if(st->st_mode & S_IWOTH)
		return "must not be writable by everybody";
	return NULL;
}

int wk_store_init(void)
{
	struct stat st = {0};
	const char *why = NULL;

	if(!wk_store_on()) {
		LM_INFO("state_dir is empty: revocations, fetched keys, registrations of ranges and names "
				"of media sessions do not survive a restart\n");
		return 0;
	}
	if(stat(wk_params.state_dir, &st) == 0)
		why = dir_fault(&st);
	else
		why = strerror(errno);
	if(why == NULL && access(wk_params.state_dir, R_OK | W_OK | X_OK) != 0)
		why = strerror(errno);
	if(why == NULL)
		return 0;
	LM_ERR("modparam state_dir=%s: must be a directory that Kamailio may write and not everybody "
		   "may: %s\n",
		   wk_params.state_dir, why);
	return -1;
}

bool wk_store_on(void)
{
	return wk_params.state_dir != NULL && *wk_params.state_dir != '\0';
}

const char *wk_store_fault(void)
{
	return fault;
}

/* ---- saving ---- */

static enum wims_reason failed(const char *name, const char *step, const char *why)
{
	snprintf(fault, sizeof(fault), "%s: %s", step, why);
	wk_stats_event(WK_EV_STATE_FAILURES);
	LM_ERR("%s/%s.state is not saved: %s\n", wk_params.state_dir, name, fault);
	return WIMS_CONFIG_FILE;
}

static bool write_all(int fd, struct wims_pl bytes)
{
	while(bytes.l > 0) {
		ssize_t n = write(fd, bytes.p, bytes.l);

		if(n < 0 && errno == EINTR)
			continue;
		if(n < 0)
			return false;
		bytes = wims_pl_from(bytes, (size_t)n);
	}
	return true;
}

/* The new file in full, on the disk, under its own name. NULL or the step that
 * failed, with errno. */
static const char *write_file(int dir, const char *temp, struct wims_pl head, struct wims_pl body)
{
	int fd = openat(dir, temp, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	const char *step = NULL;
	int why;

	if(fd < 0)
		return "open";
	if(!write_all(fd, head) || !write_all(fd, body))
		step = "write";
	else if(fsync(fd) != 0)
		step = "fsync";
	why = errno;
	close(fd);
	errno = why;
	return step;
}

static enum wims_reason put_file(int dir, const char *name, struct wims_pl head,
								 struct wims_pl body)
{
	char file[FILE_NAME_MAX], temp[FILE_NAME_MAX];
	const char *step;

	snprintf(file, sizeof(file), "%s.state", name);
	snprintf(temp, sizeof(temp), "%s.tmp", name);
	step = write_file(dir, temp, head, body);
	if(step == NULL && renameat(dir, temp, dir, file) != 0)
		step = "rename";
	if(step != NULL) {
		int why = errno;

		unlinkat(dir, temp, 0);
		return failed(name, step, strerror(why));
	}
	/* the name itself must be on the disk as well */
	return fsync(dir) == 0 ? WIMS_OK : failed(name, "fsync", strerror(errno));
}

static enum wims_reason save(int dir, const char *name,
							 bool (*write)(void *ctx, struct wims_buf *out), void *ctx)
{
	struct wims_buf head, body;
	enum wims_reason r = WIMS_NOMEM;

	wims_buf_init(&head, wk_env(), WIMS_RECORD_HEAD_MAX);
	wims_buf_init(&body, wk_env(), WIMS_RECORD_BODY_MAX);
	if(write(ctx, &body))
		r = wims_record_head(&head, wims_pl_str(name), wims_buf_pl(&body));
	if(r == WIMS_OK)
		r = put_file(dir, name, wims_buf_pl(&head), wims_buf_pl(&body));
	else
		failed(name, "contents", wims_reason_text(r));
	wims_buf_clear(&head);
	wims_buf_clear(&body);
	return r;
}

/* The lock is the directory's own: nothing is left behind, and it goes with
 * the process that held it. */
enum wims_reason wk_store_save(const char *name, bool (*write)(void *ctx, struct wims_buf *out),
							   void *ctx)
{
	enum wims_reason r;
	int dir, locked;

	fault[0] = '\0';
	if(!wk_store_on())
		return WIMS_OK;
	dir = open(wk_params.state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if(dir < 0)
		return failed(name, "open", strerror(errno));
	do {
		locked = flock(dir, LOCK_EX);
	} while(locked != 0 && errno == EINTR);
	r = locked == 0 ? save(dir, name, write, ctx) : failed(name, "flock", strerror(errno));
	close(dir);
	return r;
}

/* ---- loading ---- */

/* What fills the buffer is too long: its end was not seen. */
static const char *read_all(int fd, struct wims_buf *body)
{
	enum
	{
		CHUNK = 65536
	};
	ssize_t n;

	do {
		size_t room = body->max - body->len > CHUNK ? CHUNK : body->max - body->len;
		char *at;

		if(room == 0)
			return "too long";
		if((at = wims_buf_room(body, room)) == NULL)
			return "no memory";
		n = read(fd, at, room);
		if(n > 0)
			wims_buf_added(body, (size_t)n);
	} while(n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? strerror(errno) : NULL;
}

static const char *load(int fd, const char *name, size_t max, struct wims_buf *body)
{
	struct wims_pl text;
	const char *why = read_all(fd, body);

	if(why != NULL)
		return why;
	if(wims_record_body(&text, wims_buf_pl(body), wims_pl_str(name), &why) != WIMS_OK)
		return why;
	if(text.l > max)
		return "too long";
	wims_buf_drop(body, body->len - text.l);
	return NULL;
}

bool wk_store_load(const char *name, size_t max, struct wims_buf *body)
{
	char path[PATH_MAX];
	const char *why;
	int n, fd;

	wims_buf_init(body, wk_env(), max + WIMS_RECORD_HEAD_MAX + 1 /* to see the end */);
	if(!wk_store_on())
		return false;
	n = snprintf(path, sizeof(path), "%s/%s.state", wk_params.state_dir, name);
	fd = n < 0 || (size_t)n >= sizeof(path) ? -1 : open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if(fd < 0 && errno == ENOENT)
		return false;
	why = fd < 0 ? strerror(errno) : load(fd, name, max, body);
	if(fd >= 0)
		close(fd);
	if(why == NULL)
		return true;
	LM_ERR("%s/%s.state is ignored: %s\n", wk_params.state_dir, name, why);
	wims_buf_clear(body);
	return false;
}
