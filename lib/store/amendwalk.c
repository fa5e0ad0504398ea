#include "store/amendwalk.h"
#include "base/error.h"
#include "base/memory.h"
#include "store/applications.h"
#include "store/cases.h"
#include "store/rowmatch.h"

#include <inttypes.h>
#include <string.h>

#define RULE "amendment.rows"

/* A case made again. met: a folio is that of the group. */
struct again {
	struct pen_walk *walk;
	const struct pen_batch *batch;
	const struct pen_folio *folios;
	size_t count;
	bool roots;
	struct pen_amendeds list;
	struct pen_layout layout;
	struct pen_resettle run;
	bool *met;			/* of the folios given */
};

static struct pen_store *store_of(const struct again *again)
{
	return again->walk->session->store;
}

static void name_batch(const struct again *again, char record[300])
{
	snprintf(record, 300, _("batch %" PRId64 " (%s)"), again->batch->id, again->batch->file_name);
}

/* What the case asked for when it was applied: its application is never changed after. */
static enum pen_status read_case(struct again *again, struct pen_error *error)
{
	struct pen_case applied = { 0 };
	bool is;
	enum pen_status status = pen_cases__find(store_of(again), again->batch->amendment, &applied, &is, error);

	if (status == PEN_OK && !is)
		status = pen_error__set(error, PEN_INTEGRITY, "amend.case",
		    _("batch %" PRId64 " holds the new versions of case %" PRId64 ", which is not in the store: run pen-verify"),
		    again->batch->id, again->batch->amendment);
	if (status == PEN_OK)
		status = pen_applications__load(store_of(again), applied.id, applied.revision, &again->list, error);
	pen_cases__free(&applied);
	return status == PEN_OK ? pen_layout__make(&again->layout, &again->list, error) : status;
}

/* -------------------------------------------------------------- new versions -- */

struct versions { const struct again *again; const struct pen_layout_group *group; size_t next; struct pen_row row; };

static enum pen_status next_version(void *context, const struct pen_row **row, struct pen_error *error)
{
	struct versions *versions = context;

	(void)error;
	*row = NULL;
	if (!versions->group || versions->next == versions->group->count)
		return PEN_OK;
	versions->row = pen_layout__row(&versions->again->layout, versions->group, versions->next++);
	*row = &versions->row;
	return PEN_OK;
}

static enum pen_status compare_rows(struct again *again, const struct pen_folio *folio, const struct pen_kind *kind,
    pen_rows_supply *supply, void *context, void (*rewind)(void *context), struct pen_error *error)
{
	const struct pen_rowmatch match = { .walk = again->walk, .batch = again->batch, .folio = folio, .kind = kind,
		.rule = RULE, .row = _("the row that the case asked for, or the year settled again"),
		.rows = _("the rows that the case makes"), .none = _("no such row: the case does not make it"),
		.supply = supply, .context = context };
	enum pen_status status = pen_rowmatch__rows(&match, error);

	rewind(context);
	return status == PEN_OK && again->roots ? pen_rowmatch__root(&match, error) : status;
}

static void rewind_versions(void *context)
{
	((struct versions *)context)->next = 0;
}

static bool is_of(const struct again *again, const struct pen_layout_group *group, const struct pen_folio *folio)
{
	const struct pen_amended *first = pen_layout__record(&again->layout, group, 0);

	return strcmp(first->form, folio->form) == 0 && first->employer == folio->employer && first->period == folio->period;
}

static enum pen_status compare_versions(struct again *again, const struct pen_folio *folio, struct pen_error *error)
{
	const struct pen_kind *kind = pen_amended__kind(folio->form);
	struct versions versions = { .again = again };
	size_t g;

	for (g = 0; g < again->layout.groups && !versions.group; g++)
		if (is_of(again, &again->layout.group[g], folio))
			versions.group = &again->layout.group[g];
	if (!kind)
		return pen_walk__report(again->walk, &(struct pen_walk_place){ RULE, "form", folio->form,
		    _("a form whose records a case changes"), folio->batch, 0 }, error, _("folio %" PRId64 " of batch %" PRId64),
		    folio->id, folio->batch);
	return compare_rows(again, folio, kind, next_version, &versions, rewind_versions, error);
}

/* -------------------------------------------------------------- settled again -- */

/* A group's rows of the year at hand, person by person. */
struct settled {
	struct pen_settlement *year;
	const struct pen_settlement_group *group;
	size_t person;
	int64_t first, line;
	struct pen_row row[PEN_SETTLING_ROWS];
	int count, next;
};

static void rewind_settled(void *context)
{
	struct settled *settled = context;

	settled->person = 0;
	settled->line = settled->first;
	settled->count = settled->next = 0;
}

static enum pen_status next_settled(void *context, const struct pen_row **row, struct pen_error *error)
{
	struct settled *settled = context;
	struct pen_account_year year;
	enum pen_status status = PEN_OK;

	*row = NULL;
	if (!settled->group)
		return PEN_OK;
	if (settled->next == settled->count && settled->person < settled->group->count) {
		status = pen_settling__rows(&settled->year->s, settled->year->order[settled->group->first + settled->person++],
		    settled->line, &year, settled->row, &settled->count, error);
		settled->next = 0;
		settled->line += settled->count;
	}
	if (status == PEN_OK && settled->next < settled->count)
		*row = &settled->row[settled->next++];
	return status;
}

/* The folio of the batch that a group was written to; NULL: there is none. */
static const struct pen_folio *folio_of(struct again *again, const struct pen_settlement_group *group)
{
	size_t i;

	for (i = 0; i < again->count; i++)
		if (strcmp(again->folios[i].form, "settlement") == 0 && again->folios[i].period == again->run.year.s.plan.year &&
		    again->folios[i].employer == group->employer) {
			again->met[i] = true;
			return &again->folios[i];
		}
	return NULL;
}

/* The lines go on from group to group, whether its folio is looked at or not. */
static enum pen_status compare_group(struct again *again, struct pen_settlement_group *group, struct pen_error *error)
{
	struct settled settled = { .year = &again->run.year, .group = group, .first = again->run.year.computed.rows + 1 };
	const struct pen_folio *folio = folio_of(again, group);
	const struct pen_row *row;
	char record[300];
	enum pen_status status = PEN_OK;

	rewind_settled(&settled);
	do
		status = next_settled(&settled, &row, error);
	while (status == PEN_OK && row);
	again->run.year.computed.rows = settled.line - 1;
	rewind_settled(&settled);
	if (status != PEN_OK)
		return status;
	name_batch(again, record);
	if (!folio)
		return !again->roots ? PEN_OK : pen_walk__report(again->walk, &(struct pen_walk_place){ RULE, "folio", _("no such folio"),
		    _("the folio of the year settled again"), again->batch->id, 0 }, error,
		    _("%s, employer number %" PRId64), record, group->employer);
	again->run.year.computed.folio[group - again->run.year.group].id = folio->id;
	return compare_rows(again, folio, pen_kind__of(PEN_KIND_MOVEMENT), next_settled, &settled, rewind_settled, error);
}

/* The number of the folio is what the next year's rows rest on: where only some folios
 * are looked at, the others are found in the store. */
static enum pen_status find_folio(void *context, const struct pen_folio *folio, struct pen_error *error)
{
	struct again *again = context;
	size_t g;

	(void)error;
	if (strcmp(folio->form, "settlement") != 0 || folio->period != again->run.year.s.plan.year)
		return PEN_OK;
	for (g = 0; g < again->run.year.groups; g++)
		if (again->run.year.group[g].employer == folio->employer)
			again->run.year.computed.folio[g].id = folio->id;
	return PEN_OK;
}

static enum pen_status compare_year(struct again *again, struct pen_error *error)
{
	enum pen_status status = pen_folio__each_of_batch(store_of(again), again->batch->id, find_folio, again, error);
	size_t g;

	for (g = 0; status == PEN_OK && g < again->run.year.groups; g++)
		status = compare_group(again, &again->run.year.group[g], error);
	pen_resettle__carry(&again->run);
	return status;
}

static enum pen_status settle_again(struct again *again, struct pen_error *error)
{
	bool more = true;
	enum pen_status status = pen_resettle__open(&again->run, again->walk->session, again->batch->id, again->batch->confirmed_at,
	    again->layout.person, again->layout.persons, error);

	again->run.year.computed.rows = (int64_t)again->list.count;
	while (status == PEN_OK && more) {
		status = pen_resettle__next(&again->run, &more, error);
		if (status == PEN_OK && more)
			status = compare_year(again, error);
	}
	pen_resettle__close(&again->run);
	return status;
}

/* A settlement that nobody's account asks for has no rows to be. */
static enum pen_status compare_unmet(struct again *again, struct pen_error *error)
{
	struct settled none = { .group = NULL };
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; status == PEN_OK && i < again->count; i++)
		if (!again->met[i] && strcmp(again->folios[i].form, "settlement") == 0)
			status = compare_rows(again, &again->folios[i], pen_kind__of(PEN_KIND_MOVEMENT), next_settled, &none,
			    rewind_settled, error);
	return status;
}

/* ------------------------------------------------------------------ all of it -- */

static enum pen_status compare(struct again *again, struct pen_error *error)
{
	enum pen_status status = read_case(again, error);
	size_t i;

	again->met = pen_memory__calloc(again->count ? again->count : 1, sizeof(*again->met));
	if (status == PEN_OK && !again->met)
		status = pen_error__memory(error);
	for (i = 0; status == PEN_OK && i < again->count; i++)
		if (strcmp(again->folios[i].form, "settlement") != 0)
			status = compare_versions(again, &again->folios[i], error);
	if (status == PEN_OK)
		status = settle_again(again, error);
	return status == PEN_OK ? compare_unmet(again, error) : status;
}

enum pen_status pen_amendwalk__compare(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_folio *folios, size_t count, bool roots, struct pen_error *error)
{
	struct again again = { .walk = walk, .batch = batch, .folios = folios, .count = count, .roots = roots };
	char record[300];
	enum pen_status status;

	if (!batch->amendment)
		return PEN_OK;
	walk->sources++;
	name_batch(&again, record);
	status = compare(&again, error);
	if (status == PEN_REFUSED || status == PEN_INPUT)
		status = pen_walk__not_made(walk, RULE, record, error->text, error);
	status = pen_walk__damage(walk, status, RULE, batch->id, record, error);
	pen_layout__free(&again.layout);
	pen_amended__free(&again.list);
	pen_memory__free(again.met);
	return status;
}
