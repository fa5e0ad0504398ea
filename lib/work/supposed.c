#include "work/supposed.h"

#include "base/error.h"
#include "base/money.h"

#include <string.h>

enum kind { COUNT, FEN, INDEX };

struct figure { const char *name; enum kind kind; size_t at; };

#define AT(field) offsetof(struct pen_supposed, figures.field)

static const struct figure figures[] = {
	{ "age-months", COUNT, AT(age_months) },
	{ "balance", FEN, AT(balance_fen) },
	{ "base", FEN, offsetof(struct pen_supposed, base_fen) },
	{ "deemed-months", COUNT, AT(deemed_months) },
	{ "extra", FEN, AT(told_extra_fen) },
	{ "index", INDEX, AT(index) },
	{ "indexed-wage", FEN, AT(told_indexed_fen) },
	{ "paid-months", COUNT, AT(paid_months) },
	{ "transitional-wage", FEN, AT(told_wage_fen) },
};

#define FIGURES (sizeof(figures) / sizeof(figures[0]))
#define INDEX_PLACES 4
#define MONTHS_MOST 1200

static enum pen_status not_a_figure(const char *set, struct pen_error *error)
{
	char names[256];
	size_t i, n = 0;

	for (i = 0; i < FIGURES; i++)
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%s", i ? ", " : "", figures[i].name);
	return pen_error__set(error, PEN_USAGE, "assess.set",
	    _("\"%s\" is no figure to be supposed; expected NAME=NUMBER of %s: yuan with two decimals, an index with four, months"), set, names);
}

static bool put(struct pen_supposed *given, const struct figure *figure, const char *text)
{
	char *place = (char *)given + figure->at;
	int64_t value;
	int places = figure->kind == COUNT ? 0 : figure->kind == FEN ? 2 : INDEX_PLACES;

	if (pen_money__decimal(text, strlen(text), places, &value) != PEN_DECIMAL_OK || value < 0)
		return false;
	if (figure->kind != COUNT) {
		memcpy(place, &value, sizeof(value));
		if (figure->kind == INDEX)
			given->figures.index_decimals = INDEX_PLACES;
		return true;
	}
	if (value > MONTHS_MOST)
		return false;
	memcpy(place, &(int32_t){ (int32_t)value }, sizeof(int32_t));
	return true;
}

_Static_assert(sizeof(int) == sizeof(int32_t), "months are either");

enum pen_status pen_supposed__set(struct pen_supposed *given, const char *set, struct pen_error *error)
{
	const char *equals = strchr(set, '=');
	size_t n = equals ? (size_t)(equals - set) : 0, i;

	for (i = 0; i < FIGURES; i++)
		if (n && strlen(figures[i].name) == n && memcmp(figures[i].name, set, n) == 0)
			return put(given, &figures[i], equals + 1) ? PEN_OK : not_a_figure(set, error);
	return not_a_figure(set, error);
}

bool pen_supposed__enough(const struct pen_pension_case *given)
{
	return given->age_months && given->paid_months && (given->index || given->told_indexed_fen) && given->balance_fen;
}
