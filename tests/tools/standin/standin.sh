#!/bin/bash
# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# standin.sh start DIR [--tcp-children N] [--load MODULE.so]
# standin.sh stop DIR
#
# Starts a stock Kamailio (kamailio.cfg.in, beside this file) on free ports of
# 127.0.0.1 with a lab CA of its own. All that it writes is in DIR; DIR/env
# has WSS_PORT, MW_PORT, CA and PID as KEY=VALUE once it is ready.
#
# One TCP worker is the default: with more of them a stock Kamailio 5.6.3 of
# Debian 12 dies under TLS load (tests/tools/README.md). --load adds a
# module, e.g. one with a cure for that.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
poll_max=100 # of 0.1 s
launch_max=5

usage() {
	echo "usage: standin.sh start DIR [--tcp-children N] [--load MODULE.so] | stop DIR" >&2
	exit 2
}

# A CA and a certificate for localhost, ims.test and 127.0.0.1.
make_certificates() {
	local dir=$1
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
		-subj "/CN=Lab CA" -keyout "$dir/ca.key" -out "$dir/ca.pem"
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-subj "/CN=localhost" -keyout "$dir/key.pem" -out "$dir/cert.csr"
	printf 'subjectAltName=DNS:localhost,DNS:ims.test,IP:127.0.0.1\n' >"$dir/san.cnf"
	openssl x509 -req -in "$dir/cert.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" \
		-CAcreateserial -days 3650 -extfile "$dir/san.cnf" -out "$dir/cert.pem"
}

# Two ports that nobody listens on now.
free_ports() {
	python3 - <<'PY'
import socket
socks = [socket.socket() for _ in range(2)]
for s in socks:
    s.bind(("127.0.0.1", 0))
print(*(s.getsockname()[1] for s in socks))
PY
}

is_listening() {
	(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

wait_ready() {
	local pid=$1 port=$2 i
	for ((i = 0; i < poll_max; i++)); do
		kill -0 "$pid" 2>/dev/null || return 1
		is_listening "$port" && return 0
		sleep 0.1
	done
	return 1
}

# Kamailio on fresh ports; fails when it does not come up, for example because
# somebody else took one of the ports in between.
launch() {
	local dir=$1 tcp_children=$2 load=$3 wss mw pid
	read -r wss mw < <(free_ports)
	sed -e "s|@DIR@|$dir|g; s|@WSS_PORT@|$wss|g; s|@MW_PORT@|$mw|g" \
		-e "s|@CHILDREN@|1|; s|@TCP_CHILDREN@|$tcp_children|; s|@LOAD@|$load|" \
		"$here/kamailio.cfg.in" >"$dir/kamailio.cfg"
	# No core file: a storm without the cure would leave one for each death.
	(ulimit -c 0 && cd "$dir" && exec kamailio -f "$dir/kamailio.cfg" -P "$dir/pid" -Y "$dir" \
		-m 512 -M 16 -DD -E >"$dir/log" 2>&1 </dev/null) &
	pid=$!
	if ! wait_ready "$pid" "$wss"; then
		kill "$pid" 2>/dev/null || true
		return 1
	fi
	printf 'WSS_PORT=%s\nMW_PORT=%s\nCA=%s\nPID=%s\n' "$wss" "$mw" "$dir/ca.pem" "$pid" >"$dir/env"
}

start() {
	local dir=$1 tcp_children=1 load='' i
	shift
	while (($#)); do
		(($# >= 2)) || usage
		case $1 in
			--tcp-children) tcp_children=$2 ;;
			--load) load="loadmodule \"$2\"" ;;
			*) usage ;;
		esac
		shift 2
	done
	mkdir -p "$dir"
	dir=$(cd "$dir" && pwd)
	[[ -f $dir/cert.pem ]] || make_certificates "$dir" 2>"$dir/openssl.log"
	for ((i = 0; i < launch_max; i++)); do
		launch "$dir" "$tcp_children" "$load" && return 0
	done
	echo "standin: Kamailio did not start:" >&2
	tail -n 5 "$dir/log" >&2
	exit 1
}

stop() {
	local pid i
	pid=$(sed -n 's/^PID=//p' "$1/env")
	kill "$pid" 2>/dev/null || return 0
	for ((i = 0; i < poll_max; i++)); do
		kill -0 "$pid" 2>/dev/null || return 0
		sleep 0.1
	done
	echo "standin: $pid does not end, killing it" >&2
	kill -KILL "$pid"
}

(($# >= 2)) || usage
case $1 in
	start) shift && start "$@" ;;
	stop) stop "$2" ;;
	*) usage ;;
esac
