#include "store/settledwalk.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/money.h"
#include "store/earlier.h"
#include "store/rowmatch.h"
#include "store/settlement.h"

#include <inttypes.h>
#include <string.h>

#define RULE "settlement.rows"

/* A settlement made again. line[g] is the first line of group g. */
struct again {
	struct pen_walk *walk;
	const struct pen_batch *batch;
	struct pen_settlement made;
	struct pen_settling_plan plan;
	char parameters[PEN_DIGEST_HEX];	/* as the plan names them */
	int64_t *line;
	bool *met;				/* a folio is that of the group */
};

static struct pen_store *store_of(const struct again *again)
{
	return again->walk->session->store;
}

static void name_batch(const struct again *again, char record[300])
{
	snprintf(record, 300, _("batch %" PRId64 " (%s)"), again->batch->id, again->batch->file_name);
}

/* ------------------------------------------------------------- the plan -- */

/* The value of a line "key: value", which ends it; NULL: it is another line. */
static const char *value_of(char *line, const char *key)
{
	size_t n = strlen(key);

	return strncmp(line, key, n) == 0 && strncmp(line + n, ": ", 2) == 0 ? line + n + 2 : NULL;
}

static enum pen_status take_line(struct again *again, char *line, struct pen_error *error)
{
	const char *value;
	int64_t *list;

	if ((value = value_of(line, "year")) != NULL)
		again->plan.year = (int32_t)strtol(value, NULL, 10);
	else if ((value = value_of(line, "reference")) != NULL)
		again->plan.as_of = strtoll(value, NULL, 10);
	else if ((value = value_of(line, "parameters")) != NULL)
		snprintf(again->parameters, sizeof(again->parameters), "%s", value);
	else if ((value = value_of(line, "held")) != NULL) {
		list = pen_memory__realloc(again->made.held, again->plan.held_count + 1, sizeof(*list));
		if (list == NULL)
			return pen_error__memory(error);
		again->made.held = list;
		list[again->plan.held_count++] = strtoll(value, NULL, 10);
		again->plan.held = list;
	}
	return PEN_OK;
}

/* The plan that the store kept in the place of a source; its digest is looked at when
 * it is loaded. */
static enum pen_status read_plan(struct again *again, struct pen_error *error)
{
	char *text, *line, *end;
	size_t n;
	enum pen_status status = pen_blob__load(store_of(again), again->batch->file_digest, &text, &n, error);

	if (status != PEN_OK)
		return status;
	for (line = text; status == PEN_OK && (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		status = take_line(again, line, error);
	}
	pen_memory__free(text);
	return status;
}

/* Rate and way of crediting as the index has them, which has to be as the plan has
 * them. */
static enum pen_status find_terms(struct again *again, struct pen_error *error)
{
	char digest[PEN_DIGEST_HEX], record[300];
	enum pen_status status = pen_settling__terms(store_of(again), &again->plan, digest, error);

	if (status != PEN_OK || strcmp(digest, again->parameters) == 0)
		return status;
	name_batch(again, record);
	return pen_walk__report(again->walk, &(struct pen_walk_place){ RULE, "parameters_digest", digest,
	    again->parameters, again->batch->id, 0 }, error, "%s", record);
}

/* ----------------------------------------------- who was left out by right -- */

static enum pen_status find_people(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct again *again = context;
	struct pen_settling_person *person;
	const struct pen_row *row;
	struct pen_rows *rows;
	enum pen_status status = pen_rows__open(&rows, store_of(again), pen_kind__of(PEN_KIND_MOVEMENT), folio->id, error);

	if (status != PEN_OK)
		return status;
	while ((status = pen_rows__next(rows, &row, error)) == PEN_OK && row != NULL) {
		person = pen_settling__find(&again->made.s, row->v[PEN_SUBJECT].i);
		if (person != NULL)
			person->folio = folio->id;
	}
	pen_rows__close(rows);
	return status;
}

/* Of a folio that held people back and was discarded since, nobody can say whom:
 * those without a row are taken to be these. */
static enum pen_status leave_out(struct again *again, int64_t folio, struct pen_error *error)
{
	struct pen_settling *s = &again->made.s;
	char record[300], why[200];
	int64_t people = 0;
	size_t i;
	enum pen_status status = pen_folio__each_of_batch(store_of(again), again->batch->id, find_people, again, error);

	for (i = 0; status == PEN_OK && i < s->persons; i++) {
		if (s->person[i].folio || (s->person[i].fate != PEN_SETTLING_NEW && s->person[i].fate != PEN_SETTLING_AGAIN))
			continue;
		s->person[i].fate = PEN_SETTLING_UNREADY;
		people++;
	}
	if (status != PEN_OK || people == 0)
		return status;
	name_batch(again, record);
	snprintf(why, sizeof(why), _("%" PRId64 " people without a row: folio %" PRId64 ", for which such people waited then, was discarded since"),
	    people, folio);
	return pen_walk__not_made(again->walk, RULE, record, why, error);
}

static enum pen_status look_for_discarded(struct again *again, struct pen_error *error)
{
	struct pen_folio folio;
	enum pen_status status = PEN_OK;
	bool found;
	size_t i;

	for (i = 0; status == PEN_OK && i < again->plan.held_count; i++) {
		status = pen_folio__find(store_of(again), again->plan.held[i], &folio, &found, error);
		if (status == PEN_OK && (!found || folio.state == PEN_FOLIO_DISCARDED))
			return leave_out(again, again->plan.held[i], error);
	}
	return status;
}

/* --------------------------------------------------------- made once more -- */

/* A group's rows, given out person by person. amount is what has come so far. */
struct supply {
	struct again *again;
	const struct pen_settlement_group *group;
	size_t person;			/* the next of the group */
	int64_t line, amount;
	struct pen_row row[PEN_SETTLING_ROWS];
	int count, next;
};

static void begin(struct supply *supply, struct again *again, size_t group)
{
	*supply = (struct supply){ .again = again, .group = &again->made.group[group], .line = again->line[group] };
}

static enum pen_status next_person(struct supply *supply, struct pen_error *error)
{
	struct pen_settlement *made = &supply->again->made;
	struct pen_account_year year;
	int64_t total;
	enum pen_status status = pen_settling__rows(&made->s, made->order[supply->group->first + supply->person++],
	    supply->line, &year, supply->row, &supply->count, error);

	if (status != PEN_OK)
		return status;
	supply->next = 0;
	supply->line += supply->count;
	/* A sum beyond what money can be is no folio's. */
	if (!pen_ledger__total(&year.closing, &total) || !pen_money__add(supply->amount, total, &supply->amount))
		supply->amount = INT64_MAX;
	return PEN_OK;
}

static enum pen_status next_row(void *context, const struct pen_row **row, struct pen_error *error)
{
	struct supply *supply = context;
	enum pen_status status = PEN_OK;

	*row = NULL;
	if (supply->next == supply->count && supply->person < supply->group->count)
		status = next_person(supply, error);
	if (status == PEN_OK && supply->next < supply->count)
		*row = &supply->row[supply->next++];
	return status;
}

static enum pen_status no_row(void *context, const struct pen_row **row, struct pen_error *error)
{
	(void)context;
	(void)error;
	*row = NULL;
	return PEN_OK;
}

/* Lines are counted through the whole batch. */
static enum pen_status count_lines(struct again *again, struct pen_error *error)
{
	struct pen_settlement *made = &again->made;
	const struct pen_row *row = NULL;
	struct supply supply;
	int64_t line = 1;
	enum pen_status status = PEN_OK;
	size_t g;

	again->line = pen_memory__calloc(made->groups ? made->groups : 1, sizeof(*again->line));
	again->met = pen_memory__calloc(made->groups ? made->groups : 1, sizeof(*again->met));
	if (again->line == NULL || again->met == NULL)
		return pen_error__memory(error);
	for (g = 0; g < made->groups && status == PEN_OK; g++) {
		again->line[g] = line;
		begin(&supply, again, g);
		do
			status = next_row(&supply, &row, error);
		while (status == PEN_OK && row != NULL);
		line = supply.line;
	}
	return status;
}

static enum pen_status make_again(struct again *again, struct pen_error *error)
{
	enum pen_status status = read_plan(again, error);

	if (status == PEN_OK)
		status = find_terms(again, error);
	if (status == PEN_OK)
		status = pen_earlier__collect(&again->made.s, again->walk->session, &again->plan, error);
	if (status == PEN_OK)
		status = look_for_discarded(again, error);
	if (status == PEN_OK)
		status = pen_settlement__arrange(&again->made, error);
	return status == PEN_OK ? count_lines(again, error) : status;
}

/* ------------------------------------------------------------- comparing -- */

static int by_employer(const void *key, const void *at)
{
	int64_t employer = ((const struct pen_folio *)key)->employer;
	const struct pen_settlement_group *group = at;

	return (employer > group->employer) - (employer < group->employer);
}

/* The group of a folio's employer, of which a settlement has one; groups: none. */
static size_t group_of(const struct again *again, const struct pen_folio *folio)
{
	const struct pen_settlement *made = &again->made;
	const struct pen_settlement_group *found = NULL;

	if (made->groups)
		found = bsearch(folio, made->group, made->groups, sizeof(*made->group), by_employer);
	return found != NULL ? (size_t)(found - made->group) : made->groups;
}

static enum pen_status compare_amount(struct again *again, const struct pen_folio *folio, int64_t amount, struct pen_error *error)
{
	char found[24], expected[24];

	if (folio->amount_fen == amount)
		return PEN_OK;
	pen_money__format(folio->amount_fen, found);
	pen_money__format(amount, expected);
	return pen_walk__report(again->walk, &(struct pen_walk_place){ RULE, "amount_fen", found, expected,
	    folio->batch, 0 }, error, _("folio %" PRId64 " (%s%s%s) of batch %" PRId64), folio->id, folio->form,
	    folio->credit_code[0] ? " " : "", folio->credit_code, folio->batch);
}

static enum pen_status compare_folio(struct again *again, const struct pen_folio *folio, bool roots, struct pen_error *error)
{
	size_t g = group_of(again, folio);
	bool known = g < again->made.groups;
	struct supply supply = { .amount = 0 };
	const struct pen_rowmatch match = { .walk = again->walk, .batch = again->batch, .folio = folio,
		.kind = pen_kind__of(PEN_KIND_MOVEMENT), .rule = RULE, .row = _("the row of the settlement made again"),
		.rows = _("the rows of the settlement made again"),
		.none = _("no such row: the settlement made again does not have it"),
		.supply = known ? next_row : no_row, .context = &supply };
	enum pen_status status;

	if (known) {
		again->met[g] = true;
		begin(&supply, again, g);
	}
	status = pen_rowmatch__rows(&match, error);
	if (status == PEN_OK)
		status = compare_amount(again, folio, supply.amount, error);
	if (known)
		begin(&supply, again, g);
	return status == PEN_OK && roots ? pen_rowmatch__root(&match, error) : status;
}

static enum pen_status report_unmet(struct again *again, struct pen_error *error)
{
	char record[300];
	enum pen_status status = PEN_OK;
	size_t g;

	name_batch(again, record);
	for (g = 0; g < again->made.groups && status == PEN_OK; g++) {
		if (!again->met[g])
			status = pen_walk__report(again->walk, &(struct pen_walk_place){ RULE, "folio", _("no such folio"),
			    _("the folio of the settlement made again"), again->batch->id, 0 }, error,
			    _("%s, employer number %" PRId64), record, again->made.group[g].employer);
	}
	return status;
}

static enum pen_status compare(struct again *again, const struct pen_folio *folios, size_t count, bool roots,
    struct pen_error *error)
{
	enum pen_status status = make_again(again, error);
	size_t i;

	for (i = 0; i < count && status == PEN_OK; i++) {
		status = pen_walk__go_on(again->walk, _("the settlements"), (int64_t)i, (int64_t)count, error);
		if (status == PEN_OK)
			status = compare_folio(again, &folios[i], roots, error);
	}
	return status == PEN_OK && roots ? report_unmet(again, error) : status;
}

enum pen_status pen_settledwalk__compare(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_folio *folios, size_t count, bool roots, struct pen_error *error)
{
	struct again again = { .walk = walk, .batch = batch };
	struct pen_form *form = NULL;
	char record[300];
	enum pen_status status = pen_settings__kept_form(walk->session->store, batch->form_digest, &form, error);

	pen_settlement__start(&again.made, walk->session);
	name_batch(&again, record);
	if (status == PEN_OK && form->computed && strcmp(batch->form, "settlement") == 0 && !batch->amendment) {
		walk->sources++;
		status = compare(&again, folios, count, roots, error);
	}
	/* What was worked out once can be worked out again, unless what it goes by has
	 * gone, which is told where that is kept. */
	if (status == PEN_REFUSED || status == PEN_INPUT)
		status = pen_walk__not_made(walk, RULE, record, error->text, error);
	status = pen_walk__damage(walk, status, RULE, batch->id, record, error);
	pen_settlement__free(&again.made);
	pen_memory__free(again.line);
	pen_memory__free(again.met);
	pen_form__free(form);
	return status;
}
