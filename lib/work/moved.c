#include "work/moved.h"

#include "model/months.h"

static void print_row(const struct pen_row *row, struct pen_printer *printer)
{
	struct pen_balance amounts = pen_ledger__balance(row);
	bool rate = row->v[PEN_MOVEMENT_RATE].type == PEN_INTEGER;
	int32_t months = (int32_t)row->v[PEN_MOVEMENT_MONTHS].i;
	char set[32], kind[32];
	int64_t total = 0;

	pen_ledger__total(&amounts, &total);
	pen_kind__show(row->kind, PEN_MOVEMENT_KIND, &row->v[PEN_MOVEMENT_KIND], kind, sizeof(kind));
	const struct pen_item items[] = {
		PEN_I_INT("year", "年度", row->v[PEN_MOVEMENT_YEAR].i),
		PEN_I_TEXT("kind", "变动类型", kind),
		PEN_I_FEN("personal_principal_fen", "个人缴费本金", amounts.personal_principal_fen),
		PEN_I_FEN("personal_interest_fen", "个人缴费利息", amounts.personal_interest_fen),
		PEN_I_FEN("unit_principal_fen", "单位划转本金", amounts.unit_principal_fen),
		PEN_I_FEN("unit_interest_fen", "单位划转利息", amounts.unit_interest_fen),
		PEN_I_FEN("total_fen", "合计", total),
		PEN_I_TEXT("months", "缴费月份", months ? pen_months__format(months, set) : NULL),
		{ .key = "rate", .title = "记账利率", .type = PEN_ITEM_RATE, .i = rate ? row->v[PEN_MOVEMENT_RATE].i : 0, .null = !rate },
	};

	pen_printer__row(printer, "movement", PEN_ITEMS(items));
}

void pen_moved__print(const struct pen_moved *moved, const struct pen_row *rows, int count, struct pen_printer *printer)
{
	const struct pen_item columns[] = {
		PEN_I_INT("year", "年度", 0), PEN_I_TEXT("kind", "变动类型", NULL),
		PEN_I_FEN("personal_principal_fen", "个人缴费本金", 0), PEN_I_FEN("personal_interest_fen", "个人缴费利息", 0),
		PEN_I_FEN("unit_principal_fen", "单位划转本金", 0), PEN_I_FEN("unit_interest_fen", "单位划转利息", 0),
		PEN_I_FEN("total_fen", "合计", 0), PEN_I_TEXT("months", "缴费月份", NULL), PEN_I_RATE("rate", "记账利率", 0),
	};
	const struct pen_items row = PEN_ITEMS(columns);
	int i;

	pen_printer__form(printer);
	pen_printer__open_table(printer, moved->name, moved->title, &row);
	pen_printer__head(printer, moved->head);
	for (i = 0; i < count; i++)
		print_row(&rows[i], printer);
	pen_printer__close_table(printer, moved->summary, PEN_OK);
}
