/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "ksr_int.h"
#include "wk_rpc.h"

static struct call
{
	const char *arg[5];
	size_t next;
	char text[KSR_TEXT_MAX];
	size_t used;
} call;

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(call.text + call.used, sizeof(call.text) - call.used, format, ap);
	va_end(ap);
	assert_true(n >= 0 && call.used + (size_t)n < sizeof(call.text));
	call.used += (size_t)n;
}

static void fault(void *ctx, int code, char *format, ...)
{
	va_list ap;
	char text[256];

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	say("%d %s\n", code, text);
}

/* Digits come as a number. */
static str text_of(char *number, size_t size, const char *arg)
{
	size_t len = strlen(arg);

	if(len == 0 || len >= size || strspn(arg, "0123456789") != len)
		return (str){(char *)arg, (int)len};
	memcpy(number, arg, len + 1);
	return (str){number, (int)len};
}

/* Like the real one, which goes on where it stopped, and says itself what is
 * missing unless it is optional. */
static int scan(void *ctx, char *format, ...)
{
	static char number[24]; /* one for all numbers, as in jsonrpcs */
	bool optional = false;
	int got = 0;
	va_list ap;

	va_start(ap, format);
	for(; *format != '\0'; format++) {
		if(*format == '*') {
			optional = true;
			continue;
		}
		if(*format == '.')
			continue;
		if(call.arg[call.next] == NULL) {
			if(!optional)
				fault(ctx, 400, "argument missing");
			break;
		}
		if(strcmp(call.arg[call.next], KSR_RPC_ODD) == 0) {
			got = -got;
			break;
		}
		*va_arg(ap, str *) = text_of(number, sizeof(number), call.arg[call.next]);
		call.next++;
		got++;
	}
	va_end(ap);
	return got;
}

static void say_value(char kind, va_list *ap)
{
	const str *s;

	switch(kind) {
		case 'd':
			say("%d", va_arg(*ap, int));
			return;
		case 'f':
			say("%.0f", va_arg(*ap, double));
			return;
		case 's':
			say("%s", va_arg(*ap, char *));
			return;
		case 'S':
			s = va_arg(*ap, str *);
			say("%.*s", s->len, s->s == NULL ? "" : s->s);
			return;
		default:
			fail_msg("format %c", kind);
	}
}

static int add(void *ctx, char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	if(*format == '{')
		*va_arg(ap, void **) = &call;
	else {
		say_value(*format, &ap);
		say("\n");
	}
	va_end(ap);
	return 0;
}

static int struct_add(void *ctx, char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	for(; *format != '\0'; format++) {
		say("%s=", va_arg(ap, char *));
		say_value(*format, &ap);
		say(format[1] == '\0' ? "\n" : " ");
	}
	va_end(ap);
	return 0;
}

rpc_t ksr_rpc = {.fault = fault, .add = add, .scan = scan, .struct_add = struct_add};

const char *ksr_rpc_run(const char *name, const char *arg1, const char *arg2)
{
	return ksr_rpc_args(name, (const char *[4]){arg1, arg2});
}

static const rpc_export_t *find(const rpc_export_t *e, const char *name)
{
	while(e->name != NULL && strcmp(e->name, name) != 0)
		e++;
	return e->name == NULL ? NULL : e;
}

const char *ksr_rpc_args(const char *name, const char *const arg[4])
{
	const rpc_export_t *e = find(wk_rpc_exports, name);

	if(e == NULL)
		e = find(wk_rpc_exports_any, name);
	if(e == NULL)
		fail_msg("no command %s", name);
	call = (struct call){.arg = {arg[0], arg[1], arg[2], arg[3]}};
	e->function(&ksr_rpc, &call);
	return call.text;
}
