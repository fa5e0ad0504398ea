/* What somebody paid for in all their years, and the average index of it: the base of
 * each month by the average wage of the year before (国发〔2005〕38号 six). */
#ifndef PEN_MODEL_CAREER_H
#define PEN_MODEL_CAREER_H

#include "model/trace.h"

/* Months of one base in a year, as a set; in the order of years, and no month twice: one
 * that was paid for at two employers has the sum of both bases. */
struct pen_career_span { int32_t year, months; int64_t base_fen; };

struct pen_career {
	const struct pen_career_span *span;
	size_t spans;
	int32_t deemed_months;
	int32_t since, until;		/* months: of insurance, and the last before the pension */
	/* Beside the spans: months that nothing more is known of than their average index, in
	 * millionths, and the last that can be among them. opened_months 0: none. */
	int32_t opened_months, opened_until;
	int64_t opened_index;
};

/* What it comes to. index in 10^-decimals, rounded half up once. early_months: those of
 * paid_months that lie within transitional.until, where a province has it. */
struct pen_career_sum { int32_t paid_months, gap_months, early_months; int64_t index; int decimals; };

/* By parameters wage.average of each year before one of the spans (PEN_REFUSED,
 * parameter.missing: which year), index.gaps and index.decimals of `retired`. trace may
 * be NULL. PEN_INPUT, career.months: a month twice, or none at all. PEN_REFUSED,
 * career.early: nobody knows how many of opened_months lie within transitional.until. */
enum pen_status pen_career__sum(const struct pen_career *career, const struct pen_parameters *parameters, const char *area,
    int32_t retired, struct pen_trace *trace, struct pen_career_sum *sum, struct pen_error *error);

#endif
