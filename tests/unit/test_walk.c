#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"

static void a_finding_carries_what_the_catalogue_says_of_its_rule(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;

	assert_ok(pen_walk__report(&y->walk, &(struct pen_walk_place){ "seal.root", "root", "a", "b", 4, 7 }, &f->error,
	    "folio %d", 17));
	assert_int_equal(y->count, 1);
	assert_string_equal(y->at[0].record, "folio 17");
	assert_int_equal(y->at[0].batch, 4);
	assert_int_equal(y->at[0].line, 7);
	assert_int_equal(y->walk.found, 1);
}

static void findings_of_other_rules_are_left_out(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;

	y->walk.rule = "seal.text";
	assert_ok(pen_walk__report(&y->walk, &(struct pen_walk_place){ "seal.root", "root", "a", "b", 0, 0 }, &f->error, "x"));
	assert_ok(pen_walk__not_made(&y->walk, "seal.root", "x", "why", &f->error));
	assert_int_equal(y->walk.found, 0);
	assert_int_equal(y->walk.not_made, 0);
	assert_true(pen_walk__wants(&y->walk, "seal.text"));
}

static void damage_becomes_a_finding_and_other_failures_stay(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;

	pen_error__set(&f->error, PEN_INTEGRITY, "blob.digest", "it is another");
	assert_ok(pen_walk__damage(&y->walk, PEN_INTEGRITY, "blob.digest", 3, "source x.csv", &f->error));
	assert_string_equal(finding(y, "blob.digest")->found, "it is another");
	pen_error__set(&f->error, PEN_BUSY, "db.busy", "wait");
	assert_int_equal(pen_walk__damage(&y->walk, PEN_BUSY, "blob.digest", 3, "x", &f->error), PEN_BUSY);
	assert_int_equal(y->count, 1);
}

static void a_signature_holds_by_the_key_of_its_time_alone(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	unsigned char bytes[PEN_SIGNATURE_ROOM];
	const char *why;
	size_t n;

	assert_ok(pen_signature__sign(y->op1_key, "text", 4, bytes, &n, &f->error));
	assert_ok(pen_walk__signed(&y->walk, "op1", 50, "text", 4, bytes, n, &why, &f->error));
	assert_null(why);
	assert_ok(pen_walk__signed(&y->walk, "op1", 50, "test", 4, bytes, n, &why, &f->error));
	assert_string_equal(why, "the signature does not hold");
	assert_ok(pen_walk__signed(&y->walk, "lead1", 50, "text", 4, bytes, n, &why, &f->error));
	assert_non_null(why);
	assert_ok(pen_walk__signed(&y->walk, "nobody", 50, "text", 4, bytes, n, &why, &f->error));
	assert_string_equal(why, "nobody of that name had a key then");
	/* Before op1 was entered. */
	assert_ok(pen_walk__signed(&y->walk, "op1", 1, "text", 4, bytes, n, &why, &f->error));
	assert_non_null(why);
	assert_int_equal(y->walk.signatures, 5);
}

static bool stop_now(void *context)
{
	(void)context;
	return true;
}

static void whoever_asks_to_stop_is_told_what_is_left(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;

	assert_ok(pen_walk__go_on(&y->walk, "the seals", 1, 2, &f->error));
	y->op1.options.stopped = stop_now;
	assert_fails(pen_walk__go_on(&y->walk, "the seals", 1, 2, &f->error), PEN_INCOMPLETE, "verify.stopped");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(a_finding_carries_what_the_catalogue_says_of_its_rule),
		WITH_YEAR(findings_of_other_rules_are_left_out),
		WITH_YEAR(damage_becomes_a_finding_and_other_failures_stay),
		WITH_YEAR(a_signature_holds_by_the_key_of_its_time_alone),
		WITH_YEAR(whoever_asks_to_stop_is_told_what_is_left),
	};

	return cmocka_run_group_tests_name("store/walk", tests, NULL, NULL);
}
