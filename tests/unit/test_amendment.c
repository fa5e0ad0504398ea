#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "model/amendment.h"

#include <string.h>

/* The way of a case, as the regulation has it: move, as what, in which role, to where. */
struct station { enum pen_amendment_move move; enum pen_amendment_post post; const char *role, *to; };

static const struct station long_way[] = {
	{ PEN_AMENDMENT_REQUEST, PEN_AMENDMENT_REQUESTER, "operator", "requested" },
	{ PEN_AMENDMENT_APPROVE, PEN_AMENDMENT_LEAD, "lead", "lead-approved" },
	{ PEN_AMENDMENT_APPROVE, PEN_AMENDMENT_HEAD, "head", "head-approved" },
	{ PEN_AMENDMENT_UNSEAL, PEN_AMENDMENT_SYSLEAD, "syslead", "unsealed" },
	{ PEN_AMENDMENT_APPLY, PEN_AMENDMENT_AMENDER, "amender", "applied" },
	{ PEN_AMENDMENT_CHECK, PEN_AMENDMENT_LEAD, "lead", "checked" },
	{ PEN_AMENDMENT_CLOSE, PEN_AMENDMENT_LEAD, "lead", "closed" },
};
static const struct station short_way[] = {
	{ PEN_AMENDMENT_OBJECT, PEN_AMENDMENT_REQUESTER, "operator", "requested" },
	{ PEN_AMENDMENT_APPROVE, PEN_AMENDMENT_LEAD, "lead", "lead-approved" },
	{ PEN_AMENDMENT_APPLY, PEN_AMENDMENT_AMENDER, "operator", "applied" },
	{ PEN_AMENDMENT_CHECK, PEN_AMENDMENT_LEAD, "lead", "checked" },
	{ PEN_AMENDMENT_CLOSE, PEN_AMENDMENT_LEAD, "lead", "closed" },
};

static bool goes_on(enum pen_amendment_move move)
{
	return move != PEN_AMENDMENT_RETURN && move != PEN_AMENDMENT_REJECT && move != PEN_AMENDMENT_WITHDRAW &&
	    move != PEN_AMENDMENT_EXPIRE;
}

/* Along the way there is one move on, and no other. */
static void walk(enum pen_amendment_form form, const struct station *way, size_t count)
{
	enum pen_amendment_state state = PEN_AMENDMENT_NONE;
	struct pen_amendment_turn turn;
	enum pen_amendment_move move;
	size_t i;

	for (i = 0; i < count; i++) {
		for (move = 0; move < PEN_AMENDMENT_MOVES; move++)
			if (goes_on(move))
				assert_int_equal(pen_amendment__turn(form, state, move, &turn), move == way[i].move);
		assert_true(pen_amendment__turn(form, state, way[i].move, &turn));
		assert_int_equal(turn.post, way[i].post);
		assert_string_equal(turn.role, way[i].role);
		assert_string_equal(pen_amendment__state_name(turn.to), way[i].to);
		state = turn.to;
	}
	assert_true(pen_amendment__is_over(state));
}

static void a_case_goes_its_way_and_skips_no_state(void **state)
{
	(void)state;
	walk(PEN_AMENDMENT_CHANGE, long_way, sizeof(long_way) / sizeof(long_way[0]));
	walk(PEN_AMENDMENT_REBUILD, long_way, sizeof(long_way) / sizeof(long_way[0]));
	walk(PEN_AMENDMENT_OBJECTION, short_way, sizeof(short_way) / sizeof(short_way[0]));
}

static void nothing_leads_out_of_a_case_that_is_over(void **state)
{
	struct pen_amendment_turn turn;
	int form, from, move;

	(void)state;
	for (form = 0; form < PEN_AMENDMENT_FORMS; form++)
		for (from = PEN_AMENDMENT_CLOSED; from < PEN_AMENDMENT_STATES; from++) {
			assert_false(pen_amendment__is_open(from));
			for (move = 0; move < PEN_AMENDMENT_MOVES; move++)
				assert_false(pen_amendment__turn(form, from, move, &turn));
		}
}

static void whoever_asked_withdraws_until_the_data_are_open(void **state)
{
	static const bool may[PEN_AMENDMENT_STATES] = {
		[PEN_AMENDMENT_REQUESTED] = true, [PEN_AMENDMENT_RETURNED] = true, [PEN_AMENDMENT_LEAD_APPROVED] = true,
		[PEN_AMENDMENT_HEAD_APPROVED] = true,
	};
	struct pen_amendment_turn turn;
	int from;

	(void)state;
	for (from = 0; from < PEN_AMENDMENT_STATES; from++)
		assert_int_equal(pen_amendment__turn(PEN_AMENDMENT_CHANGE, from, PEN_AMENDMENT_WITHDRAW, &turn), may[from]);
}

static void the_reviewer_whose_turn_it_is_returns_or_rejects(void **state)
{
	static const enum pen_amendment_move ends[] = { PEN_AMENDMENT_RETURN, PEN_AMENDMENT_REJECT };
	struct pen_amendment_turn turn;
	size_t i;
	int from;

	(void)state;
	for (i = 0; i < 2; i++)
		for (from = 0; from < PEN_AMENDMENT_STATES; from++) {
			assert_int_equal(pen_amendment__turn(PEN_AMENDMENT_CHANGE, from, ends[i], &turn),
			    from == PEN_AMENDMENT_REQUESTED || from == PEN_AMENDMENT_LEAD_APPROVED);
			if (from == PEN_AMENDMENT_REQUESTED)
				assert_string_equal(turn.role, "lead");
			if (from == PEN_AMENDMENT_LEAD_APPROVED)
				assert_string_equal(turn.role, "head");
			assert_int_equal(pen_amendment__turn(PEN_AMENDMENT_OBJECTION, from, ends[i], &turn),
			    from == PEN_AMENDMENT_REQUESTED);
		}
}

static void a_move_out_of_turn_is_refused_with_the_clause_and_what_comes_next(void **state)
{
	struct pen_error error = { 0 };

	(void)state;
	assert_int_equal(pen_amendment__refuse(PEN_AMENDMENT_CHANGE, PEN_AMENDMENT_LEAD_APPROVED, PEN_AMENDMENT_UNSEAL, 7, &error),
	    PEN_REFUSED);
	assert_string_equal(error.code, "amend.state");
	assert_string_equal(error.clause, "R5.2");
	assert_non_null(strstr(error.text, "case 7 is lead-approved"));
	assert_non_null(strstr(error.text, "the head's approval"));
	pen_amendment__refuse(PEN_AMENDMENT_OBJECTION, PEN_AMENDMENT_APPLIED, PEN_AMENDMENT_CLOSE, 7, &error);
	assert_string_equal(error.clause, "R4.2.3");
}

static void whoever_acted_as_one_thing_acts_as_nothing_else(void **state)
{
	static const struct pen_amendment_part parts[] = {
		{ PEN_AMENDMENT_REQUESTER, "a" }, { PEN_AMENDMENT_LEAD, "b" }, { PEN_AMENDMENT_HEAD, "c" },
		{ PEN_AMENDMENT_SYSLEAD, "d" }, { PEN_AMENDMENT_AMENDER, "e" }, { PEN_AMENDMENT_ANYBODY, "f" },
	};
	static const char *const people[] = { "a", "b", "c", "d", "e" };
	struct pen_error error = { 0 };
	int post, i;

	(void)state;
	for (i = 0; i < 5; i++)
		for (post = PEN_AMENDMENT_REQUESTER; post <= PEN_AMENDMENT_AMENDER; post++)
			assert_int_equal(pen_amendment__may(PEN_AMENDMENT_CHANGE, PEN_AMENDMENT_CHECK, post, people[i], parts, 6, 3, &error),
			    post == PEN_AMENDMENT_REQUESTER + i ? PEN_OK : PEN_REFUSED);
	assert_string_equal(error.code, "amend.people");
	assert_int_equal(pen_amendment__may(PEN_AMENDMENT_CHANGE, PEN_AMENDMENT_CHECK, PEN_AMENDMENT_LEAD, "f", parts, 6, 3, &error), PEN_OK);
	assert_int_equal(pen_amendment__may(PEN_AMENDMENT_CHANGE, PEN_AMENDMENT_EXPIRE, PEN_AMENDMENT_ANYBODY, "a", parts, 6, 3, &error), PEN_OK);
}

static void nobody_else_revises_what_somebody_asked_for(void **state)
{
	static const struct pen_amendment_part parts[] = { { PEN_AMENDMENT_REQUESTER, "a" } };
	struct pen_error error = { 0 };

	(void)state;
	assert_int_equal(pen_amendment__may(PEN_AMENDMENT_CHANGE, PEN_AMENDMENT_REVISE, PEN_AMENDMENT_REQUESTER, "b", parts, 1, 3, &error),
	    PEN_REFUSED);
	assert_non_null(strstr(error.text, "asked for by a"));
}

static void the_operator_of_an_objection_enters_it_too(void **state)
{
	static const struct pen_amendment_part parts[] = { { PEN_AMENDMENT_REQUESTER, "a" }, { PEN_AMENDMENT_LEAD, "b" } };
	struct pen_error error = { 0 };

	(void)state;
	assert_int_equal(pen_amendment__may(PEN_AMENDMENT_OBJECTION, PEN_AMENDMENT_APPLY, PEN_AMENDMENT_AMENDER, "a", parts, 2, 3, &error), PEN_OK);
	assert_int_equal(pen_amendment__may(PEN_AMENDMENT_OBJECTION, PEN_AMENDMENT_APPLY, PEN_AMENDMENT_AMENDER, "b", parts, 2, 3, &error), PEN_REFUSED);
	assert_int_equal(pen_amendment__may(PEN_AMENDMENT_CHANGE, PEN_AMENDMENT_APPLY, PEN_AMENDMENT_AMENDER, "a", parts, 2, 3, &error), PEN_REFUSED);
}

static void names_are_those_of_the_store_both_ways(void **state)
{
	enum pen_amendment_state found;
	enum pen_amendment_move move;
	enum pen_amendment_form form;
	int i;

	(void)state;
	for (i = PEN_AMENDMENT_REQUESTED; i < PEN_AMENDMENT_STATES; i++) {
		assert_true(pen_amendment__state_named(pen_amendment__state_name(i), &found));
		assert_int_equal(found, i);
	}
	for (i = 0; i < PEN_AMENDMENT_MOVES; i++) {
		assert_true(pen_amendment__move_named(pen_amendment__move_name(i), &move));
		assert_int_equal(move, i);
	}
	for (i = 0; i < PEN_AMENDMENT_FORMS; i++) {
		assert_true(pen_amendment__form_named(pen_amendment__form_name(i), &form));
		assert_int_equal(form, i);
	}
	assert_false(pen_amendment__form_named("changes", &form));
	assert_false(pen_amendment__move_named(NULL, &move));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_case_goes_its_way_and_skips_no_state),
		cmocka_unit_test(nothing_leads_out_of_a_case_that_is_over),
		cmocka_unit_test(whoever_asked_withdraws_until_the_data_are_open),
		cmocka_unit_test(the_reviewer_whose_turn_it_is_returns_or_rejects),
		cmocka_unit_test(a_move_out_of_turn_is_refused_with_the_clause_and_what_comes_next),
		cmocka_unit_test(whoever_acted_as_one_thing_acts_as_nothing_else),
		cmocka_unit_test(nobody_else_revises_what_somebody_asked_for),
		cmocka_unit_test(the_operator_of_an_objection_enters_it_too),
		cmocka_unit_test(names_are_those_of_the_store_both_ways),
	};

	return cmocka_run_group_tests_name("amendment", tests, NULL, NULL);
}
