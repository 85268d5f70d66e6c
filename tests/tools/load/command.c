/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "command.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The next word of *p, cut out of it; its length, 0: none is left. */
static size_t next_word(const char **p, const char **word)
{
	size_t n;

	*p += strspn(*p, " \t\r");
	*word = *p;
	n = strcspn(*p, " \t\r");
	*p += n;
	return n;
}

static bool copy_word(char to[WL_NAME_MAX], const char *word, size_t n)
{
	if(n >= WL_NAME_MAX)
		return false;
	for(size_t i = 0; i < n; i++)
		if(!islower((unsigned char)word[i]))
			return false;
	memcpy(to, word, n);
	to[n] = '\0';
	return true;
}

static bool read_number(const char *word, size_t n, struct wl_command *c)
{
	char text[32], *end;
	double value;

	if(n >= sizeof(text) || c->numbers == WL_NUMBERS_MAX)
		return false;
	memcpy(text, word, n);
	text[n] = '\0';
	value = strtod(text, &end);
	if(*end != '\0' || !isfinite(value) || value < 0 || value > 1e9)
		return false;
	c->number[c->numbers++] = value;
	return true;
}

bool wl_command_parse(const char *line, struct wl_command *c)
{
	const char *word;
	size_t n;

	memset(c, 0, sizeof(*c));
	n = next_word(&line, &word);
	if(n == 0 || *word == '#')
		return true;
	if(!copy_word(c->name, word, n))
		return false;
	while((n = next_word(&line, &word)) > 0) {
		if(c->background)
			return false;
		if(n == 1 && *word == '&')
			c->background = true;
		else if(isdigit((unsigned char)*word)
						? !read_number(word, n, c)
						: c->numbers > 0 || c->word[0] != '\0' || !copy_word(c->word, word, n))
			return false;
	}
	return true;
}
