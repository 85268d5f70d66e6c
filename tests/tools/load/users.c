/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "users.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where a line begins, and of whom it is the first one. */
struct row
{
	uint64_t at;
	uint32_t impu, token, origin; /* lengths */
};

struct wl_users
{
	const char *text;
	size_t size;
	struct row *rows;
	unsigned n_rows, room_rows;
	unsigned *first; /* of user i: rows[first[i]]; one more behind the last */
	unsigned n_users;
	unsigned *slots; /* hash of IMPUs: 1 + user, 0 is free */
	unsigned mask;
};

static uint32_t hash(struct wl_str s)
{
	uint32_t h = 2166136261U;
	size_t i;

	for(i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 16777619U;
	return h;
}

static bool map(struct wl_users *u, const char *path)
{
	struct stat st;
	void *text;
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;

	if(fd < 0)
		return false;
	if(fstat(fd, &st) != 0)
		goto fail;
	if(st.st_size <= 0) {
		errno = EINVAL;
		goto fail;
	}
	text = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if(text == MAP_FAILED)
		goto fail;
	u->text = text;
	u->size = (size_t)st.st_size;
	close(fd);
	return true;
fail:
	error = errno;
	close(fd);
	errno = error;
	return false;
}

static bool is_text(struct wl_str s)
{
	size_t i;

	for(i = 0; i < s.n; i++) {
		if(s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	}
	return s.n > 0;
}

/* What is before the next TAB, and goes out of *line with that. */
static struct wl_str field(struct wl_str *line)
{
	const char *tab = memchr(line->p, '\t', line->n);
	struct wl_str found = {line->p, tab ? (size_t)(tab - line->p) : line->n};
	size_t gone = found.n + (tab != NULL);

	*line = (struct wl_str){line->p + gone, line->n - gone};
	return found;
}

/* One line without its end; false: EINVAL or ENOMEM. */
static bool add_row(struct wl_users *u, struct wl_str line)
{
	struct wl_str all = line, impu = field(&line), token = field(&line), origin = field(&line);
	struct row *more;

	errno = EINVAL;
	if(impu.n > WL_IMPU_MAX || token.n > WL_TOKEN_MAX || origin.n > WL_ORIGIN_MAX || !is_text(impu)
	   || !is_text(token) || (origin.n > 0 && !is_text(origin)) || line.n > 0)
		return false;
	if(u->n_rows == u->room_rows) {
		u->room_rows = u->room_rows ? u->room_rows * 2 : 1024;
		more = realloc(u->rows, u->room_rows * sizeof *u->rows);
		if(!more)
			return false;
		u->rows = more;
	}
	u->rows[u->n_rows++] = (struct row){(uint64_t)(all.p - u->text), (uint32_t)impu.n,
										(uint32_t)token.n, (uint32_t)origin.n};
	return true;
}

static bool scan(struct wl_users *u, unsigned *line)
{
	const char *p = u->text, *end = u->text + u->size, *eol;

	for(*line = 1; p < end; p = eol + 1, (*line)++) {
		eol = memchr(p, '\n', (size_t)(end - p));
		if(!eol)
			eol = end;
		if(!add_row(u, (struct wl_str){p, (size_t)(eol - p)}))
			return false;
	}
	return true;
}

static struct wl_str impu_of_row(const struct wl_users *u, unsigned row)
{
	return (struct wl_str){u->text + u->rows[row].at, u->rows[row].impu};
}

/* false: EINVAL, an IMPU whose lines are not adjacent, at *line; or ENOMEM. */
static bool group(struct wl_users *u, unsigned *line)
{
	struct wl_str impu;
	unsigned row, slot;

	u->mask = 1;
	while(u->mask < u->n_rows * 2)
		u->mask *= 2;
	u->slots = calloc(u->mask, sizeof *u->slots);
	u->first = calloc((size_t)u->n_rows + 1, sizeof *u->first);
	if(!u->slots || !u->first)
		return false;
	u->mask--;
	for(row = 0; row < u->n_rows; row++) {
		impu = impu_of_row(u, row);
		if(row > 0 && wl_str_eq(impu, impu_of_row(u, row - 1)))
			continue;
		for(slot = hash(impu) & u->mask; u->slots[slot]; slot = (slot + 1) & u->mask) {
			if(!wl_str_eq(impu, wl_users_impu(u, u->slots[slot] - 1)))
				continue;
			*line = row + 1;
			errno = EINVAL;
			return false;
		}
		u->first[u->n_users++] = row;
		u->slots[slot] = u->n_users;
	}
	u->first[u->n_users] = u->n_rows;
	return true;
}

struct wl_users *wl_users_open(const char *path, unsigned *line)
{
	struct wl_users *u = calloc(1, sizeof *u);
	int error;

	*line = 0;
	if(!u)
		return NULL;
	if(map(u, path) && scan(u, line) && group(u, line))
		return u;
	error = errno;
	wl_users_close(u);
	errno = error;
	return NULL;
}

void wl_users_close(struct wl_users *u)
{
	if(!u)
		return;
	if(u->text)
		munmap((void *)(uintptr_t)u->text, u->size);
	free(u->rows);
	free(u->first);
	free(u->slots);
	free(u);
}

unsigned wl_users_count(const struct wl_users *u)
{
	return u->n_users;
}

struct wl_str wl_users_impu(const struct wl_users *u, unsigned i)
{
	return impu_of_row(u, u->first[i]);
}

struct wl_str wl_users_token(const struct wl_users *u, unsigned i, unsigned k)
{
	unsigned tokens = u->first[i + 1] - u->first[i];
	const struct row *row = &u->rows[u->first[i] + k % tokens];
	struct wl_str token = {u->text + row->at + row->impu + 1, row->token};

	return wl_str_eq(token, WL_STR("-")) ? (struct wl_str){token.p, 0} : token;
}

struct wl_str wl_users_origin(const struct wl_users *u, unsigned i)
{
	const struct row *row = &u->rows[u->first[i]];

	if(row->origin == 0)
		return (struct wl_str){u->text, 0};
	return (struct wl_str){u->text + row->at + row->impu + row->token + 2, row->origin};
}

unsigned wl_users_find(const struct wl_users *u, struct wl_str impu)
{
	unsigned slot;

	for(slot = hash(impu) & u->mask; u->slots[slot]; slot = (slot + 1) & u->mask) {
		if(wl_str_eq(impu, wl_users_impu(u, u->slots[slot] - 1)))
			return u->slots[slot] - 1;
	}
	return u->n_users;
}
