#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "store_fixture.h"

#include "base/date.h"
#include "base/encode.h"
#include "store/journal.h"
#include "verifies.h"

#include <time.h>

static struct pen_db *db_of(struct fixture *f)
{
	return pen_store__db(f->session.store);
}

static int64_t size_of(struct fixture *f)
{
	int64_t size;

	assert_ok(pen_journal__size(store_of(f), &size, &f->error));
	return size;
}

/* ---- an independent witness: RFC 9162 to the letter, over the rows ---- */

static void leaf_hash(struct fixture *f, int64_t at, unsigned char out[PEN_DIGEST_SIZE])
{
	struct pen_statement *statement;
	struct pen_text leaf = { 0 };
	char base64[PEN_BASE64_ROOM(PEN_SIGNATURE_ROOM)];
	const void *signature;
	size_t n;
	bool row;

	assert_ok(pen_db__prepare(db_of(f), "SELECT text, signature FROM journal WHERE at = :at", &statement, &f->error));
	pen_db__bind_int(statement, ":at", at);
	assert_ok(pen_db__step(statement, &row, &f->error));
	assert_true(row);
	signature = pen_db__bytes(statement, 1, &n);
	pen_text__add(&leaf, "\0", 1);
	pen_text__puts(&leaf, pen_db__text(statement, 0));
	if (signature)
		pen_encode__base64(signature, n, base64);
	pen_text__printf(&leaf, "signature: %s\n", signature ? base64 : "-");
	assert_true(pen_digest__of(PEN_ED25519_SHA256, leaf.s, leaf.n, out));
	pen_text__free(&leaf);
	pen_db__finalize(statement);
}

static void root_of(struct fixture *f, int64_t from, int64_t n, unsigned char out[PEN_DIGEST_SIZE])
{
	unsigned char both[1 + 2 * PEN_DIGEST_SIZE] = { 1 };
	int64_t k = 1;

	if (n == 1) {
		leaf_hash(f, from, out);
		return;
	}
	while (k * 2 < n)
		k *= 2;
	root_of(f, from, k, both + 1);
	root_of(f, from + k, n - k, both + 1 + PEN_DIGEST_SIZE);
	assert_true(pen_digest__of(PEN_ED25519_SHA256, both, sizeof(both), out));
}

static void assert_root(struct fixture *f, int64_t size)
{
	unsigned char expected[PEN_DIGEST_SIZE];
	struct pen_checkpoint checkpoint;

	assert_ok(pen_journal__checkpoint(store_of(f), size, &checkpoint, &f->error));
	root_of(f, 0, size, expected);
	assert_int_equal(checkpoint.size, size);
	assert_string_equal(checkpoint.origin, "pen/330100");
	assert_memory_equal(checkpoint.root, expected, PEN_DIGEST_SIZE);
}

/* ---- appending ---- */

static void entries_are_numbered_from_0_without_gaps(void **state)
{
	struct fixture *f = *state;
	int i;

	assert_int_equal(size_of(f), 1);
	for (i = 1; i < 10; i++)
		assert_int_equal(enter_act(f, "test.act", false), i);
	assert_int_equal(size_of(f), 10);
	assert_int_equal(ask(f, "SELECT count(*) = 10 AND min(at) = 0 AND max(at) = 9 FROM journal"), 1);
}

static void an_entry_that_is_rolled_back_was_never_there(void **state)
{
	struct fixture *f = *state;
	int64_t at;

	enter_act(f, "test.act", false);
	assert_ok(pen_db__begin_write(db_of(f), &f->error));
	assert_ok(pen_session__act(&f->session, "test.act", "x", NULL, false, &at, &f->error));
	assert_int_equal(at, 2);
	pen_db__rollback(db_of(f));
	assert_int_equal(size_of(f), 2);
	assert_int_equal(enter_act(f, "test.act", false), 2);
	assert_root(f, 3);
}

static void an_entry_says_what_was_done_and_is_signed(void **state)
{
	struct fixture *f = *state;
	struct pen_statement *statement;
	const char *text;
	const void *signature;
	size_t n;
	bool row;

	setenv("PEN_CLOCK", "1732348800", 1);
	assert_ok(pen_db__begin_write(db_of(f), &f->error));
	assert_ok(pen_session__act(&f->session, "import.stage", "batch 4", "{\"rows\":300}", false, NULL, &f->error));
	assert_ok(pen_db__commit(db_of(f), &f->error));
	assert_ok(pen_db__prepare(db_of(f), "SELECT text, signature FROM journal WHERE at = 1 AND staff = 'head1'"
	    " AND act = 'import.stage' AND subject = 'batch 4' AND time = '2024-11-23T08:00:00Z' AND changes = 0", &statement, &f->error));
	assert_ok(pen_db__step(statement, &row, &f->error));
	assert_true(row);
	text = pen_db__text(statement, 0);
	signature = pen_db__bytes(statement, 1, &n);
	assert_non_null(strstr(text, "pen-entry/v1\nat: 1\ntime: 2024-11-23T08:00:00Z\nagency: 330100\nterminal: "));
	assert_non_null(strstr(text, "\nstaff: head1\nact: import.stage\nsubject: batch 4\nbody: {\"rows\":300}\n"));
	assert_true(verifies(f->session.key, text, strlen(text), signature, n));
	pen_db__finalize(statement);
}

static void an_attempt_is_entered_without_a_signature(void **state)
{
	struct fixture *f = *state;
	struct pen_entry entry = { .agency = "330100", .terminal = "t", .act = "refused", .subject = "staff x" };

	assert_ok(pen_db__begin_write(db_of(f), &f->error));
	assert_ok(pen_journal__append(store_of(f), &entry, false, NULL, &f->error));
	assert_ok(pen_db__commit(db_of(f), &f->error));
	assert_int_equal(entry.at, 1);
	assert_int_equal(ask(f, "SELECT staff IS NULL AND signature IS NULL FROM journal WHERE at = 1"), 1);
	assert_root(f, 2);
}

/* ---- the tree ---- */

static void every_checkpoint_has_the_root_of_its_entries(void **state)
{
	struct fixture *f = *state;
	int64_t size, back;

	for (size = 1; size <= 35; size++) {
		for (back = 1; back <= size; back += size < 12 ? 1 : 5)
			assert_root(f, back);
		assert_root(f, size);
		enter_act(f, "test.act", false);
	}
}

static void a_checkpoint_of_nothing_is_the_digest_of_nothing(void **state)
{
	struct fixture *f = *state;
	struct pen_checkpoint checkpoint;
	char hex[PEN_DIGEST_HEX];

	assert_ok(pen_journal__checkpoint(store_of(f), 0, &checkpoint, &f->error));
	assert_string_equal(pen_encode__hex(checkpoint.root, PEN_DIGEST_SIZE, hex),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void a_journal_that_was_cut_takes_no_further_entry(void **state)
{
	struct fixture *f = *state;
	int64_t at;
	int i;

	for (i = 1; i < 8; i++)
		enter_act(f, "test.act", false);
	tamper(f, "DROP TRIGGER journal_stays_d; DELETE FROM journal WHERE at = 7");
	assert_ok(pen_db__begin_write(db_of(f), &f->error));
	assert_fails(pen_session__act(&f->session, "test.act", "x", NULL, false, &at, &f->error), PEN_INTEGRITY, "journal.damaged");
	pen_db__rollback(db_of(f));
	assert_int_equal(size_of(f), 7);
}

static void a_node_that_is_gone_or_short_is_noticed(void **state)
{
	struct fixture *f = *state;
	struct pen_checkpoint checkpoint;
	int i;

	for (i = 1; i < 6; i++)
		enter_act(f, "test.act", false);
	tamper(f, "UPDATE journal_node SET hash = x'00' WHERE level = 1 AND number = 2");
	assert_fails(pen_journal__checkpoint(store_of(f), 6, &checkpoint, &f->error), PEN_INTEGRITY, "journal.damaged");
	assert_ok(pen_journal__checkpoint(store_of(f), 4, &checkpoint, &f->error));
	tamper(f, "DELETE FROM journal_node WHERE level = 2");
	assert_fails(pen_journal__checkpoint(store_of(f), 4, &checkpoint, &f->error), PEN_INTEGRITY, "journal.damaged");
	tamper(f, "DROP TRIGGER journal_stays_d; DELETE FROM journal WHERE at = 2");
	assert_fails(pen_journal__checkpoint(store_of(f), 3, &checkpoint, &f->error), PEN_INTEGRITY, "journal.damaged");
}

static void the_newest_change_is_the_newest_entry_that_changes(void **state)
{
	struct fixture *f = *state;
	int64_t at;

	assert_ok(pen_journal__newest_change(store_of(f), &at, &f->error));
	assert_int_equal(at, 0);	/* init */
	enter_act(f, "test.read", false);
	enter_act(f, "test.change", true);
	enter_act(f, "test.read", false);
	assert_ok(pen_journal__newest_change(store_of(f), &at, &f->error));
	assert_int_equal(at, 2);
}

/* ---- as of ---- */

/* Entries 1 to 3 on 1 March 2024, 09:00, 1 March 23:30 and 2 March 00:10 in
 * Shanghai, which is UTC+8; entry 0 is of today, as the store was made. */
static void enter_march(struct fixture *f)
{
	setenv("TZ", "Asia/Shanghai", 1);
	tzset();
	setenv("PEN_CLOCK", "1709254800", 1);
	enter_act(f, "test.act", false);
	setenv("PEN_CLOCK", "1709307000", 1);
	enter_act(f, "test.act", false);
	setenv("PEN_CLOCK", "1709309400", 1);
	enter_act(f, "test.act", false);
	unsetenv("PEN_CLOCK");
}

static int64_t as_of(struct fixture *f, const char *text)
{
	int64_t at;

	assert_ok(pen_journal__as_of(store_of(f), text, &at, &f->error));
	return at;
}

static void an_as_of_is_an_index_a_day_or_a_time(void **state)
{
	struct fixture *f = *state;
	char today[11];

	enter_march(f);
	assert_int_equal(as_of(f, NULL), 3);
	assert_int_equal(as_of(f, "0"), 0);
	assert_int_equal(as_of(f, "3"), 3);
	assert_int_equal(as_of(f, "2024-03-01"), 2);	/* the local day */
	assert_int_equal(as_of(f, "2024-03-02"), 3);
	assert_int_equal(as_of(f, "2024年3月1日"), 2);
	assert_int_equal(as_of(f, "2024-03-01T01:00:00Z"), 1);	/* of that second */
	assert_int_equal(as_of(f, "2024-03-01T15:29:59Z"), 1);
	assert_int_equal(as_of(f, "2024-03-01T15:30:00Z"), 2);
	pen_date__format(pen_date__today(), today);
	assert_int_equal(as_of(f, today), 3);
	assert_int_equal(as_of(f, "2999-12-31"), 3);
}

static void an_as_of_that_cannot_be_is_wrong_usage(void **state)
{
	static const char *const unknown[] = {
		"", "-1", "+1", "yesterday", "2024-02-30", "2024-03-01T01:00:00", "2024-03-01T01:00:00Zx", "2024-02-30T00:00:00Z", "1.5", "1 "
	};
	struct fixture *f = *state;
	int64_t at;
	size_t i;

	enter_march(f);
	for (i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		assert_fails(pen_journal__as_of(store_of(f), unknown[i], &at, &f->error), PEN_USAGE, "as-of.unknown");
	assert_fails(pen_journal__as_of(store_of(f), "4", &at, &f->error), PEN_USAGE, "as-of.beyond");
	assert_fails(pen_journal__as_of(store_of(f), "20240301", &at, &f->error), PEN_USAGE, "as-of.beyond");
	assert_fails(pen_journal__as_of(store_of(f), "99999999999999999999", &at, &f->error), PEN_USAGE, "as-of.beyond");
	assert_fails(pen_journal__as_of(store_of(f), "2024-02-29", &at, &f->error), PEN_USAGE, "as-of.before");
}

static void the_time_of_an_entry_is_given_and_none_where_there_is_none(void **state)
{
	struct fixture *f = *state;
	char time[21];

	enter_march(f);
	assert_ok(pen_journal__time(store_of(f), 2, time, &f->error));
	assert_string_equal(time, "2024-03-01T15:30:00Z");
	assert_ok(pen_journal__time(store_of(f), 4, time, &f->error));
	assert_string_equal(time, "");
	assert_ok(pen_journal__time(store_of(f), -1, time, &f->error));
	assert_string_equal(time, "");
}

static void every_entry_has_a_path_to_the_checkpoint_of_every_size(void **state)
{
	struct fixture *f = *state;
	struct pen_merkle *tree = pen_merkle__new(PEN_ED25519_SHA256);
	unsigned char hash[PEN_DIGEST_SIZE], root[PEN_DIGEST_SIZE];
	struct pen_merkle_path path;
	int64_t size, at;

	for (size = 1; size < 12; size++) {
		enter_act(f, "test", false);
		root_of(f, 0, size + 1, root);
		for (at = 0; at <= size; at++) {
			assert_ok(pen_journal__path(store_of(f), at, size + 1, &path, &f->error));
			leaf_hash(f, at, hash);
			assert_true(pen_merkle__climb(tree, hash, at, size + 1, &path, hash));
			assert_memory_equal(hash, root, sizeof(root));
		}
	}
	pen_merkle__free(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(entries_are_numbered_from_0_without_gaps),
		WITH_STORE(an_entry_that_is_rolled_back_was_never_there),
		WITH_STORE(an_entry_says_what_was_done_and_is_signed),
		WITH_STORE(an_attempt_is_entered_without_a_signature),
		WITH_STORE(every_checkpoint_has_the_root_of_its_entries),
		WITH_STORE(a_checkpoint_of_nothing_is_the_digest_of_nothing),
		WITH_STORE(a_journal_that_was_cut_takes_no_further_entry),
		WITH_STORE(a_node_that_is_gone_or_short_is_noticed),
		WITH_STORE(the_newest_change_is_the_newest_entry_that_changes),
		WITH_STORE(an_as_of_is_an_index_a_day_or_a_time),
		WITH_STORE(an_as_of_that_cannot_be_is_wrong_usage),
		WITH_STORE(the_time_of_an_entry_is_given_and_none_where_there_is_none),
		WITH_STORE(every_entry_has_a_path_to_the_checkpoint_of_every_size),
	};

	return cmocka_run_group_tests_name("store/journal", tests, NULL, NULL);
}
