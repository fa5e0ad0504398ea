#include "store/taken.h"

#include "base/error.h"
#include "base/memory.h"

#define PERIODS 64	/* years whose answers are remembered side by side */

/* months[] are those of one employer's year, by person; the run that was seeded
 * last had those before `next`. asked[]: whether any folio of the period has
 * months at all, by period; -1: not asked yet. */
struct pen_taken {
	struct pen_store *store;
	char form[64];
	int64_t as_of;
	struct pen_months_taken *months;
	size_t count, room, next;
	struct { int32_t period; bool any; } asked[PERIODS];
};

enum pen_status pen_taken__new(struct pen_taken **taken, struct pen_store *store, const char *form, int64_t as_of,
    struct pen_error *error)
{
	struct pen_taken *made = pen_memory__calloc(1, sizeof(*made));
	size_t i;

	if (!made)
		return pen_error__memory(error);
	made->store = store;
	made->as_of = as_of;
	snprintf(made->form, sizeof(made->form), "%s", form);
	for (i = 0; i < PERIODS; i++)
		made->asked[i].period = -1;
	*taken = made;
	return PEN_OK;
}

void pen_taken__free(struct pen_taken *taken)
{
	if (!taken)
		return;
	pen_memory__free(taken->months);
	pen_memory__free(taken);
}

/* A first breakdown of a year asks no more than this. */
static enum pen_status ask_period(struct pen_taken *taken, int32_t period, bool *any, struct pen_error *error)
{
	size_t slot = (size_t)period % PERIODS;
	struct pen_statement *s;
	enum pen_status status;

	*any = taken->asked[slot].any;
	if (taken->asked[slot].period == period)
		return PEN_OK;
	status = pen_store__sql(taken->store, PEN_SQL_TAKEN_ANY, &s, error);
	if (status)
		return status;
	pen_db__bind_text(s, ":form", taken->form);
	pen_db__bind_int(s, ":period", period);
	pen_db__bind_int(s, ":as_of", taken->as_of);
	status = pen_db__step(s, any, error);
	pen_db__reset(s);
	if (!status) {
		taken->asked[slot].period = period;
		taken->asked[slot].any = *any;
	}
	return status;
}

static bool add(struct pen_taken *taken, const struct pen_months_taken *months)
{
	size_t room = taken->room ? taken->room * 2 : 256;
	struct pen_months_taken *grown;

	if (taken->count == taken->room) {
		grown = pen_memory__realloc(taken->months, room, sizeof(*grown));
		if (!grown)
			return false;
		taken->months = grown;
		taken->room = room;
	}
	taken->months[taken->count++] = *months;
	return true;
}

enum pen_status pen_taken__read(struct pen_taken *taken, int64_t employer, int32_t period, struct pen_error *error)
{
	struct pen_months_taken months = { .employer = employer, .period = period };
	struct pen_statement *s;
	enum pen_status status;
	bool row;

	taken->count = taken->next = 0;
	status = ask_period(taken, period, &row, error);
	if (status || !row)
		return status;
	status = pen_store__sql(taken->store, PEN_SQL_TAKEN_MONTHS, &s, error);
	if (status)
		return status;
	pen_db__bind_text(s, ":form", taken->form);
	pen_db__bind_int(s, ":employer", employer);
	pen_db__bind_int(s, ":period", period);
	pen_db__bind_int(s, ":as_of", taken->as_of);
	while (!(status = pen_db__step(s, &row, error)) && row) {
		months.person = pen_db__int(s, 0);
		months.folio = pen_db__int(s, 1);
		months.months = (int32_t)pen_db__int(s, 2);
		if (!add(taken, &months)) {
			status = pen_error__memory(error);
			break;
		}
	}
	pen_db__reset(s);
	return status;
}

void pen_taken__seed(struct pen_taken *taken, int64_t person, struct pen_row_run *run)
{
	size_t first;

	while (taken->next < taken->count && taken->months[taken->next].person < person)
		taken->next++;
	first = taken->next;
	while (taken->next < taken->count && taken->months[taken->next].person == person)
		taken->next++;
	run->other_count = taken->next - first;
	run->others = run->other_count ? &taken->months[first] : NULL;
}
