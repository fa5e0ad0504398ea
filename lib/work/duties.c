#include "work/duties.h"

#include "base/date.h"
#include "base/error.h"
#include "store/amendlog.h"
#include "store/calendar.h"
#include "store/journal.h"
#include "store/runlog.h"

#define BACKUP_DAYS 5		/* R7.2 */
#define CLEANUP_MONTHS 6	/* R7.6 */

struct looking { struct pen_store *store; struct pen_calendar calendar; };

/* The local day of the newest entry of an act; 0: there is none. */
static enum pen_status last_of(struct pen_store *store, const char *act, int32_t *day, struct pen_error *error)
{
	char time[21] = "";
	int64_t at;

	if (pen_journal__last_of(store, act, &at, error) != PEN_OK)
		return error->status;
	if (at >= 0 && pen_journal__time(store, at, time, error) != PEN_OK)
		return error->status;
	*day = pen_date__local(time);
	return PEN_OK;
}

/* The day from which a duty counts: that of the last time, or the store's first. */
static int32_t counts_from(const struct looking *looking, int32_t last)
{
	return last > looking->calendar.first ? last : looking->calendar.first;
}

static enum pen_status look_at_backup(struct looking *looking, struct pen_duty *duty, struct pen_error *error)
{
	if (last_of(looking->store, "backup.create", &duty->last, error) != PEN_OK)
		return error->status;
	duty->due = counts_from(looking, duty->last);
	if (duty->due)
		duty->due = pen_date__of_days(pen_date__days(duty->due) + BACKUP_DAYS);
	return PEN_OK;
}

static enum pen_status look_at_inspection(struct looking *looking, struct pen_duty *duty, struct pen_error *error)
{
	if (pen_runlog__last(looking->store, "inspect", &duty->last, error) != PEN_OK)
		return error->status;
	duty->due = pen_calendar__next(&looking->calendar, "inspect", duty->last);
	return PEN_OK;
}

static enum pen_status look_at_network(struct looking *looking, struct pen_duty *duty, struct pen_error *error)
{
	if (pen_runlog__last(looking->store, "network", &duty->last, error) != PEN_OK)
		return error->status;
	duty->due = pen_calendar__next(&looking->calendar, "network", duty->last);
	return PEN_OK;
}

/* Of the first month whose changes were not printed: by the first working day after it. */
static enum pen_status look_at_amendment_log(struct looking *looking, struct pen_duty *duty, struct pen_error *error)
{
	int32_t month;

	if (last_of(looking->store, "report.amendment-log", &duty->last, error) != PEN_OK ||
	    pen_amendlog__owed(looking->store, &month, error) != PEN_OK)
		return error->status;
	if (month)
		duty->due = pen_calendar__next(&looking->calendar, "inspect", pen_date__month_end(month));
	return PEN_OK;
}

/* Six months later, on the same day or the month's last. */
static int32_t half_a_year_after(int32_t date)
{
	const int32_t index = date / 10000 * 12 + date / 100 % 100 - 1 + CLEANUP_MONTHS;
	const int32_t month = index / 12 * 100 + index % 12 + 1;
	const int32_t day = month * 100 + date % 100;

	return pen_date__valid(day) ? day : pen_date__month_end(month);
}

static enum pen_status look_at_cleanup(struct looking *looking, struct pen_duty *duty, struct pen_error *error)
{
	if (last_of(looking->store, "purge.run", &duty->last, error) != PEN_OK)
		return error->status;
	duty->due = counts_from(looking, duty->last);
	if (duty->due)
		duty->due = half_a_year_after(duty->due);
	return PEN_OK;
}

enum pen_status pen_duties__read(struct pen_store *store, struct pen_duty duties[PEN_DUTIES], struct pen_error *error)
{
	static const struct {
		const char *name, *clause;
		enum pen_status (*look)(struct looking *looking, struct pen_duty *duty, struct pen_error *error);
	} all[PEN_DUTIES] = {
		{ "backup", "R7.2", look_at_backup }, { "inspection", "R7.1", look_at_inspection },
		{ "network log", "R6.1", look_at_network }, { "amendment log", "R5.3.3", look_at_amendment_log },
		{ "clean-up", "R7.6", look_at_cleanup },
	};
	struct looking looking = { .store = store };
	enum pen_status status = pen_calendar__open(&looking.calendar, store, error);
	size_t i;

	for (i = 0; i < PEN_DUTIES; i++) {
		duties[i] = (struct pen_duty){ .name = all[i].name, .clause = all[i].clause };
		if (status == PEN_OK)
			status = all[i].look(&looking, &duties[i], error);
		duties[i].overdue = duties[i].due && duties[i].due < looking.calendar.today;
	}
	pen_calendar__close(&looking.calendar);
	return status;
}
