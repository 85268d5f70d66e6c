/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef REGISTRAR_CONFORM_INT_H
#define REGISTRAR_CONFORM_INT_H

#include "registrar_help.h"

/* registrar_conform_lease.c */
void conform_allocates_each_once(void **state);
void conform_takes_the_longest_free(void **state);
void conform_keeps_quarantine(void **state);
void conform_only_asks(void **state);
void conform_holds_for_a_time(void **state);
void conform_answers_the_first_of_an_owner(void **state);
void conform_claims(void **state);
void conform_frees_a_claim_that_expires(void **state);
void conform_makes_again(void **state);
void conform_keeps_who_has_moved(void **state);
void conform_keeps_the_older_owner(void **state);

/* registrar_conform_contact.c */
void conform_shows_what_was_put(void **state);
void conform_expires(void **state);
void conform_replaces_contacts(void **state);
void conform_limits_contacts(void **state);
void conform_holds_as_many_as_allowed(void **state);
void conform_removes(void **state);
void conform_takes_any_text(void **state);
void conform_refuses_what_is_too_much(void **state);

/* registrar_conform_node.c */
void conform_lists(void **state);
void conform_purges(void **state);
void conform_knows_nodes(void **state);
void conform_forgets_nodes(void **state);
void conform_lets_one_hold_a_block(void **state);
void conform_keeps_a_long_document(void **state);

/* registrar_conform_model.c */
void conform_as_the_model(void **state);

#endif
