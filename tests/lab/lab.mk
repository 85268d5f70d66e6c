# SPDX-License-Identifier: GPL-2.0-or-later
#
# The lab: see tests/lab/README.md. MW=host:port DOMAIN= DEMO_HOST= CHECK=1 OPENID= SCENARIO= MEDIA=1
# on the command line reach the scripts through the environment.

.PHONY: lab-start lab-stop demo

lab-start:
	@tests/lab/lab.sh start build/lab && echo "the lab runs; build/lab/env says where"

lab-stop:
	@tests/lab/lab.sh stop build/lab

demo:
	@tests/lab/demo.sh build/demo

# Several eP-CSCFs with one registrar, in network namespaces: needs root.
.PHONY: cluster-start cluster-stop
cluster-start:
	@tests/lab/cluster.sh build/cluster start && echo "it runs; build/cluster/env says where"

cluster-stop:
	@tests/lab/cluster.sh build/cluster end

.PHONY: check-wwsf check-oidc
check-wwsf:
	@node --test tests/lab/wwsf/test/

check-oidc:
	@node --test tests/lab/oidc/test/
