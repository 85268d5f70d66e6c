/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registrar_conform_int.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

int conform_run(const struct conform *c)
{
	static const struct CMUnitTest registrar[] = {
			cmocka_unit_test(conform_allocates_each_once),
			cmocka_unit_test(conform_takes_the_longest_free),
			cmocka_unit_test(conform_keeps_quarantine),
			cmocka_unit_test(conform_only_asks),
			cmocka_unit_test(conform_holds_for_a_time),
			cmocka_unit_test(conform_answers_the_first_of_an_owner),
			cmocka_unit_test(conform_claims),
			cmocka_unit_test(conform_frees_a_claim_that_expires),
			cmocka_unit_test(conform_makes_again),
			cmocka_unit_test(conform_keeps_who_has_moved),
			cmocka_unit_test(conform_keeps_the_older_owner),
			cmocka_unit_test(conform_shows_what_was_put),
			cmocka_unit_test(conform_expires),
			cmocka_unit_test(conform_replaces_contacts),
			cmocka_unit_test(conform_limits_contacts),
			cmocka_unit_test(conform_holds_as_many_as_allowed),
			cmocka_unit_test(conform_removes),
			cmocka_unit_test(conform_takes_any_text),
			cmocka_unit_test(conform_refuses_what_is_too_much),
			cmocka_unit_test(conform_lists),
			cmocka_unit_test(conform_purges),
			cmocka_unit_test(conform_knows_nodes),
			cmocka_unit_test(conform_forgets_nodes),
			cmocka_unit_test(conform_lets_one_hold_a_block),
			cmocka_unit_test(conform_keeps_a_long_document),
			cmocka_unit_test(conform_as_the_model),
	};

	reg_on = c;
	return cmocka_run_group_tests(registrar, NULL, NULL);
}
