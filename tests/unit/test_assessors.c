#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "work/assessors.h"

/* So many are asked for of whom the store knows nothing: each is refused. */
static void ask_for(struct fixture *f, struct pen_assessing *assessing, int64_t people)
{
	int64_t person;

	assert_ok(pen_assessing__open(assessing, &f->session, 9, &f->error));
	for (person = 1; person <= people; person++)
		assert_ok(pen_assessing__ask(assessing, &(struct pen_assessing_case){ .person = person, .retired_on = 20250115 }, &f->error));
}

static void everybody_has_a_result_whether_one_core_works_or_two(void **state)
{
	static const int64_t people[] = { 1, 64, 65, 128, 1000 };
	struct fixture *f = *state;
	struct pen_assessing assessing;
	size_t i, k;

	for (k = 0; k < sizeof(people) / sizeof(people[0]); k++) {
		ask_for(f, &assessing, people[k]);
		assert_ok(pen_assessors__run(&assessing, &f->error));
		assert_int_equal(assessing.results, people[k]);
		for (i = 0; i < assessing.results; i++)
			assert_int_equal(assessing.result[i].refused.status, PEN_REFUSED);
		pen_assessing__free(&assessing);
	}
}

static bool stopped(void *context)
{
	(void)context;
	return true;
}

static void whoever_is_stopped_says_that_nothing_was_written(void **state)
{
	struct fixture *f = *state;
	struct pen_assessing assessing;

	f->session.options.stopped = stopped;
	ask_for(f, &assessing, 200);
	assert_fails(pen_assessors__run(&assessing, &f->error), PEN_INCOMPLETE, "stopped");
	pen_assessing__free(&assessing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(everybody_has_a_result_whether_one_core_works_or_two),
		WITH_STORE(whoever_is_stopped_says_that_nothing_was_written),
	};

	return cmocka_run_group_tests_name("work/assessors", tests, NULL, NULL);
}
