#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "adapter/json.h"
#include "model/entry.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A programming mistake ends the program: tried in a child of its own. */
#define assert_aborts(call) do { \
	int ended; \
	pid_t child = fork(); \
	if (child == 0) { \
		if (freopen("/dev/null", "w", stderr)) \
			call; \
		_exit(0); \
	} \
	assert_int_equal(waitpid(child, &ended, 0), child); \
	assert_true(WIFSIGNALED(ended) && WTERMSIG(ended) == SIGABRT); \
} while (0)

static void an_entry_is_its_lines_in_order(void **state)
{
	const struct pen_entry entry = { 57, "2026-11-23T08:15:30Z", "330100", "desk-7", "op1",
	    "import.stage", "batch 4", "{\"rows\":300}" };
	struct pen_text text = { 0 };

	(void)state;
	pen_entry__text(&entry, &text);
	assert_false(text.failed);
	assert_string_equal(text.s,
	    "pen-entry/v1\n"
	    "at: 57\n"
	    "time: 2026-11-23T08:15:30Z\n"
	    "agency: 330100\n"
	    "terminal: desk-7\n"
	    "staff: op1\n"
	    "act: import.stage\n"
	    "subject: batch 4\n"
	    "body: {\"rows\":300}\n");
	pen_text__free(&text);
}

static void what_is_not_known_leaves_its_line_out(void **state)
{
	const struct pen_entry entry = { .at = -1, .act = "refused", .agency = "330100" };
	const struct pen_entry first = { .at = 0, .act = "init" };
	struct pen_text text = { 0 };

	(void)state;
	pen_entry__text(&entry, &text);
	assert_string_equal(text.s, "pen-entry/v1\nagency: 330100\nact: refused\n");
	pen_text__clear(&text);
	pen_entry__text(&first, &text);
	assert_string_equal(text.s, "pen-entry/v1\nat: 0\nact: init\n");
	pen_text__free(&text);
}

static void a_line_break_in_a_value_is_a_programming_mistake(void **state)
{
	static const char *const values[] = { "batch 4\nbody: {}", "batch 4\rx", "\n" };
	struct pen_text text = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		const struct pen_entry entry = { .at = 1, .subject = values[i] };

		assert_aborts(pen_entry__text(&entry, &text));
	}
	pen_text__free(&text);
}

static void the_leaf_is_the_text_and_the_signature(void **state)
{
	struct pen_text text = { 0 };

	(void)state;
	/* RFC 4648: "foobar" is Zm9vYmFy. */
	pen_entry__leaf("pen-entry/v1\nat: 1\n", (const unsigned char *)"foobar", 6, &text);
	assert_string_equal(text.s, "pen-entry/v1\nat: 1\nsignature: Zm9vYmFy\n");
	pen_text__clear(&text);
	pen_entry__leaf("pen-entry/v1\nat: 1\n", NULL, 0, &text);
	assert_string_equal(text.s, "pen-entry/v1\nat: 1\nsignature: -\n");
	pen_text__free(&text);
}

static void a_body_is_canonical_json(void **state)
{
	struct pen_error error = { 0 };
	struct pen_body body;
	struct pen_json *json;
	const char *s;
	int64_t n;

	(void)state;
	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "accepted", -300);
	pen_entry__body_text(&body, "file", "a\"b\\\n张三\xf0\xa0\xae\xb7.csv");
	pen_entry__body_text(&body, "left_out", NULL);
	pen_entry__body_int(&body, "rows", 0);
	s = pen_entry__body_close(&body);
	assert_string_equal(s,
	    "{\"accepted\":-300,\"file\":\"a\\\"b\\\\\\n张三\xf0\xa0\xae\xb7.csv\",\"rows\":0}");
	assert_null(strchr(s, '\n'));
	assert_int_equal(pen_json__parse(&json, s, strlen(s), &error), PEN_OK);
	assert_string_equal(pen_json__string(pen_json__member(json, "file")), "a\"b\\\n张三\xf0\xa0\xae\xb7.csv");
	assert_true(pen_json__integer(pen_json__member(json, "accepted"), &n));
	assert_int_equal(n, -300);
	pen_json__free(json);
	pen_entry__body_free(&body);
}

static void an_empty_body_is_an_empty_object(void **state)
{
	struct pen_body body;

	(void)state;
	pen_entry__body_open(&body);
	assert_string_equal(pen_entry__body_close(&body), "{}");
	pen_entry__body_free(&body);
}

static void keys_out_of_order_are_a_programming_mistake(void **state)
{
	struct pen_body body;

	(void)state;
	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "rows", 1);
	assert_aborts(pen_entry__body_int(&body, "batch", 1));
	assert_aborts(pen_entry__body_int(&body, "rows", 1));
	assert_aborts(pen_entry__body_text(&body, "zone\"", "x"));
	pen_entry__body_free(&body);
}

static void what_is_written_reads_back_and_nothing_else_is_an_entry(void **state)
{
	static const char good[] = "pen-entry/v1\nat: 7\ntime: t\nagency: 330100\nterminal: m\nstaff: op1\nact: seal.sign\nsubject: seal 4\nbody: {}\n";
	static const char *const bad[] = {
		"", "pen-entry/v1\n", "pen-entry/v2\nat: 7\nact: a\nsubject: b\n", "pen-entry/v1\nat: 07\nact: a\nsubject: b\n",
		"pen-entry/v1\nat: 7\nact: a\nsubject: b", "pen-entry/v1\nact: a\nat: 7\nsubject: b\n", "pen-entry/v1\nat: 7\nact: a\nsubject: b\nmore: c\n",
		"pen-entry/v1\nat: 7\nact: a\nsubject: b\r\n", "pen-entry/v1\nat: 7\nstaff: x\nstaff: y\nact: a\nsubject: b\n",
		"pen-entry/v1\nat: 99999999999999999999\nact: a\nsubject: b\n", "pen-entry/v1\nat: -7\nact: a\nsubject: b\n",
	};
	struct pen_arena *arena = pen_memory__arena();
	struct pen_error error = { 0 };
	struct pen_entry entry;
	size_t i;

	(void)state;
	assert_int_equal(pen_entry__read(&entry, arena, good, &error), PEN_OK);
	assert_int_equal(entry.at, 7);
	assert_string_equal(entry.staff, "op1");
	assert_string_equal(entry.subject, "seal 4");
	assert_string_equal(entry.body, "{}");
	assert_int_equal(pen_entry__read(&entry, arena, "pen-entry/v1\nat: 7\nact: a\nsubject: b\n", &error), PEN_OK);
	assert_null(entry.staff);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (pen_entry__read(&entry, arena, bad[i], &error) != PEN_INPUT)
			fail_msg("taken for an entry: %s", bad[i]);
	pen_memory__drop(arena);
}

static void a_digest_is_found_in_the_body_by_its_key_and_nowhere_else(void **state)
{
	static const char text[] = "pen-entry/v1\nat: 7\nact: seal.sign\nsubject: digest\nbody: {\"digest\":\"sm3:00ff\",\"rows\":3}\n";
	char digest[PEN_DIGEST_HEX];
	struct pen_error error = { 0 };

	(void)state;
	assert_int_equal(pen_entry__digest(text, "digest", digest, &error), PEN_OK);
	assert_string_equal(digest, "sm3:00ff");
	assert_int_equal(pen_entry__digest(text, "rows", digest, &error), PEN_OK);
	assert_string_equal(digest, "");
	assert_int_equal(pen_entry__digest("pen-entry/v1\nat: 7\nact: seal.sign\nsubject: digest\n", "digest", digest, &error), PEN_OK);
	assert_string_equal(digest, "");
	assert_int_equal(pen_entry__digest("pen-entry/v1\nbody: {\"digest\":\n", "digest", digest, &error), PEN_OK);
	assert_string_equal(digest, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_is_its_lines_in_order),
		cmocka_unit_test(what_is_not_known_leaves_its_line_out),
		cmocka_unit_test(a_line_break_in_a_value_is_a_programming_mistake),
		cmocka_unit_test(the_leaf_is_the_text_and_the_signature),
		cmocka_unit_test(a_body_is_canonical_json),
		cmocka_unit_test(an_empty_body_is_an_empty_object),
		cmocka_unit_test(keys_out_of_order_are_a_programming_mistake),
		cmocka_unit_test(what_is_written_reads_back_and_nothing_else_is_an_entry),
		cmocka_unit_test(a_digest_is_found_in_the_body_by_its_key_and_nowhere_else),
	};

	return cmocka_run_group_tests_name("model/entry", tests, NULL, NULL);
}
