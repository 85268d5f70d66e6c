/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_REDIS_ERROR_H
#define WIMS_REDIS_ERROR_H

/* What an error of Redis means for whoever called. X(id, code, text)
 *   code  the words that the error begins with
 *   text  stable, for log lines */

#include "redis/wims_redis_addr.h"
#include "redis/wims_redis_reply.h"

/* clang-format off */
#define WIMS_REDIS_ERRORS(X)                                                            \
	/* the answer is somewhere else, or later */                                        \
	X(MOVED,       "MOVED",       "the slot is on another node")                        \
	X(ASK,         "ASK",         "the slot is being moved")                            \
	X(TRYAGAIN,    "TRYAGAIN",    "the slot is being moved, half of the keys are there") \
	X(NOSCRIPT,    "NOSCRIPT",    "the script is not loaded")                           \
	/* this node does not do it; another one may be the master */                       \
	X(READONLY,    "READONLY",    "the node is a replica")                              \
	X(MASTERDOWN,  "MASTERDOWN",  "the node is a replica that has lost its master")     \
	X(LOADING,     "LOADING",     "the node still reads its data")                      \
	/* nobody does it now */                                                            \
	X(CLUSTERDOWN, "CLUSTERDOWN", "the Cluster is not whole")                           \
	X(NOREPLICAS,  "NOREPLICAS",  "too few replicas follow (min-replicas-to-write)")    \
	X(OOM,         "OOM",         "its memory is full (maxmemory)")                     \
	X(MISCONF,     "MISCONF",     "it cannot write to its disk")                        \
	X(BUSY,        "BUSY",        "it is busy with a script")                           \
	X(NOAUTH,      "NOAUTH",      "it wants a user and a password")                     \
	X(WRONGPASS,   "WRONGPASS",   "it refuses the user or the password")                \
	X(NOPERM,      "NOPERM",      "the user may not do this (ACL)")                     \
	X(NOPERM_LUA,  "ERR The user executing the script can't",                           \
	               "the user may not do this (ACL)")                                    \
	X(DENIED,      "DENIED",      "it serves its own host only (protected-mode)")       \
	X(CLIENTS,     "ERR max number of clients",                                         \
	               "it has too many clients (maxclients)")
/* clang-format on */

#define WIMS_REDIS_ERROR_ENUM(id, code, text) WIMS_REDIS_##id,
enum wims_redis_error
{
	WIMS_REDIS_OTHER, /* no word of the list */
	WIMS_REDIS_ERRORS(WIMS_REDIS_ERROR_ENUM) WIMS_REDIS_ERROR_COUNT
};
#undef WIMS_REDIS_ERROR_ENUM

/* text: of a value of type WIMS_REDIS_ERROR */
enum wims_redis_error wims_redis_error(struct wims_pl text);
const char *wims_redis_error_text(enum wims_redis_error e);

/* "MOVED 3999 192.0.2.1:6379", "ASK 3999 ..." of the node that was asked. */
WIMS_MUST_CHECK bool wims_redis_redirect(struct wims_pl text, const struct wims_redis_addr *asked,
										 uint16_t *slot, struct wims_redis_addr *to);

/* Answer to ROLE. */
WIMS_MUST_CHECK bool wims_redis_is_master(const struct wims_redis_value *role);
/* Answer to SENTINEL GET-MASTER-ADDR-BY-NAME, of the Sentinel that was asked. */
WIMS_MUST_CHECK bool wims_redis_master(const struct wims_redis_value *v,
									   const struct wims_redis_addr *asked,
									   struct wims_redis_addr *master);

#endif
