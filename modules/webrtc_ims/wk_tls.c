/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_tls.h"

#include <pthread.h>
#include <signal.h>

#include <openssl/err.h>
#include <openssl/rand.h>

#include "core/tls_hooks.h"
#include "jose/wims_alg_ossl.h"
#include "wk.h"
#include "wk_role.h"
#include "wk_ws.h"

enum
{
	KEYS_LOOKED_AT = 32, /* pthread keys that may be OpenSSL's */
	KEYS_AT_LEAST = 16,
	CURED_SINCE = 6000000 /* tls_threads_mode=2 is the default from 6.0 on */
};

/* Makes OpenSSL create the thread-locals of this process now. */
static bool make_thread_locals(void)
{
	unsigned char byte;

	ERR_clear_error();
	if(RAND_bytes(&byte, 1) == 1 && RAND_priv_bytes(&byte, 1) == 1)
		return true;
	LM_ERR("OpenSSL gives no random bytes\n");
	return false;
}

bool wk_tls_child(bool (*rest)(void))
{
	sigset_t stops, before;
	bool ok;

	sigemptyset(&stops);
	sigaddset(&stops, SIGTERM);
	sigaddset(&stops, SIGINT);
	if(sigprocmask(SIG_BLOCK, &stops, &before) != 0)
		return false;
	ok = make_thread_locals() && (rest == NULL || rest());
	return sigprocmask(SIG_SETMASK, &before, NULL) == 0 && ok;
}

#ifdef WK_WITHOUT_TLS_CURE
/* Built like this by the storm test only, to see the server die. */
static int cure(void)
{
	LM_WARN("built without the TLS cure: this server will not survive load\n");
	return 0;
}
#else
static int key_count;

static void forget_thread_locals(void)
{
	int k;

	for(k = 0; k < key_count; k++)
		if(pthread_getspecific((pthread_key_t)k) != NULL)
			pthread_setspecific((pthread_key_t)k, NULL);
}

/* Which keys do they have? */
static int find_keys(void)
{
	int k;

	if(!make_thread_locals())
		return -1;
	key_count = KEYS_AT_LEAST;
	for(k = KEYS_AT_LEAST; k < KEYS_LOOKED_AT; k++)
		if(pthread_getspecific((pthread_key_t)k) != NULL)
			key_count = k + 1;
	return 0;
}

static int cure(void)
{
	if(find_keys() < 0)
		return -1;
	if(pthread_atfork(NULL, NULL, forget_thread_locals) != 0) {
		LM_ERR("pthread_atfork failed\n");
		return -1;
	}
	LM_INFO("OpenSSL thread-locals are renewed in every process (core " VERSION
			" lacks tls_threads_mode)\n");
	return 0;
}
#endif

static tls_hooks_t tls_own;

static int clean_read(struct tcp_connection *c, rd_conn_flags_t *flags)
{
	const char *from = c->req.pos;
	bool at_frame = from == c->req.parsed;
	int n;

	ERR_clear_error();
	n = tls_own.read(c, flags);
	if(n <= 0 || !wk_ws_heard((uint32_t)c->id, at_frame ? from : NULL, (size_t)n))
		return n;
	/* as if the peer had closed TCP instead */
	c->req.pos -= n;
	c->state = S_CONN_EOF;
	*flags |= RD_CONN_EOF;
	return 0;
}

static int clean_encode(struct tcp_connection *c, const char **buf, unsigned int *len,
						const char **rest_buf, unsigned int *rest_len, snd_flags_t *flags)
{
	ERR_clear_error();
	return tls_own.encode(c, buf, len, rest_buf, rest_len, flags);
}

static void empty_error_queues(void)
{
	tls_own = tls_hook;
	tls_hook.read = clean_read;
	tls_hook.encode = clean_encode;
}

static bool tls_came_first;

void wk_tls_note_load_order(void)
{
	tls_came_first = module_loaded("tls");
}

/* Deprecated in OpenSSL 3 as a way to bring a generator of one's own; here it
 * takes one out. */
static int own_random_generator(void)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
	int set = RAND_set_rand_method(RAND_OpenSSL());
#pragma GCC diagnostic pop

	if(set != 1)
		LM_ERR("cannot put OpenSSL's random generator in place\n");
	return set == 1 ? 0 : -1;
}

/* Where tls is there: an eI-CSCF may do without. */
static int mend_tls(void)
{
	if(!tls_came_first) {
		LM_ERR("tls is not loaded before webrtc_ims: put loadmodule \"tls.so\" in front\n");
		return -1;
	}
	if(own_random_generator() < 0)
		return -1;
	if(VERSIONVAL >= CURED_SINCE)
		LM_INFO("core " VERSION " renews OpenSSL thread-locals itself\n");
	else if(cure() < 0)
		return -1;
	empty_error_queues();
	return 0;
}

int wk_tls_prepare(void)
{
	const char *step = "";

	if(pthread_atfork(NULL, NULL, wims_crypto_forget) != 0) {
		LM_ERR("pthread_atfork failed\n");
		return -1;
	}
	if((!wk_role_icscf() || module_loaded("tls")) && mend_tls() < 0)
		return -1;
	if(wims_crypto_warm_up(&step) != WIMS_OK) {
		LM_ERR("OpenSSL cannot do what tokens need: %s\n", step);
		return -1;
	}
	return 0;
}
