/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BENCH_QUERY_H
#define BENCH_QUERY_H

#include "core/parser/msg_parser.h"

#include "base/wims_pl.h"

/* mod_init: where the Redis of the registrar is, "host:port"; empty: there is none. */
void bench_query_init(char *redis);

/* Nanoseconds of so many rounds that all take as long as the median one does, on the wall
 * clock, into *ns: most of it is waited. what is
 *   query   wims_registrar_query() of somebody who is registered
 *   get     GET of a text as long as his entry, by hiredis alone
 * False: it is neither, or it failed, after a log line. */
WIMS_MUST_CHECK bool bench_query_run(uint64_t *ns, sip_msg_t *msg, struct wims_pl what,
									 uint64_t rounds);

#endif
