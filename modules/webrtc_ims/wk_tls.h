/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_TLS_H
#define WK_TLS_H

#include <stdbool.h>

/* The only file of the glue that touches OpenSSL, and the first code of this
 * module that runs at all.
 *
 * Kamailio's tls module makes OpenSSL allocate from shared memory. Before 6.0
 * the thread-locals that OpenSSL creates in the parent (error state, random
 * generator) are therefore inherited by every worker as pointers to the same
 * shared bytes: two workers use them at once and the server dies within some
 * hundred connections. The cure forgets them in every forked child, which
 * then makes its own (the idea of Kamailio's tls_threads_mode=2).
 *
 * Its random generator is a second matter: tls puts Kamailio's Fortuna under
 * RAND_bytes, whose state every worker inherits and none renews, so that all
 * workers draw the same "random" numbers, TLS keys among them. OpenSSL's own
 * generator notices a fork; it is put back.
 *
 * The third: tls reads OpenSSL's error queue after each operation but does not
 * empty it before. What one broken client leaves there is blamed on the next
 * one, whose connection is cut. The queue is emptied before each use. */

/* Call in mod_register: notes whether tls is loaded already. Touches nothing
 * else: OpenSSL must not be used before tls has set its allocator. */
void wk_tls_note_load_order(void);

/* Call in mod_init when the role is known: checks the load order (tls before this module),
 * installs the cure where the core needs it, and uses each algorithm once so
 * that no worker is the first to fetch it. 0 or -1; one log line says what
 * was done. */
int wk_tls_prepare(void);

/* Call in child_init: makes the thread-locals of this process, then rest (NULL: nothing),
 * and is not ended by a signal meanwhile. OpenSSL notes the thread-locals of all
 * processes under a lock that is in shared memory: with a process that was ended in
 * there the main process waits for it for ever, in its own clean-up. False: either
 * failed. */
bool wk_tls_child(bool (*rest)(void));

#endif
