#include "store/careers.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "model/months.h"
#include "store/merged.h"
#include "store/people.h"

#include <inttypes.h>
#include <string.h>

struct work {
	struct pen_store *store;
	struct pen_careers *out;
	int64_t as_of;
	size_t number;			/* at hand */
	size_t row_room, span_room;
};

/* --------------------------------------------------------- registrations -- */

static void copy(struct pen_statement *s, int column, char *out, size_t room)
{
	const char *text = pen_db__text(s, column);

	snprintf(out, room, "%s", text ? text : "");
}

static int32_t earlier_of(int32_t a, int64_t b)
{
	return !b || (a && a < b) ? a : (int32_t)b;
}

static enum pen_status unsealed(int64_t folio, const char *next, struct pen_error *error)
{
	return pen_error__refuse(error, "R4.3.1b", "career.unsealed",
	    _("folio %" PRId64 " is not sealed, and a pension rests on sealed records: %s"), folio, next);
}

/* One registration; the newest comes last. */
static enum pen_status take_registration(struct work *work, struct pen_statement *s, struct pen_error *error)
{
	struct pen_careers *out = work->out;
	struct pen_careers_number *number = &out->number[work->number];
	int64_t deemed = pen_db__int(s, 8);

	if (!pen_db__int(s, 9))
		return unsealed(pen_db__int(s, 0), "pen-seal sign, close", error);
	if (deemed && out->career.deemed_months && deemed != out->career.deemed_months)
		return pen_error__refuse(error, "R4.3.1b", "career.deemed",
		    _("folio %" PRId64 " says %d deemed months and folio %" PRId64 " %" PRId64 ": one of them is wrong, and goes by pen-amend"),
		    out->deemed_folio, out->career.deemed_months, pen_db__int(s, 0), deemed);
	out->folio = pen_db__int(s, 0);
	out->line = pen_db__int(s, 1);
	out->sex = (int)pen_db__int(s, 2);
	out->born = (int32_t)pen_db__int(s, 3);
	number->since = earlier_of(number->since, pen_db__int(s, 4));
	out->insured_on = earlier_of(out->insured_on, number->since);
	out->worked_on = earlier_of(out->worked_on, pen_db__int(s, 5));
	copy(s, 6, out->status, sizeof(out->status));
	copy(s, 7, out->payer, sizeof(out->payer));
	if (deemed) {
		out->career.deemed_months = (int32_t)deemed;
		out->deemed_folio = out->folio;
		out->deemed_line = out->line;
	}
	return PEN_OK;
}

static enum pen_status ask(struct work *work, enum pen_sql which, struct pen_statement **s, struct pen_error *error)
{
	enum pen_status status = pen_store__sql(work->store, which, s, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(*s, ":person", work->out->number[work->number].person);
	pen_db__bind_int(*s, ":as_of", work->as_of);
	return PEN_OK;
}

static enum pen_status read_registrations(struct work *work, struct pen_error *error)
{
	struct pen_statement *s;
	char who[PEN_PEOPLE_CALLED];
	enum pen_status status = ask(work, PEN_SQL_CAREERS_REGISTRATIONS, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	work->out->folio = 0;
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		status = take_registration(work, s, error);
		if (status != PEN_OK)
			break;
	}
	pen_db__reset(s);
	if (status == PEN_OK && !work->out->folio)
		return pen_error__refuse(error, "R4.3.1b", "career.unknown",
		    _("%s is not registered: bring the registration in (pen-import registration), and have it sealed"),
		    pen_people__called(work->store, work->out->number[work->number].person, who));
	return status;
}

/* Who they are under their own number goes before what the others say. */
static enum pen_status read_all_registrations(struct work *work, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = work->out->numbers; status == PEN_OK && i > 0; i--) {
		work->number = i - 1;
		status = read_registrations(work, error);
	}
	return status;
}

/* Their own number, and those that were merged into it. */
static enum pen_status read_numbers(struct work *work, struct pen_error *error)
{
	struct pen_careers *out = work->out;
	struct pen_merged_number *of;
	struct pen_someone someone;
	enum pen_status status;
	size_t count, i;

	status = pen_merged__numbers(work->store, out->person, work->as_of, &of, &count, error);
	if (status != PEN_OK)
		return status;
	out->number = pen_memory__calloc(count, sizeof(*out->number));
	if (!out->number)
		status = pen_error__memory(error);
	for (i = 0; status == PEN_OK && i < count; i++) {
		out->number[i] = (struct pen_careers_number){ .person = of[i].person, .folio = of[i].folio };
		if (i)
			status = pen_people__name(work->store, out->number[i].person, work->as_of, &someone, error);
		if (i && status == PEN_OK)
			snprintf(out->number[i].id_number, sizeof(out->number[i].id_number), "%s", someone.id_number);
		out->numbers = i + 1;
	}
	pen_memory__free(of);
	return status;
}

static enum pen_status take_opening(struct work *work, struct pen_statement *s, int32_t until, struct pen_error *error)
{
	struct pen_careers_opening *opening = &work->out->opening;
	const char *index = pen_db__text(s, 4);

	if (!pen_db__int(s, 5))
		return unsealed(pen_db__int(s, 0), "pen-seal sign, close", error);
	if (opening->folio)
		return pen_error__refuse(error, "R4.3.1b", "career.opening",
		    _("the openings in folio %" PRId64 " and folio %" PRId64 ", under two numbers that were merged, both say months, and nobody knows which of them are the same: have one say all of them, and the other none, with pen-amend"),
		    opening->folio, pen_db__int(s, 0));
	*opening = (struct pen_careers_opening){ .folio = pen_db__int(s, 0), .line = pen_db__int(s, 1), .seal = pen_db__int(s, 6), .number = work->number,
		.year = (int32_t)pen_db__int(s, 2), .paid_months = (int32_t)pen_db__int(s, 3) };
	if (opening->year * 100 + 12 > until)
		return pen_error__refuse(error, "R4.3.1b", "career.opening",
		    _("the opening in folio %" PRId64 " says what was paid until the end of %d, and nothing of its months: a later month of retirement, or a correction with pen-amend"),
		    opening->folio, opening->year);
	if (index && pen_money__decimal(index, strlen(index), 6, &opening->index) == PEN_DECIMAL_OK)
		return PEN_OK;
	return pen_error__refuse(error, "R4.3.1b", "career.opening",
	    _("the opening in folio %" PRId64 " says %d months and not what their average index is: it goes by pen-amend"),
	    opening->folio, opening->paid_months);
}

static enum pen_status read_opening(struct work *work, int32_t until, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = ask(work, PEN_SQL_CAREERS_OPENING, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		status = take_opening(work, s, until, error);
	pen_db__reset(s);
	return status;
}

static enum pen_status read_employer(struct work *work, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = ask(work, PEN_SQL_CAREERS_EMPLOYER, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		work->out->employer = pen_db__int(s, 0);
	pen_db__reset(s);
	return status;
}

/* --------------------------------------------------------- contributions -- */

static void *grown(void *list, size_t count, size_t *room, size_t size)
{
	size_t wanted = *room ? *room * 2 : 64;
	void *made;

	if (count < *room)
		return list;
	made = pen_memory__realloc(list, wanted, size);
	if (made)
		*room = wanted;
	return made;
}

/* Whether a row under another number than the opening's may be of its months: nobody
 * registered them under the opening's before it was insured. */
static bool may_be_opened(const struct pen_careers *careers, const struct pen_careers_row *row)
{
	const struct pen_careers_opening *opening = &careers->opening;
	int32_t last = row->year * 100 + (row->months > 0 ? 32 - __builtin_clz((unsigned)row->months) : 12);

	return opening->folio && row->number != opening->number && row->year <= opening->year &&
	    last >= careers->number[opening->number].since / 100;
}

/* What came in before the opening's year was over is in its months, but not what was paid
 * back since of them. */
static enum pen_status add_row(struct work *work, const struct pen_careers_row *row, int32_t period, struct pen_error *error)
{
	struct pen_careers *out = work->out;
	const struct pen_careers_opening *opening = &out->opening;
	struct pen_careers_row *list;

	if (may_be_opened(out, row))
		return pen_error__refuse(error, "R4.3.1b", "career.opening",
		    _("folio %" PRId64 " has contributions of %d under another number of theirs, and whether they are among the months of the opening in folio %" PRId64 " nobody knows: have the opening say all of them with pen-amend, and take the others out"),
		    row->folio, row->year, opening->folio);
	if (row->number == opening->number && period <= opening->year) {
		out->opened += (row->kind == PEN_REFUND ? -1 : 1) * pen_months__count(row->months);
		return PEN_OK;
	}
	if (row->kind == PEN_REFUND && row->year <= opening->year)
		return pen_error__refuse(error, "R4.3.1b", "career.opening",
		    _("folio %" PRId64 " paid back months of %d, which the opening in folio %" PRId64 " still has: correct it with pen-amend"),
		    row->folio, row->year, opening->folio);
	list = grown(out->row, out->rows, &work->row_room, sizeof(*list));
	if (!list)
		return pen_error__memory(error);
	out->row = list;
	list[out->rows++] = *row;
	return PEN_OK;
}

static enum pen_status take_contribution(struct work *work, struct pen_statement *s, struct pen_error *error)
{
	const int32_t period = (int32_t)pen_db__int(s, 1), year = (int32_t)pen_db__int(s, 7);
	const struct pen_careers_row row = {
		.folio = pen_db__int(s, 0), .line = pen_db__int(s, 3), .number = work->number, .year = year ? year : period,
		.kind = (enum pen_contribution_kind)pen_db__int(s, 4), .base_fen = pen_db__int(s, 5), .months = (int32_t)pen_db__int(s, 6)
	};

	return pen_db__int(s, 2) ? add_row(work, &row, period, error) : unsealed(row.folio, "pen-seal acknowledge, sign, close", error);
}

/* Of breakdowns from one year to another. */
static enum pen_status read_contributions(struct work *work, int32_t first, int32_t last, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = ask(work, PEN_SQL_CAREERS_CONTRIBUTIONS, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":first", first);
	pen_db__bind_int(s, ":last", last);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		status = take_contribution(work, s, error);
		if (status != PEN_OK)
			break;
	}
	pen_db__reset(s);
	return status;
}

/* ---------------------------------------------------------------- months -- */

static int compare_rows(const void *a, const void *b)
{
	const struct pen_careers_row *x = a, *y = b;

	if (x->year != y->year)
		return x->year < y->year ? -1 : 1;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	if (x->folio != y->folio)
		return x->folio < y->folio ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

/* What a year's months come to; -1: not paid. */
struct months { int64_t base[12]; int32_t paid, twice, back; };

static void lay(struct months *months, const struct pen_careers_row *row)
{
	int i;

	if (row->kind == PEN_REFUND) {
		months->back |= row->months;
		return;
	}
	for (i = 0; i < 12; i++) {
		if (!(row->months & 1 << i))
			continue;
		if (months->paid & 1 << i)
			months->twice |= 1 << i;
		if (!(months->paid & 1 << i) || months->base[i] < row->base_fen)
			months->base[i] = row->base_fen;
		months->paid |= 1 << i;
	}
}

/* What one number's months of a year add to those of all. */
static void join(struct pen_careers *careers, struct months *all, const struct months *one)
{
	int32_t left = one->paid & ~one->back;
	int i;

	careers->refunded += pen_months__count(one->paid & one->back);
	all->twice |= left & (one->twice | all->paid);
	for (i = 0; i < 12; i++)
		if (left & 1 << i && (!(all->paid & 1 << i) || all->base[i] < one->base[i]))
			all->base[i] = one->base[i];
	all->paid |= left;
}

static enum pen_status add_span(struct work *work, int32_t year, int32_t months, int64_t base, struct pen_error *error)
{
	struct pen_career *career = &work->out->career;
	struct pen_career_span *list = grown((void *)career->span, career->spans, &work->span_room, sizeof(*list));

	if (!list)
		return pen_error__memory(error);
	career->span = list;
	list[career->spans++] = (struct pen_career_span){ .year = year, .months = months, .base_fen = base };
	return PEN_OK;
}

/* Months of one base together, in the order of their first. */
static enum pen_status add_months(struct work *work, int32_t year, const struct months *months, struct pen_error *error)
{
	int32_t left = months->paid, same;
	enum pen_status status = PEN_OK;
	int i, first;

	work->out->twice += pen_months__count(months->twice);
	for (first = 0; status == PEN_OK && left; first++) {
		if (!(left & 1 << first))
			continue;
		for (same = 0, i = first; i < 12; i++)
			if (left & 1 << i && months->base[i] == months->base[first])
				same |= 1 << i;
		left &= ~same;
		status = add_span(work, year, same, months->base[first], error);
	}
	return status;
}

static enum pen_status lay_all(struct work *work, int32_t until, struct pen_error *error)
{
	struct pen_careers *out = work->out;
	enum pen_status status = PEN_OK;
	struct months all, one;
	int32_t year, within;
	size_t number, i = 0;

	if (out->rows)
		qsort(out->row, out->rows, sizeof(*out->row), compare_rows);
	while (status == PEN_OK && i < out->rows) {
		year = out->row[i].year;
		if (year > until / 100)
			break;
		within = pen_months__span(1, year == until / 100 ? until % 100 : 12);
		all = (struct months){ .paid = 0 };
		while (i < out->rows && out->row[i].year == year) {
			one = (struct months){ .paid = 0 };
			for (number = out->row[i].number; i < out->rows && out->row[i].year == year && out->row[i].number == number; i++)
				lay(&one, &out->row[i]);
			one.paid &= within;
			join(out, &all, &one);
		}
		status = add_months(work, year, &all, error);
	}
	if (out->opening.folio) {
		out->career.opened_months = out->opening.paid_months;
		out->career.opened_index = out->opening.index;
		out->career.opened_until = out->opening.year * 100 + 12;
	}
	out->career.since = out->insured_on / 100;
	out->career.until = until;
	return status;
}

/* What was paid for earlier years came in later at times, and stands in a later year. */
static enum pen_status read_paid(struct work *work, int32_t until, struct pen_error *error)
{
	struct pen_careers *out = work->out;
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; status == PEN_OK && i < out->numbers; i++) {
		work->number = i;
		status = read_opening(work, until, error);
	}
	for (i = 0; status == PEN_OK && i < out->numbers; i++) {
		work->number = i;
		status = read_contributions(work, out->insured_on / 10000, until / 100 + 1, error);
	}
	return status;
}

enum pen_status pen_careers__read(struct pen_careers *careers, struct pen_store *store, int64_t person, int32_t until,
    int64_t as_of, struct pen_error *error)
{
	struct work work = { .store = store, .out = careers, .as_of = as_of };
	enum pen_status status;

	*careers = (struct pen_careers){ .person = person };
	status = read_numbers(&work, error);
	if (status == PEN_OK)
		status = read_all_registrations(&work, error);
	if (status == PEN_OK)
		status = read_employer(&work, error);
	if (status == PEN_OK)
		status = read_paid(&work, until, error);
	if (status == PEN_OK && careers->opened > careers->opening.paid_months)
		return pen_error__refuse(error, "R4.3.1b", "career.opening",
		    _("the opening in folio %" PRId64 " says %d months up to %d, and the contributions of these years come to %d: one of them is wrong, and goes by pen-amend"),
		    careers->opening.folio, careers->opening.paid_months, careers->opening.year, careers->opened);
	return status == PEN_OK ? lay_all(&work, until, error) : status;
}

void pen_careers__free(struct pen_careers *careers)
{
	pen_memory__free(careers->number);
	pen_memory__free(careers->row);
	pen_memory__free((void *)careers->career.span);
	*careers = (struct pen_careers){ .person = 0 };
}
