/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* The client of Redis, by lines: for each line of standard input
 *   SCRIPT KEY [ARGUMENT...]    words without blanks
 * one line of standard output
 *   OUTCOME MICROSECONDS REPLY  or, when it failed, the error in place of REPLY
 *
 *   wr_try PLACE [timeout=MS] [user=NAME] [password=TEXT] [gate]
 *
 * Scripts are Lua files NAME.lua in the directory that WR_SCRIPTS names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/sha.h>

#include "base/wims_w.h"
#include "wr_gates.h"

enum
{
	LINE_BYTES = 256 * 1024,
	WORDS_MAX = 600,
	SCRIPTS_MAX = 16
};

struct script
{
	char name[64];
	char sha1[2 * SHA_DIGEST_LENGTH];
	char *text;
	struct wr_script s;
};

static struct script scripts[SCRIPTS_MAX];

static void die(const char *why, const char *what)
{
	fprintf(stderr, "wr_try: %s %s\n", why, what);
	exit(2);
}

static void load(struct script *s, const char *name)
{
	unsigned char digest[SHA_DIGEST_LENGTH];
	char path[512];
	struct wims_w w;
	FILE *f;
	size_t n;

	snprintf(path, sizeof(path), "%s/%s.lua", getenv("WR_SCRIPTS"), name);
	if((f = fopen(path, "rb")) == NULL || (s->text = calloc(1, LINE_BYTES)) == NULL)
		die("cannot read", path);
	n = fread(s->text, 1, LINE_BYTES - 1, f);
	fclose(f);
	SHA1((unsigned char *)s->text, n, digest);
	wims_w_init(&w, s->sha1, sizeof(s->sha1));
	wims_w_hex(&w, digest, sizeof(digest));
	snprintf(s->name, sizeof(s->name), "%s", name);
	s->s = (struct wr_script){wims_pl_str(s->name), wims_w_done(&w), {s->text, n}};
}

static const struct wr_script *script(const char *name)
{
	size_t i;

	for(i = 0; i < SCRIPTS_MAX && scripts[i].text != NULL; i++)
		if(strcmp(scripts[i].name, name) == 0)
			return &scripts[i].s;
	if(i == SCRIPTS_MAX)
		die("too many scripts:", name);
	load(&scripts[i], name);
	return &scripts[i].s;
}

static void print_value(const struct wims_redis_value *v)
{
	size_t i;

	switch(v->type) {
		case WIMS_REDIS_NIL:
			printf("nil");
			break;
		case WIMS_REDIS_NUMBER:
			printf("%lld", (long long)v->number);
			break;
		case WIMS_REDIS_ARRAY:
			printf("[");
			for(i = 0; i < v->count; i++) {
				printf(i > 0 ? " " : "");
				print_value(&v->at[i]);
			}
			printf("]");
			break;
		case WIMS_REDIS_STATUS:
		case WIMS_REDIS_ERROR:
		case WIMS_REDIS_TEXT:
			printf("\"%.*s\"", (int)v->text.l, v->text.p);
			break;
	}
}

static long long now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

/* "limit MS", or a script: NAME KEY [ARGUMENT...] */
static void one(struct wr_client *c, char *line)
{
	struct wims_pl words[WORDS_MAX];
	const struct wims_redis_value *reply;
	struct wr_call call = {.keys = words + 1, .key_count = 1, .args = words + 2};
	char *word, *rest = NULL, *name = strtok_r(line, " \n", &rest);
	enum wims_reason r;
	long long begun;
	size_t n = 1;

	if(name == NULL)
		return;
	while((word = strtok_r(NULL, " \n", &rest)) != NULL && n < WORDS_MAX)
		words[n++] = wims_pl_str(word);
	if(n < 2)
		die("no key for", name);
	if(strcmp(name, "limit") == 0) {
		wr_client_limit(c, strtol(words[1].p, NULL, 10) * 1000);
		return;
	}
	call.script = script(name);
	call.arg_count = n - 2;
	begun = now_us();
	r = wr_client_call(c, &call, &reply);
	printf("%s %lld ", wims_reason_text(r), now_us() - begun);
	if(r == WIMS_OK)
		print_value(reply);
	else
		printf("%s", wr_client_error(c));
	printf("\n");
	fflush(stdout);
}

static const char *option(const char *arg, const char *name)
{
	size_t n = strlen(name);

	return strncmp(arg, name, n) == 0 && arg[n] == '=' ? arg + n + 1 : NULL;
}

int main(int argc, char **argv)
{
	static char line[LINE_BYTES];
	struct wr_conf conf = {.timeout_ms = 200};
	const struct wims_redis_addr *bad;
	struct wr_client *c;
	struct wr_gates *gates;
	const char *why, *value;
	int i;

	if(argc < 2 || getenv("WR_SCRIPTS") == NULL)
		die("usage: WR_SCRIPTS=DIR wr_try PLACE [timeout=MS] [user=NAME] [password=TEXT]", "");
	if(!wims_redis_place_read(wims_pl_str(argv[1]), &conf.place, &why))
		die(argv[1], why);
	if(!wr_place_check(&conf.place, &bad))
		die("no address:", bad->host);
	if((gates = wr_gates_new(&wims_env_libc)) == NULL)
		die("no", "memory");
	for(i = 2; i < argc; i++) {
		if((value = option(argv[i], "timeout")) != NULL)
			conf.timeout_ms = (int)strtol(value, NULL, 10);
		else if((value = option(argv[i], "user")) != NULL)
			conf.user = wims_pl_str(value);
		else if((value = option(argv[i], "password")) != NULL)
			conf.password = wims_pl_str(value);
		else if(strcmp(argv[i], "gate") == 0)
			conf.gate = wr_gates_gate(gates);
		else
			die("no such option:", argv[i]);
	}
	if((c = wr_client_new(&conf, &wims_env_libc)) == NULL)
		die("no", "memory");
	while(fgets(line, sizeof(line), stdin) != NULL)
		one(c, line);
	wr_client_free(c);
	wr_gates_free(gates);
	for(i = 0; i < SCRIPTS_MAX; i++)
		free(scripts[i].text);
	return 0;
}
