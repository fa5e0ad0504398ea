#include "model/decision.h"

#include <string.h>

/* ------------------------------------------------------------- reasons -- */

const char *const *pen_decision__reasons(const char *kind)
{
	static const char *const stop[] = { "qualification-overdue", "prison", "missing", "other", NULL };
	static const char *const resume[] = { "qualified", "released", "found", "mistake", "other", NULL };
	static const char *const end[] = { "death", "emigration", "duplicate", "other", NULL };
	static const char *const money[] = { "overpaid", NULL };

	if (strcmp(kind, "stop") == 0)
		return stop;
	if (strcmp(kind, "resume") == 0)
		return resume;
	return strcmp(kind, "end") == 0 ? end : money;
}

bool pen_decision__is_reason(const char *kind, const char *reason)
{
	const char *const *known;

	for (known = pen_decision__reasons(kind); *known; known++)
		if (strcmp(*known, reason) == 0)
			return true;
	return false;
}

/* ------------------------------------------------------------------ row -- */

static struct pen_value text_or_null(const char *s)
{
	return s[0] ? pen_value__string(s, strlen(s)) : pen_value__null();
}

static struct pen_value fen_or_null(int64_t fen)
{
	return fen < 0 ? pen_value__null() : pen_value__integer(fen);
}

struct pen_row pen_decision__row(const struct pen_decision *d, int64_t line)
{
	struct pen_row row = { .kind = pen_kind__of(PEN_KIND_BENEFIT_CHANGE) };

	row.v[PEN_SUBJECT] = pen_value__integer(d->person);
	row.v[PEN_LINE] = pen_value__integer(line);
	row.v[PEN_BENEFIT_CHANGE_KIND] = text_or_null(d->kind);
	row.v[PEN_BENEFIT_CHANGE_REASON] = text_or_null(d->reason);
	row.v[PEN_BENEFIT_CHANGE_MONTH] = pen_value__integer(d->month);
	row.v[PEN_BENEFIT_CHANGE_HAPPENED_ON] = d->happened_on ? pen_value__integer(d->happened_on) : pen_value__null();
	row.v[PEN_BENEFIT_CHANGE_AMOUNT] = fen_or_null(d->amount_fen);
	row.v[PEN_BENEFIT_CHANGE_FUNERAL] = fen_or_null(d->funeral_fen);
	row.v[PEN_BENEFIT_CHANGE_CONSOLATION] = fen_or_null(d->consolation_fen);
	row.v[PEN_BENEFIT_CHANGE_BALANCE] = fen_or_null(d->balance_fen);
	row.v[PEN_BENEFIT_CHANGE_NOTE] = text_or_null(d->note);
	row.v[PEN_BENEFIT_CHANGE_PAPER] = text_or_null(d->paper);
	return row;
}
