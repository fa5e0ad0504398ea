#include "model/scheme.h"
#include "base/error.h"
#include "base/money.h"

#include <string.h>

#define PENSION_MOST INT64_C(100000000000)	/* a thousand million yuan: times a rate it fits */
#define MONTHS_MOST 1200

/* Provinces end in four zeros, prefectures in two. */
static bool is_in(const char *area, const char *wider)
{
	size_t digits = strcmp(wider, "000000") == 0 ? 0 : strcmp(wider + 2, "0000") == 0 ? 2 :
	    strcmp(wider + 4, "00") == 0 ? 4 : 6;

	return strncmp(area, wider, digits) == 0;
}

bool pen_scheme__holds_in(const struct pen_scheme *scheme, const char *agency)
{
	return is_in(agency, scheme->area);
}

static bool goes_by_area(const struct pen_scheme *scheme)
{
	size_t i;

	for (i = 0; i < scheme->tilts; i++)
		if (scheme->tilt[i].by_area)
			return true;
	return false;
}

const char *pen_scheme__lacks(const struct pen_scheme *scheme, const struct pen_scheme_person *person)
{
	if (scheme->years.count && person->months < 0)
		return "months";
	if (person->pension_fen < 0)
		return "pension";
	return goes_by_area(scheme) && !person->area[0] ? "area" : NULL;
}

/* ------------------------------------------------------------ the parts -- */

/* What of an amount the bands come to: each for the part of it that lies in it, or the
 * one that all of it falls in. Band values times amounts fit, as the limits say. */
static int64_t banded(const struct pen_scheme_bands *bands, int64_t amount)
{
	const struct pen_scheme_band *band;
	int64_t sum = 0, end;
	size_t i;

	for (i = 0; i < bands->count; i++) {
		band = &bands->band[i];
		end = amount < band->to ? amount : band->to;
		if (bands->whole && amount > band->over && amount <= band->to)
			return amount * band->value;
		if (!bands->whole && end > band->over)
			sum += (end - band->over) * band->value;
	}
	return sum;
}

/* numerator / denominator fen, rounded once as the scheme says. */
static bool rounded(const struct pen_scheme *scheme, int64_t numerator, int64_t denominator, int64_t *fen)
{
	int64_t unit = scheme->rounding == PEN_SCHEME_JIAO ? 10 : 1;

	if (!pen_money__scale(numerator, 1, denominator * unit, fen))
		return false;
	*fen *= unit;
	if (scheme->rounding == PEN_SCHEME_JIAO_UP)
		*fen = (*fen + 9) / 10 * 10;
	return true;
}

static int64_t counted_months(const struct pen_scheme *scheme, int64_t months)
{
	if (scheme->part == PEN_SCHEME_PART_UP)
		months = (months + 11) / 12 * 12;
	else if (scheme->part == PEN_SCHEME_PART_DOWN)
		months = months / 12 * 12;
	return months < scheme->least_months ? scheme->least_months : months;
}

static bool of_level(const struct pen_scheme *scheme, int64_t pension, int64_t *fen)
{
	if (!scheme->level.count) {
		*fen = 0;
		return true;
	}
	if (!rounded(scheme, banded(&scheme->level, pension), PEN_MILLION, fen))
		return false;
	if (scheme->level_least >= 0 && *fen < scheme->level_least)
		*fen = scheme->level_least;
	if (scheme->level_most >= 0 && *fen > scheme->level_most)
		*fen = scheme->level_most;
	return true;
}

/* Full years on a day; who was born on 29 February has them on 1 March. */
static int32_t age_on(int32_t born, int32_t day)
{
	return day / 10000 - born / 10000 - (day % 10000 < born % 10000);
}

static int64_t of_tilt(const struct pen_scheme_tilt *tilt, const struct pen_scheme_person *person)
{
	int32_t age;
	size_t i;

	if (tilt->by_area) {
		for (i = 0; i < tilt->areas; i++)
			if (is_in(person->area, tilt->area[i]))
				return tilt->fen;
		return 0;
	}
	if (tilt->sex && tilt->sex != person->sex)
		return 0;
	age = age_on(person->born, tilt->on);
	for (i = 0; i < tilt->ages.count; i++)
		if (age >= tilt->ages.band[i].over && age < tilt->ages.band[i].to)
			return tilt->ages.band[i].value;
	return 0;
}

enum pen_status pen_scheme__increase(const struct pen_scheme *scheme, const struct pen_scheme_person *person,
    struct pen_scheme_increase *increase, struct pen_error *error)
{
	int64_t tilt = 0;
	bool fits;
	size_t i;

	*increase = (struct pen_scheme_increase){ .fixed_fen = 0 };
	if (person->retired_on > scheme->retired_by)
		return PEN_OK;
	fits = person->pension_fen <= PENSION_MOST && person->months <= MONTHS_MOST;
	for (i = 0; fits && i < scheme->tilts; i++)
		fits = pen_money__add(tilt, of_tilt(&scheme->tilt[i], person), &tilt);
	fits = fits && rounded(scheme, scheme->fixed_fen, 1, &increase->fixed_fen) &&
	    rounded(scheme, banded(&scheme->years, counted_months(scheme, person->months)), 12000, &increase->years_fen) &&
	    of_level(scheme, person->pension_fen, &increase->level_fen) &&
	    rounded(scheme, tilt, 1, &increase->tilt_fen) &&
	    pen_money__add(increase->fixed_fen, increase->years_fen, &increase->increase_fen) &&
	    pen_money__add(increase->increase_fen, increase->level_fen, &increase->increase_fen) &&
	    pen_money__add(increase->increase_fen, increase->tilt_fen, &increase->increase_fen);
	if (fits)
		return PEN_OK;
	return pen_error__set(error, PEN_INPUT, "scheme.range",
	    _("the increase does not fit the range of amounts: look for a wrong pension, wrong months of contribution, or a wrong amount in the scheme"));
}
