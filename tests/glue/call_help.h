/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CALL_HELP_H
#define CALL_HELP_H

/* Requests of a call, either side. */

#include "glue.h"

#include "flow/wims_flow.h"

#define CALL_OTHER_CONN 9u
#define ALICE "sip:alice@ims.test"
#define BOB "sip:bob@ims.test"

/* Alice's name towards the core. */
extern char call_contact_user[WIMS_CONTACT_USER_LEN + 1];

/* Of cmocka: alice is registered on GLUE_CONN, nobody on CALL_OTHER_CONN. */
int call_setup(void **state);
/* to_tag: "" or ";tag=x"; more: whole header lines. */
sip_msg_t *call_from_wic(uint32_t conn, const char *method, const char *to_tag, const char *more);
/* The same with a Request-URI of one's own. */
sip_msg_t *call_from_wic_to(uint32_t conn, const char *method, const char *uri, const char *to_tag,
							const char *more);
sip_msg_t *call_to_wic(const char *method, const char *uri_user, const char *more);
/* A Route header with the flow token of our Path. */
void call_path_of_wic(char *to, size_t size, uint32_t conn);
/* f must come to that outcome. */
void call_expect(sip_msg_t *msg, int (*f)(sip_msg_t *), const char *reason);
/* f on an INVITE of a WIC to that URI, with each allocation failing in turn, that one
 * alone (once) or all from there on: refused, and no call stays behind. Returns how many
 * tries it took. */
size_t call_without_memory(int (*f)(sip_msg_t *), const char *uri, bool once);

#endif
