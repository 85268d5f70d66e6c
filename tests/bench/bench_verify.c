/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bench_verify.h"

#include <jwt.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "token/wims_token.h"

enum
{
	FILE_MAX = 16384,
	DER_MAX = 256
};

struct subject
{
	const char *alg;
	const EVP_MD *(*md)(void); /* NULL: part of the scheme */
	char pem[FILE_MAX];
	char token_text[FILE_MAX];
	struct wims_pl token;
	const struct wims_wwsf *wwsf;
	struct wims_verifier key;
	struct wims_jws jws;
	unsigned char *signature;
	size_t signature_len;
};

static struct subject subjects[] = {
		{.alg = "RS256", .md = EVP_sha256},
		{.alg = "ES256", .md = EVP_sha256},
		{.alg = "EdDSA"},
};
static struct wims_provision *provision;

/* --- once a process ---------------------------------------------------- */

static bool read_file(char text[FILE_MAX], const char *dir, const char *name, const char *suffix)
{
	char path[4096];
	FILE *f = NULL;
	size_t n = 0;

	snprintf(path, sizeof(path), "%s/%s%s", dir, name, suffix);
	f = fopen(path, "rb");
	if(f == NULL)
		return false;
	n = fread(text, 1, FILE_MAX - 1, f);
	fclose(f);
	while(n > 0 && text[n - 1] == '\n')
		n--;
	text[n] = '\0';
	return n > 0 && n < FILE_MAX - 1;
}

/* r || s to what OpenSSL verifies. */
static bool der_signature(struct subject *s)
{
	const unsigned char *raw = (const unsigned char *)s->jws.signature.p;
	int half = (int)s->jws.signature.l / 2, len;
	ECDSA_SIG *sig = ECDSA_SIG_new();

	if(sig == NULL
	   || ECDSA_SIG_set0(sig, BN_bin2bn(raw, half, NULL), BN_bin2bn(raw + half, half, NULL)) != 1)
		return false;
	len = i2d_ECDSA_SIG(sig, &s->signature);
	ECDSA_SIG_free(sig);
	s->signature_len = len > 0 ? (size_t)len : 0;
	return len > 0;
}

static bool load_subject(struct subject *s, const char *dir, const char **why)
{
	*why = "a token or a key file cannot be read";
	if(!read_file(s->token_text, dir, s->alg, ".token")
	   || !read_file(s->pem, dir, s->alg, ".pub.pem"))
		return false;
	s->token = wims_pl_str(s->token_text);
	if(wims_pubkey_pem(&s->key, wims_pl_str(s->pem), why) != WIMS_OK)
		return false;
	*why = "no WWSF has the name of the algorithm";
	s->wwsf = wims_provision_by_name(provision, wims_pl_str(s->alg));
	if(s->wwsf == NULL)
		return false;
	*why = "a token cannot be taken apart";
	if(wims_jws_parse(&s->jws, &wims_env_libc, s->token) != WIMS_OK)
		return false;
	if(strcmp(s->alg, "ES256") == 0)
		return der_signature(s);
	s->signature = (unsigned char *)s->jws.signature_bytes;
	s->signature_len = s->jws.signature.l;
	return true;
}

bool bench_verify_load(const char *dir, const char **why)
{
	static char text[FILE_MAX];
	static struct wims_config_fault fault;
	const struct wims_file_reader no_files = {0};
	size_t i;

	if(provision != NULL)
		return true;
	*why = "provisioning.json cannot be read";
	if(!read_file(text, dir, "provisioning", ".json"))
		return false;
	*why = fault.text;
	if(wims_provision_parse(&provision, &wims_env_libc, wims_pl_str(text), &no_files, &fault)
	   != WIMS_OK)
		return false;
	for(i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
		if(!load_subject(&subjects[i], dir, why))
			return false;
	return true;
}

/* --- what is measured -------------------------------------------------- */

static bool do_jws(void *ctx)
{
	const struct subject *s = ctx;

	return wims_token_signature(&wims_env_libc, s->wwsf->keys, s->token) == WIMS_OK;
}

static bool do_validate(void *ctx)
{
	const struct subject *s = ctx;
	struct wims_token token;

	return wims_token_validate(&token, &wims_env_libc, provision, s->token, (int64_t)time(NULL))
		   == WIMS_OK;
}

/* As OpenSSL's own manual page does it; nothing is left out that any caller
 * could leave out. */
static bool do_evp(void *subject)
{
	const struct subject *s = subject;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = ctx != NULL
			  && EVP_DigestVerifyInit(ctx, NULL, s->md == NULL ? NULL : s->md(), NULL, s->key.evp)
						 == 1
			  && EVP_DigestVerify(ctx, s->signature, s->signature_len,
								  (const unsigned char *)s->jws.signing_input.p,
								  s->jws.signing_input.l)
						 == 1;

	EVP_MD_CTX_free(ctx);
	return ok;
}

static bool do_libjwt(void *ctx)
{
	const struct subject *s = ctx;
	jwt_t *jwt = NULL;
	bool ok = jwt_decode(&jwt, s->token_text, (const unsigned char *)s->pem, (int)strlen(s->pem))
			  == 0;

	jwt_free(jwt);
	return ok;
}

static const struct
{
	const char *name;
	bool (*once)(void *ctx);
} works[] = {{"jws", do_jws}, {"validate", do_validate}, {"evp", do_evp}, {"libjwt", do_libjwt}};

static uint64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static struct subject *subject_of(struct wims_pl alg)
{
	size_t i;

	for(i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
		if(wims_pl_eq(alg, wims_pl_str(subjects[i].alg)))
			return &subjects[i];
	return NULL;
}

bool bench_time(uint64_t *ns, uint64_t rounds, bool (*once)(void *ctx), void *ctx)
{
	uint64_t i, start = cpu_ns();

	for(i = 0; i < rounds; i++)
		if(!once(ctx))
			return false;
	*ns = cpu_ns() - start;
	return true;
}

struct wims_pl bench_token(struct wims_pl alg)
{
	const struct subject *s = subject_of(alg);

	return s == NULL ? WIMS_PL_NONE : s->token;
}

const struct wims_provision *bench_provision(void)
{
	return provision;
}

bool bench_verify_run(uint64_t *ns, struct wims_pl what, struct wims_pl alg, uint64_t rounds)
{
	struct subject *s = subject_of(alg);
	size_t i;

	for(i = 0; s != NULL && i < sizeof(works) / sizeof(works[0]); i++)
		if(wims_pl_eq(what, wims_pl_str(works[i].name)))
			return bench_time(ns, rounds, works[i].once, s);
	return false;
}
