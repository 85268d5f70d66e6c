# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Where the identities of the lab's users come from, for lab.sh to source: SCENARIO=
#   web-auth  each user has one of its own                      sip:alice@DOMAIN
#   both      as web-auth; users without a token have a password of the core
#   pool      the web site takes one of its pool                sip:pool2@DOMAIN
#   range     the web site makes one inside its range; the core knows the range only     sip:shop-alice@DOMAIN
#   allocate  the web site names the user alone; the eP-CSCF takes one of a block        sip:shop-00@DOMAIN

# shellcheck disable=SC2034 # IDENTITIES is for lab.sh
scenario_parameters() {
  local user number=2
  SCENARIO=${SCENARIO:-web-auth}
  declare -gA IDENTITIES=()
  for user in "${USERS[@]}"; do
    case $SCENARIO in
      web-auth | both) IDENTITIES[$user]=$user ;;
      pool) IDENTITIES[$user]=pool$((number++)) ;;
      range) IDENTITIES[$user]=shop-$user ;;
      allocate) IDENTITIES[$user]=- ;;
      *) die "SCENARIO is web-auth, both, pool, range or allocate, not '$SCENARIO'" ;;
    esac
  done
}

# "scenario" of the WWSF in the provisioning file.
scenario_provisioned() {
  case $SCENARIO in
    both) echo '["web-auth", "ims-auth"]' ;;
    allocate) echo '"range"' ;;
    *) echo "\"$SCENARIO\"" ;;
  esac
}

# Its other members.
scenario_identities() {
  case $SCENARIO in
    web-auth | both)
      cat <<-END
	      "impis": ["alice@$DOMAIN", "bob@$DOMAIN", "carol@$DOMAIN", "wic*@$DOMAIN"],
	      "impus": ["sip:alice@$DOMAIN", "sip:bob@$DOMAIN", "sip:carol@$DOMAIN", "sip:wic*@$DOMAIN"],
	END
      ;;
    pool)
      cat <<-END
	      "impis": ["pool*@$DOMAIN"],
	      "impus": ["sip:pool*@$DOMAIN"],
	END
      ;;
    range)
      cat <<-END
	      "impis": ["shop@$DOMAIN", "shop-*@$DOMAIN"],
	      "ranges": [
	        {"range": "sip:shop-!.*!@$DOMAIN", "register": "start", "pilot": "sip:shop@$DOMAIN", "impi": "shop@$DOMAIN"}
	      ],
	END
      ;;
    allocate)
      cat <<-END
	      "ranges": [
	        {"range": "sip:shop-!.*!@$DOMAIN", "register": "start", "pilot": "sip:shop@$DOMAIN", "impi": "shop@$DOMAIN",
	         "allocate": {"pattern": "sip:shop-{00..19}@$DOMAIN"}}
	      ],
	END
      ;;
  esac
}
