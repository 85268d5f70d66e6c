#!/bin/bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run.sh DIR: SIPp plays the eP-CSCF against the core that "core.sh start DIR" has started.
# The core must trust 127.0.0.1 and hold the users of subscribers.json.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CORE=$HERE/../core.sh
DIR=$(realpath "$1")
WORK=$DIR/selftest
EP_IP=127.0.0.1
STRANGER_IP=127.0.0.99
SIPP_SECONDS=10
PASSED=0
FAILED=0

# shellcheck source=/dev/null
. "$DIR/env"
mkdir -p "$WORK"

free_port() {
	python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], 0))
print(s.getsockname()[1])' "$EP_IP"
}

EP_PORT=$(free_port)
PATH_URI="sip:term@$EP_IP:$EP_PORT;lr"
NO_HEADER="X-None: 1"

# --- one SIPp -------------------------------------------------------------

# Fills @NAME@ of a scenario from NAME=value arguments; prints the file.
scenario() { # file NAME=value...
	local out pair args=(-e "")
	out=$(mktemp "$WORK/${1%.xml}.XXXXXX")
	for pair in "${@:2}"; do
		args+=(-e "s|@${pair%%=*}@|${pair#*=}|g")
	done
	sed "${args[@]}" "$HERE/$1" >"$out"
	echo "$out"
}

run_sipp() { # port scenario arguments...
	local port=$1 file=$2
	shift 2
	timeout $((SIPP_SECONDS + 5)) sipp -sf "$file" -i "$EP_IP" -p "$port" -m 1 -nostdin \
		-timeout $SIPP_SECONDS -timeout_error -default_behaviors none -key domain "$DOMAIN" \
		-trace_msg -message_file "$file.log" -trace_err -error_file "$file.err" \
		"$@" >/dev/null 2>&1
}

contact_of() { echo "sip:${1%@*}-wic@$EP_IP:$EP_PORT"; }

tna() { # impi
	echo "Authorization: Digest username=\"$1\", realm=\"$DOMAIN\", uri=\"sip:$DOMAIN\", nonce=\"\", response=\"\", integrity-protected=\"auth-done\""
}

# register CODE USER [NAME=value...]: NAMEs to alter the request: to, expires, path, visited,
# authorization, checks, target, from (source address), transport
register() {
	local code=$1 user=$2 pair
	local to=sip:$user expires=600 path="Path: <$PATH_URI>" visited="P-Visited-Network-ID: $DOMAIN"
	local authorization checks="" target=$ICSCF from=$EP_IP transport=u1 file
	authorization=$(tna "$user")
	for pair in "${@:3}"; do
		local "$pair"
	done
	file=$(scenario register.xml "CODE=$code" "CHECKS=$checks")
	[ -n "$checks" ] || sed -i '/action>/d' "$file"
	run_sipp "$(free_port)" "$file" "$target" -i "$from" -t "$transport" -key impu "$to" \
		-key contact "$(contact_of "$user")" -key expires "$expires" -key path "$path" \
		-key visited "$visited" -key authorization "$authorization"
}

digest() { # code password
	local file
	file=$(scenario digest.xml "CODE=$1" "PASSWORD=$2" "IMPI=dora@$DOMAIN" "DOMAIN=$DOMAIN")
	run_sipp "$(free_port)" "$file" "$ICSCF" -key impu "sip:dora@$DOMAIN" -key expires 600 \
		-key contact "$(contact_of "dora@$DOMAIN")" -key path "Path: <$PATH_URI>" \
		-key visited "P-Visited-Network-ID: $DOMAIN" -key authorization \
		"Authorization: Digest username=\"dora@$DOMAIN\", realm=\"$DOMAIN\", uri=\"sip:$DOMAIN\", nonce=\"\", response=\"\""
}

# send_message CODE NODE TARGET [ASSERTED [HEADER]]: with ASSERTED it is an originating request
send_message() {
	local route=$NO_HEADER asserted=$NO_HEADER header=${5:-$NO_HEADER}
	if [ $# -gt 3 ]; then
		route="Route: <sip:orig@$SCSCF;lr>"
		asserted="P-Asserted-Identity: <$4>"
		[ -n "$4" ] || asserted=$NO_HEADER
	fi
	run_sipp "$(free_port)" "$(scenario uac_message.xml "CODE=$1")" "$2" -key target "$3" \
		-key caller "sip:caller@$DOMAIN" -key route "$route" -key asserted "$asserted" \
		-key header "$header"
}

# Runs a terminating scenario in the background, the rest of the line in front of it; both must pass.
with_terminating() { # scenario-file command...
	local file=$1 pid status=0
	shift
	run_sipp "$EP_PORT" "$file" &
	pid=$!
	soon socket_is_bound || status=1
	"$@" || status=1
	wait "$pid" || status=1
	return $status
}

delivered() { # called-uri registered-user command...
	local called=$1 user=$2
	shift 2
	with_terminating "$(scenario uas_message.xml "CALLED=${called//[+]/[+]}" \
		"CONTACT=$(contact_of "$user")" "PATH_URI=$PATH_URI")" "$@"
}

call() { # caller callee
	local file
	file=$(scenario uas_invite.xml "CALLED=sip:$2" "CALLER=sip:$1" "CONTACT=$(contact_of "$2")" \
		"SCSCF=$SCSCF")
	with_terminating "$file" run_sipp "$(free_port)" "$(scenario uac_invite.xml)" "$SCSCF" -key target "sip:$2" \
		-key caller "sip:$1" -key route "Route: <sip:orig@$SCSCF;lr>" \
		-key asserted "P-Asserted-Identity: <sip:$1>"
}

# --- the list -------------------------------------------------------------

check() { # name command...
	local name=$1
	shift
	if "$@"; then
		PASSED=$((PASSED + 1))
	else
		FAILED=$((FAILED + 1))
		echo "FAILED: $name"
	fi
}

shows() { # user expected-pattern
	"$CORE" registered "$DIR" "sip:$1" | grep -Eq "$2"
}

shows_nothing() { # user
	[ -z "$("$CORE" registered "$DIR" "sip:$1")" ]
}

soon() { # command...
	local tries
	for tries in $(seq 50); do
		! "$@" || return 0
		sleep 0.1
	done
	echo "not within $tries tries: $*" >&2
	return 1
}

socket_is_bound() {
	grep -q ":$(printf '%04X' "$EP_PORT") 00000000:0000" /proc/net/udp
}

reg_event() { # user
	local file
	file=$(scenario subscribe.xml "CONTACT=$(contact_of "$1")" \
		"SCSCF_HOST=${SCSCF%:*}" "SCSCF_PORT=${SCSCF#*:}" \
		"RTR_COMMAND='$CORE' rtr '$DIR' 'sip:$1'")
	run_sipp "$EP_PORT" "$file" "$ICSCF" -key target "sip:$1" -key path_uri "$PATH_URI"
}

leaks_are() { [ "$("$CORE" leaks "$DIR")" -eq "$1" ]; }

seen_counts() {
	local before after
	before=$("$CORE" seen "$DIR" MESSAGE)
	send_message 480 "$ICSCF" "sip:bob@$DOMAIN" || return 1
	after=$("$CORE" seen "$DIR" MESSAGE)
	[ "$after" -eq $((before + 1)) ]
}

ALICE=alice@$DOMAIN
BOB=bob@$DOMAIN
CAROL=carol@$DOMAIN
# shellcheck disable=SC2016 # SIPp expands these
ANSWER='<ereg regexp="sip:orig@[0-9.]+:[0-9]+;lr" search_in="hdr" header="Service-Route:" check_it="true" assign_to="1"/>'
ANSWER+="<ereg regexp=\"sip:$ALICE.*, .tel:.15550001\" search_in=\"hdr\" header=\"P-Associated-URI:\" check_it=\"true\" assign_to=\"2\"/>"
# shellcheck disable=SC2016
ANSWER+='<ereg regexp="expires=600" search_in="hdr" header="Contact:" check_it="true" assign_to="3"/><log message="[$1] [$2] [$3]"/>'

registration_checks() {
	check "TNA REGISTER: 200, Service-Route, P-Associated-URI" register 200 "$ALICE" "checks=$ANSWER"
	check "the registrar shows contact, expiry and Path" shows "$ALICE" "^sip:alice-wic@[^ ]+ [0-9]+ <sip:term@.*;lr>"
	check "refresh" register 200 "$ALICE" "checks=$ANSWER"
	check "TNA REGISTER over TCP" register 200 "$CAROL" transport=t1
	check "de-registration" register 200 "$CAROL" expires=0
	check "nothing is left of it" shows_nothing "$CAROL"
	check "short expiry: 423" register 423 "$CAROL" expires=1
	check "no P-Visited-Network-ID: 400" register 400 "$BOB" "visited=$NO_HEADER"
	check "unknown visited network: 403" register 403 "$BOB" "visited=P-Visited-Network-ID: other.test"
	check "no Path: 400" register 400 "$BOB" "path=$NO_HEADER"
	check "no auth-done: 401" register 401 "$BOB" "authorization=$(tna "$BOB" | sed 's/, integrity.*//')"
	check "integrity-protected=no: 401" register 401 "$BOB" "authorization=$(tna "$BOB" | sed 's/auth-done/no/')"
	check "no Authorization: 401" register 401 "$BOB" "authorization=$NO_HEADER"
	check "unknown user: 403" register 403 "nobody@$DOMAIN"
	check "IMPI and IMPU of two users: 403" register 403 "$BOB" "to=sip:$ALICE"
	check "barred IMPU: 403" register 403 "erin@$DOMAIN" "to=sip:erin-barred@$DOMAIN"
	check "IMPI without @: 400" register 400 "$BOB" "authorization=$(tna bob)"
	check "other realm: 400" register 400 "$BOB" "authorization=$(tna "$BOB" | sed 's/realm="[^"]*"/realm="other.test"/')"
	check "response not empty: 400" register 400 "$BOB" "authorization=$(tna "$BOB" | sed 's/response=""/response="aa"/')"
	check "past the I-CSCF: 403" register 403 "$BOB" "target=$SCSCF"
	check "outside the trust domain: 403" register 403 "$BOB" "from=$STRANGER_IP"
	check "no access token has come so far" leaks_are 0
	check "access token in Authorization: 400" register 400 "$BOB" "authorization=Authorization: Bearer abc"
	check "access token elsewhere: 400" register 400 "$BOB" "visited=X-Token: eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."
	check "both are counted" leaks_are 2
	check "nobody was registered by these" shows_nothing "$BOB"
}

digest_checks() {
	check "Digest: 401, then 200" digest 200 dora-test-password
	check "Digest, wrong password: 401, then 403" digest 403 wrong
}

session_checks() {
	check "terminating MESSAGE by Path" delivered "sip:$ALICE" "$ALICE" send_message 200 "$ICSCF" "sip:$ALICE"
	check "terminating MESSAGE to the tel IMPU" delivered tel:+15550001 "$ALICE" send_message 200 "$ICSCF" tel:+15550001
	check "terminating, not registered: 480" send_message 480 "$ICSCF" "sip:$BOB"
	check "terminating, de-registered: 480" send_message 480 "$ICSCF" "sip:$CAROL"
	check "terminating, unknown: 604" send_message 604 "$ICSCF" "sip:nobody@$DOMAIN"
	check "terminating, other domain: 404" send_message 404 "$ICSCF" sip:alice@other.test
	check "terminating past the I-CSCF: 403" send_message 403 "$SCSCF" "sip:$ALICE"
	check "requests are counted" seen_counts
	check "a user made by rule registers" register 200 "wic99999@$DOMAIN"
	check "no user beyond the rule" register 403 "wic100000@$DOMAIN"
	check "originating MESSAGE" delivered "sip:wic99999@$DOMAIN" "wic99999@$DOMAIN" \
		send_message 200 "$SCSCF" "sip:wic99999@$DOMAIN" "sip:$ALICE"
	check "originating, tel identity" delivered "sip:wic99999@$DOMAIN" "wic99999@$DOMAIN" \
		send_message 200 "$SCSCF" "sip:wic99999@$DOMAIN" tel:+15550001
	check "originating, not registered: 403" send_message 403 "$SCSCF" "sip:$ALICE" "sip:$BOB"
	check "originating, no P-Asserted-Identity: 403" send_message 403 "$SCSCF" "sip:$ALICE" ""
	check "originating, P-Preferred-Identity left in: 400" send_message 400 "$SCSCF" "sip:$ALICE" "sip:$ALICE" \
		"P-Preferred-Identity: <sip:$ALICE>"
	check "originating call, answered and hung up" call "$ALICE" "wic99999@$DOMAIN"
}

wildcard_checks() {
	check "pilot of a range registers" register 200 "range1@$DOMAIN"
	check "terminating to a member" delivered "sip:range1-x@$DOMAIN" "range1@$DOMAIN" \
		send_message 200 "$ICSCF" "sip:range1-x@$DOMAIN"
	check "the pilot is still reached" delivered "sip:range1@$DOMAIN" "range1@$DOMAIN" \
		send_message 200 "$ICSCF" "sip:range1@$DOMAIN"
	check "originating as a member" delivered "sip:$ALICE" "$ALICE" \
		send_message 200 "$SCSCF" "sip:$ALICE" "sip:range1-x@$DOMAIN" "P-Profile-Key: <sip:range1-!.*!@$DOMAIN>"
	check "originating as a member, no P-Profile-Key: 403" send_message 403 "$SCSCF" "sip:$ALICE" "sip:range1-x@$DOMAIN"
	check "P-Profile-Key of a distinct identity: 403" send_message 403 "$SCSCF" "sip:$ALICE" "sip:$ALICE" \
		"P-Profile-Key: <sip:range1-!.*!@$DOMAIN>"
	check "a distinct IMPU inside the range, not registered: 480" send_message 480 "$ICSCF" "sip:range1-vip@$DOMAIN"
	check "outside the range: 604" send_message 604 "$ICSCF" "sip:range1x@$DOMAIN"
	check "the wildcard itself registers" register 200 "range2@$DOMAIN" "to=sip:range2-!.*!@$DOMAIN"
	check "terminating to a member of it" delivered "sip:range2-y@$DOMAIN" "range2@$DOMAIN" \
		send_message 200 "$ICSCF" "sip:range2-y@$DOMAIN"
	check "an expression with a count registers" register 200 "range3@$DOMAIN"
	check "terminating to a member of that one" delivered "sip:range3-123@$DOMAIN" "range3@$DOMAIN" \
		send_message 200 "$ICSCF" "sip:range3-123@$DOMAIN"
	check "originating as a member of that one" delivered "sip:$ALICE" "$ALICE" \
		send_message 200 "$SCSCF" "sip:$ALICE" "sip:range3-123@$DOMAIN" \
		"P-Profile-Key: <sip:range3-!%5B0-9%5D%7B3%7D!@$DOMAIN>"
	check "too short for the expression: 604" send_message 604 "$ICSCF" "sip:range3-12@$DOMAIN"
}

network_checks() {
	check "reg event: NOTIFY active, after RTR terminated" reg_event "$ALICE"
	check "RTR has removed the contact" soon shows_nothing "$ALICE"
	check "terminating after RTR: 480" send_message 480 "$ICSCF" "sip:$ALICE"
	check "registers again after RTR" register 200 "$ALICE"
}

registration_checks
digest_checks
session_checks
wildcard_checks
network_checks
echo "$PASSED passed, $FAILED failed"
[ "$FAILED" -eq 0 ]
