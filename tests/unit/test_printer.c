#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "adapter/csv.h"
#include "adapter/digest.h"
#include "adapter/json.h"
#include "base/encode.h"
#include "printer_samples.h"

#include <signal.h>
#include <unistd.h>

static struct pen_json *parsed(const char *s, size_t n)
{
	struct pen_error error = { 0 };
	struct pen_json *json;

	assert_int_equal(pen_json__parse(&json, s, n, &error), PEN_OK);
	return json;
}

static const struct pen_json *at(const struct pen_json *json, const char *a, const char *b)
{
	json = pen_json__member(json, a);
	return b ? pen_json__member(json, b) : json;
}

static void assert_integer(const struct pen_json *json, int64_t expected)
{
	int64_t value;

	assert_true(pen_json__integer(json, &value));
	assert_int_equal(value, expected);
}

/* ---- JSON ---- */

static void a_receipt_is_one_json_object_with_nested_keys(void **state)
{
	const struct pen_json *row;
	struct capture c;
	struct pen_json *json;

	(void)state;
	begin(&c, PEN_JSON);
	print_receipt(c.printer);
	end(&c);
	assert_ptr_equal(strchr(c.s, '\n'), c.s + c.n - 1);
	json = parsed(c.s, c.n);
	assert_integer(at(json, "batch", NULL), 4);
	assert_string_equal(pen_json__string(at(json, "file", "name")), "a \"b\", c.csv");
	assert_integer(at(json, "file", "bytes"), 20480);
	assert_integer(at(json, "lines", "read"), 300);
	assert_integer(at(at(json, "lines", "sums"), "read_fen", NULL), 1800000000);
	assert_integer(at(json, "lines", "rejected"), 0);
	assert_string_equal(pen_json__string(at(json, "paid_on", NULL)), "2024-12-31");
	assert_string_equal(pen_json__string(at(json, "from", NULL)), "2024-07");
	assert_integer(at(json, "rate", NULL), 39700);
	assert_true(pen_json__is_true(at(json, "held", NULL)));
	assert_int_equal(pen_json__count(at(json, "folios", NULL)), 2);
	row = pen_json__first(at(json, "folios", NULL));
	assert_integer(at(row, "amount_fen", NULL), 123456);
	assert_string_equal(pen_json__string(at(pen_json__next(row), "employer", NULL)), "AB");
	assert_int_equal(pen_json__count(at(json, "repairs", NULL)), 0);
	assert_non_null(strstr(c.s, "\"rejects\":null,\"until\":null,\"root\":null,"));
	assert_non_null(strstr(c.s, "\"lines\":{\"read\":300,\"sums\":{\"read_fen\":1800000000},\"rejected\":0},\"paid_on\""));
	/* One object each, though its items are several. */
	assert_int_equal(pen_json__count(json), 12);
	pen_json__free(json);
	free(c.s);
}

static void a_json_table_is_a_frame_around_its_rows(void **state)
{
	struct capture c;
	struct pen_json *json;

	(void)state;
	begin(&c, PEN_JSON);
	print_table(c.printer);
	end(&c);
	json = parsed(c.s, c.n);
	assert_string_equal(pen_json__string(at(json, "report", NULL)), "breakdown");
	assert_integer(at(json, "version", NULL), 1);
	assert_string_equal(pen_json__string(at(json, "title", NULL)), "缴费分解表");
	assert_integer(at(json, "head", "year"), 2024);
	assert_int_equal(pen_json__count(at(json, "rows", NULL)), 2);
	assert_integer(at(pen_json__first(at(json, "rows", NULL)), "folio", NULL), 1);
	assert_integer(at(json, "summary", "total_fen"), 123451);
	assert_integer(at(json, "summary", "status"), 0);
	pen_json__free(json);
	free(c.s);
}

static void a_json_table_without_head_or_rows_is_whole(void **state)
{
	struct capture c;
	struct pen_json *json;

	(void)state;
	begin(&c, PEN_JSON);
	pen_printer__open_table(c.printer, "verify", NULL, NULL);
	pen_printer__close_table(c.printer, (struct pen_items){ NULL, 0 }, PEN_INTEGRITY);
	end(&c);
	json = parsed(c.s, c.n);
	assert_null(at(json, "head", NULL));
	assert_int_equal(pen_json__count(at(json, "rows", NULL)), 0);
	assert_integer(at(json, "summary", "status"), 5);
	pen_json__free(json);
	free(c.s);
}

/* ---- NDJSON ---- */

/* Every line parses and has a type; the last is the summary, its digest that of
 * the lines before. Returns the number of lines. */
static size_t check_stream(const char *s, size_t n, struct pen_json **summary)
{
	unsigned char hash[PEN_DIGEST_SIZE];
	const char *line, *next;
	char hex[PEN_DIGEST_HEX];
	struct pen_json *json;
	size_t lines = 0;

	*summary = NULL;
	for (line = s; line < s + n; line = next) {
		next = strchr(line, '\n');
		assert_non_null(next);
		next++;
		json = parsed(line, (size_t)(next - line));
		assert_non_null(pen_json__string(at(json, "type", NULL)));
		lines++;
		if (next < s + n) {
			assert_string_not_equal(pen_json__string(at(json, "type", NULL)), "summary");
			pen_json__free(json);
			continue;
		}
		assert_string_equal(pen_json__string(at(json, "type", NULL)), "summary");
		assert_true(pen_digest__of(PEN_ED25519_SHA256, s, (size_t)(line - s), hash));
		assert_string_equal(pen_json__string(at(json, "digest", NULL)), pen_encode__hex(hash, sizeof(hash), hex));
		*summary = json;
	}
	return lines;
}

static void a_stream_ends_with_its_summary(void **state)
{
	struct pen_json *summary;
	struct capture c;

	(void)state;
	begin(&c, PEN_NDJSON);
	print_table(c.printer);
	end(&c);
	assert_int_equal(check_stream(c.s, c.n, &summary), 4);
	assert_memory_equal(c.s, "{\"type\":\"head\",\"report\":\"breakdown\",\"version\":1,\"year\":2024,", 59);
	assert_non_null(strstr(c.s, "\n{\"type\":\"folio\",\"folio\":12,\"employer\":\"AB\",\"amount_fen\":-5}\n"));
	assert_integer(at(summary, "rows", NULL), 2);
	assert_integer(at(summary, "people", NULL), 2);
	assert_integer(at(summary, "status", NULL), 0);
	pen_json__free(summary);
	free(c.s);
}

static void a_stream_without_rows_still_has_head_and_summary(void **state)
{
	struct pen_json *summary;
	struct capture c;

	(void)state;
	begin(&c, PEN_NDJSON);
	pen_printer__open_table(c.printer, "verify", "title", NULL);
	pen_printer__close_table(c.printer, (struct pen_items){ NULL, 0 }, PEN_OK);
	end(&c);
	assert_int_equal(check_stream(c.s, c.n, &summary), 2);
	assert_integer(at(summary, "rows", NULL), 0);
	pen_json__free(summary);
	free(c.s);
}

static void a_receipt_as_a_stream_is_its_record_and_a_summary(void **state)
{
	struct pen_json *summary;
	struct capture c;

	(void)state;
	begin(&c, PEN_NDJSON);
	print_receipt(c.printer);
	end(&c);
	assert_int_equal(check_stream(c.s, c.n, &summary), 2);
	assert_memory_equal(c.s, "{\"type\":\"receipt\",\"batch\":4,", 27);
	assert_integer(at(summary, "rows", NULL), 1);
	assert_integer(at(summary, "status", NULL), 1);
	pen_json__free(summary);
	free(c.s);
}

static void each_document_of_a_stream_has_a_summary_of_its_own(void **state)
{
	struct pen_json *summary;
	struct capture c;
	size_t half;

	(void)state;
	begin(&c, PEN_NDJSON);
	print_receipt(c.printer);
	print_receipt(c.printer);
	end(&c);
	half = c.n / 2;
	assert_memory_equal(c.s, c.s + half, half);
	assert_int_equal(check_stream(c.s + half, half, &summary), 2);
	pen_json__free(summary);
	free(c.s);
}

static void a_table_given_up_ends_as_incomplete(void **state)
{
	struct pen_json *summary;
	struct capture c;

	(void)state;
	begin(&c, PEN_NDJSON);
	pen_printer__open_table(c.printer, "verify", NULL, NULL);
	pen_printer__row(c.printer, "finding", folios[0]);
	end(&c);
	assert_int_equal(check_stream(c.s, c.n, &summary), 3);
	assert_integer(at(summary, "status", NULL), PEN_INCOMPLETE);
	pen_json__free(summary);
	free(c.s);
}

static void rows_counted_by_the_caller_are_not_counted_twice(void **state)
{
	const struct pen_item counts[] = { PEN_I_INT("rows", NULL, 300) };
	struct pen_json *summary;
	struct capture c;

	(void)state;
	begin(&c, PEN_NDJSON);
	pen_printer__open_table(c.printer, "verify", NULL, NULL);
	pen_printer__close_table(c.printer, PEN_ITEMS(counts), PEN_OK);
	end(&c);
	check_stream(c.s, c.n, &summary);
	assert_integer(at(summary, "rows", NULL), 300);
	assert_int_equal(pen_json__count(summary), 4);
	pen_json__free(summary);
	free(c.s);
}

/* ---- CSV ---- */

struct sheet { size_t lines; char cells[8][16][400]; size_t counts[8]; };

static enum pen_status take(void *context, const struct pen_csv_field *fields, size_t count, long line,
    int64_t byte, struct pen_error *error)
{
	struct sheet *sheet = context;
	size_t i;

	(void)line;
	(void)byte;
	(void)error;
	assert_true(sheet->lines < 8 && count <= 16);
	for (i = 0; i < count; i++) {
		assert_true(fields[i].n < 400);
		if (fields[i].n)
			memcpy(sheet->cells[sheet->lines][i], fields[i].s, fields[i].n);
	}
	sheet->counts[sheet->lines++] = count;
	return PEN_OK;
}

static void read_csv(struct capture *c, struct sheet *sheet)
{
	struct pen_error error = { 0 };
	struct pen_csv *csv;

	memset(sheet, 0, sizeof(*sheet));
	assert_int_equal(pen_csv__open(&csv, ',', take, sheet, &error), PEN_OK);
	assert_int_equal(pen_csv__feed(csv, c->s, c->n, &error), PEN_OK);
	assert_int_equal(pen_csv__finish(csv, &error), PEN_OK);
	pen_csv__close(csv);
	free(c->s);
}

static void a_receipt_in_csv_is_a_header_and_a_line(void **state)
{
	static const char *const expected[2][15] = {
		{ "批次", "文件", "file.bytes", "读入行数", "读入金额", "lines.rejected", "缴款日期", "起始月份", "利率",
		    "暂挂", "rejects", "until", "root", "分册", "修正" },
		{ "4", "a \"b\", c.csv", "20480", "300", "18000000.00", "0", "2024-12-31", "2024-07", "0.0397", "true",
		    "", "", "", "[{\"folio\":1,\"employer\":\"某某纺织有限公司\",\"amount_fen\":123456},"
		    "{\"folio\":12,\"employer\":\"AB\",\"amount_fen\":-5}]", "[]" },
	};
	static struct sheet sheet;
	struct capture c;
	size_t i, k;

	(void)state;
	begin(&c, PEN_CSV);
	print_receipt(c.printer);
	end(&c);
	assert_non_null(strstr(c.s, "修正\r\n4,"));
	read_csv(&c, &sheet);
	assert_int_equal(sheet.lines, 2);
	for (i = 0; i < 2; i++) {
		assert_int_equal(sheet.counts[i], 15);
		for (k = 0; k < 15; k++)
			assert_string_equal(sheet.cells[i][k], expected[i][k]);
	}
}

static void csv_has_the_rows_alone(void **state)
{
	struct capture c;

	(void)state;
	begin(&c, PEN_CSV);
	print_table(c.printer);
	assert_string_equal(end(&c),
	    "册号,单位名称,金额\r\n1,某某纺织有限公司,1234.56\r\n12,AB,-0.05\r\n");
	free(c.s);
}

static void csv_of_what_is_no_form_is_headed_by_keys(void **state)
{
	struct capture c;

	(void)state;
	begin(&c, PEN_CSV);
	pen_printer__open_table(c.printer, "list", "清单", &folios[0]);
	pen_printer__close_table(c.printer, (struct pen_items){ NULL, 0 }, PEN_OK);
	assert_string_equal(end(&c), "folio,employer,amount\r\n");
	free(c.s);
}

static void csv_has_its_header_without_rows_when_columns_are_given(void **state)
{
	struct capture c;

	(void)state;
	begin(&c, PEN_CSV);
	pen_printer__form(c.printer);
	pen_printer__open_table(c.printer, "list", NULL, &folios[0]);
	pen_printer__close_table(c.printer, (struct pen_items){ NULL, 0 }, PEN_OK);
	assert_string_equal(end(&c), "册号,单位名称,金额\r\n");
	free(c.s);
}

static void receipts_in_a_row_share_a_csv_header(void **state)
{
	static struct sheet sheet;
	struct capture c;

	(void)state;
	begin(&c, PEN_CSV);
	print_receipt(c.printer);
	print_receipt(c.printer);
	end(&c);
	read_csv(&c, &sheet);
	assert_int_equal(sheet.lines, 3);
	assert_string_equal(sheet.cells[2][0], "4");
}

static void a_row_of_one_empty_field_is_still_a_row(void **state)
{
	const struct pen_item row[] = { PEN_I_TEXT("note", NULL, NULL) };
	static struct sheet sheet;
	struct capture c;

	(void)state;
	begin(&c, PEN_CSV);
	pen_printer__one(c.printer, "x", NULL, PEN_ITEMS(row), PEN_OK);
	end(&c);
	read_csv(&c, &sheet);
	assert_int_equal(sheet.lines, 2);
	assert_int_equal(sheet.counts[1], 1);
}

static void what_is_no_date_shows_as_the_number_that_it_is(void **state)
{
	const struct pen_item record[] = { PEN_I_DATE("a", NULL, 20241350), PEN_I_DATE("b", NULL, -1), PEN_I_DATE("c", NULL, INT64_MAX) };
	struct capture c;

	(void)state;
	begin(&c, PEN_JSON);
	pen_printer__one(c.printer, "x", NULL, PEN_ITEMS(record), PEN_OK);
	assert_string_equal(end(&c), "{\"a\":\"20241350\",\"b\":\"-1\",\"c\":\"9223372036854775807\"}\n");
	free(c.s);
}

/* ---- the way out ---- */

static void raw_bytes_go_out_as_they_are_in_every_format(void **state)
{
	static const char bytes[] = "pen/330100\n8\n\xff\0end";
	struct capture c;
	int format;

	(void)state;
	for (format = PEN_TEXT; format <= PEN_NDJSON; format++) {
		begin(&c, (enum pen_format)format);
		pen_printer__raw(c.printer, bytes, sizeof(bytes) - 1);
		end(&c);
		assert_int_equal(c.n, sizeof(bytes) - 1);
		assert_memory_equal(c.s, bytes, c.n);
		free(c.s);
	}
}

static void a_full_disk_is_reported_at_the_end(void **state)
{
	struct pen_printer *printer;
	struct pen_error error;
	FILE *full;
	int format, rows;

	(void)state;
	for (format = PEN_TEXT; format <= PEN_NDJSON; format++) {
		/* Once noticed by the flush, once on the way. */
		for (rows = 1; rows <= 2000; rows += 1999) {
			memset(&error, 0, sizeof(error));
			full = fopen("/dev/full", "w");
			assert_non_null(full);
			assert_int_equal(pen_printer_open(&printer, full, (enum pen_format)format, &error), PEN_OK);
			print_many(printer, rows);
			assert_int_equal(pen_printer_finish(printer, &error), PEN_SYSTEM);
			assert_string_equal(error.code, "system.full");
			assert_true(error.text[0]);
			pen_printer_free(printer);
			fclose(full);
		}
	}
}

static void a_pipe_that_its_reader_closed_is_no_failure(void **state)
{
	struct pen_printer *printer;
	struct pen_error error = { 0 };
	int format, rows, ends[2];
	FILE *out;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	for (format = PEN_TEXT; format <= PEN_NDJSON; format++) {
		/* Once noticed by the flush, once on the way. */
		for (rows = 1; rows <= 2000; rows += 1999) {
			assert_int_equal(pipe(ends), 0);
			close(ends[0]);
			out = fdopen(ends[1], "w");
			assert_non_null(out);
			assert_int_equal(pen_printer_open(&printer, out, (enum pen_format)format, &error), PEN_OK);
			print_many(printer, rows);
			assert_int_equal(pen_printer_finish(printer, &error), PEN_OK);
			assert_string_equal(error.text, "");
			pen_printer_free(printer);
			fclose(out);
		}
	}
}

static void a_printer_can_be_given_up_at_any_moment(void **state)
{
	struct capture c;
	int format;

	(void)state;
	for (format = PEN_TEXT; format <= PEN_NDJSON; format++) {
		begin(&c, (enum pen_format)format);
		pen_printer__open_table(c.printer, "list", NULL, NULL);
		pen_printer__row(c.printer, "folio", folios[0]);
		pen_printer_free(c.printer);
		fclose(c.out);
		free(c.s);
	}
	pen_printer_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_receipt_is_one_json_object_with_nested_keys),
		cmocka_unit_test(a_json_table_is_a_frame_around_its_rows),
		cmocka_unit_test(a_json_table_without_head_or_rows_is_whole),
		cmocka_unit_test(a_stream_ends_with_its_summary),
		cmocka_unit_test(a_stream_without_rows_still_has_head_and_summary),
		cmocka_unit_test(a_receipt_as_a_stream_is_its_record_and_a_summary),
		cmocka_unit_test(each_document_of_a_stream_has_a_summary_of_its_own),
		cmocka_unit_test(a_table_given_up_ends_as_incomplete),
		cmocka_unit_test(rows_counted_by_the_caller_are_not_counted_twice),
		cmocka_unit_test(a_receipt_in_csv_is_a_header_and_a_line),
		cmocka_unit_test(csv_has_the_rows_alone),
		cmocka_unit_test(csv_of_what_is_no_form_is_headed_by_keys),
		cmocka_unit_test(csv_has_its_header_without_rows_when_columns_are_given),
		cmocka_unit_test(receipts_in_a_row_share_a_csv_header),
		cmocka_unit_test(a_row_of_one_empty_field_is_still_a_row),
		cmocka_unit_test(what_is_no_date_shows_as_the_number_that_it_is),
		cmocka_unit_test(raw_bytes_go_out_as_they_are_in_every_format),
		cmocka_unit_test(a_full_disk_is_reported_at_the_end),
		cmocka_unit_test(a_pipe_that_its_reader_closed_is_no_failure),
		cmocka_unit_test(a_printer_can_be_given_up_at_any_moment),
	};

	return cmocka_run_group_tests_name("model/printer", tests, NULL, NULL);
}
