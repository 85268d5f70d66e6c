/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_COMMAND_H
#define WL_COMMAND_H

/* A line of the script: NAME [WORD] [NUMBER...] [&] */

#include <stdbool.h>

enum
{
	WL_NAME_MAX = 16,
	WL_NUMBERS_MAX = 3
};

struct wl_command
{
	char name[WL_NAME_MAX];
	char word[WL_NAME_MAX]; /* the first argument, if it is no number */
	double number[WL_NUMBERS_MAX];
	unsigned numbers;
	bool background;
};

/* false: the line is no command (an unknown name is the verbs' business). An
 * empty line or a comment (#) has an empty name. */
bool wl_command_parse(const char *line, struct wl_command *c);

#endif
