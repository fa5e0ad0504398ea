#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"
#include "store/runlog.h"

static struct pen_value text(const char *s) { return pen_value__string(s, strlen(s)); }

static struct pen_runlog network(int32_t on, const char *ports)
{
	struct pen_runlog entry = { .kind = "network" };

	entry.v[PEN_RUNLOG_AGENCY] = text("330100");
	entry.v[PEN_RUNLOG_ON_DATE] = pen_value__integer(on);
	entry.v[PEN_RUNLOG_PORTS] = text(ports);
	return entry;
}

static void enter(struct fixture *f, struct pen_runlog *entry)
{
	assert_ok(pen_db__begin_write(pen_store__db(store_of(f)), &f->error));
	assert_ok(pen_runlog__enter(&f->session, entry, &f->error));
	assert_ok(pen_db__commit(pen_store__db(store_of(f)), &f->error));
}

static void what_was_entered_is_read_with_who_signed_it(void **state)
{
	struct fixture *f = *state;
	struct pen_arena *arena = pen_memory__arena();
	struct pen_runlog entry = network(20261123, "全部正常"), read;
	bool found;

	enter(f, &entry);
	assert_int_equal(entry.id, 1);
	assert_int_equal(entry.at, 1);
	assert_ok(pen_runlog__find(store_of(f), 1, arena, &read, &found, &f->error));
	assert_true(found);
	assert_true(pen_runlog__same(&entry, &read));
	assert_string_equal(read.staff, "head1");
	assert_string_equal(read.name, "王敏");
	assert_int_equal(strlen(read.time), 20);
	assert_int_equal(read.corrected_by, 0);
	assert_ok(pen_runlog__find(store_of(f), 2, arena, &read, &found, &f->error));
	assert_false(found);
	pen_memory__drop(arena);
}

static void the_act_says_all_of_it_and_long_texts_by_their_digest(void **state)
{
	struct fixture *f = *state;
	struct pen_runlog entry = network(20261123, "a");
	const char *body;

	enter(f, &entry);
	assert_int_equal(ask(f, "SELECT COUNT(*) FROM journal WHERE act = 'log.network' AND subject = 'log 1'"), 1);
	/* printf a | sha256sum */
	body = "SELECT text LIKE '%body: {\"agency\":\"330100\",\"on_date\":20261123,\"ports\":"
	    "\"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb\"}%' FROM journal WHERE at = 1";
	assert_int_equal(ask(f, body), 1);
}

static void an_entry_is_never_changed_nor_deleted(void **state)
{
	struct fixture *f = *state;
	struct pen_db *db = pen_store__db(store_of(f));
	struct pen_runlog entry = network(20261123, "a");

	enter(f, &entry);
	assert_int_equal(pen_db__exec(db, "UPDATE running_log SET ports = 'b'", &f->error), PEN_REFUSED);
	assert_int_equal(pen_db__exec(db, "DELETE FROM running_log", &f->error), PEN_REFUSED);
}

static void what_is_corrected_stands_no_more(void **state)
{
	struct fixture *f = *state;
	struct pen_runlog first = network(20261123, "a"), other = network(20261124, "a"), correction = network(20261123, "b");
	int32_t last;
	int64_t id;

	enter(f, &first);
	enter(f, &other);
	assert_ok(pen_runlog__of_day(store_of(f), &correction, 0, &id, &f->error));
	assert_int_equal(id, 1);
	correction.v[PEN_RUNLOG_CORRECTS] = pen_value__integer(1);
	enter(f, &correction);
	assert_ok(pen_runlog__of_day(store_of(f), &correction, 0, &id, &f->error));
	assert_int_equal(id, 3);
	assert_ok(pen_runlog__of_day(store_of(f), &correction, 3, &id, &f->error));
	assert_int_equal(id, 0);
	assert_ok(pen_runlog__last(store_of(f), "network", &last, &f->error));
	assert_int_equal(last, 20261124);
	assert_ok(pen_runlog__last(store_of(f), "inspect", &last, &f->error));
	assert_int_equal(last, 0);
}

/* What a listing met: how many, whether in order of days, and the last. */
struct met { int count; int64_t day, corrected_by; };

static enum pen_status meet(void *context, const struct pen_runlog *entry, struct pen_error *error)
{
	struct met *met = context;

	(void)error;
	assert_true(entry->v[PEN_RUNLOG_ON_DATE].i >= met->day);
	met->day = entry->v[PEN_RUNLOG_ON_DATE].i;
	met->corrected_by += entry->corrected_by;
	met->count++;
	return PEN_OK;
}

static void entries_come_by_day_however_they_were_entered(void **state)
{
	struct fixture *f = *state;
	struct pen_runlog_choice choice = { .since = 0, .until = 29991231, .as_of = 1000 };
	struct pen_runlog entry;
	struct met met = { 0 };
	int i;

	for (i = 0; i < 250; i++) {	/* more than are read at a time, in no order */
		entry = network(20260101 + i * 37 % 28, "a");
		enter(f, &entry);
	}
	assert_ok(pen_runlog__each(store_of(f), &choice, meet, &met, &f->error));
	assert_int_equal(met.count, 250);
	choice = (struct pen_runlog_choice){ .kind = "network", .since = 20260105, .until = 20260105, .as_of = 1000 };
	met = (struct met){ 0 };
	assert_ok(pen_runlog__each(store_of(f), &choice, meet, &met, &f->error));
	assert_int_equal(met.count, ask(f, "SELECT COUNT(*) FROM running_log WHERE on_date = 20260105"));
	choice.kind = "breach";
	met = (struct met){ 0 };
	assert_ok(pen_runlog__each(store_of(f), &choice, meet, &met, &f->error));
	assert_int_equal(met.count, 0);
}

static void as_of_an_index_later_entries_and_corrections_are_not_there(void **state)
{
	struct fixture *f = *state;
	struct pen_runlog first = network(20261123, "a"), correction = network(20261123, "b");
	struct pen_runlog_choice choice = { .until = 29991231 };
	struct met met = { 0 };

	enter(f, &first);
	correction.v[PEN_RUNLOG_CORRECTS] = pen_value__integer(1);
	enter(f, &correction);
	choice.as_of = first.at;
	assert_ok(pen_runlog__each(store_of(f), &choice, meet, &met, &f->error));
	assert_int_equal(met.count, 1);
	assert_int_equal(met.corrected_by, 0);
	choice.as_of = correction.at;
	met = (struct met){ 0 };
	assert_ok(pen_runlog__each(store_of(f), &choice, meet, &met, &f->error));
	assert_int_equal(met.count, 2);
	assert_int_equal(met.corrected_by, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(what_was_entered_is_read_with_who_signed_it),
		WITH_STORE(the_act_says_all_of_it_and_long_texts_by_their_digest),
		WITH_STORE(an_entry_is_never_changed_nor_deleted),
		WITH_STORE(what_is_corrected_stands_no_more),
		WITH_STORE(entries_come_by_day_however_they_were_entered),
		WITH_STORE(as_of_an_index_later_entries_and_corrections_are_not_there),
	};

	return cmocka_run_group_tests_name("store/runlog", tests, NULL, NULL);
}
