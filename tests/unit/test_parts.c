#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "base/error.h"
#include "work/parts.h"

/* A part that finds something `count` times, a different place each time, and may
 * fail then. */
struct finder { int number, count; enum pen_status status; };

static enum pen_status find(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	const struct finder *finder = context;
	enum pen_status status = PEN_OK;
	char found[40];
	int i;

	for (i = 0; status == PEN_OK && i < finder->count; i++) {
		snprintf(found, sizeof(found), "%d", i);
		status = pen_walk__report(walk, &(struct pen_walk_place){ "month.range", "months", found, "", finder->number, i },
		    error, "part %d", finder->number);
	}
	walk->rows += finder->count;
	walk->base_unchecked = true;
	if (status == PEN_OK && finder->status)
		status = pen_error__set(error, finder->status, "test.fails", "part %d fails", finder->number);
	return status;
}

static enum pen_status run(struct year *y, const struct finder *finders, size_t count)
{
	struct pen_part parts[20];
	size_t i;

	y->count = 0;
	for (i = 0; i < count; i++)
		parts[i] = (struct pen_part){ find, &finders[i] };
	return pen_parts__run(&y->walk, parts, count, &y->f->error);
}

static void findings_come_in_the_order_of_the_parts_whoever_found_them(void **state)
{
	struct year *y = *state;
	struct finder finders[12];
	size_t i, n = 0;
	int j;

	for (i = 0; i < 12; i++)
		finders[i] = (struct finder){ (int)i, 3, PEN_OK };
	assert_int_equal(run(y, finders, 12), PEN_OK);
	assert_int_equal(y->count, 36);
	for (i = 0; i < 12; i++) {
		for (j = 0; j < 3; j++, n++) {
			assert_int_equal(y->at[n].batch, i);
			assert_int_equal(y->at[n].line, j);
			assert_int_equal(y->at[n].found[0], '0' + j);
			assert_string_equal(y->at[n].rule, "month.range");
			assert_string_equal(y->at[n].expected, "");
		}
	}
	assert_int_equal(y->walk.rows, 36);
	assert_int_equal(y->walk.found, 36);
	assert_true(y->walk.base_unchecked);
	assert_false(y->walk.share_unchecked);
}

/* More than is kept in memory. */
static enum pen_status add_up(void *context, const struct pen_walk_found *found, struct pen_error *error)
{
	int64_t *sum = context;

	(void)error;
	*sum += found->line;
	return PEN_OK;
}

static void no_finding_is_lost_however_many_there_are(void **state)
{
	const struct finder finders[] = { { 0, 10, PEN_OK }, { 1, 20000, PEN_OK }, { 2, 20000, PEN_OK } };
	struct year *y = *state;
	int64_t sum = 0;

	y->walk.visit = add_up;
	y->walk.context = &sum;
	assert_int_equal(run(y, finders, 3), PEN_OK);
	assert_true(sum == 45 + 2 * (INT64_C(19999) * 20000 / 2));
}

static void the_first_part_that_fails_is_the_last_that_is_told_of(void **state)
{
	const struct finder finders[] = { { 0, 1, PEN_OK }, { 1, 1, PEN_OK }, { 2, 1, PEN_INPUT }, { 3, 1, PEN_OK } };
	struct year *y = *state;
	size_t i;

	assert_int_equal(run(y, finders, 4), PEN_INPUT);
	assert_string_equal(y->f->error.text, "part 2 fails");
	assert_int_equal(y->count, 3);
	for (i = 0; i < 3; i++)
		assert_int_equal(y->at[i].batch, i);
	/* And if it is the very first. */
	assert_int_equal(run(y, finders + 2, 2), PEN_INPUT);
	assert_int_equal(y->count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(findings_come_in_the_order_of_the_parts_whoever_found_them),
		WITH_YEAR(no_finding_is_lost_however_many_there_are),
		WITH_YEAR(the_first_part_that_fails_is_the_last_that_is_told_of),
	};

	return cmocka_run_group_tests_name("store/parts", tests, NULL, NULL);
}
