/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_registry_store.h"

#include <arpa/inet.h>
#include <string.h>

#include "core/locking.h"
#include "core/mem/shm_mem.h"
#include "jose/wims_alg_ossl.h"
#include "registrar/wims_store_mem.h"
#include "wk_edge.h"
#include "wk_env.h"
#include "wk_params.h"
#include "wk_role.h"
#include "wk_state.h"
#include "wr_gates.h"
#include "wr_store.h"

enum
{
	EXPECTED = 1024 /* IMPUs that a store in shared memory has room for at once */
};

/* With a store in shared memory. */
struct shared
{
	gen_lock_t lock;
	struct wims_store_mem *mem;
	int64_t offset; /* its clock is that of the epoch at the start, and then does not jump */
};

static bool redis;
static struct shared *shared;
static struct wr_gates *gates;
static struct wr_conf conf;
static char password[WR_PASSWORD_MAX];

/* Of this process. */
static struct wr_client *client;
static struct wr_store *in_redis;
static struct wims_store store;
static uint64_t ignored; /* of in_redis, told so far */

bool wk_registry_store_shared(void)
{
	return redis;
}

const char *wk_registry_store_kind(void)
{
	static const char *const texts[] = {
			[WIMS_REDIS_SINGLE] = "redis",
			[WIMS_REDIS_SENTINEL] = "redis-sentinel",
			[WIMS_REDIS_CLUSTER] = "redis-cluster",
	};

	return redis ? texts[conf.place.mode] : "shm";
}

/* ---- modparams ---- */

static int bad_registrar(const char *why)
{
	LM_ERR("modparam registrar=%s: %s; must be shm, redis:ADDRESS, redis-sentinel:NAME@ADDRESS or "
		   "redis-cluster:ADDRESS, with up to %d addresses\n",
		   wk_params.registrar, why, WIMS_REDIS_ADDRS_MAX);
	return -1;
}

static int read_place(void)
{
	const struct wims_redis_addr *bad;
	const char *why;

	if(!wims_redis_place_read(wims_pl_str(wk_params.registrar), &conf.place, &why))
		return bad_registrar(why);
	if(!wr_place_check(&conf.place, &bad))
		return bad_registrar("an address is none, by its digits");
	return 0;
}

/* One line, of a file that only Kamailio's user may read. */
static int read_password(void)
{
	str text;
	struct wims_pl line;
	bool ok;

	if(*wk_params.registrar_password_file == '\0')
		return 0;
	if(wk_read_file("registrar_password_file", wk_params.registrar_password_file,
					WR_PASSWORD_MAX + 1, &text)
	   < 0)
		return -1;
	line = (struct wims_pl){text.s, wims_pl_find(wk_pl(&text), '\n')};
	ok = line.l > 0 && line.l <= WR_PASSWORD_MAX && line.l + 1 >= (size_t)text.len;
	if(ok)
		memcpy(password, line.p, line.l);
	wims_wipe(text.s, (size_t)text.len);
	pkg_free(text.s);
	if(!ok) {
		LM_ERR("registrar_password_file %s: must be one line of 1..%d bytes\n",
			   wk_params.registrar_password_file, WR_PASSWORD_MAX);
		return -1;
	}
	conf.password = (struct wims_pl){password, line.l};
	return 0;
}

static int read_login(void)
{
	conf.user = wims_pl_str(wk_params.registrar_user);
	conf.timeout_ms = wk_params.registrar_timeout_ms;
	if(conf.user.l > WR_USER_MAX) {
		LM_ERR("modparam registrar_user: must be up to %d bytes\n", WR_USER_MAX);
		return -1;
	}
	if(read_password() < 0)
		return -1;
	if(conf.user.l > 0 && conf.password.l == 0) {
		LM_ERR("modparam registrar_user=%s: needs registrar_password_file\n",
			   wk_params.registrar_user);
		return -1;
	}
	return 0;
}

/* Tokens of one node are read by the others. */
static int check_flow_key(void)
{
	if(*wk_params.flow_key_file != '\0' || wk_role_icscf())
		return 0;
	LM_ERR("modparam flow_key_file is empty: must be the same file at all nodes with "
		   "registrar=%s\n",
		   wk_params.registrar);
	return -1;
}

static bool is_ip(struct wims_pl host)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char raw[sizeof(struct in6_addr)];
	bool six = host.l > 2 && host.p[0] == '[' && host.p[host.l - 1] == ']';

	if(six)
		host = (struct wims_pl){host.p + 1, host.l - 2};
	if(host.l >= sizeof(text))
		return false;
	memcpy(text, host.p, host.l);
	text[host.l] = '\0';
	return inet_pton(six ? AF_INET6 : AF_INET, text, raw) == 1;
}

/* Other nodes send to this one by what its beats say, if that is in their PEER_NETWORKS,
 * and resolve no name for it. */
static int check_address(void)
{
	struct wims_edge_uri own;

	if(wk_role_icscf()
	   || (wk_edge_parse(&own, wims_pl_str(wk_params.mw_address)) && is_ip(own.host)))
		return 0;
	LM_ERR("modparam mw_address=%s: must be IP:port, and no name, with registrar=%s\n",
		   wk_params.mw_address, wk_params.registrar);
	return -1;
}

/* ---- life ---- */

static int make_mem(void)
{
	if((shared = shm_malloc(sizeof(*shared))) == NULL)
		return -1;
	memset(shared, 0, sizeof(*shared));
	shared->offset = wk_wall_ms() - wk_now_ms();
	shared->mem = wims_store_mem_new(wk_shm_env(), EXPECTED, wims_random);
	if(shared->mem == NULL || lock_init(&shared->lock) == NULL)
		return -1;
	store = wims_store_mem(shared->mem);
	return 0;
}

static int make_gates(void)
{
	if((gates = wr_gates_new(wk_shm_env())) == NULL)
		return -1;
	conf.gate = wr_gates_gate(gates);
	return 0;
}

int wk_registry_store_init(void)
{
	conf = (struct wr_conf){0};
	redis = strcmp(wk_params.registrar, "shm") != 0;
	if(redis
	   && (read_place() < 0 || read_login() < 0 || check_flow_key() < 0 || check_address() < 0))
		return -1;
	if((redis ? make_gates() : make_mem()) == 0)
		return 0;
	LM_ERR("no shared memory for the registrar\n");
	return -1;
}

void wk_registry_store_close(void)
{
	wr_store_free(in_redis);
	wr_client_free(client);
	in_redis = NULL;
	client = NULL;
	ignored = 0;
}

void wk_registry_store_destroy(void)
{
	wk_registry_store_close();
	wr_gates_free(gates);
	gates = NULL;
	wims_wipe(password, sizeof(password));
	if(shared == NULL)
		return;
	wims_store_mem_free(shared->mem);
	shm_free(shared);
	shared = NULL;
}

/* ---- use ---- */

static bool open_redis(void)
{
	if(in_redis != NULL)
		return true;
	if((client = wr_client_new(&conf, wk_env())) != NULL)
		in_redis = wr_store_new(client, wk_env());
	if(in_redis == NULL) {
		wk_registry_store_close();
		return false;
	}
	store = wr_store(in_redis);
	return true;
}

const struct wims_store *wk_registry_store_take(int64_t left_us)
{
	if(redis && !open_redis())
		return NULL;
	if(redis) {
		wr_client_limit(client, left_us);
		return &store;
	}
	lock_get(&shared->lock);
	wims_store_mem_at(shared->mem, shared->offset + wk_now_ms());
	return &store;
}

void wk_registry_store_give(void)
{
	if(!redis)
		lock_release(&shared->lock);
}

const char *wk_registry_store_error(void)
{
	return in_redis == NULL ? "" : wr_store_error(in_redis);
}

uint64_t wk_registry_store_breaks(void)
{
	return client == NULL ? 0 : wr_client_breaks(client);
}

uint64_t wk_registry_store_ignored(void)
{
	uint64_t before = ignored;

	if(in_redis != NULL)
		ignored = wr_store_ignored(in_redis);
	return ignored - before;
}

size_t wk_registry_store_gates(struct wr_gate_view out[WR_GATES_MAX])
{
	return gates == NULL ? 0 : wr_gates_view(gates, out);
}
