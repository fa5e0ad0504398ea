#include "store/movement.h"

#include <string.h>

struct pen_row pen_movement__row(int64_t person, int32_t year, const char *kind, struct pen_balance amounts, int32_t months,
    const int64_t *rate, int64_t source)
{
	struct pen_row row = { .kind = pen_kind__of(PEN_KIND_MOVEMENT) };

	row.v[PEN_SUBJECT] = pen_value__integer(person);
	row.v[PEN_MOVEMENT_YEAR] = pen_value__integer(year);
	row.v[PEN_MOVEMENT_KIND] = pen_value__string(kind, strlen(kind));
	row.v[PEN_MOVEMENT_PERSONAL_PRINCIPAL] = pen_value__integer(amounts.personal_principal_fen);
	row.v[PEN_MOVEMENT_PERSONAL_INTEREST] = pen_value__integer(amounts.personal_interest_fen);
	row.v[PEN_MOVEMENT_UNIT_PRINCIPAL] = pen_value__integer(amounts.unit_principal_fen);
	row.v[PEN_MOVEMENT_UNIT_INTEREST] = pen_value__integer(amounts.unit_interest_fen);
	row.v[PEN_MOVEMENT_MONTHS] = pen_value__integer(months);
	row.v[PEN_MOVEMENT_RATE] = rate ? pen_value__integer(*rate) : pen_value__null();
	row.v[PEN_MOVEMENT_SOURCE] = source ? pen_value__integer(source) : pen_value__null();
	return row;
}

static struct pen_row interest(const struct pen_movement_year *of, const char *kind, int64_t personal, int64_t unit,
    int32_t months, int64_t source)
{
	return pen_movement__row(of->person, of->year, kind,
	    (struct pen_balance){ .personal_interest_fen = personal, .unit_interest_fen = unit }, months, &of->figures->rate, source);
}

/* What was paid in, and the interest of the months before a pension. */
static int add_paid(const struct pen_movement_year *of, int months, struct pen_row *rows)
{
	const struct pen_account_year *year = of->figures;
	int n = 0;

	if (of->paid)
		rows[n++] = pen_movement__row(of->person, of->year, "credit", (struct pen_balance){
			.personal_principal_fen = year->credit_personal_fen, .unit_principal_fen = year->credit_unit_fen
		}, of->credited, NULL, of->source);
	if (of->merged)
		rows[n++] = pen_movement__row(of->person, of->year, "merge", year->merged, 0, NULL, of->merged);
	if (of->prior && months)
		rows[n++] = interest(of, "interest-opening", year->interest_opening_personal_fen, year->interest_opening_unit_fen,
		    0, of->prior);
	if (of->merged && months)
		rows[n++] = interest(of, "interest-merge", year->interest_merge_personal_fen, year->interest_merge_unit_fen, 0, of->merged);
	if (of->paid && months)
		rows[n++] = interest(of, "interest-year", year->interest_year_personal_fen, year->interest_year_unit_fen,
		    of->credited, of->source);
	return n;
}

/* What a pension took out, and the interest from its first month on. */
static int add_pension(const struct pen_movement_year *of, struct pen_row *rows)
{
	const struct pen_account_year *year = of->figures;
	int32_t months = of->pension->months & ((1 << of->months) - 1);
	int64_t taken = 0;
	int n = 0;

	pen_ledger__total(&year->pension, &taken);
	if (months || taken)
		rows[n++] = pen_movement__row(of->person, of->year, "pension", year->pension, months, NULL, of->pension->source);
	rows[n++] = interest(of, "interest-pension", year->interest_pension_personal_fen, year->interest_pension_unit_fen,
	    months, of->pension->basis);
	return n;
}

int pen_movement__year(const struct pen_movement_year *of, struct pen_row rows[PEN_MOVEMENT_YEAR_ROWS])
{
	int from = of->pension ? of->pension->pension.from : 12;
	int n = add_paid(of, from < of->months ? from : of->months, rows);

	return of->pension ? n + add_pension(of, &rows[n]) : n;
}
