#!/bin/bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A real IMS core (I-CSCF, S-CSCF, HSS) on loopback. See README.md.
#   core.sh start DIR              start a core; all it writes is under DIR; DIR/env says where it is
#   core.sh stop DIR               stop it and check that nothing is left
#   core.sh status DIR             one line for each node
#   core.sh registered DIR IMPU    contact, seconds left and Path, a line for each contact (or nothing)
#   core.sh seen DIR METHOD [TO [EXPIRES]]   how many such requests have entered the core
#   core.sh said DIR METHOD NAME   what they said, a line each: NAME is ru, from, to, ci, cseq, expires, asserted or profile
#   core.sh asked DIR UAR|SAR|LIR|MAR   how many such requests the HSS has answered
#   core.sh end DIR NODE           stop one of hss, scscf, icscf: the case puts its own in its place
#   core.sh leaks DIR              how many requests brought an access token into the core
#   core.sh rtr DIR IMPU           let the HSS de-register the user of IMPU
#   core.sh crash DIR              kill it: whatever it knew is gone
#   core.sh revive DIR             start it again as it was started before
#   core.sh selftest               start a core, run selftest/run.sh against it, stop it
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
NODES=(hss scscf icscf)
READY_SECONDS=30
STOP_SECONDS=10

die() {
	echo "core.sh: $*" >&2
	exit 1
}

usage() {
	sed -n 's/^#   //p' "${BASH_SOURCE[0]}" >&2
	exit 2
}

# --- parameters -----------------------------------------------------------

set_parameters() {
	local offset=${PORT_OFFSET:-0}
	DOMAIN=${DOMAIN:-ims.test}
	HSS_IP=${HSS_IP:-127.0.0.10}
	ICSCF_IP=${ICSCF_IP:-127.0.0.11}
	SCSCF_IP=${SCSCF_IP:-127.0.0.12}
	ICSCF_PORT=${ICSCF_PORT:-$((15060 + offset))}
	SCSCF_PORT=${SCSCF_PORT:-$((15061 + offset))}
	HSS_PORT=${HSS_PORT:-$((15062 + offset))}
	HSS_SIP_PORT=${HSS_SIP_PORT:-$((15063 + offset))}
	EPCSCF_ADDRS=${EPCSCF_ADDRS:-127.0.0.1}
	MIN_EXPIRES=${MIN_EXPIRES:-5}
	MAX_EXPIRES=${MAX_EXPIRES:-7200}
	SHM_MB=${SHM_MB:-64}
	SUBSCRIBERS=$(realpath "${SUBSCRIBERS:-$HERE/subscribers.json}")
	FRONT=${FRONT:-$ICSCF_IP:$ICSCF_PORT}
	SCSCF_URI=sip:$SCSCF_IP:$SCSCF_PORT
	if [ "$(printf '%s\n' "$HSS_IP" "$ICSCF_IP" "$SCSCF_IP" | sort -u | wc -l)" -ne 3 ]; then
		die "HSS_IP, ICSCF_IP and SCSCF_IP must differ: they are the Diameter identities"
	fi
}

SETTINGS=(DOMAIN HSS_IP ICSCF_IP SCSCF_IP ICSCF_PORT SCSCF_PORT HSS_PORT HSS_SIP_PORT FRONT EPCSCF_ADDRS MIN_EXPIRES
	MAX_EXPIRES SHM_MB SUBSCRIBERS LADDER)

# For "revive".
write_settings() {
	local name
	for name in "${SETTINGS[@]}"; do
		printf '%s=%q\n' "$name" "${!name:-}"
	done >"$DIR/settings"
}

write_env() {
	cat >"$DIR/env" <<-END
		DOMAIN=$DOMAIN
		ICSCF=$ICSCF_IP:$ICSCF_PORT
		SCSCF=$SCSCF_IP:$SCSCF_PORT
		HSS=$HSS_IP:$HSS_PORT
		HSS_SIP=$HSS_IP:$HSS_SIP_PORT
		EPCSCF_ADDRS=$EPCSCF_ADDRS
	END
}

load_env() {
	[ -f "$DIR/env" ] || die "$DIR is not the directory of a core"
	# shellcheck source=/dev/null
	. "$DIR/env"
}

render() { # template target self-ip
	sed -e "s|@SELF_IP@|$3|g" -e "s|@DOMAIN@|$DOMAIN|g" \
		-e "s|@HSS_IP@|$HSS_IP|g" -e "s|@SCSCF_IP@|$SCSCF_IP|g" -e "s|@HSS_PORT@|$HSS_PORT|g" \
		-e "s|@SCSCF_URI_ESCAPED@|${SCSCF_URI//:/\\\\:}|g" "$1" >"$2"
}

write_configuration() {
	local table
	render "$HERE/cdp/hss.xml" "$DIR/etc/hss.xml" "$HSS_IP"
	render "$HERE/cdp/client.xml" "$DIR/etc/icscf.xml" "$ICSCF_IP"
	render "$HERE/cdp/client.xml" "$DIR/etc/scscf.xml" "$SCSCF_IP"
	for table in "$HERE"/db/*; do
		render "$table" "$DIR/etc/db/${table##*/}" "$ICSCF_IP"
	done
}

# --- processes ------------------------------------------------------------

# Processes of a node: the members of its group that were started with a path under DIR.
group_of() { # node
	local leader
	leader=$(cat "$DIR/run/$1.leader" 2>/dev/null) || return 0
	pgrep -g "$leader" -f -- "$DIR/run/$1\.pid" || true
}

alive() { [ -n "$(group_of "$1")" ]; }

launch() { # node listen...
	local node=$1
	shift
	local address
	local args=(-DD -E -m "$SHM_MB" -M 8 -f "$HERE/$node.cfg" -w "$DIR/run" -P "$DIR/run/$node.pid"
		-A "DOMAIN=\"$DOMAIN\"" -A "CTL=\"unix:$DIR/run/$node.ctl\"" -A "CDP_XML=\"$DIR/etc/$node.xml\""
		-A "DB_URL=\"text://$DIR/etc/db\"" -A "JSON_SOCKET=\"$DIR/run/$node.json\"" -A "HSS_PY=\"$HERE/hss.py\"" -A "SCSCF_URI=\"$SCSCF_URI\""
		-A "HSS_IP=\"$HSS_IP\"" -A "ICSCF_IP=\"$ICSCF_IP\"" -A "ICSCF_PORT=$ICSCF_PORT"
		-A "FRONT=\"$FRONT\"" -A "SCSCF_IP=\"$SCSCF_IP\"" -A "SCSCF_PORT=$SCSCF_PORT"
		-A "EPCSCF_ADDRS=\"$EPCSCF_ADDRS\"" -A "MIN_EXPIRES=$MIN_EXPIRES" -A "MAX_EXPIRES=$MAX_EXPIRES")
	[ -z "${LADDER:-}" ] || args+=(-A WITH_LADDER)
	for address in "$@"; do
		args+=(-l "$address")
	done
	# A session of its own: cdp's children outlive a killed parent, the group finds them.
	CORE_DOMAIN=$DOMAIN CORE_SCSCF_IP=$SCSCF_IP CORE_SUBSCRIBERS=$SUBSCRIBERS PYTHONDONTWRITEBYTECODE=1 \
		setsid kamailio "${args[@]}" >>"$DIR/log/$node.log" 2>&1 </dev/null &
	echo $! >"$DIR/run/$node.leader"
}

rpc() { # node command...
	local node=$1
	shift
	kamcmd -s "unix:$DIR/run/$node.ctl" "$@" 2>/dev/null
}

diameter_open() { # node
	rpc "$1" cdp.list_peers | grep -Eq 'State: *[IR]_Open'
}

wait_until() { # seconds command...
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.1
	done
}

# Of a node that was only just launched the leader may not be in its group yet, nor
# bear the name of it.
lives() { # node
	kill -0 "$(cat "$DIR/run/$1.leader")" 2>/dev/null
}

ready_or_dead() { # node command...
	"${@:2}" || ! lives "$1"
}

await() { # node command...
	local node=$1
	if wait_until $READY_SECONDS ready_or_dead "$@" && lives "$node"; then
		return
	fi
	echo "core.sh: $node does not become ready; last lines of its log:" >&2
	tail -n 20 "$DIR/log/$node.log" >&2
	stop_nodes
	exit 1
}

hss_listens() { rpc hss core.version >/dev/null && (exec 3<>"/dev/tcp/$HSS_IP/$HSS_PORT") 2>/dev/null; }

start() {
	set_parameters
	[ ! -f "$DIR/env" ] || die "$DIR already holds a core: stop it first"
	[ ${#DIR} -le 80 ] || die "$DIR is too long for a Unix socket in it"
	mkdir -p "$DIR"/{run,log,etc/db}
	write_configuration
	write_settings
	write_env
	launch hss "udp:$HSS_IP:$HSS_SIP_PORT"
	await hss hss_listens
	launch scscf "udp:$SCSCF_IP:$SCSCF_PORT" "tcp:$SCSCF_IP:$SCSCF_PORT"
	launch icscf "udp:$ICSCF_IP:$ICSCF_PORT" "tcp:$ICSCF_IP:$ICSCF_PORT"
	await scscf diameter_open scscf
	await icscf diameter_open icscf
}

none_alive() {
	local node
	for node in "${NODES[@]}"; do
		! alive "$node" || return 1
	done
}

signal_nodes() { # signal
	local node pid
	for node in "${NODES[@]}"; do
		for pid in $(group_of "$node"); do
			kill "-$1" "$pid" 2>/dev/null || true
		done
	done
}

kill_nodes() {
	signal_nodes KILL
	wait_until $STOP_SECONDS none_alive || die "processes are left: see $DIR/run"
	rm -rf "$DIR/run" "$DIR/env"
}

stop_nodes() {
	signal_nodes TERM
	wait_until $STOP_SECONDS none_alive || true
	kill_nodes
}

revive() {
	[ -f "$DIR/settings" ] || die "no core was ever started in $DIR"
	# shellcheck source=/dev/null
	. "$DIR/settings"
	start
}

# --- what the core knows --------------------------------------------------

status() {
	local node
	for node in "${NODES[@]}"; do
		alive "$node" && echo "$node up, $(group_of "$node" | wc -l) processes" || echo "$node down"
	done
	none_alive && return 1 || return 0
}

registered() { # impu
	local contact expires path
	rpc scscf ulscscf.showimpu "$1" | awk '
		$1 ~ /^state:/ { registered = ($2 == "registered") }
		/: \{$/ { sub(/^[ \t]+/, ""); sub(/: \{$/, ""); name = $0 }
		$1 == "expires:" && registered && $2 > 0 { print name, $2 }' |
		while read -r contact expires; do
			# A contact that was removed has lost its Path at once, the rest of it goes a little later.
			path=$(rpc scscf htable.get path "s:$contact" | sed -n 's/^[ \t]*value: //p')
			[ -z "$path" ] || echo "$contact $expires $path"
		done
}

entered() { # method
	cat "$DIR/log/icscf.log" "$DIR/log/scscf.log" | grep "CORE-SEEN $1 " || true
}

seen() { # method [to [expires]]
	entered "$1" | grep -F -e "${2:+ to=$2 }" | grep -Fc -e "${3:+ expires=$3 }" || true
}

# What is not there is "<null>".
said() { # method name
	entered "$1" | sed -n "s/.* $2=\\([^ ]*\\) .*/\\1/p"
}

asked() { # UAR, SAR, LIR or MAR
	local -A code=([UAR]=300 [SAR]=301 [LIR]=302 [MAR]=303)
	local n
	n=$(rpc hss htable.get asked "s:${code[$1]}" | sed -n 's/^[ \t]*value: //p')
	echo "${n:-0}"
}

end_node() { # node
	local pid
	for pid in $(group_of "$1"); do
		kill "$pid" 2>/dev/null || true
	done
	wait_until $STOP_SECONDS node_gone "$1" || die "$1 does not end"
}

node_gone() { ! alive "$1"; }

leaks() { cat "$DIR/log/icscf.log" "$DIR/log/scscf.log" | grep -c "CORE-LEAK" || true; }

rtr() { # impu
	local reply
	# shellcheck disable=SC2153 # HSS_SIP is not HSS_IP
	reply=$(python3 "$HERE/rtr.py" "${HSS_SIP%:*}" "${HSS_SIP#*:}" "$1") || die "no answer from the HSS"
	[ "$reply" = 200 ] || die "the HSS answers $reply: is $1 registered?"
	# The S-CSCF's timer takes the contacts away within a second or two.
	wait_until $STOP_SECONDS unregistered "$1" || die "$1 is still registered"
}

unregistered() { [ -z "$(registered "$1")" ]; }

selftest() {
	local work status=0
	work=$(mktemp -d)
	DIR=$work/core
	start
	"$HERE/selftest/run.sh" "$DIR" || status=$?
	[ $status -eq 0 ] || tail -n 30 "$DIR"/log/*.log >&2
	stop_nodes
	[ $status -ne 0 ] || rm -rf "$work"
	return $status
}

[ $# -ge 1 ] || usage
COMMAND=$1
if [ "$COMMAND" = selftest ]; then
	selftest
	exit
fi
[ $# -ge 2 ] || usage
DIR=$(realpath -m "$2")
case $COMMAND in
	start) start ;;
	stop) [ ! -d "$DIR/run" ] || stop_nodes ;;
	crash) kill_nodes ;;
	revive) revive ;;
	status) status ;;
	leaks) leaks ;;
	asked)
		[[ ${3:-} =~ ^(UAR|SAR|LIR|MAR)$ ]] || usage
		asked "$3"
		;;
	end)
		[[ ${3:-} =~ ^(hss|scscf|icscf)$ ]] || usage
		end_node "$3"
		;;
	registered | rtr)
		[ $# -eq 3 ] || usage
		load_env
		"$COMMAND" "$3"
		;;
	seen)
		((3 <= $# && $# <= 5)) || usage
		seen "${@:3}"
		;;
	said)
		[ $# -eq 4 ] || usage
		said "$3" "$4"
		;;
	*) usage ;;
esac
