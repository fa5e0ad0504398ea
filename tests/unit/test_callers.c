#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "case_fixture.h"
#include "pen.h"

/* What a program that calls the library leaves out, or says otherwise than can be, is told
 * by name. The commands ask for most of it themselves. */
static struct pen_printer *printer;
static FILE *nowhere;

static int open_printer(struct fixture *f)
{
	nowhere = fopen("/dev/null", "w");
	assert_non_null(nowhere);
	assert_ok(pen_printer_open(&printer, nowhere, PEN_JSON, &f->error));
	return 0;
}

static int begin(void **state)
{
	start_cases(state);
	return open_printer(*state);
}

static int begin_empty(void **state)
{
	start_empty(state);
	return open_printer(*state);
}

static int end(void **state)
{
	pen_printer_free(printer);
	fclose(nowhere);
	return stop(state);
}

static void a_store_needs_what_it_is_made_of(void **state)
{
	struct pen_init_options options = { .agency = "330100", .name = "某市", .head_id = "head1", .head_name = "王敏", .suite = "ed25519-sha256" };
	struct fixture *f = *state;
	char path[128];

	setenv("PEN_SHARE", PEN_SOURCE "/share", 1);
	assert_fails(pen_init(&options, printer, &f->error), PEN_USAGE, "init.missing");
	snprintf(path, sizeof(path), "%s/store//", f->dir);
	options.store = path;
	options.live_on = 20240230;
	assert_fails(pen_init(&options, printer, &f->error), PEN_USAGE, "init.live-on");
	options.live_on = 20240101;
	assert_ok(pen_init(&options, printer, &f->error));
	assert_true(count_entries(f->path) > 0);
}

static void a_role_is_of_somebody_and_a_report_of_a_name(void **state)
{
	const struct pen_staffing_options nobody = { .role = "lead", .name = "张三" };
	const struct pen_report_options nothing = { .name = "everything", .year = 2024 };
	struct fixture *f = *state;

	assert_fails(pen_staffing_add(&f->session, &nobody, printer, &f->error), PEN_USAGE, "staff.id");
	assert_fails(pen_report(&f->session, &nothing, printer, &f->error), PEN_USAGE, "report.unknown");
}

static void a_case_that_is_handed_in_again_stays_of_its_form(void **state)
{
	const struct pen_request_options again = { .form = "rebuild-account", .reason = "x" };
	struct fixture *f = *state;
	int64_t id = request(f);

	go(f, id, "lead1", PEN_AMENDMENT_RETURN);
	act_as(f, "op1");
	assert_fails(pen_request_revise(&f->session, id, &again, printer, &f->error), PEN_USAGE, "amend.form");
}

static void nothing_is_restored_to_nowhere(void **state)
{
	const struct pen_restore_options options = { .replace = false };
	struct fixture *f = *state;

	assert_fails(pen_restore(f->dir, NULL, "", &options, printer, &f->error), PEN_USAGE, "restore.target");
}

static void a_store_whose_name_leaves_no_room_for_another_is_refused(void **state)
{
	struct pen_init_options options = { .agency = "330100", .name = "某市", .head_id = "head1", .head_name = "王敏", .suite = "ed25519-sha256" };
	struct fixture *f = *state;
	char path[PATH_MAX];
	size_t i, n = strlen(f->dir);

	memset(path, 'x', sizeof(path));
	memcpy(path, f->dir, n);
	for (i = n; i < PATH_MAX; i += 200)
		path[i] = '/';
	path[PATH_MAX - 3] = '\0';
	options.store = path;
	assert_fails(pen_init(&options, printer, &f->error), PEN_USAGE, "system.path");
}

static void answers_come_from_a_file_or_from_the_caller(void **state)
{
	const struct pen_acknowledge_options neither = { .batch = "1", .document = "paper.txt" };
	const struct pen_acknowledge_options both = { .batch = "1", .document = "paper.txt", .from = "answers.csv", .employer = "91330106MA0000001X" };
	struct fixture *f = *state;

	assert_fails(pen_acknowledge(&f->session, &neither, printer, &f->error), PEN_USAGE, "acknowledge.from");
	assert_fails(pen_acknowledge(&f->session, &both, printer, &f->error), PEN_USAGE, "acknowledge.from");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_store_needs_what_it_is_made_of, begin_empty, end),
		TEST(a_role_is_of_somebody_and_a_report_of_a_name),
		TEST(a_case_that_is_handed_in_again_stays_of_its_form),
		TEST(nothing_is_restored_to_nowhere),
		cmocka_unit_test_setup_teardown(a_store_whose_name_leaves_no_room_for_another_is_refused, begin_empty, end),
		TEST(answers_come_from_a_file_or_from_the_caller),
	};

	return cmocka_run_group_tests_name("callers", tests, NULL, NULL);
}
