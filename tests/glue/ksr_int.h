/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef KSR_INT_H
#define KSR_INT_H

/* What the parts of the stand-in share. */

#include "ksr_stub.h"
#include "modules/sl/sl.h"
#include "modules/usrloc/usrloc.h"

int ksr_load_tm(struct tm_binds *api);
int ksr_bind_sl(sl_api_t *api);
int ksr_bind_usrloc(usrloc_api_t *api);
void ksr_usrloc_reset(void);
void ksr_branches_reset(void);
void ksr_tm_reset(void);
void ksr_tcp_reset(void);
void ksr_route_reset(void);
void ksr_load_reset(void);
unsigned long ksr_shm_available(void *block);
/* Reads the first line; unparsed points behind it. */
void ksr_first_line(sip_msg_t *msg);

#endif
