#include "store/ruleparts.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/thread.h"
#include "store/accountwalk.h"
#include "store/parts.h"
#include "store/periodwalk.h"
#include "store/recordwalk.h"
#include "store/rowwalk.h"
#include "store/settings.h"
#include "store/toldwalk.h"
#include "store/yearwalk.h"

#define PIECES 8	/* in which rows are looked at */
#define FIXED 4		/* parts that there are once: read_people, told, periods, accounts */

/* Rows are read for the rules of the program, and not for the sake of others. */
static bool wants_rows(const struct pen_walk *walk)
{
	const struct pen_rule *rule;
	size_t i;

	for (i = 0; i < pen_rule__count(); i++) {
		rule = pen_rule__at(i);
		if ((rule->class == PEN_CORRECTNESS || rule->class == PEN_COMPLETENESS || rule->class == PEN_LOGIC) &&
		    pen_walk__wants(walk, rule->id))
			return true;
	}
	return false;
}

static bool wants_review(const struct pen_walk *walk)
{
	return pen_walk__wants(walk, "person.died") || pen_walk__wants(walk, "person.retired") ||
	    pen_walk__wants(walk, "person.elsewhere") || pen_walk__wants(walk, "months.total");
}

/* What several parts have: people as they were registered, read by the first part; the
 * others wait until `ready` is closed. NULL then: they could not be read, or nobody asks. */
struct shared {
	const struct pen_recordwalk *of;
	bool rows;
	struct pen_known *known;
	struct pen_channel *ready;
};
struct rows { const struct shared *shared; int64_t piece; };
struct year { const struct shared *shared; int32_t year; };
struct record { const struct pen_recordwalk *of; const struct pen_sqlrule *rule; };

/* False: the first part failed, and says so. */
static bool wait_for_people(const struct shared *shared)
{
	pen_thread__take(shared->ready);
	return shared->known || !shared->rows;
}

static enum pen_status read_people(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	struct shared *shared = *(struct shared *const *)context;
	enum pen_status status = shared->rows ? pen_known__open(&shared->known, walk->session->store, error) : PEN_OK;

	pen_thread__close(shared->ready);
	return status;
}

static enum pen_status rows(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	const struct rows *rows = context;
	const struct shared *shared = rows->shared;

	if (!shared->rows || !wait_for_people(shared))
		return PEN_OK;
	return pen_rowwalk__run(walk, &(struct pen_rowwalk){ shared->known, shared->of->batches, shared->of->count, rows->piece, PIECES },
	    error);
}

static enum pen_status year(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	const struct year *year = context;
	const struct shared *shared = year->shared;

	if (!wait_for_people(shared))
		return PEN_OK;
	return pen_yearwalk__year(walk, &(struct pen_yearwalk){ shared->known, shared->rows, shared->of->batches, shared->of->count },
	    year->year, error);
}

static enum pen_status told(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	(void)context;
	return pen_toldwalk__run(walk, error);
}

static enum pen_status periods(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	(void)context;
	return pen_periodwalk__run(walk, error);
}

static enum pen_status accounts(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	const struct pen_recordwalk *of = context;

	return pen_accountwalk__run(walk, of->batches, of->count, error);
}

static enum pen_status record(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	const struct record *record = context;
	enum pen_status status = pen_walk__go_on(walk, _("the rules over records"), 0, -1, error);

	return status ? status : pen_recordwalk__rule(walk, record->of, record->rule, error);
}

/* All the parts there are room for, and what each is about. */
struct parts {
	struct pen_part *at;
	size_t count;
	struct rows rows[PIECES];
	struct year *year;
	struct record *record;
};

static void add(struct parts *parts, pen_part_run *run, const void *context)
{
	parts->at[parts->count++] = (struct pen_part){ run, context };
}

static bool make_room(struct parts *parts, size_t records, size_t years)
{
	parts->at = pen_memory__calloc(FIXED + PIECES + records + years, sizeof(*parts->at));
	parts->record = pen_memory__calloc(records, sizeof(*parts->record));
	parts->year = pen_memory__calloc(years, sizeof(*parts->year));
	return parts->at && parts->record && parts->year;
}

/* People come first, since others wait for them; then what takes long, so that both cores
 * have something to do to the end. */
static void line_up(struct parts *parts, struct shared *const *shared, const struct pen_sqlrules *rules,
    const struct pen_yearwalk_years *years)
{
	size_t i;

	add(parts, read_people, shared);
	for (i = 0; i < years->count; i++) {
		parts->year[i] = (struct year){ *shared, years->year[i] };
		add(parts, year, &parts->year[i]);
	}
	add(parts, told, NULL);
	add(parts, periods, NULL);
	add(parts, accounts, (*shared)->of);
	for (i = 0; i < PIECES; i++) {
		parts->rows[i] = (struct rows){ *shared, (int64_t)i };
		add(parts, rows, &parts->rows[i]);
	}
	for (i = 0; i < pen_sqlrule__count(rules); i++) {
		parts->record[i] = (struct record){ (*shared)->of, pen_sqlrule__at(rules, i) };
		add(parts, record, &parts->record[i]);
	}
}

static enum pen_status run(struct pen_walk *walk, struct shared *shared, const struct pen_sqlrules *rules,
    const struct pen_yearwalk_years *years, struct pen_error *error)
{
	struct parts parts = { .count = 0 };
	enum pen_status status = make_room(&parts, pen_sqlrule__count(rules), years->count) ? PEN_OK : pen_error__memory(error);

	if (!status) {
		line_up(&parts, &shared, rules, years);
		status = pen_parts__run(walk, parts.at, parts.count, error);
	}
	pen_memory__free(parts.year);
	pen_memory__free(parts.record);
	pen_memory__free(parts.at);
	return status;
}

enum pen_status pen_ruleparts__run(struct pen_walk *walk, const struct pen_sqlrules *rules, const int64_t *batches,
    size_t count, struct pen_error *error)
{
	struct pen_recordwalk of = { .batches = batches, .count = count };
	struct shared shared = { .of = &of, .rows = wants_rows(walk), .ready = pen_thread__channel(1) };
	struct pen_yearwalk_years years = { .count = 0 };
	struct pen_parameters *parameters = NULL;
	char digest[PEN_DIGEST_HEX];
	enum pen_status status = shared.ready ? PEN_OK : pen_error__memory(error);

	if (!status)
		status = pen_settings__parameters(walk->session->store, walk->size, &parameters, digest, error);
	of.parameters = parameters;
	if (!status && (shared.rows || wants_review(walk)))
		status = pen_yearwalk__years(walk->session->store, &years, error);
	if (!status)
		status = run(walk, &shared, rules, &years, error);
	pen_yearwalk__free(&years);
	pen_known__close(shared.known);
	pen_parameter__free(parameters);
	pen_thread__free_channel(shared.ready);
	return status;
}
