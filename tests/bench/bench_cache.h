/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BENCH_CACHE_H
#define BENCH_CACHE_H

#include "base/wims_pl.h"

/* mod_init: a cache in shared memory that all workers use, for so many tokens. */
WIMS_MUST_CHECK bool bench_cache_init(size_t entries);

/* As bench_verify_run, once bench_verify_load has succeeded. what is one of
 *   digest  SHA-256 of the text
 *   hit     digest, lock, and the token found in the cache
 *   refuse  digest, lock, not found, and refused by the validation
 *   fill    rounds tokens are put into the cache beside the one
 *   many    as hit, each round another one of those
 *   bytes   *ns is what an entry of the cache counts
 *   shm     *ns is what one of those took of shared memory
 * of the token of an algorithm. refuse and digest also know
 *   noise   random bytes in three parts, as long as a token
 *   noise8k the same, as long as a token may be
 *   plain   random bytes without a dot
 *   long    a byte more than a token may have */
WIMS_MUST_CHECK bool bench_cache_run(uint64_t *ns, struct wims_pl what, struct wims_pl alg,
									 uint64_t rounds);

#endif
