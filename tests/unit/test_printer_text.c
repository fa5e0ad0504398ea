#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/text.h"
#include "printer_samples.h"

static void a_receipt_in_text_is_titles_and_values(void **state)
{
	struct capture c;

	(void)state;
	begin(&c, PEN_TEXT);
	print_receipt(c.printer);
	assert_string_equal(end(&c),
	    "批次回执\n"
	    "\n"
	    "批次            4\n"
	    "文件            a \"b\", c.csv\n"
	    "file.bytes      20480\n"
	    "读入行数        300\n"
	    "读入金额        18000000.00\n"
	    "lines.rejected  0\n"
	    "缴款日期        2024-12-31\n"
	    "起始月份        2024-07\n"
	    "利率            3.97%\n"
	    "暂挂            yes\n"
	    "rejects         -\n"
	    "until           -\n"
	    "root            -\n"
	    "分册\n"
	    "  册号  单位名称             金额\n"
	    "  ----  ----------------  -------\n"
	    "     1  某某纺织有限公司  1234.56\n"
	    "    12  AB                  -0.05\n"
	    "修正            -\n");
	free(c.s);
}

static void a_text_table_is_aligned_for_wide_characters(void **state)
{
	struct capture c;
	char *line, *rest;
	size_t rows = 0;

	(void)state;
	begin(&c, PEN_TEXT);
	print_table(c.printer);
	assert_string_equal(end(&c),
	    "缴费分解表\n"
	    "\n"
	    "年度  2024\n"
	    "单位  甲\n"
	    "\n"
	    "册号  单位名称             金额\n"
	    "----  ----------------  -------\n"
	    "   1  某某纺织有限公司  1234.56\n"
	    "  12  AB                  -0.05\n"
	    "\n"
	    "人数  2\n"
	    "合计  1234.51\n");
	/* The same by measure: every line of the table is as wide as its rule. */
	for (line = strtok_r(strstr(c.s, "册号"), "\n", &rest); rows < 4; line = strtok_r(NULL, "\n", &rest), rows++)
		assert_int_equal(pen_text__width(line), 31);
	free(c.s);
}

static void a_list_in_a_row_stands_under_it(void **state)
{
	const struct pen_item a[] = { PEN_I_INT("n", "N", 1), PEN_I_LIST("folios", "分册", folios, 2), PEN_I_TEXT("s", "S", "x") };
	const struct pen_item b[] = { PEN_I_INT("n", "N", 2), PEN_I_LIST("folios", "分册", NULL, 0), PEN_I_TEXT("s", "S", "yy") };
	struct capture c;

	(void)state;
	begin(&c, PEN_TEXT);
	pen_printer__open_table(c.printer, "list", NULL, NULL);
	pen_printer__row(c.printer, "x", PEN_ITEMS(a));
	pen_printer__row(c.printer, "x", PEN_ITEMS(b));
	pen_printer__close_table(c.printer, (struct pen_items){ NULL, 0 }, PEN_OK);
	assert_string_equal(end(&c),
	    "N  S\n"
	    "-  --\n"
	    "1  x\n"
	    "  分册\n"
	    "    册号  单位名称             金额\n"
	    "    ----  ----------------  -------\n"
	    "       1  某某纺织有限公司  1234.56\n"
	    "      12  AB                  -0.05\n"
	    "2  yy\n");
	free(c.s);
}

static void a_long_table_keeps_its_first_widths_and_cuts_nothing(void **state)
{
	struct capture c;

	(void)state;
	begin(&c, PEN_TEXT);
	print_many(c.printer, 700);
	end(&c);
	assert_memory_equal(c.s, "Name            N\n------------  ---\nx               1\n", 54);
	assert_non_null(strstr(c.s, "\nfive hundred  500\nx             501\n"));
	assert_non_null(strstr(c.s, "\nsix hundred and more  600\nx             601\n"));
	assert_non_null(strstr(c.s, "\nx             700\n"));
	free(c.s);
}

static void an_empty_table_says_so_when_its_columns_are_known(void **state)
{
	struct capture c;

	(void)state;
	begin(&c, PEN_TEXT);
	pen_printer__open_table(c.printer, "list", NULL, &folios[0]);
	pen_printer__close_table(c.printer, (struct pen_items){ NULL, 0 }, PEN_OK);
	assert_string_equal(end(&c), "册号  单位名称  金额\n----  --------  ----\n(none)\n");
	free(c.s);
}

static void nothing_in_a_value_steers_the_terminal(void **state)
{
	const struct pen_item record[] = { PEN_I_TEXT("file", NULL, "a\x1b[2J\nb\tc\x7f\xc2\x9b" "d") };
	const struct pen_items row = PEN_ITEMS(record);
	struct capture c;

	(void)state;
	begin(&c, PEN_TEXT);
	pen_printer__one(c.printer, "x", "t\x1b", row, PEN_OK);
	pen_printer__open_table(c.printer, "list", NULL, NULL);
	pen_printer__row(c.printer, "x", row);
	pen_printer__close_table(c.printer, (struct pen_items){ NULL, 0 }, PEN_OK);
	assert_string_equal(end(&c),
	    "t?\n\nfile  a?[2J?b?c??d\n"
	    "\nfile\n------------\na?[2J?b?c??d\n");
	free(c.s);
}

static void rates_are_exact_decimals(void **state)
{
	const struct pen_item record[] = {
		PEN_I_RATE("a", NULL, 80000), PEN_I_RATE("b", NULL, 1), PEN_I_RATE("c", NULL, -39700),
		PEN_I_RATE("d", NULL, 0), PEN_I_RATE("e", NULL, 1000000),
	};
	struct capture c;

	(void)state;
	begin(&c, PEN_TEXT);
	pen_printer__one(c.printer, "x", NULL, PEN_ITEMS(record), PEN_OK);
	assert_string_equal(end(&c), "a  8%\nb  0.0001%\nc  -3.97%\nd  0%\ne  100%\n");
	free(c.s);
	begin(&c, PEN_CSV);
	pen_printer__one(c.printer, "x", NULL, PEN_ITEMS(record), PEN_OK);
	assert_string_equal(end(&c), "a,b,c,d,e\r\n0.08,0.000001,-0.0397,0,1\r\n");
	free(c.s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_receipt_in_text_is_titles_and_values),
		cmocka_unit_test(a_text_table_is_aligned_for_wide_characters),
		cmocka_unit_test(a_list_in_a_row_stands_under_it),
		cmocka_unit_test(a_long_table_keeps_its_first_widths_and_cuts_nothing),
		cmocka_unit_test(an_empty_table_says_so_when_its_columns_are_known),
		cmocka_unit_test(nothing_in_a_value_steers_the_terminal),
		cmocka_unit_test(rates_are_exact_decimals),
	};

	return cmocka_run_group_tests_name("model/printer_text", tests, NULL, NULL);
}
