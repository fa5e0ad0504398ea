#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/error.h"
#include "base/thread.h"

#include <signal.h>
#include <string.h>

static enum pen_status refuse(void *context, struct pen_error *error)
{
	*(int *)context = 7;
	return pen_error__set(error, PEN_INPUT, "test.thread", "refused in the thread");
}

static void what_a_thread_comes_to_is_told_when_it_is_joined(void **state)
{
	struct pen_error error = { 0 };
	struct pen_thread *thread;
	int seen = 0;

	(void)state;
	assert_int_equal(pen_thread__start(&thread, refuse, &seen, &error), PEN_OK);
	assert_int_equal(pen_thread__join(thread, &error), PEN_INPUT);
	assert_string_equal(error.code, "test.thread");
	assert_int_equal(seen, 7);
	assert_int_equal(pen_thread__join(NULL, &error), PEN_OK);
}

static enum pen_status look_at_signals(void *context, struct pen_error *error)
{
	sigset_t blocked;

	(void)error;
	pthread_sigmask(SIG_SETMASK, NULL, &blocked);
	*(bool *)context = sigismember(&blocked, SIGINT) && sigismember(&blocked, SIGTERM);
	return PEN_OK;
}

static void a_signal_stays_with_the_one_who_started_the_thread(void **state)
{
	struct pen_error error = { 0 };
	struct pen_thread *thread;
	bool blocked = false;
	sigset_t own;

	(void)state;
	assert_int_equal(pen_thread__start(&thread, look_at_signals, &blocked, &error), PEN_OK);
	assert_int_equal(pen_thread__join(thread, &error), PEN_OK);
	assert_true(blocked);
	pthread_sigmask(SIG_SETMASK, NULL, &own);
	assert_false(sigismember(&own, SIGINT));
}

#define THINGS 10000
static int things[THINGS];

static enum pen_status put_all(void *context, struct pen_error *error)
{
	int i;

	(void)error;
	for (i = 0; i < THINGS && pen_thread__put(context, &things[i]); i++)
		;
	pen_thread__close(context);
	return PEN_OK;
}

static void things_come_out_of_a_channel_in_the_order_they_went_in(void **state)
{
	struct pen_channel *channel = pen_thread__channel(3);
	struct pen_error error = { 0 };
	struct pen_thread *thread;
	int i;

	(void)state;
	assert_non_null(channel);
	assert_int_equal(pen_thread__start(&thread, put_all, channel, &error), PEN_OK);
	for (i = 0; i < THINGS; i++)
		assert_ptr_equal(pen_thread__take(channel), &things[i]);
	assert_null(pen_thread__take(channel));
	assert_int_equal(pen_thread__join(thread, &error), PEN_OK);
	pen_thread__free_channel(channel);
}

/* Whoever puts does not hang when the one who takes has given up. */
static void nothing_is_put_to_a_closed_channel(void **state)
{
	struct pen_channel *channel = pen_thread__channel(1);
	struct pen_error error = { 0 };
	struct pen_thread *thread;

	(void)state;
	assert_int_equal(pen_thread__start(&thread, put_all, channel, &error), PEN_OK);
	assert_non_null(pen_thread__take(channel));
	pen_thread__close(channel);
	assert_int_equal(pen_thread__join(thread, &error), PEN_OK);
	assert_false(pen_thread__put(channel, &things[0]));
	pen_thread__free_channel(channel);
	pen_thread__free_channel(NULL);
}

/* Looking does not wait, and takes what is there. */
static void a_look_into_a_channel_takes_what_is_there_or_nothing(void **state)
{
	struct pen_channel *channel = pen_thread__channel(2);

	(void)state;
	assert_null(pen_thread__look(channel));
	assert_true(pen_thread__put(channel, &things[0]));
	assert_ptr_equal(pen_thread__look(channel), &things[0]);
	assert_null(pen_thread__look(channel));
	pen_thread__close(channel);
	assert_null(pen_thread__look(channel));
	pen_thread__free_channel(channel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_thread_comes_to_is_told_when_it_is_joined),
		cmocka_unit_test(a_signal_stays_with_the_one_who_started_the_thread),
		cmocka_unit_test(things_come_out_of_a_channel_in_the_order_they_went_in),
		cmocka_unit_test(nothing_is_put_to_a_closed_channel),
		cmocka_unit_test(a_look_into_a_channel_takes_what_is_there_or_nothing),
	};

	return cmocka_run_group_tests_name("base/thread", tests, NULL, NULL);
}
