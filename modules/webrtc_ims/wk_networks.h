/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_NETWORKS_H
#define WK_NETWORKS_H

/* Lists of networks that the operator sets. */

#include "guard/wims_net.h"

/* Reads the list that the modparam has. -1, and a line in the log with name, value and
 * fault: it is none. *out: as for wims_nets_new(). */
int wk_networks_read(struct wims_nets **out, const char *name, const char *value);

/* core_networks and peer_networks: the script compares addresses with them, by functions
 * that take "10.0.0.0/" for everybody and a name for nobody. -1: such a value. */
int wk_networks_check(void);

#endif
