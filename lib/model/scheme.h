/* The yearly adjustment of pensions, as data: an increase that is the sum of a fixed
 * amount, one that goes by the years of contribution, one that goes by the pension, and
 * tilts to the old and to hard areas (rules.md section 5). Pure: the same scheme and the
 * same person give the same fen. schemefile.h reads one. */
#ifndef PEN_MODEL_SCHEME_H
#define PEN_MODEL_SCHEME_H

#include "pen.h"

/* What is over `over` and up to `to`; of ages, what is from `over` on and below `to`.
 * Invariant of a list of them: in order, none overlaps the next. */
struct pen_scheme_band {
	int64_t over, to;		/* months, fen, or years of age; to INT64_MAX: open */
	int64_t value;			/* thousandths of a fen a year, millionths, or fen */
};
struct pen_scheme_bands {
	const struct pen_scheme_band *band;
	size_t count;
	bool whole;			/* the band that it falls in holds for all of it; else each for its part */
};

/* How the years of contribution are counted from months. */
enum pen_scheme_part { PEN_SCHEME_PART_UP, PEN_SCHEME_PART_DOWN, PEN_SCHEME_PART_MONTHS };
/* How each part of the increase is rounded: half up to the fen or to the jiao; or to the
 * fen, and then up to the jiao (见分进角). */
enum pen_scheme_rounding { PEN_SCHEME_FEN, PEN_SCHEME_JIAO, PEN_SCHEME_JIAO_UP };

/* A tilt: by age on a day, of everybody (sex 0) or of one sex; or by area. */
struct pen_scheme_tilt {
	bool by_area;
	int32_t on;
	int sex;			/* GB/T 2261.1 */
	struct pen_scheme_bands ages;
	const char *const *area;	/* of six digits; a prefecture's or a province's holds for all in it */
	size_t areas;
	int64_t fen;
};

/* Something of the scheme that is not certain: where it stands, and why. */
struct pen_scheme_doubt { const char *where, *why; };

struct pen_scheme {
	const char *name, *title, *area, *source;
	int32_t effective;		/* the month from which on it is due */
	int32_t retired_by;		/* for those who retired on that day or before */
	int32_t level_of;		/* the month whose pension counts */
	enum pen_scheme_rounding rounding;
	int64_t fixed_fen;
	enum pen_scheme_part part;
	int64_t least_months;		/* fewer count as so many */
	struct pen_scheme_bands years, level;
	int64_t level_least, level_most;	/* fen; -1: none */
	const struct pen_scheme_tilt *tilt;
	size_t tilts;
	const struct pen_scheme_doubt *doubt;
	size_t doubts;
};

/* Whom it is worked out for. */
struct pen_scheme_person {
	int32_t retired_on, born;
	int sex;
	int64_t months;			/* of contribution, deemed ones included; -1: not known */
	int64_t pension_fen;		/* of the month level_of; -1: not known */
	const char *area;		/* of the employer; "": not known */
};

/* Fen a month; increase is the sum of the others. */
struct pen_scheme_increase { int64_t fixed_fen, years_fen, level_fen, tilt_fen, increase_fen; };

/* True for an agency in the scheme's area. */
bool pen_scheme__holds_in(const struct pen_scheme *scheme, const char *agency);
/* What has to be known and is not: "months", "pension", "area"; NULL: nothing. */
const char *pen_scheme__lacks(const struct pen_scheme *scheme, const struct pen_scheme_person *person);
/* Nothing may be lacking. All 0 for somebody who retired later than retired_by.
 * PEN_INPUT, scheme.range: beyond the range of amounts. */
enum pen_status pen_scheme__increase(const struct pen_scheme *scheme, const struct pen_scheme_person *person,
    struct pen_scheme_increase *increase, struct pen_error *error);

#endif
