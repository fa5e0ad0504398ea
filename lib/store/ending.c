#include "store/ending.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/people.h"
#include "store/settings.h"

#include <inttypes.h>
#include <string.h>

static struct pen_store *store_of(const struct pen_ending *ending)
{
	return ending->computed.session->store;
}

/* ------------------------------------------------------------ the plan -- */

enum pen_status pen_ending__check_note(const char *note, struct pen_error *error)
{
	if (note[0] && strlen(note) < sizeof(((struct pen_ending_plan *)NULL)->note) && !strpbrk(note, "\r\n"))
		return PEN_OK;
	return pen_error__set(error, PEN_USAGE, "account.note", _("say on one line, of at most 255 bytes, which paper says so (a certificate and its number)"));
}

enum pen_status pen_ending__begin(struct pen_ending *ending, int64_t person, const char *note, struct pen_error *error)
{
	struct pen_ending_plan *plan = &ending->plan;
	enum pen_status status;

	plan->person = person;
	snprintf(plan->note, sizeof(plan->note), "%s", note);
	status = pen_journal__newest_change(store_of(ending), &plan->as_of, error);
	return status == PEN_OK
	    ? pen_settings__parameters(store_of(ending), plan->as_of, &ending->parameters, plan->parameters, error) : status;
}

enum pen_status pen_ending__plan(struct pen_ending *ending, const char *own, const char *about, struct pen_error *error)
{
	const struct pen_ending_plan *plan = &ending->plan;
	const char *form = ending->computed.way->form;
	char name[80];

	pen_text__printf(&ending->computed.plan, "pen-%s/v1\nperson: %" PRId64 "\n%snote: %s\nreference: %" PRId64 "\nparameters: %s\n",
	    form, plan->person, own, plan->note, plan->as_of, plan->parameters);
	snprintf(name, sizeof(name), "%s-%s", form, about);
	return pen_computed__plan(&ending->computed, name, plan->as_of, plan->parameters, error);
}

static void take_line(struct pen_ending *ending, const char *key, const char *value, pen_ending_take *take)
{
	struct pen_ending_plan *plan = &ending->plan;

	if (strcmp(key, "person") == 0)
		plan->person = strtoll(value, NULL, 10);
	else if (strcmp(key, "note") == 0)
		snprintf(plan->note, sizeof(plan->note), "%s", value);
	else if (strcmp(key, "reference") == 0)
		plan->as_of = strtoll(value, NULL, 10);
	else if (strcmp(key, "parameters") == 0)
		snprintf(plan->parameters, sizeof(plan->parameters), "%s", value);
	else
		take(ending, key, value);
}

enum pen_status pen_ending__read(struct pen_ending *ending, const struct pen_batch *batch, pen_ending_take *take, bool *is,
    struct pen_error *error)
{
	char *text, *line, *end, *value, digest[PEN_DIGEST_HEX];
	size_t n;
	enum pen_status status;

	*is = strcmp(batch->form, ending->computed.way->form) == 0;
	if (!*is)
		return PEN_OK;
	status = pen_blob__load(store_of(ending), batch->file_digest, &text, &n, error);
	if (status != PEN_OK)
		return status;
	for (line = text; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		value = strstr(line, ": ");
		if (!value)
			continue;
		*value = '\0';
		take_line(ending, line, value + 2, take);
	}
	pen_memory__free(text);
	return pen_settings__parameters(store_of(ending), ending->plan.as_of, &ending->parameters, digest, error);
}

/* ------------------------------------------------------------ what is -- */

enum pen_status pen_ending__find(const struct pen_ending *ending, enum pen_sql which, int64_t person, int32_t year, int64_t *folio,
    struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store_of(ending), which, &s, error);
	bool row;

	*folio = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":as_of", ending->plan.as_of);
	if (year)
		pen_db__bind_int(s, ":year", year);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		*folio = pen_db__int(s, 0);
	pen_db__reset(s);
	return status;
}

enum pen_status pen_ending__check_open(const struct pen_ending *ending, int64_t person, struct pen_error *error)
{
	char who[PEN_PEOPLE_CALLED];
	int64_t folio;
	enum pen_status status = pen_ending__find(ending, PEN_SQL_ENDING_STANDING, person, 0, &folio, error);

	if (status != PEN_OK || !folio)
		return status;
	return pen_error__refuse(error, "R4.2", "account.closed",
	    _("the account of %s is closed by folio %lld already: have that signed and sealed (pen-seal sign, close)"),
	    pen_people__called(store_of(ending), person, who), (long long)folio);
}

enum pen_status pen_ending__folio(struct pen_ending *ending, int64_t person, int32_t year, struct pen_error *error)
{
	int64_t employer;	/* 0: nowhere */
	enum pen_status status = pen_ending__find(ending, PEN_SQL_HISTORY_EMPLOYER, person, 0, &employer, error);

	return status == PEN_OK ? pen_computed__folio(&ending->computed, employer, year, error) : status;
}

/* ------------------------------------------------------------- writing -- */

enum pen_status pen_ending__rows(void *context, struct pen_computed *computed, size_t folio, struct pen_error *error)
{
	struct pen_ending *ending = context;
	enum pen_status status = PEN_OK;
	int i;

	(void)folio;
	for (i = 0; status == PEN_OK && i < ending->rows; i++)
		status = pen_computed__put(computed, &ending->row[i], i == 0 ? ending->total_fen : 0, error);
	return status;
}

enum pen_status pen_ending__show(void *context, struct pen_computed *computed, int64_t at, struct pen_error *error)
{
	const struct pen_ending *ending = context;
	const struct pen_computed_folio *folio = &computed->folio[0];

	(void)at;
	return pen_places__enter(store_of(ending), ending->plan.person, folio->period, folio->id, error);
}

enum pen_status pen_ending__write(struct pen_ending *ending, struct pen_error *error)
{
	return pen_computed__write(&ending->computed, error);
}

void pen_ending__free(struct pen_ending *ending)
{
	pen_computed__free(&ending->computed);
	pen_parameter__free(ending->parameters);
}
