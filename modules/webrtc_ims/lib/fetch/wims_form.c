/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_form.h"

static bool plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '*'
		   || c == '-' || c == '.' || c == '_';
}

void wims_form_value(struct wims_w *w, struct wims_pl value)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t i;

	for(i = 0; i < value.l; i++) {
		unsigned char c = (unsigned char)value.p[i];
		char escaped[3] = {'%', hex[c >> 4], hex[c & 15]};

		if(plain(value.p[i]))
			wims_w_pl(w, (struct wims_pl){value.p + i, 1});
		else if(c == ' ')
			wims_w_lit(w, "+");
		else
			wims_w_pl(w, (struct wims_pl){escaped, sizeof(escaped)});
	}
}
