/* Who reaches the age in a month: with what they have, and what is missing. */
#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/printer.h"
#include "store/assessed.h"
#include "store/assessing.h"
#include "store/nearing.h"
#include "store/people.h"
#include "work/leftopen.h"
#include "work/reading.h"

#include <stdlib.h>
#include <string.h>

#define SLICE 200	/* people looked for in one read transaction, and worked out in one */

struct due {
	struct pen_reading reading;
	struct pen_store *store;
	struct pen_printer *printer;
	int32_t month;
	struct pen_assessing assessing;
	struct pen_nearing_births births;
	int64_t *folio, *person;
	size_t folios, folio_room, people, person_room;
	int64_t rows, ready, short_of, assessed;
};

/* One of them. state: ready (to be assessed), short (of months), waiting (for the signatures
 * of an assessment), assessed, by-form, or not-ready: then why not. */
struct line {
	struct pen_someone who;
	struct pen_business employer;
	const char *state;
	int64_t folio;			/* of the assessment or the form; 0: none */
	struct pen_assessing_result made;
};

static const char *agency_of(const struct due *due)
{
	return pen_store__identity(due->store)->agency;
}

/* ------------------------------------------------------------- candidates -- */

static enum pen_status keep(int64_t **list, size_t *count, size_t *room, int64_t value, struct pen_error *error)
{
	size_t wanted = *room ? 2 * *room : 256;
	int64_t *grown;

	if (*count == *room) {
		grown = pen_memory__realloc(*list, wanted, sizeof(*grown));
		if (!grown)
			return pen_error__memory(error);
		*list = grown;
		*room = wanted;
	}
	(*list)[(*count)++] = value;
	return PEN_OK;
}

static enum pen_status take_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct due *due = context;

	return keep(&due->folio, &due->folios, &due->folio_room, folio->id, error);
}

static enum pen_status look_in_folio(struct due *due, int64_t folio, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(due->store);
	int64_t found[SLICE], after = 0;
	enum pen_status status;
	size_t n = 0, i;

	do {
		status = pen_db__begin_read(db, error);
		if (status == PEN_OK)
			status = pen_nearing__of_folio(due->store, folio, &due->births, due->reading.as_of, after, found, SLICE, &n, error);
		pen_db__rollback(db);
		for (i = 0; status == PEN_OK && i < n; i++)
			status = keep(&due->person, &due->people, &due->person_room, found[i], error);
		after = status == PEN_OK && n ? found[n - 1] : after;
	} while (status == PEN_OK && n == SLICE);
	return status;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Whoever is registered more than once is one. */
static enum pen_status find_people(struct due *due, struct pen_error *error)
{
	enum pen_status status = pen_folio__each_visible(due->store, "registration", 0, 0, due->reading.as_of, take_folio, due, error);
	size_t i, n = 0;

	for (i = 0; status == PEN_OK && i < due->folios; i++) {
		if (pen_session__stopped(due->reading.session))
			return pen_error__set(error, PEN_INCOMPLETE, "stopped", _("stopped: the list is not all there"));
		status = look_in_folio(due, due->folio[i], error);
	}
	if (due->people > 1)
		qsort(due->person, due->people, sizeof(*due->person), compare);
	for (i = 0; i < due->people; i++)
		if (!n || due->person[n - 1] != due->person[i])
			due->person[n++] = due->person[i];
	due->people = n;
	return status;
}

/* ------------------------------------------------------------------ a line -- */

/* The day in the month; where it has no such day, its last. */
static int32_t birthday_in(const struct due *due, int32_t born)
{
	int32_t day = due->month * 100 + born % 100, last = pen_date__month_end(due->month);

	return day < last ? day : last;
}

static enum pen_status look_there(struct due *due, struct line *line, struct pen_error *error)
{
	const int64_t person = line->made.asked.person, as_of = due->reading.as_of;
	struct pen_assessed there;
	enum pen_status status = pen_assessed__by_form(due->store, person, as_of, &line->folio, error);

	if (status == PEN_OK && line->folio)
		line->state = "by-form";
	if (status != PEN_OK || line->folio)
		return status;
	status = pen_assessed__of_person(due->store, person, as_of, &there, error);
	if (status == PEN_OK && there.folio) {
		line->folio = there.folio;
		line->state = there.sealed ? "assessed" : "waiting";
		line->made.asked.retired_on = there.retired_on;
	}
	return status;
}

static const char *state_of(const struct pen_assessing_result *made)
{
	return !made->refused.status ? "ready" : strcmp(made->refused.code, "retire.months") == 0 ? "short" : "not-ready";
}

/* *due_then false: the newest registration says another birth or status. */
static enum pen_status make_line(struct due *due, int64_t person, struct line *line, bool *due_then, struct pen_error *error)
{
	struct pen_assessing_result *made = &line->made;
	enum pen_status status;

	*line = (struct line){ .made = { .asked = { .person = person, .retired_on = pen_date__month_end(due->month) } } };
	status = pen_assessing__make(&due->assessing, made, false, error);
	if (status != PEN_OK)
		return status;
	*due_then = !made->ages.statutory || made->ages.statutory == due->month;
	made->asked.retired_on = made->born ? birthday_in(due, made->born) : made->asked.retired_on;
	line->state = state_of(made);
	status = look_there(due, line, error);
	if (status == PEN_OK)
		status = pen_people__name(due->store, person, due->reading.as_of, &line->who, error);
	if (status == PEN_OK)
		status = pen_people__business(due->store, made->employer, due->reading.as_of, &line->employer, error);
	return status;
}

/* ---------------------------------------------------------------- printing -- */

static const char *or_null(const char *s)
{
	return s[0] ? s : NULL;
}

#define ITEMS_MOST 20

/* The items of a line; of an empty one, the columns. The first ones are what
 * retirement-application reads. */
static struct pen_items items_of(const struct line *line, struct pen_leftopen *leftopen, struct pen_item *item)
{
	const struct pen_assessing_result *r = &line->made;
	const bool counted = r->least_months && r->paid_months + r->deemed_months, known = r->ages.statutory != 0;
	size_t n = 0;

	item[n++] = (struct pen_item)PEN_I_TEXT("id_number", _("citizen id"), or_null(line->who.id_number));
	item[n++] = (struct pen_item)PEN_I_TEXT("name", _("name"), or_null(line->who.name));
	item[n++] = (struct pen_item)PEN_I_DATE("retired_on", _("retires on"), r->asked.retired_on);
	item[n++] = (struct pen_item)PEN_I_TEXT("route", _("route"), pen_retiring__route_name(r->asked.route));
	item[n++] = (struct pen_item)PEN_I_TEXT("category", _("category"), known ? pen_retiring__category_name(r->category) : NULL);
	item[n++] = (struct pen_item)PEN_I_TEXT("employer", _("employer"), or_null(line->employer.name));
	item[n++] = (struct pen_item)PEN_I_DATE("born", _("born"), r->born);
	item[n++] = (struct pen_item)PEN_I_TEXT("state", _("state"), line->state);
	item[n++] = (struct pen_item){ .key = "paid_months", .title = _("paid months"), .type = PEN_ITEM_INT, .i = r->paid_months, .null = !counted };
	item[n++] = (struct pen_item){ .key = "deemed_months", .title = _("deemed months"), .type = PEN_ITEM_INT, .i = r->deemed_months, .null = !counted };
	item[n++] = (struct pen_item){ .key = "least_months", .title = _("minimum months"), .type = PEN_ITEM_INT, .i = r->least_months, .null = !known };
	item[n++] = (struct pen_item){ .key = "missing_months", .title = _("missing months"), .type = PEN_ITEM_INT, .i = r->shortfall.missing, .null = !counted };
	item[n++] = (struct pen_item){ .key = "pension_fen", .title = _("pension"), .type = PEN_ITEM_FEN, .i = r->pension.pension_fen, .null = !r->trace };
	item[n++] = (struct pen_item){ .key = "folio", .title = _("folio"), .type = PEN_ITEM_INT, .i = line->folio, .null = !line->folio };
	item[n++] = (struct pen_item)PEN_I_TEXT("why", _("why"), or_null(r->refused.text));
	item[n++] = (struct pen_item){ .key = "code", .title = "", .type = PEN_ITEM_TEXT, .s = or_null(r->refused.code), .machine = true };
	item[n] = pen_leftopen__list(leftopen, &r->shortfall);
	item[n++].machine = true;
	return (struct pen_items){ item, n };
}

static void print_line(struct due *due, const struct line *line)
{
	struct pen_item item[ITEMS_MOST];
	struct pen_leftopen leftopen;

	due->rows++;
	due->ready += strcmp(line->state, "ready") == 0;
	due->short_of += strcmp(line->state, "short") == 0;
	due->assessed += line->folio != 0;
	pen_printer__row(due->printer, "person", items_of(line, &leftopen, item));
}

/* Works some out under one read lock, lets go of it, and prints them. */
static enum pen_status print_slice(struct due *due, const int64_t *people, size_t n, struct line *line, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(due->store);
	enum pen_status status = pen_db__begin_read(db, error);
	bool then[SLICE];
	size_t i, made = 0;

	for (i = 0; status == PEN_OK && i < n; i++, made++)
		status = make_line(due, people[i], &line[i], &then[i], error);
	pen_db__rollback(db);
	for (i = 0; i < made; i++) {
		if (status == PEN_OK && then[i])
			print_line(due, &line[i]);
		pen_memory__free(line[i].made.trace);
	}
	return status;
}

static void open_table(struct due *due)
{
	const struct pen_item head[] = {
		PEN_I_DATE("month", _("month"), due->month), PEN_I_INT("as_of", _("as of entry"), due->reading.as_of),
	};
	static const struct line none = { .state = NULL };
	struct pen_item item[ITEMS_MOST];
	struct pen_leftopen leftopen;
	const struct pen_items columns = items_of(&none, &leftopen, item);

	pen_printer__open_table(due->printer, "due", _("Who reaches the age of retirement"), &columns);
	pen_printer__head(due->printer, PEN_ITEMS(head));
}

static enum pen_status print_all(struct due *due, struct pen_error *error)
{
	struct line *line = pen_memory__calloc(SLICE, sizeof(*line));
	enum pen_status status = line ? PEN_OK : pen_error__memory(error);
	size_t at;

	for (at = 0; status == PEN_OK && at < due->people; at += SLICE) {
		pen_session__progress(due->reading.session, _("assessing"), (int64_t)at, (int64_t)due->people);
		status = pen_session__stopped(due->reading.session)
		    ? pen_error__set(error, PEN_INCOMPLETE, "stopped", _("stopped: the list is not all there"))
		    : print_slice(due, due->person + at, due->people - at < SLICE ? due->people - at : SLICE, line, error);
	}
	pen_memory__free(line);
	return status;
}

static void close_table(struct due *due)
{
	const struct pen_item summary[] = {
		PEN_I_INT("rows", _("people"), due->rows), PEN_I_INT("ready", _("ready"), due->ready), PEN_I_INT("short", _("short of months"), due->short_of),
		PEN_I_INT("assessed", _("assessed"), due->assessed), PEN_I_INT("not_ready", _("not ready"), due->rows - due->ready - due->short_of - due->assessed),
	};

	pen_printer__close_table(due->printer, PEN_ITEMS(summary), PEN_OK);
}

/* ---------------------------------------------------------------- the verb -- */

static enum pen_status list(struct due *due, struct pen_error *error)
{
	enum pen_status status = pen_assessing__open(&due->assessing, due->reading.session, due->reading.as_of, error);

	if (status == PEN_OK)
		status = pen_nearing__births(due->assessing.parameters, agency_of(due), due->month, &due->births, error);
	if (status == PEN_OK)
		status = find_people(due, error);
	if (status != PEN_OK)
		return status;
	open_table(due);
	status = print_all(due, error);
	if (status == PEN_OK)
		close_table(due);
	return status == PEN_OK ? pen_reading__end(&due->reading, due->rows, error) : status;
}

enum pen_status pen_due(struct pen_session *session, const char *month, struct pen_printer *printer, struct pen_error *error)
{
	struct due due = { .reading = { .session = session }, .store = session->store, .printer = printer,
		.month = pen_date__parse_month(month, strlen(month)) };
	char subject[48];
	enum pen_status status;

	if (!due.month)
		return pen_error__set(error, PEN_USAGE, "assess.due", _("\"%s\" is no month: say which with --due, as in 2026-12"), month);
	snprintf(subject, sizeof(subject), "due %d-%02d", due.month / 100, due.month % 100);
	status = pen_reading__open(&due.reading, session, NULL, error);
	if (status == PEN_OK)
		status = pen_reading__begin(&due.reading, subject, error);
	if (status == PEN_OK)
		status = list(&due, error);
	pen_assessing__free(&due.assessing);
	pen_memory__free(due.folio);
	pen_memory__free(due.person);
	return status;
}
