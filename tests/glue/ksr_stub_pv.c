/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "wk_pv.h"

static char shown[1024];

int pv_get_null(sip_msg_t *msg, pv_param_t *param, pv_value_t *val)
{
	snprintf(shown, sizeof(shown), "$null");
	return 0;
}

int pv_get_sintval(sip_msg_t *msg, pv_param_t *param, pv_value_t *val, int number)
{
	snprintf(shown, sizeof(shown), "%d", number);
	return 0;
}

int pv_get_strval(sip_msg_t *msg, pv_param_t *param, pv_value_t *val, str *text)
{
	snprintf(shown, sizeof(shown), "%.*s", STR_FMT(text));
	return 0;
}

/* As if there were no variables in any format. */
int pv_parse_format(str *in, pv_elem_t **el)
{
	*el = pkg_malloc(sizeof(**el));
	if(*el == NULL)
		return -1;
	memset(*el, 0, sizeof(**el));
	(*el)->text = *in;
	return 0;
}

int pv_printf_s(sip_msg_t *msg, pv_elem_t *list, str *s)
{
	*s = list->text;
	return 0;
}

int pv_elem_free_all(pv_elem_t *log)
{
	pkg_free(log);
	return 0;
}

const char *ksr_pv(sip_msg_t *msg, const char *name)
{
	pv_spec_t spec = {0};
	pv_value_t value;
	str in = {(char *)name, (int)strlen(name)};

	if(wk_pv_exports[0].parse_name(&spec, &in) < 0)
		return "no such name";
	assert_int_equal(wk_pv_exports[0].getf(msg, &spec.pvp, &value), 0);
	if(spec.pvp.pvn.nfree != NULL)
		spec.pvp.pvn.nfree(spec.pvp.pvn.u.dname);
	return shown;
}
