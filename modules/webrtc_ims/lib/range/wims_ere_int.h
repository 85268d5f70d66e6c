/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_ERE_INT_H
#define WIMS_ERE_INT_H

/* Between the files that read an expression. */

#include "range/wims_ere.h"

struct wims_ere_reader
{
	struct wims_ere *e;
	struct wims_pl in;
	size_t at;
	unsigned depth;
	struct wims_range_fault *fault;
};

/* The next character, with escapes of a URI undone. */
struct wims_ere_char
{
	enum
	{
		WIMS_ERE_OVER,
		WIMS_ERE_BAD,
		WIMS_ERE_BYTE,
		WIMS_ERE_UNIT /* an escape that stays one */
	} kind;
	char byte;
	char unit[3];
	size_t length; /* in the text */
};

struct wims_ere_char wims_ere_peek(const struct wims_ere_reader *r);
/* Is byte next? It is taken then. */
bool wims_ere_accept(struct wims_ere_reader *r, char byte);
/* Always false. */
bool wims_ere_refuse(struct wims_ere_reader *r, size_t at, const char *why);

void wims_ere_set_range(struct wims_ere_set *s, int first, int last);

/* What stands behind '[', up to and with its ']'. */
WIMS_MUST_CHECK bool wims_ere_bracket(struct wims_ere_reader *r, struct wims_ere_set *set);

#endif
