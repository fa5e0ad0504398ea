/* What the tests of the printer print, and the memory they print it into. */
#ifndef PEN_TESTS_PRINTER_SAMPLES_H
#define PEN_TESTS_PRINTER_SAMPLES_H

#include "model/printer.h"

#include <string.h>

/* A printer into memory: s[0..n) once it is closed. */
struct capture { struct pen_printer *printer; FILE *out; char *s; size_t n; };

static inline void begin(struct capture *c, enum pen_format format)
{
	struct pen_error error = { 0 };

	memset(c, 0, sizeof(*c));
	c->out = open_memstream(&c->s, &c->n);
	assert_non_null(c->out);
	assert_int_equal(pen_printer_open(&c->printer, c->out, format, &error), PEN_OK);
}

static inline const char *end(struct capture *c)
{
	struct pen_error error = { 0 };

	assert_int_equal(pen_printer_finish(c->printer, &error), PEN_OK);
	pen_printer_free(c->printer);
	fclose(c->out);
	return c->s;
}

static const struct pen_item folio_1[] = {
	PEN_I_INT("folio", "册号", 1), PEN_I_TEXT("employer", "单位名称", "某某纺织有限公司"),
	PEN_I_FEN("amount_fen", "金额", 123456),
};
static const struct pen_item folio_2[] = {
	PEN_I_INT("folio", "册号", 12), PEN_I_TEXT("employer", "单位名称", "AB"),
	PEN_I_FEN("amount_fen", "金额", -5),
};
static const struct pen_items folios[] = { { folio_1, 3 }, { folio_2, 3 } };

static inline void print_receipt(struct pen_printer *printer)
{
	const struct pen_item record[] = {
		PEN_I_INT("batch", "批次", 4),
		PEN_I_TEXT("file.name", "文件", "a \"b\", c.csv"),
		PEN_I_INT("file.bytes", NULL, 20480),
		PEN_I_INT("lines.read", "读入行数", 300),
		PEN_I_FEN("lines.sums.read_fen", "读入金额", 1800000000),
		PEN_I_INT("lines.rejected", NULL, 0),
		PEN_I_DATE("paid_on", "缴款日期", 20241231),
		PEN_I_DATE("from", "起始月份", 202407),
		PEN_I_RATE("rate", "利率", 39700),
		PEN_I_FLAG("held", "暂挂", 1),
		PEN_I_TEXT("rejects", NULL, NULL),
		PEN_I_DATE("until", NULL, 0),
		{ .key = "root", .type = PEN_ITEM_INT, .null = true },
		PEN_I_LIST("folios", "分册", folios, 2),
		PEN_I_LIST("repairs", "修正", NULL, 0),
	};

	pen_printer__form(printer);
	pen_printer__one(printer, "receipt", "批次回执", PEN_ITEMS(record), PEN_FINDINGS);
}

static inline void print_table(struct pen_printer *printer)
{
	const struct pen_item head[] = { PEN_I_INT("year", "年度", 2024), PEN_I_TEXT("employer", "单位", "甲") };
	const struct pen_item summary[] = { PEN_I_INT("people", "人数", 2), PEN_I_FEN("total_fen", "合计", 123451) };

	pen_printer__form(printer);
	pen_printer__open_table(printer, "breakdown", "缴费分解表", NULL);
	pen_printer__head(printer, PEN_ITEMS(head));
	pen_printer__row(printer, "folio", folios[0]);
	pen_printer__row(printer, "folio", folios[1]);
	pen_printer__close_table(printer, PEN_ITEMS(summary), PEN_OK);
}

static inline void print_many(struct pen_printer *printer, int count)
{
	char name[40];
	int i;

	pen_printer__open_table(printer, "list", NULL, NULL);
	for (i = 1; i <= count; i++) {
		const struct pen_item row[] = { PEN_I_TEXT("name", "Name", name), PEN_I_INT("n", "N", i) };

		/* Row 500 is the widest that is waited for, row 600 wider still. */
		snprintf(name, sizeof(name), "%s", i == 500 ? "five hundred" : i == 600 ? "six hundred and more" : "x");
		pen_printer__row(printer, "x", PEN_ITEMS(row));
	}
	pen_printer__close_table(printer, (struct pen_items){ NULL, 0 }, PEN_OK);
}

#endif
