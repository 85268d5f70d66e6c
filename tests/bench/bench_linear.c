/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bench_linear.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
	EXPRESSION_MAX = 200,
	REGEXEC_MAX = 20000 /* each takes some 20 KB once it is used */
};

struct bench_linear
{
	enum bench_engine engine;
	size_t count;
	pcre2_code **pcre2;
	pcre2_match_data *data;
	regex_t *posix;
};

/* "sip:u1!.*!@h.test" as "^sip:u1(.*)@h\.test$", which both engines read. */
static void write_expression(char *out, const char *range)
{
	const char *ere = strchr(range, '!') + 1, *host = strrchr(range, '!') + 1;
	size_t at;

	at = (size_t)snprintf(out, EXPRESSION_MAX, "^%.*s(%.*s)", (int)(ere - 1 - range), range,
						  (int)(host - 1 - ere), ere);
	for(; *host != '\0' && at < EXPRESSION_MAX - 3; host++) {
		if(*host == '.')
			out[at++] = '\\';
		out[at++] = *host;
	}
	out[at++] = '$';
	out[at] = '\0';
}

static bool compile_one(struct bench_linear *l, const char *expression)
{
	PCRE2_SIZE at;
	int error;

	if(l->engine == BENCH_REGEXEC)
		return regcomp(&l->posix[l->count], expression, REG_EXTENDED | REG_NOSUB) == 0;
	l->pcre2[l->count] = pcre2_compile((PCRE2_SPTR)expression, PCRE2_ZERO_TERMINATED,
									   PCRE2_ANCHORED | PCRE2_NO_AUTO_CAPTURE, &error, &at, NULL);
	return l->pcre2[l->count] != NULL;
}

static bool compile(struct bench_linear *l, const char *(*text)(void *, size_t), void *ctx,
					size_t count)
{
	char expression[EXPRESSION_MAX];

	for(; l->count < count; l->count++) {
		write_expression(expression, text(ctx, l->count));
		if(!compile_one(l, expression))
			return false;
	}
	return true;
}

struct bench_linear *bench_linear_new(enum bench_engine engine, const char *(*text)(void *, size_t),
									  void *ctx, size_t count)
{
	struct bench_linear *l = calloc(1, sizeof(*l));
	bool ok;

	if(l == NULL)
		return NULL;
	l->engine = engine;
	if(engine == BENCH_REGEXEC) {
		count = count < REGEXEC_MAX ? count : REGEXEC_MAX;
		ok = (l->posix = calloc(count, sizeof(*l->posix))) != NULL;
	} else {
		ok = (l->pcre2 = calloc(count, sizeof(*l->pcre2))) != NULL
			 && (l->data = pcre2_match_data_create(1, NULL)) != NULL;
	}
	if(!ok || !compile(l, text, ctx, count)) {
		bench_linear_free(l);
		return NULL;
	}
	return l;
}

void bench_linear_free(struct bench_linear *l)
{
	size_t i;

	if(l == NULL)
		return;
	for(i = 0; i < l->count; i++) {
		if(l->engine == BENCH_REGEXEC)
			regfree(&l->posix[i]);
		else
			pcre2_code_free(l->pcre2[i]);
	}
	pcre2_match_data_free(l->data);
	free(l->pcre2);
	free(l->posix);
	free(l);
}

size_t bench_linear_count(const struct bench_linear *l)
{
	return l->count;
}

bool bench_linear_find(const struct bench_linear *l, const char *identity)
{
	size_t length = strlen(identity), i;

	for(i = 0; i < l->count; i++) {
		if(l->engine == BENCH_REGEXEC
				   ? regexec(&l->posix[i], identity, 0, NULL, 0) == 0
				   : pcre2_match(l->pcre2[i], (PCRE2_SPTR)identity, length, 0, 0, l->data, NULL)
							 >= 0)
			return true;
	}
	return false;
}
