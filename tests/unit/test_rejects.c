#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "form_fixture.h"
#include "store_fixture.h"
#include "base/text.h"
#include "store/rejects_enter.h"
#include "store/rejectsfile.h"

#define COLUMNS 4
#define HEADER "line,姓名,缴费基数,月数"

static const char *const titles[COLUMNS] = { "line", "姓名", "缴费基数", "月数" };
static struct pen_error error;
static struct pen_form *form;
static struct pen_cell cells[PEN_FIELDS_MOST];

static int read_form(void **state)
{
	(void)state;
	form = shipped_form("breakdown");
	return 0;
}

static int free_form(void **state)
{
	(void)state;
	pen_form__free(form);
	return 0;
}

/* Of a file whose columns are those of `titles`, a rejects file's "line" among them. */
static struct pen_rejects *new_rejects(struct fixture *f, size_t memory)
{
	struct pen_csv_field source[COLUMNS];
	struct pen_header header = { .source_count = COLUMNS };
	struct pen_rejects *rejects;
	int i, field;

	for (i = 0; i < 256; i++)
		header.field_of[i] = -1;
	for (i = 0; i < PEN_FIELDS_MOST; i++)
		header.column_of[i] = -1;
	for (i = 0; i < COLUMNS; i++) {
		source[i] = (struct pen_csv_field){ .s = titles[i], .n = strlen(titles[i]) };
		field = pen_form__called(form, titles[i], strlen(titles[i]), NULL);
		if (field >= 0) {
			header.field_of[i] = field;
			header.column_of[field] = i;
		}
	}
	assert_ok(pen_rejects__new(&rejects, form, PEN_UTF8, pen_store__dir(store_of(f)), memory, &f->error));
	assert_ok(pen_rejects_titles__learn(pen_rejects__titles(rejects), &header, source, COLUMNS, &f->error));
	return rejects;
}

/* A line with one finding, by rules and fields that go round. */
static const char *const rule_of[3] = { "base.cap", "months.overlap", "share.personal" };
static const char *const field_of[3] = { "base", "person", "personal_fen" };
static const char *const title_of[3] = { "缴费基数", "公民身份号码", "personal_fen" };

static void reject(struct pen_rejects *rejects, int64_t line)
{
	struct pen_findings findings = { 0 };
	char found[32];

	snprintf(found, sizeof(found), "值%lld", (long long)line);
	pen_rule__add(&findings, rule_of[line % 3], field_of[line % 3], found, "less");
	assert_int_equal(pen_rejects__add(rejects, line, 100 * line, line, &findings, &error), PEN_OK);
}

static void is_reject(const struct pen_reject *reject, int64_t line)
{
	char found[32];

	snprintf(found, sizeof(found), "值%lld", (long long)line);
	assert_non_null(reject);
	assert_int_equal(reject->line, line);
	assert_int_equal(reject->byte, 100 * line);
	assert_string_equal(reject->rule, rule_of[line % 3]);
	assert_string_equal(reject->title, title_of[line % 3]);
	assert_string_equal(reject->found, found);
	assert_string_equal(reject->expected, "less");
	assert_non_null(strstr(reject->message, found));
}

/* A line that was accepted: what its cells were mended of; it may be a try. */
static void accept(struct pen_rejects *rejects, int64_t line, unsigned name, unsigned base, bool folded, const char *parent_line)
{
	const char *const texts[COLUMNS] = { parent_line, " 王敏", "6,500.00", "12" };
	struct pen_csv_field source[COLUMNS];
	struct pen_intake_line own = { .line = line, .source = source, .source_count = COLUMNS,
		.judged = { .cells = cells, .shaped = { .name_folded = folded } } };
	int i;

	for (i = 0; i < COLUMNS; i++)
		source[i] = (struct pen_csv_field){ .s = texts[i], .n = strlen(texts[i]) };
	memset(cells, 0, sizeof(cells));
	cells[pen_form__field(form, "name")].repairs = name;
	cells[pen_form__field(form, "base")].repairs = base;
	assert_int_equal(pen_rejects__tries(rejects, &own, &error), PEN_OK);
	assert_int_equal(pen_rejects__accept(rejects, &own, &error), PEN_OK);
}

/* ------------------------------------------------------------- in order -- */

/* Lines that 5 divides were rejected by the order of rows, in an order of its own. */
static struct pen_rejects *both(struct fixture *f, size_t memory, int64_t lines)
{
	struct pen_rejects *rejects = new_rejects(f, memory);
	int64_t i;

	for (i = 1; i <= lines; i++)
		if (i % 5)
			reject(rejects, i);
	for (i = 0; i < lines / 5; i++)
		reject(rejects, 5 * (1 + i * 7 % (lines / 5)));
	return rejects;
}

static void come_by_line(struct fixture *f, size_t memory)
{
	struct pen_rejects *rejects = both(f, memory, 5000);
	const struct pen_reject *next;
	struct pen_rejects_walk *walk;
	int64_t i, again;

	assert_int_equal(pen_rejects__count(rejects), 5000);
	assert_int_equal(pen_rejects__amount(rejects), 5000 * 5001 / 2);
	for (again = 0; again < 2; again++) {
		assert_ok(pen_rejects__walk(&walk, rejects, &f->error));
		for (i = 1; i <= 5000; i++) {
			assert_ok(pen_rejects__next(walk, &next, &f->error));
			is_reject(next, i);
		}
		assert_ok(pen_rejects__next(walk, &next, &f->error));
		assert_null(next);
		pen_rejects__close(walk);
	}
	pen_rejects__free(rejects);
}

static void rejects_come_by_line_wherever_they_were_found_and_however_many_there_are(void **state)
{
	come_by_line(*state, PEN_REJECTS_MEMORY);
	come_by_line(*state, 30000);
	come_by_line(*state, 1);
}

static void all_that_is_wrong_with_a_line_is_in_its_message_under_the_files_own_titles(void **state)
{
	struct fixture *f = *state;
	struct pen_rejects *rejects = new_rejects(f, 1);
	struct pen_findings findings = { 0 };
	const struct pen_reject *next;
	struct pen_rejects_walk *walk;

	pen_rule__add(&findings, "base.cap", "base", "90000.00", "at most 1");
	pen_rule__add(&findings, "month.range", "months", "", "1 to 12");
	pen_rule__add(&findings, "row.columns", "", "3", "4");
	assert_ok(pen_rejects__add(rejects, 9, 8, 7, &findings, &f->error));
	assert_ok(pen_rejects__walk(&walk, rejects, &f->error));
	assert_ok(pen_rejects__next(walk, &next, &f->error));
	assert_string_equal(next->rule, "base.cap");
	assert_string_equal(next->title, "缴费基数");
	assert_int_equal(strncmp(next->message, "缴费基数: found 90000.00, expected at most 1: ", strlen("缴费基数: found 90000.00, expected at most 1: ")), 0);
	assert_non_null(strstr(next->message, "; 月数: found nothing, expected 1 to 12: "));
	assert_non_null(strstr(next->message, "; found 3, expected 4: "));
	pen_rejects__close(walk);
	pen_rejects__free(rejects);
}

static void without_rejects_there_is_nothing_to_go_through(void **state)
{
	struct fixture *f = *state;
	struct pen_rejects *rejects = new_rejects(f, PEN_REJECTS_MEMORY);
	const struct pen_reject *next;
	struct pen_rejects_walk *walk;

	assert_ok(pen_rejects__walk(&walk, rejects, &f->error));
	assert_ok(pen_rejects__next(walk, &next, &f->error));
	assert_null(next);
	pen_rejects__close(walk);
	pen_rejects__close(NULL);
	pen_rejects__free(rejects);
	pen_rejects__free(NULL);
}

static void a_disk_that_takes_nothing_is_told(void **state)
{
	struct fixture *f = *state;
	struct pen_findings findings = { 0 };
	struct pen_rejects *rejects;
	enum pen_status status = PEN_OK;
	int64_t i;

	assert_ok(pen_rejects__new(&rejects, form, PEN_UTF8, "/nowhere/at/all", 1000, &f->error));
	pen_rule__add(&findings, "base.cap", "base", "1", "2");
	/* What is set aside passes through a megabyte of memory on its way. */
	for (i = 1; status == PEN_OK && i < 100000; i++)
		status = pen_rejects__add(rejects, i, i, 0, &findings, &f->error);
	assert_int_equal(status, PEN_SYSTEM);
	assert_non_null(strstr(f->error.text, "/nowhere/at/all"));
	pen_rejects__free(rejects);
}

/* --------------------------------------------------- repairs, and tries -- */

static enum pen_status write_repair(void *context, const struct pen_rejects_repair *repair, struct pen_error *e)
{
	(void)e;
	pen_text__printf(context, "%lld %s %s %.*s\n", (long long)repair->line, repair->title, repair->code, (int)repair->n, repair->old);
	return PEN_OK;
}

static enum pen_status write_try(void *context, const struct pen_rejects_try *tried, struct pen_error *e)
{
	(void)e;
	pen_text__printf(context, "%lld was %lld%s\n", (long long)tried->line, (long long)tried->parent_line, tried->rejected ? ", again" : "");
	return PEN_OK;
}

static void each_thing_mended_is_told_with_what_stood_there(void **state)
{
	struct fixture *f = *state;
	struct pen_rejects *rejects = new_rejects(f, 1);
	struct pen_text list = { 0 };

	accept(rejects, 2, PEN_REPAIR_SPACE, PEN_REPAIR_SEPARATOR | PEN_REPAIR_QUOTE, false, "");
	accept(rejects, 3, 0, 0, false, "");
	accept(rejects, 4, 0, PEN_REPAIR_SEPARATOR, true, "");
	assert_ok(pen_rejects__each_repair(rejects, write_repair, &list, &f->error));
	assert_string_equal(list.s,
	    "2 姓名 repair.space  王敏\n"
	    "2 缴费基数 repair.quote 6,500.00\n"
	    "2 缴费基数 repair.separator 6,500.00\n"
	    "4 缴费基数 repair.separator 6,500.00\n"
	    "4 姓名 name.folded  王敏\n");
	pen_text__free(&list);
	pen_rejects__free(rejects);
}

static void what_was_mended_in_a_line_that_was_rejected_later_is_left_out(void **state)
{
	struct fixture *f = *state;
	struct pen_rejects *rejects = new_rejects(f, 1);
	struct pen_text list = { 0 };
	int64_t i;

	for (i = 1; i <= 9; i++) {
		if (i == 1 || i == 6)
			reject(rejects, i);
		else
			accept(rejects, i, 0, PEN_REPAIR_SEPARATOR, false, i % 2 ? "" : "17");
	}
	reject(rejects, 9);
	reject(rejects, 3);
	reject(rejects, 4);
	assert_ok(pen_rejects__each_repair(rejects, write_repair, &list, &f->error));
	assert_string_equal(list.s, "2 缴费基数 repair.separator 6,500.00\n5 缴费基数 repair.separator 6,500.00\n"
	    "7 缴费基数 repair.separator 6,500.00\n8 缴费基数 repair.separator 6,500.00\n");
	pen_text__clear(&list);
	assert_ok(pen_rejects__each_try(rejects, write_try, &list, &f->error));
	assert_string_equal(list.s, "2 was 17\n4 was 17, again\n8 was 17\n");
	pen_text__free(&list);
	pen_rejects__free(rejects);
}

/* ------------------------------------------------- to the store, a file -- */

static void all_of_them_are_entered_under_their_batch(void **state)
{
	struct fixture *f = *state;
	struct pen_rejects *rejects = new_rejects(f, 1000);
	int64_t i, matched = -1;

	for (i = 1; i <= 1000; i++) {
		if (i % 10 == 0)
			reject(rejects, i);
		else
			accept(rejects, i, 0, PEN_REPAIR_SEPARATOR | PEN_REPAIR_QUOTE, false, "");
	}
	for (i = 999; i > 0; i -= 100)
		reject(rejects, i);
	assert_ok(pen_db__begin_write(pen_store__db(store_of(f)), &f->error));
	assert_ok(pen_rejects_enter__batch(rejects, store_of(f), 8, 0, &matched, &f->error));
	assert_ok(pen_db__commit(pen_store__db(store_of(f)), &f->error));
	assert_int_equal(matched, 0);
	assert_int_equal(ask(f, "SELECT count(*) FROM reject WHERE batch = 8 AND mended_by IS NULL AND byte = 100 * line AND found = '值' || line"), 110);
	assert_int_equal(ask(f, "SELECT count(*) FROM reject WHERE line % 100 = 99 AND message LIKE '%found 值' || line || ', expected less: %'"), 10);
	assert_int_equal(ask(f, "SELECT count(*) FROM repair WHERE batch = 8 AND column_name = '缴费基数' AND old = '6,500.00'"), 2 * 890);
	assert_int_equal(ask(f, "SELECT count(*) FROM repair WHERE line % 100 = 99 OR line % 10 = 0"), 0);
	pen_rejects__free(rejects);
}

static void what_comes_in_mended_is_marked_and_what_does_not_is_a_further_try(void **state)
{
	struct fixture *f = *state;
	struct pen_rejects *rejects = new_rejects(f, 1);
	int64_t matched;

	tamper(f, "INSERT INTO reject SELECT 5, value, 1, 'a', 'b', 'c', 'd', 'e', NULL FROM (SELECT 3 AS value UNION SELECT 7 UNION SELECT 9)");
	accept(rejects, 2, 0, 0, false, "9");
	accept(rejects, 3, 0, 0, false, "3");
	accept(rejects, 4, 0, 0, false, "1000");
	reject(rejects, 3);
	assert_ok(pen_db__begin_write(pen_store__db(store_of(f)), &f->error));
	assert_ok(pen_rejects_enter__batch(rejects, store_of(f), 8, 5, &matched, &f->error));
	assert_ok(pen_db__commit(pen_store__db(store_of(f)), &f->error));
	assert_int_equal(matched, 1);
	assert_int_equal(ask(f, "SELECT mended_by FROM reject WHERE batch = 5 AND line = 9"), 8);
	assert_int_equal(ask(f, "SELECT count(*) FROM reject WHERE batch = 5 AND mended_by IS NULL"), 2);
	assert_int_equal(ask(f, "SELECT parent_line FROM retry WHERE batch = 8 AND line = 3"), 3);
	assert_int_equal(ask(f, "SELECT count(*) FROM retry"), 1);
	pen_rejects__free(rejects);
}

static void write_source(const char *path, int64_t lines)
{
	FILE *out = fopen(path, "w");
	int64_t i;

	assert_non_null(out);
	fprintf(out, HEADER "\n");
	for (i = 2; i <= lines; i++)
		fprintf(out, "%lld,王%lld,1,12\n", (long long)i, (long long)i);
	assert_int_equal(fclose(out), 0);
}

/* Every fourth line by the intake, every fourth by the order of rows, from the end. */
static void a_rejects_file_is_in_the_order_of_lines_whoever_rejected_them(void **state)
{
	struct fixture *f = *state;
	struct pen_rejects *rejects = new_rejects(f, 500);
	char path[128], out[128], line[600], start[64];
	struct pen_source source;
	FILE *in;
	int64_t i;

	snprintf(path, sizeof(path), "%s/in.csv", f->dir);
	snprintf(out, sizeof(out), "%s/out.csv", f->dir);
	write_source(path, 400);
	assert_ok(pen_source__open(&source, store_of(f), path, &f->error));
	assert_ok(pen_source__scanned(&source, &f->error));
	for (i = 4; i <= 400; i += 4)
		reject(rejects, i);
	for (i = 398; i >= 2; i -= 4)
		reject(rejects, i);
	assert_ok(pen_rejectsfile__write(rejects, &source, out, &f->error));
	pen_source__close(&source);
	in = fopen(out, "r");
	assert_non_null(in);
	assert_non_null(fgets(line, sizeof(line), in));
	assert_string_equal(line, "姓名,缴费基数,月数,line,byte,column,rule,found,expected,message\r\n");
	for (i = 2; i <= 400; i += 2) {
		snprintf(start, sizeof(start), "王%lld,1,12,%lld,%lld,", (long long)i, (long long)i, (long long)(100 * i));
		assert_non_null(fgets(line, sizeof(line), in));
		assert_int_equal(strncmp(line, start, strlen(start)), 0);
	}
	assert_null(fgets(line, sizeof(line), in));
	fclose(in);
	pen_rejects__free(rejects);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(rejects_come_by_line_wherever_they_were_found_and_however_many_there_are),
		WITH_STORE(all_that_is_wrong_with_a_line_is_in_its_message_under_the_files_own_titles),
		WITH_STORE(without_rejects_there_is_nothing_to_go_through),
		WITH_STORE(a_disk_that_takes_nothing_is_told),
		WITH_STORE(each_thing_mended_is_told_with_what_stood_there),
		WITH_STORE(what_was_mended_in_a_line_that_was_rejected_later_is_left_out),
		WITH_STORE(all_of_them_are_entered_under_their_batch),
		WITH_STORE(what_comes_in_mended_is_marked_and_what_does_not_is_a_further_try),
		WITH_STORE(a_rejects_file_is_in_the_order_of_lines_whoever_rejected_them),
	};

	return cmocka_run_group_tests_name("store/rejects", tests, read_form, free_form);
}
