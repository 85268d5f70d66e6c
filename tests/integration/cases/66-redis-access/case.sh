#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/../../lib.sh"
# shellcheck source=tests/integration/lib/redis.sh
. "$TOP/tests/integration/lib/redis.sh"

EXAMPLES=$TOP/docs/examples/redis
PASSWORD=s3cret-of-redis
export WR_USER=wims WR_PASSWORD=$PASSWORD WR_SCRIPTS=$CASE_DIR/scripts

certificates
"$TOP/tests/lab/certs.sh" "$RUN_DIR/tls-of-another-ca" >"$RUN_DIR/log/certs-of-another-ca.log"
sum=$(printf %s "$PASSWORD" | sha256sum | cut -d' ' -f1)
sed "s/SHA256_OF_ITS_PASSWORD/$sum/" "$EXAMPLES/users.acl" >"$RUN_DIR/users.acl"
sed "s|^aclfile .*|aclfile $RUN_DIR/users.acl|; /^masterauth /d; /^min-replicas/d" "$EXAMPLES/redis.conf" \
  >"$RUN_DIR/redis.conf"
export REDIS_CONF=$RUN_DIR/redis.conf REDIS_CLI_USER=admin REDISCLI_AUTH=$PASSWORD
start_redis one single
PLACE=${REDIS_ADDRESS#redis:}

as_wims() {
  REDIS_CLI_USER=wims redis one cli r1 "$@" 2>&1
}

# refused COMMAND...: as user wims, by the ACL
refused() {
  local said
  said=$(as_wims "$@")
  [[ $said == *NOPERM* || $said == *"can't access"* || $said == *"can't run this command"* ]] || fail "wims may $*: $said"
}

note 'what the user may not do'
redis one cli r1 SET other 1 >/dev/null
refused FLUSHALL
refused FLUSHDB
refused KEYS '*'
refused SCAN 0
refused CONFIG GET dir
refused CONFIG SET dir /
refused ACL LIST
refused CLIENT LIST
refused CLIENT KILL TYPE normal
refused SHUTDOWN
refused SAVE
refused REPLICAOF no one
refused SUBSCRIBE x
refused MONITOR
refused SCRIPT FLUSH
refused FUNCTION LIST
refused CLUSTER NODES
refused CLUSTER FLUSHSLOTS
refused GET other
refused SET wimsx 1
refused DEL other
refused EVAL 'return 1' 1 other
refused EVAL "return redis.call('GET', 'other')" 1 wims:a
refused EVAL "return redis.call('FLUSHALL')" 1 wims:a
refused EVAL "return redis.call('KEYS', '*')" 1 wims:a
expect_eq "$(redis one cli r1 GET other)" 1 'what is none of its business'
expect_eq "$(env -u REDISCLI_AUTH -u REDIS_CLI_USER "$TOP/tests/lab/redis.sh" "$RUN_DIR/redis-one" cli r1 GET other)" \
  'NOAUTH Authentication required.' 'without a user'

# tunnel NAME FILE: a stunnel by a file that ships, with these addresses
tunnel() {
  local name=$1
  {
    printf '%s\n' 'foreground = yes' 'pid =' 'syslog = no'
    sed "s|192.0.2.5:6380|127.0.0.1:${PORT[tls]}|; s|/etc/stunnel/redis-ca.pem|$CA|; s|redis1.ims.test|$HOST|
      s|/etc/stunnel/redis|$RUN_DIR/tls/server|; s|$3|$4|" "$EXAMPLES/$2"
  } >"$RUN_DIR/$name.conf"
  spawn "$name" stunnel4 "$RUN_DIR/$name.conf"
}

# try_tunnel NAME: the client through a tunnel of its own; prints what comes of it
try_tunnel() {
  ports "$1"
  tunnel "$1" stunnel-epcscf.conf 127.0.0.1:6379 "127.0.0.1:${PORT[$1]}"
  wait_for 15 "tunnel $1" tcp_listens "${PORT[$1]}"
  SAID=$("$TOP/build/redis/wr_try" "redis:127.0.0.1:${PORT[$1]}" timeout=1000 user=wims "password=$PASSWORD" \
    <<<"set wims:try $1")
  note "$1: $SAID"
}

ports tls
CA=$RUN_DIR/tls/ca.pem HOST=localhost
tunnel server stunnel-redis.conf 127.0.0.1:6379 "$PLACE"
wait_for 15 'the tunnel of Redis' tcp_listens "${PORT[tls]}"

note 'TLS'
try_tunnel good
[[ $SAID == 'ok '* ]] || fail 'no way through the tunnels'
CA=$RUN_DIR/tls-of-another-ca/ca.pem try_tunnel other-ca
[[ $SAID == 'registrar_away '* ]] || fail 'a certificate of another CA is taken'
expect_log other-ca 'certificate verify failed|CERT: Verification error|verification'
HOST=redis9.ims.test try_tunnel other-host
[[ $SAID == 'registrar_away '* ]] || fail 'a certificate of another host is taken'
expect_log other-host 'No matching host name|verify failed|Verification'
SAID=$("$TOP/build/redis/wr_try" "redis:127.0.0.1:${PORT[tls]}" user=wims "password=$PASSWORD" <<<'set wims:try plain')
[[ $SAID != 'ok '* ]] || fail 'the port of TLS takes what is not TLS'
expect_eq "$(redis one cli r1 GET wims:try)" good 'what came through'

note 'the suite of the stores, as this user and through the tunnels: nothing that it does is refused'
redis one cli r1 ACL LOG RESET >/dev/null
"$TOP/build/redis/store_conform" "redis:127.0.0.1:${PORT[good]}" 300 300 1 >"$RUN_DIR/log/conform.log" 2>&1 ||
  fail "the suite: $(tail -n 5 "$RUN_DIR/log/conform.log")"
grep -qE 'PASSED.* [1-9][0-9]+ test' "$RUN_DIR/log/conform.log" || fail 'no tests'
expect_eq "$(redis one cli r1 ACL LOG)" '' 'what was refused'

note 'replicas and Sentinels by users of their own'
sed "s|^aclfile .*|aclfile $RUN_DIR/users.acl|; s|PASSWORD_OF_REPLICA|$PASSWORD|" "$EXAMPLES/redis.conf" >"$RUN_DIR/trio.conf"
grep auth- "$EXAMPLES/sentinel.conf" | sed "s|NAME|wims|; s|PASSWORD_OF_SENTINEL|$PASSWORD|" >"$RUN_DIR/sentinel.conf"
REDIS_CONF=$RUN_DIR/trio.conf REDIS_SENTINEL_CONF=$RUN_DIR/sentinel.conf REDIS_DOWN_AFTER_MS=1000 \
  start_redis trio sentinel
trio() {
  SAID=$("$TOP/build/redis/wr_try" "$REDIS_ADDRESS" timeout=1000 user=wims "password=$PASSWORD" <<<"set wims:try $1")
  [[ $SAID == 'ok '* ]]
}
wait_for 15 'a replica' trio before
was=$(redis trio master)
redis trio kill "$was"
followed() {
  trio behind && [[ $(redis trio master) != "$was" ]]
}
wait_for 15 'the replica that became master' followed
expect_eq "$(redis trio cli "$(redis trio master)" GET wims:try)" behind 'what the new master has'
note "$was was killed, $(redis trio master) follows"
# The last replica goes too: a master alone takes no writes.
for name in r1 r2 r3; do
  [[ $name == "$was" || $name == "$(redis trio master)" ]] || redis trio kill "$name"
done
lonely() {
  ! trio lonely && [[ $SAID == *"too few replicas follow (min-replicas-to-write)"* ]]
}
wait_for 10 'a refusal of a master without replicas' lonely
must_fail grep -rF "$PASSWORD" "$RUN_DIR/log"
