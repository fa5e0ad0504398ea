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
struct year { struct shared *shared; int32_t year; };
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

static enum pen_status rows_of_people(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	const struct shared *shared = *(struct shared *const *)context;

	if (!shared->rows || !wait_for_people(shared))
		return PEN_OK;
	return pen_rowwalk__run(walk, shared->known, true, shared->of->batches, shared->of->count, error);
}

static enum pen_status other_rows(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	const struct shared *shared = *(struct shared *const *)context;

	return shared->rows ? pen_rowwalk__run(walk, NULL, false, shared->of->batches, shared->of->count, error) : PEN_OK;
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

/* People come first, since whatever waits for them comes last. */
#define FIRST 6
static enum pen_status run(struct pen_walk *walk, struct shared *shared, const struct pen_sqlrules *rules,
    const struct pen_yearwalk_years *years, struct pen_error *error)
{
	size_t records = pen_sqlrule__count(rules), count = 0, i;
	struct pen_part *parts = pen_memory__calloc(FIRST + records + years->count, sizeof(*parts));
	struct record *record_of = pen_memory__calloc(records, sizeof(*record_of));
	struct year *year_of = pen_memory__calloc(years->count, sizeof(*year_of));
	enum pen_status status = parts && record_of && year_of ? PEN_OK : pen_error__memory(error);

	if (status)
		goto out;
	parts[count++] = (struct pen_part){ read_people, &shared };
	parts[count++] = (struct pen_part){ other_rows, &shared };
	parts[count++] = (struct pen_part){ told, NULL };
	parts[count++] = (struct pen_part){ periods, NULL };
	parts[count++] = (struct pen_part){ accounts, shared->of };
	for (i = 0; i < records; i++) {
		record_of[i] = (struct record){ shared->of, pen_sqlrule__at(rules, i) };
		parts[count++] = (struct pen_part){ record, &record_of[i] };
	}
	parts[count++] = (struct pen_part){ rows_of_people, &shared };
	for (i = 0; i < years->count; i++) {
		year_of[i] = (struct year){ shared, years->year[i] };
		parts[count++] = (struct pen_part){ year, &year_of[i] };
	}
	status = pen_parts__run(walk, parts, count, error);
out:
	pen_memory__free(year_of);
	pen_memory__free(record_of);
	pen_memory__free(parts);
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
