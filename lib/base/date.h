/* Dates as yyyymmdd, months as yyyymm, and the clock. Proleptic Gregorian. */
#ifndef PEN_BASE_DATE_H
#define PEN_BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool pen_date__valid(int32_t date);		/* 1800-01-01 to 2999-12-31 */
bool pen_date__valid_month(int32_t month);

/* Reads a date: YYYY-MM-DD, YYYY/M/D, YYYY.M.D, YYYYMMDD, YYYY年M月D日;
 * between marks a month or day may have one digit or two. 0 if it is none of
 * these or no day of the calendar; two-digit years and Excel serials are
 * refused. */
int32_t pen_date__parse(const char *s, size_t n);
/* Reads a month: YYYY-MM, YYYY/M, YYYY.M, YYYYMM, YYYY年M月; 0 if it is none.
 * 999999 is not a month. */
int32_t pen_date__parse_month(const char *s, size_t n);

/* ISO 8601; out holds 11 (date) or 8 (month). 0 gives "". Returns out. */
char *pen_date__format(int32_t date, char out[11]);
char *pen_date__format_month(int32_t month, char out[8]);

/* The last day of a month; the month before it. 0 for what is no month. */
int32_t pen_date__month_end(int32_t month);
int32_t pen_date__month_before(int32_t month);

/* Days since 1970-01-01; the date is one of the calendar (assert). */
int64_t pen_date__days(int32_t date);
/* The way back; 0 for a day outside the calendar. */
int32_t pen_date__of_days(int64_t days);

/* The present time as "2026-11-23T08:15:30Z"; the local date. PEN_CLOCK, as
 * seconds since the epoch, overrides it in tests. */
char *pen_date__now(char out[21]);
/* Of a time in that form: its local date, and the whole days since (0 if it lies
 * ahead, as where a clock was set back); 0 for what is none. */
int32_t pen_date__local(const char *time);
int64_t pen_date__age(const char *time);
/* Seconds from one such time to another; 0 where either is none. */
int64_t pen_date__between(const char *from, const char *to);
/* So many seconds after such a time, in that form; "" where it is none. */
void pen_date__later(const char *time, int64_t seconds, char out[21]);
int32_t pen_date__today(void);
/* The moment at which a local day is over, in that form. */
void pen_date__ends(int32_t date, char out[21]);

#endif
