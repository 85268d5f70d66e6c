/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BENCH_VERIFY_H
#define BENCH_VERIFY_H

/* What is measured: ways to verify one token of each algorithm. Everything
 * that is done once per process is done in bench_verify_load. */

#include "provision/wims_provision.h"

/* Reads DIR/provisioning.json and for each algorithm DIR/ALG.token and
 * DIR/ALG.pub.pem. False: *why says what is wrong. For the life of the
 * process; nothing is freed. */
WIMS_MUST_CHECK bool bench_verify_load(const char *dir, const char **why);

/* CPU time of this process for `rounds` verifications, in ns. what is one of
 *   jws       wims_token_signature
 *   validate  wims_token_validate
 *   evp       EVP_DigestVerify alone: key, input and signature are ready
 *   libjwt    jwt_decode
 * False: no such thing, or a verification failed. */
WIMS_MUST_CHECK bool bench_verify_run(uint64_t *ns, struct wims_pl what, struct wims_pl alg,
									  uint64_t rounds);

/* What was loaded: the token of an algorithm (empty: there is none), and whom it
 * is judged by. */
struct wims_pl bench_token(struct wims_pl alg);
const struct wims_provision *bench_provision(void);
/* CPU time of so many calls in a row; false when one of them is. */
WIMS_MUST_CHECK bool bench_time(uint64_t *ns, uint64_t rounds, bool (*once)(void *ctx), void *ctx);

#endif
