/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_REASON_H
#define WIMS_REASON_H

/* The one list of outcomes. The enum, the log text, $wims(reason), the
 * counter name, the SIP answer and the table in docs/outcomes.md all come
 * from it; add a row here and it exists everywhere.
 *
 * X(id, text, sip code, reason phrase, Bearer error, close)
 *   text    stable, lower case, also the counter's name
 *   code    what the routing script answers a request with (norms: RFC 8898,
 *           RFC 3261, RFC 5626; see docs/outcomes.md); 0: nothing to answer
 *   error   error parameter of WWW-Authenticate: Bearer (RFC 8898 4); ""
 *           when none is given, NULL when the answer carries no challenge
 *   close   true: the WebSocket is closed after the answer (TS 33.203
 *           X.3.2.3 step 4) unless the operator switched that off
 */

#include "wims_pl.h"

/* clang-format off */
#define WIMS_REASONS(X)                                                                                     \
	X(OK,                   "ok",                    0,   "",                            NULL, false)           \
	/* no usable token */                                                                                       \
	X(TOKEN_ABSENT,         "token_absent",          401, "Unauthorized",                "",   false)           \
	X(AUTH_MALFORMED,       "auth_malformed",        400, "Bad Authorization",           NULL, true)            \
	X(TOKEN_TOO_LONG,       "token_too_long",        401, "Unauthorized", "invalid_token", true)                \
	X(TOKEN_FORMAT,         "token_format",          401, "Unauthorized", "invalid_token", true)                \
	X(TOKEN_BASE64,         "token_base64",          401, "Unauthorized", "invalid_token", true)                \
	X(TOKEN_JSON,           "token_json",            401, "Unauthorized", "invalid_token", true)                \
	X(TOKEN_TYP,            "token_typ",             401, "Unauthorized", "invalid_token", true)                \
	X(TOKEN_CRIT,           "token_crit",            401, "Unauthorized", "invalid_token", true)                \
	/* key and signature */                                                                                     \
	X(ALG_UNKNOWN,          "alg_unknown",           401, "Unauthorized", "invalid_token", true)                \
	X(ALG_MISMATCH,         "alg_mismatch",          401, "Unauthorized", "invalid_token", true)                \
	X(KEY_UNKNOWN,          "key_unknown",           401, "Unauthorized", "invalid_token", true)                \
	X(SIGNATURE_BAD,        "signature_bad",         401, "Unauthorized", "invalid_token", true)                \
	/* claims */                                                                                                \
	X(ISSUER_UNKNOWN,       "issuer_unknown",        401, "Unauthorized", "invalid_token", true)                \
	X(AUDIENCE_MISMATCH,    "audience_mismatch",     401, "Unauthorized", "invalid_token", true)                \
	X(CLAIM_MISSING,        "claim_missing",         401, "Unauthorized", "invalid_token", true)                \
	X(CLAIM_TYPE,           "claim_type",            401, "Unauthorized", "invalid_token", true)                \
	X(CLAIM_VALUE,          "claim_value",           401, "Unauthorized", "invalid_token", true)                \
	X(TOKEN_EXPIRED,        "token_expired",         401, "Unauthorized", "invalid_token", true)                \
	X(TOKEN_NOT_YET,        "token_not_yet_valid",   401, "Unauthorized", "invalid_token", true)                \
	X(TOKEN_LIFETIME,       "token_lifetime",        401, "Unauthorized", "invalid_token", true)                \
	X(TOKEN_NEARLY_EXPIRED, "token_nearly_expired",  401, "Unauthorized", "invalid_token", false)               \
	X(SCOPE_MISSING,        "scope_missing",         401, "Unauthorized", "invalid_scope", true)                \
	X(TOKEN_REVOKED,        "token_revoked",         401, "Unauthorized", "invalid_token", true)                \
	/* what a WWSF's own server says of its tokens and keys */                                                  \
	X(TOKEN_INACTIVE,       "token_inactive",        401, "Unauthorized", "invalid_token", true)                \
	X(KEYS_PENDING,         "keys_pending",          503, "Service Unavailable",         NULL, false)           \
	X(TOKEN_SERVER_FAILED,  "token_server_failed",   503, "Service Unavailable",         NULL, false)           \
	/* identity (TS 33.203 X.3.1) */                                                                            \
	X(IMPU_NOT_ENTITLED,    "impu_not_entitled",     403, "Identity Not Allowed",        NULL, true)            \
	X(RANGE_NOT_ENTITLED,   "range_not_entitled",    403, "Identity Not Allowed",        NULL, true)            \
	X(BLOCK_NOT_ENTITLED,   "block_not_entitled",    403, "No Identity For This User",   NULL, true)            \
	X(IMPI_NOT_ENTITLED,    "impi_not_entitled",     403, "Identity Not Allowed",        NULL, true)            \
	X(TO_MISMATCH,          "to_mismatch",           403, "Identity Not In Token",       NULL, true)            \
	X(FROM_MISMATCH,        "from_mismatch",         403, "Identity Not In Token",       NULL, true)            \
	X(IMPI_MISMATCH,        "impi_mismatch",         403, "Identity Not In Token",       NULL, true)            \
	X(ORIGIN_REFUSED,       "origin_refused",        403, "Origin Not Allowed",          NULL, true)            \
	X(WWSF_MISMATCH,        "wwsf_mismatch",         403, "Token Of Another Web Site",   NULL, true)            \
	X(SUBJECT_MISMATCH,     "subject_mismatch",      403, "Connection Belongs To Another User", NULL, true)     \
	X(SCHEME_CHANGED,       "scheme_changed",        403, "Authentication Scheme Changed", NULL, false)         \
	X(IDENTITY_IN_USE,      "identity_in_use",       403, "Identity In Use",             NULL, true)            \
	X(IDENTITY_CONFLICT,    "identity_conflict",     409, "Identity Conflict",           NULL, true)            \
	/* the request itself */                                                                                    \
	X(TRANSPORT_REFUSED,    "transport_refused",     403, "WebSocket Required",          NULL, true)            \
	X(HEAD_CONTROL_BYTE,    "head_control_byte",     400, "Bad Request Head",            NULL, true)            \
	X(HEADER_NAME,          "header_name",           400, "Bad Header Name",             NULL, true)            \
	X(HEADER_DUPLICATE,     "header_duplicate",      400, "Duplicate Header",            NULL, false)           \
	X(HEAD_TOO_LONG,        "head_too_long",         400, "Request Head Too Long",       NULL, true)            \
	X(REQUEST_MALFORMED,    "request_malformed",     400, "Bad Request",                 NULL, false)           \
	X(CONTACT_BAD,          "contact_bad",           400, "Bad Contact",                 NULL, false)           \
	X(EXPIRES_TOO_BRIEF,    "expires_too_brief",     423, "Interval Too Brief",          NULL, false)           \
	X(REGISTER_LATE,        "register_late",         500, "Overtaken By A Later REGISTER", NULL, false)         \
	X(URI_BAD,              "uri_bad",               400, "Bad URI",                     NULL, false)           \
	X(SCENARIO_REFUSED,     "scenario_refused",      403, "Authentication Scheme Not Allowed", NULL, false)     \
	X(NOT_REGISTERED,       "not_registered",        403, "Not Registered",              NULL, false)           \
	X(NOT_DIALOG_PARTY,     "not_dialog_party",      403, "Not A Party Of This Dialog",  NULL, false)           \
	X(ROUTE_REFUSED,        "route_refused",         403, "Route Not Allowed",           NULL, false)           \
	X(SERVICE_ROUTE_MISMATCH, "service_route_mismatch", 400, "Route Is Not Service-Route", NULL, false) \
	X(OPTION_UNKNOWN,       "option_unknown",        420, "Bad Extension",               NULL, false)           \
	X(DIALOG_UNKNOWN,       "dialog_unknown",        481, "Call/Transaction Does Not Exist", NULL, false)       \
	/* a NOTIFY of the core (RFC 6665, RFC 3680) */                                                            \
	X(REGISTRATION_ENDED,   "registration_ended",    403, "Registration Ended",          NULL, true)            \
	X(REGISTRATION_DEACTIVATED, "registration_deactivated", 503, "Service Unavailable",  NULL, true)            \
	X(REGISTRATION_PROBATION, "registration_probation", 503, "Service Unavailable",      NULL, true)            \
	X(REGISTRATION_SHORTENED, "registration_shortened", 401, "Unauthorized",             "", true)              \
	X(EVENT_UNKNOWN,        "event_unknown",         489, "Bad Event",                   NULL, false)           \
	X(CSEQ_OLD,             "cseq_old",              500, "Request Out Of Order",        NULL, false)           \
	X(BODY_TYPE,            "body_type",             415, "Unsupported Media Type",      NULL, false)           \
	X(BODY_TOO_LONG,        "body_too_long",         413, "Request Entity Too Large",    NULL, false)           \
	X(BODY_XML,             "body_xml",              400, "Bad XML",                     NULL, false)           \
	X(REGINFO_MISSING,      "reginfo_missing",       400, "Incomplete Registration Information", NULL, false)   \
	X(REGINFO_VALUE,        "reginfo_value",         400, "Bad Registration Information", NULL, false)          \
	X(SDP_REFUSED,          "sdp_refused",           488, "Not Acceptable Here",         NULL, false)           \
	/* connections */                                                                                           \
	X(FLOW_UNKNOWN,         "flow_unknown",          403, "Connection Not Known",        NULL, true)            \
	X(FLOW_CLOSING,         "flow_closing",          403, "Connection Closing",          NULL, false)           \
	X(RATE_EXCEEDED,        "rate_exceeded",         503, "Service Unavailable",         NULL, false)           \
	X(RATE_FLOODED,         "rate_flooded",          503, "Service Unavailable",         NULL, true)            \
	X(ADDRESS_BANNED,       "address_banned",        403, "Address Banned",              NULL, false)           \
	X(FLOW_TOKEN_BAD,       "flow_token_bad",        403, "Bad Flow Token",              NULL, false)           \
	X(FLOW_GONE,            "flow_gone",             430, "Flow Failed",                 NULL, false)           \
	X(TARGET_UNREGISTERED,  "target_unregistered",   480, "Temporarily Unavailable",     NULL, false)           \
	X(TARGET_UNKNOWN,       "target_unknown",        404, "Not Found",                   NULL, false)           \
	X(EMERGENCY_ELSEWHERE,  "emergency_elsewhere",   380, "Alternative Service",         NULL, false)           \
	/* the core, and ourselves */                                                                               \
	X(CORE_TIMEOUT,         "core_timeout",          503, "Service Unavailable",         NULL, false)           \
	X(CORE_UNAVAILABLE,     "core_unavailable",      503, "Service Unavailable",         NULL, false)           \
	X(ANSWERED_503,         "answered_503",          500, "Server Internal Error",       NULL, false)           \
	X(CORE_CHALLENGE,       "core_challenge",        500, "Core Did Not Trust This Node", NULL, false)          \
	X(CORE_ANSWER_BAD,      "core_answer_bad",       500, "Bad Answer From Core",        NULL, false)           \
	X(MEDIA_UNAVAILABLE,    "media_unavailable",     503, "Service Unavailable",         NULL, false)           \
	X(RANGE_PENDING,        "range_pending",         503, "Service Unavailable",         NULL, false)           \
	X(RANGE_UNAVAILABLE,    "range_unavailable",     503, "Service Unavailable",         NULL, false)           \
	X(RANGE_REFUSED,        "range_refused",         403, "Identity Range Not Registered",NULL, false)           \
	X(BLOCK_USED_UP,        "block_used_up",         503, "Service Unavailable",         NULL, false)           \
	X(REGISTRAR_AWAY,       "registrar_away",        503, "Service Unavailable",         NULL, false)           \
	X(REGISTRAR_BAD,        "registrar_bad",         503, "Service Unavailable",         NULL, false)           \
	X(OVERLOADED,           "overloaded",            503, "Service Unavailable",         NULL, false)           \
	X(LIMIT_REACHED,        "limit_reached",         503, "Service Unavailable",         NULL, false)           \
	X(NOMEM,                "no_memory",             503, "Service Unavailable",         NULL, false)           \
	X(CRYPTO_FAILED,        "crypto_failed",         500, "Server Internal Error",       NULL, false)           \
	X(INTERNAL,             "internal",              500, "Server Internal Error",       NULL, false)           \
	X(WRONG_ROLE,           "wrong_role",            500, "Server Internal Error",       NULL, false)           \
	/* the operator's own input */                                                                              \
	X(CONFIG_SYNTAX,        "config_syntax",         0,   "",                            NULL, false)           \
	X(CONFIG_MEMBER,        "config_member",         0,   "",                            NULL, false)           \
	X(CONFIG_VALUE,         "config_value",          0,   "",                            NULL, false)           \
	X(CONFIG_KEY,           "config_key",            0,   "",                            NULL, false)           \
	X(CONFIG_OVERLAP,       "config_overlap",        0,   "",                            NULL, false)           \
	X(CONFIG_FILE,          "config_file",           0,   "",                            NULL, false)
/* clang-format on */

#define WIMS_REASON_ENUM(id, text, code, phrase, error, close) WIMS_##id,
enum wims_reason
{
	WIMS_REASONS(WIMS_REASON_ENUM) WIMS_REASON_COUNT
};
#undef WIMS_REASON_ENUM

struct wims_reason_info
{
	const char *text;
	const char *phrase;
	const char *bearer_error; /* NULL: the answer carries no challenge */
	int code;
	bool close;
};

/* Never NULL: a value outside the list reads as INTERNAL. */
const struct wims_reason_info *wims_reason_info(enum wims_reason r);
const char *wims_reason_text(enum wims_reason r);

#endif
