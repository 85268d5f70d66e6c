/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef RANGE_HELP_H
#define RANGE_HELP_H

/* WICs that are registered in the range of the group's WWSF "wwsf3", and what
 * the core sends for them. */

#include "glue.h"

#define RANGE_WILDCARD "sip:r1-!.*!@ims.test"
#define RANGE_BOB "sip:r1-bob@ims.test"
#define RANGE_CONN 20u /* the first one that is free for them */

/* Of cmocka: glue_setup, and nobody in the range; and the end of that. */
int range_setup(void **state);
int range_teardown(void **state);
/* bob over a new connection, with that q (0 to 1000). */
void range_registered(uint32_t conn, int q, char contact_user[WIMS_CONTACT_USER_LEN + 1]);
/* A request of the core for that called party, to the range's Contact. called:
 * NULL for none; more: whole header lines. */
sip_msg_t *range_request(const char *method, const char *called, const char *more);

#endif
