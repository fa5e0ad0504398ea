#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "base/thread.h"
#include "store/looking.h"

#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LONGEST 4.0	/* seconds that two readers work for */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A reader that never stops for more than a moment. */
struct reader { struct pen_db *db; atomic_bool *stop; double until; };

static enum pen_status read_on(void *context, struct pen_error *error)
{
	struct reader *reader = context;
	struct pen_looking looking = { .db = reader->db };
	struct pen_statement *s;
	enum pen_status status = pen_db__prepare(reader->db, "SELECT SUM(unit_fen) FROM contribution", &s, error);
	bool row;

	while (!status && !atomic_load(reader->stop) && now() < reader->until) {
		status = pen_looking__on(&looking, error);
		if (!status)
			status = pen_db__step(s, &row, error);
		pen_db__reset(s);
	}
	pen_looking__off(&looking);
	pen_db__finalize(s);
	return status;
}

/* Another process, which wants to commit. Exits with 0 once it could. */
static _Noreturn void write_once(const char *dir)
{
	struct pen_error error = { 0 };
	struct pen_store *store;
	enum pen_status status;

	usleep(200000);
	if (pen_store__open(&store, dir, true, &error) != PEN_OK || pen_db__begin_write(pen_store__db(store), &error) != PEN_OK ||
	    pen_db__exec(pen_store__db(store), "UPDATE levy_year SET amount_fen = amount_fen", &error) != PEN_OK)
		_exit(2);
	do
		status = pen_db__commit(pen_store__db(store), &error);
	while (status == PEN_BUSY);
	_exit(status == PEN_OK ? 0 : 3);
}

static void whoever_wants_to_write_gets_in_between_two_readers(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	const char *dir = pen_store__dir(store_of(f));
	atomic_bool stop = false;
	struct reader first = { pen_store__db(store_of(f)), &stop, now() + LONGEST }, second = first;
	struct pen_thread *thread;
	double since = now(), took;
	pid_t writer = fork();
	int status;

	assert_true(writer >= 0);
	if (writer == 0)
		write_once(dir);
	assert_ok(pen_store__reader(store_of(f), &second.db, &f->error));
	assert_ok(pen_thread__start(&thread, read_on, &second, &f->error));
	while (waitpid(writer, &status, WNOHANG) == 0 && now() < since + LONGEST) {
		struct reader turn = first;

		turn.until = now() + 0.1;
		assert_ok(read_on(&turn, &f->error));
	}
	took = now() - since;
	atomic_store(&stop, true);
	assert_ok(pen_thread__join(thread, &f->error));
	pen_db__close(second.db);
	if (took >= LONGEST)
		waitpid(writer, &status, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(took < LONGEST);
}

static void a_look_is_kept_until_it_is_old(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	struct pen_looking looking = { .db = pen_store__db(store_of(f)) };
	int64_t since;

	assert_ok(pen_looking__on(&looking, &f->error));
	since = looking.since;
	assert_ok(pen_looking__on(&looking, &f->error));
	assert_true(looking.since == since);
	usleep(60000);
	assert_ok(pen_looking__on(&looking, &f->error));
	assert_true(looking.since > since);
	pen_looking__off(&looking);
	pen_looking__off(&looking);
	assert_false(pen_db__in_transaction(looking.db));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(whoever_wants_to_write_gets_in_between_two_readers),
		WITH_YEAR(a_look_is_kept_until_it_is_old),
	};

	return cmocka_run_group_tests_name("store/looking", tests, NULL, NULL);
}
