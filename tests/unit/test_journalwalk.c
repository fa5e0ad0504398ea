#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "seal_fixture.h"
#include "store/journalwalk.h"

/* As verification does it: the newest end first. */
static void walk(struct year *y, const struct pen_checkpoint *since)
{
	struct fixture *f = y->f;
	struct pen_journalwalk_tip tip;

	y->count = 0;
	assert_ok(pen_journalwalk__tip(&y->walk, &tip, &f->error));
	assert_ok(pen_journalwalk__run(&y->walk, &tip, since, &f->error));
}

static struct pen_checkpoint checkpoint_now(struct year *y)
{
	struct fixture *f = y->f;
	struct pen_checkpoint checkpoint;
	int64_t size;

	assert_ok(pen_journal__size(store_of(f), &size, &f->error));
	assert_ok(pen_journal__checkpoint(store_of(f), size, &checkpoint, &f->error));
	return checkpoint;
}

static void a_journal_that_grew_by_itself_holds(void **state)
{
	struct year *y = *state;
	struct pen_checkpoint since = checkpoint_now(y);

	enter_act(y->f, "test", false);
	walk(y, &since);
	assert_clean(y);
	assert_int_equal(y->walk.entries, since.size + 1);
}

static void an_entry_taken_out_of_the_middle_is_named(void **state)
{
	struct year *y = *state;

	break_in(y, "DELETE FROM journal WHERE at = 5");
	walk(y, NULL);
	assert_string_equal(finding(y, "journal.gap")->record, "journal entry 5 is gone");
}

static void entries_taken_out_at_the_start_are_named(void **state)
{
	struct year *y = *state;

	break_in(y, "DELETE FROM journal WHERE at < 3");
	walk(y, NULL);
	assert_string_equal(finding(y, "journal.gap")->record, "journal entries 0 to 2 are gone");
}

static void the_newest_entries_gone_show_by_the_tree_or_by_a_checkpoint(void **state)
{
	struct year *y = *state;
	struct pen_checkpoint since = checkpoint_now(y);
	char record[128];

	if (since.size % 2 == 1) {	/* a last entry that no node covers yet gets one */
		enter_act(y->f, "test", false);
		since = checkpoint_now(y);
	}
	break_in(y, "DELETE FROM journal WHERE at = (SELECT MAX(at) FROM journal)");
	walk(y, NULL);
	finding(y, "journal.tree");
	/* With the nodes gone too only the checkpoint is left. */
	tamper(y->f, "DELETE FROM journal_node WHERE ((number + 1) << level) > (SELECT COUNT(*) FROM journal)");
	walk(y, NULL);
	assert_clean(y);
	walk(y, &since);
	snprintf(record, sizeof(record), "the journal has %lld entries, the checkpoint %lld: entries were taken out",
	    (long long)since.size - 1, (long long)since.size);
	assert_string_equal(finding(y, "journal.checkpoint")->record, record);
}

static void a_rewritten_past_differs_from_the_checkpoint(void **state)
{
	struct year *y = *state;
	struct pen_checkpoint since = checkpoint_now(y);

	since.root[0] ^= 1;
	walk(y, &since);
	assert_int_equal(y->count, 1);
	assert_string_equal(finding(y, "journal.checkpoint")->field, "root");
}

static void a_changed_text_breaks_its_signature_and_the_tree(void **state)
{
	struct year *y = *state;

	break_in(y, "UPDATE journal SET text = replace(text, 'op1', 'op9') WHERE at = 1");
	walk(y, NULL);
	assert_string_equal(finding(y, "journal.signature")->record, "journal entry 1 (staff.add)");
	assert_string_equal(finding(y, "journal.tree")->record, "journal entries 0 to 1");
	assert_string_equal(finding(y, "journal.text")->field, "subject");
}

static void a_changed_column_differs_from_the_signed_text(void **state)
{
	struct year *y = *state;
	const struct kept_finding *found;

	break_in(y, "UPDATE journal SET staff = 'lead1' WHERE at = 3");
	walk(y, NULL);
	found = finding(y, "journal.text");
	assert_string_equal(found->field, "staff");
	assert_string_equal(found->found, "lead1");
	assert_string_equal(found->expected, "op1");
}

static void a_text_that_is_none_or_says_more_or_less_than_its_columns_is_told(void **state)
{
	struct year *y = *state;

	break_in(y, "UPDATE journal SET text = 'x' || text WHERE at = 3");
	walk(y, NULL);
	assert_string_equal(finding(y, "journal.text")->expected, "pen-entry/v1");
	break_in(y, "UPDATE journal SET text = substr(text, 2) || 'more: 1' || char(10) WHERE at = 3");
	walk(y, NULL);
	assert_string_equal(finding(y, "journal.text")->found, "more: 1\n");
	break_in(y, "UPDATE journal SET text = replace(replace(text, 'more: 1' || char(10), ''), 'staff: op1' || char(10), '') WHERE at = 3");
	walk(y, NULL);
	assert_string_equal(finding(y, "journal.text")->expected, "nothing: the signed text has no such line");
}

static void a_signature_by_another_key_does_not_hold(void **state)
{
	struct year *y = *state;

	break_in(y, "UPDATE staff_key SET public_key = (SELECT public_key FROM staff_key WHERE staff = 'lead1') WHERE staff = 'op1'");
	walk(y, NULL);
	assert_string_equal(finding(y, "journal.signature")->found, "the signature does not hold");
}

static void an_entry_without_a_signature_is_an_attempt_or_a_finding(void **state)
{
	struct year *y = *state;
	struct fixture *f = y->f;
	struct pen_entry attempt = { .agency = "330100", .terminal = "t", .act = "refused", .subject = "store" };

	assert_ok(pen_db__begin_write(pen_store__db(store_of(f)), &f->error));
	assert_ok(pen_journal__append(store_of(f), &attempt, false, NULL, &f->error));
	assert_ok(pen_db__commit(pen_store__db(store_of(f)), &f->error));
	walk(y, NULL);
	assert_clean(y);
	break_in(y, "UPDATE journal SET signature = NULL WHERE at = 2");
	walk(y, NULL);
	assert_string_equal(finding(y, "journal.signature")->found, "no signature");
}

static void nodes_that_are_gone_are_told_once_as_a_run(void **state)
{
	struct year *y = *state;

	tamper(y->f, "DELETE FROM journal_node");
	walk(y, NULL);
	assert_int_equal(y->count, 1);
	assert_string_equal(finding(y, "journal.tree")->field, "hash");
}

static void a_node_changed_above_sound_entries_is_told(void **state)
{
	struct year *y = *state;

	tamper(y->f, "UPDATE journal_node SET hash = zeroblob(32) WHERE level = 2 AND number = 1");
	walk(y, NULL);
	assert_string_equal(finding(y, "journal.tree")->record, "journal entries 4 to 7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_YEAR(a_journal_that_grew_by_itself_holds),
		WITH_YEAR(an_entry_taken_out_of_the_middle_is_named),
		WITH_YEAR(entries_taken_out_at_the_start_are_named),
		WITH_YEAR(the_newest_entries_gone_show_by_the_tree_or_by_a_checkpoint),
		WITH_YEAR(a_rewritten_past_differs_from_the_checkpoint),
		WITH_YEAR(a_changed_text_breaks_its_signature_and_the_tree),
		WITH_YEAR(a_changed_column_differs_from_the_signed_text),
		WITH_YEAR(a_text_that_is_none_or_says_more_or_less_than_its_columns_is_told),
		WITH_YEAR(a_signature_by_another_key_does_not_hold),
		WITH_YEAR(an_entry_without_a_signature_is_an_attempt_or_a_finding),
		WITH_YEAR(nodes_that_are_gone_are_told_once_as_a_run),
		WITH_YEAR(a_node_changed_above_sound_entries_is_told),
	};

	return cmocka_run_group_tests_name("store/journalwalk", tests, NULL, NULL);
}
