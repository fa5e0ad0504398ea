#include "store/calendar.h"

#include "base/date.h"
#include "base/error.h"
#include "model/workday.h"
#include "store/journal.h"
#include "store/settings.h"

#include <string.h>

/* The local day of an entry of the journal; 0: there is none. */
static enum pen_status day_of(struct pen_store *store, int64_t at, int32_t *day, struct pen_error *error)
{
	char time[21];

	if (pen_journal__time(store, at, time, error) != PEN_OK)
		return error->status;
	*day = pen_date__local(time);
	return PEN_OK;
}

enum pen_status pen_calendar__open(struct pen_calendar *calendar, struct pen_store *store, struct pen_error *error)
{
	const struct pen_identity *identity = pen_store__identity(store);
	char digest[PEN_DIGEST_HEX];
	int64_t size;

	*calendar = (struct pen_calendar){ .agency = identity->agency, .today = pen_date__today() };
	if (pen_journal__size(store, &size, error) != PEN_OK || day_of(store, 0, &calendar->made, error) != PEN_OK)
		return error->status;
	if (pen_store__is_copy(store) && day_of(store, size - 1, &calendar->today, error) != PEN_OK)
		return error->status;
	calendar->first = calendar->made;
	if (pen_date__valid(identity->live_on) && identity->live_on > calendar->made)
		calendar->first = identity->live_on;
	return pen_settings__parameters(store, size, &calendar->parameters, digest, error);
}

void pen_calendar__close(struct pen_calendar *calendar)
{
	pen_parameter__free(calendar->parameters);
	calendar->parameters = NULL;
}

bool pen_calendar__is_due(const struct pen_calendar *calendar, const char *log, int32_t date)
{
	return date >= calendar->first && date != calendar->made &&
	    pen_workday__is(calendar->parameters, calendar->agency, log, date);
}

int32_t pen_calendar__next(const struct pen_calendar *calendar, const char *log, int32_t date)
{
	int64_t days;
	int i;

	if (!calendar->first)
		return 0;
	days = pen_date__days(calendar->first) - 1;
	if (pen_date__valid(date) && date >= calendar->first)
		days = pen_date__days(date);
	for (i = 1; i <= 366; i++)
		if (pen_calendar__is_due(calendar, log, pen_date__of_days(days + i)))
			return pen_date__of_days(days + i);
	return 0;
}

void pen_calendar__text(const struct pen_calendar *calendar, struct pen_text *text)
{
	char day[11], begins[21];
	int64_t days, last;
	int32_t date;

	/* A journal that was cut off at its beginning has no days. */
	if (!calendar->first || !calendar->today)
		return;
	last = pen_date__days(calendar->today);
	for (days = pen_date__days(calendar->first); days <= last; days++) {
		date = pen_date__of_days(days);
		pen_date__ends(pen_date__of_days(days - 1), begins);
		pen_text__printf(text, "%s %s %c%c\n", pen_date__format(date, day), begins,
		    days < last && pen_calendar__is_due(calendar, "network", date) ? 'n' : '-',
		    days < last && pen_calendar__is_due(calendar, "inspect", date) ? 'i' : '-');
	}
}
