#include "work/ruleparts.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/thread.h"
#include "work/accountwalk.h"
#include "work/parts.h"
#include "store/periodwalk.h"
#include "work/recordwalk.h"
#include "work/rowwalk.h"
#include "store/settings.h"
#include "store/toldwalk.h"
#include "store/yearwalk.h"

#include <assert.h>
#include <string.h>

#define PIECES 8	/* in which rows are looked at */
#define FIXED 7		/* parts that there are once */

/* Rules that are passes of their own, for whose sake no row goes under the others. */
static bool has_a_pass(const char *rule)
{
	static const char *const passes[] = { "contribution.entry", "contribution.gaps", "months.total", "person.alike",
		"person.died", "person.elsewhere", "person.repeated", "person.retired" };
	size_t i;

	for (i = 0; i < sizeof(passes) / sizeof(passes[0]); i++)
		if (strcmp(passes[i], rule) == 0)
			return true;
	return false;
}

/* Rows are read for the rules of the program, and not for the sake of others. */
static bool wants_rows(const struct pen_walk *walk)
{
	const struct pen_rule *rule;
	size_t i;

	for (i = 0; i < pen_rule__count(); i++) {
		rule = pen_rule__at(i);
		if ((rule->class == PEN_CORRECTNESS || rule->class == PEN_COMPLETENESS || rule->class == PEN_LOGIC) &&
		    !has_a_pass(rule->id) && pen_walk__wants(walk, rule->id))
			return true;
	}
	return false;
}

static bool wants_review(const struct pen_walk *walk)
{
	return pen_walk__wants(walk, "person.died") || pen_walk__wants(walk, "person.retired") ||
	    pen_walk__wants(walk, "person.elsewhere") || pen_walk__wants(walk, "months.total");
}

/* Something that one part reads and others wait for; `ready` is closed then. NULL: it could
 * not be read, or nobody asks. */
struct awaited { bool wanted; struct pen_channel *ready; };

/* What several parts have: people as they were registered, the periods in which they were
 * employed, and what each year leaves of those for gaps. `beside`: contributions are held
 * against the periods. */
struct shared {
	const struct pen_recordwalk *of;
	struct awaited people, employed;
	bool beside;
	struct pen_known *known;
	struct pen_periods *periods;
	struct pen_yearwalk_left *left;		/* of each year */
	struct pen_channel **year_done;		/* closed then */
	size_t years;
};
struct rows { const struct shared *shared; int64_t piece; };
struct year { const struct shared *shared; int32_t year; size_t at; };
struct record { const struct pen_recordwalk *of; const struct pen_sqlrule *rule; };

/* False: the part that reads it failed, and says so. */
static bool wait_for(const struct awaited *awaited, const void *const *read)
{
	pen_thread__take(awaited->ready);
	return *read || !awaited->wanted;
}

static bool wait_for_people(const struct shared *shared)
{
	return wait_for(&shared->people, (const void *const *)&shared->known);
}

static bool wait_for_periods(const struct shared *shared)
{
	return wait_for(&shared->employed, (const void *const *)&shared->periods);
}

static enum pen_status read_people(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	struct shared *shared = *(struct shared *const *)context;
	enum pen_status status = PEN_OK;

	if (shared->people.wanted)
		status = pen_known__open(&shared->known, walk->session->store, error);
	pen_thread__close(shared->people.ready);
	return status;
}

/* The three rules that the years hold against the periods are counted here, once. */
static enum pen_status read_periods(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	struct shared *shared = *(struct shared *const *)context;
	enum pen_status status = PEN_OK;

	if (shared->employed.wanted)
		status = pen_periods__open(&shared->periods, walk, error);
	if (status == PEN_OK)
		walk->rules += pen_walk__wants(walk, "contribution.aside") + pen_walk__wants(walk, "contribution.entry") +
		    pen_walk__wants(walk, "contribution.gaps");
	pen_thread__close(shared->employed.ready);
	return status;
}

static enum pen_status rows(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	const struct rows *rows = context;
	const struct shared *shared = rows->shared;

	if (!shared->people.wanted || !wait_for_people(shared))
		return PEN_OK;
	return pen_rowwalk__run(walk, &(struct pen_rowwalk){ shared->known, shared->of->batches, shared->of->count, rows->piece, PIECES },
	    error);
}

static enum pen_status read_year(struct pen_walk *walk, const struct year *year, struct pen_error *error)
{
	const struct shared *shared = year->shared;

	if (!wait_for_people(shared) || !wait_for_periods(shared))
		return PEN_OK;
	return pen_yearwalk__year(walk, &(struct pen_yearwalk){ shared->known, shared->people.wanted, shared->of->batches, shared->of->count,
	    shared->beside ? shared->periods : NULL }, year->year, &shared->left[year->at], error);
}

static enum pen_status year(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	const struct year *year = context;
	enum pen_status status = read_year(walk, year, error);

	pen_thread__close(year->shared->year_done[year->at]);
	return status;
}

static void wait_for_years(const struct shared *shared)
{
	size_t i;

	for (i = 0; i < shared->years; i++)
		pen_thread__take(shared->year_done[i]);
}

/* The two that go on with what is left of the years come last of all, so that whatever
 * they wait for is under way. */
static enum pen_status sums(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	const struct shared *shared = *(struct shared *const *)context;
	struct pen_sumwalk of = { .lists = shared->years, .batches = shared->of->batches, .count = shared->of->count };
	struct pen_sumwalk_sums *lists = pen_memory__calloc(shared->years + 1, sizeof(*lists));
	enum pen_status status;
	size_t i;

	if (!lists)
		return pen_error__memory(error);
	wait_for_years(shared);
	for (i = 0; i < shared->years; i++)
		lists[i] = shared->left[i].sums;
	of.sums = lists;
	status = pen_sumwalk__run(walk, &of, error);
	pen_memory__free(lists);
	return status;
}

static enum pen_status gaps(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	const struct shared *shared = *(struct shared *const *)context;
	struct pen_gapwalk **of;
	enum pen_status status;
	size_t i;

	wait_for_years(shared);
	if (!pen_walk__wants(walk, "contribution.gaps") || !shared->periods)
		return PEN_OK;
	of = pen_memory__calloc(shared->years + 1, sizeof(struct pen_gapwalk *));
	if (!of)
		return pen_error__memory(error);
	for (i = 0; i < shared->years; i++)
		of[i] = shared->left[i].gaps;
	status = pen_gapwalk__run(walk, of, shared->years, error);
	pen_memory__free(of);
	return status;
}

static enum pen_status told(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	const struct pen_recordwalk *of = context;

	return pen_toldwalk__run(walk, of->batches, of->count, error);
}

static enum pen_status periods(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	const struct shared *shared = *(struct shared *const *)context;

	if (!shared->employed.wanted || !wait_for_periods(shared))
		return PEN_OK;
	return pen_periodwalk__run(walk, shared->periods, shared->of->batches, shared->of->count, error);
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
	size_t count, room;
	struct rows rows[PIECES];
	struct year *year;
	struct record *record;
};

static void add(struct parts *parts, pen_part_run *run, const void *context)
{
	assert(parts->count < parts->room);
	parts->at[parts->count++] = (struct pen_part){ run, context };
}

static bool make_room(struct parts *parts, size_t records, size_t years)
{
	parts->room = FIXED + PIECES + records + years;
	parts->at = pen_memory__calloc(parts->room, sizeof(*parts->at));
	parts->record = pen_memory__calloc(records, sizeof(*parts->record));
	parts->year = pen_memory__calloc(years, sizeof(*parts->year));
	return parts->at && parts->record && parts->year;
}

/* People and periods come first, since others wait for them; then what takes long, so that both cores
 * have something to do to the end. */
static void line_up(struct parts *parts, struct shared *const *shared, const struct pen_sqlrules *rules,
    const struct pen_yearwalk_years *years)
{
	size_t i;

	add(parts, read_people, shared);
	add(parts, read_periods, shared);
	for (i = 0; i < years->count; i++) {
		parts->year[i] = (struct year){ *shared, years->year[i], i };
		add(parts, year, &parts->year[i]);
	}
	add(parts, told, (*shared)->of);
	add(parts, periods, shared);
	add(parts, accounts, (*shared)->of);
	for (i = 0; i < PIECES; i++) {
		parts->rows[i] = (struct rows){ *shared, (int64_t)i };
		add(parts, rows, &parts->rows[i]);
	}
	for (i = 0; i < pen_sqlrule__count(rules); i++) {
		parts->record[i] = (struct record){ (*shared)->of, pen_sqlrule__at(rules, i) };
		add(parts, record, &parts->record[i]);
	}
	add(parts, sums, shared);
	add(parts, gaps, shared);
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

static bool make_channels(struct shared *shared, size_t years)
{
	bool made = true;
	size_t i;

	shared->people.ready = pen_thread__channel(1);
	shared->employed.ready = pen_thread__channel(1);
	shared->year_done = pen_memory__calloc(years + 1, sizeof(struct pen_channel *));
	shared->left = pen_memory__calloc(years + 1, sizeof(*shared->left));
	if (!shared->people.ready || !shared->employed.ready || !shared->year_done || !shared->left)
		return false;
	shared->years = years;
	for (i = 0; i < years; i++)
		made &= (shared->year_done[i] = pen_thread__channel(1)) != NULL;
	return made;
}

static void drop_shared(struct shared *shared)
{
	size_t i;

	for (i = 0; i < shared->years; i++) {
		pen_yearwalk__drop(&shared->left[i]);
		pen_thread__free_channel(shared->year_done[i]);
	}
	pen_memory__free(shared->left);
	pen_memory__free(shared->year_done);
	pen_known__close(shared->known);
	pen_periods__close(shared->periods);
	pen_thread__free_channel(shared->people.ready);
	pen_thread__free_channel(shared->employed.ready);
}

enum pen_status pen_ruleparts__run(struct pen_walk *walk, const struct pen_sqlrules *rules, const int64_t *batches,
    size_t count, struct pen_error *error)
{
	struct pen_recordwalk of = { .batches = batches, .count = count };
	struct shared shared = { .of = &of, .people.wanted = wants_rows(walk) };
	struct pen_yearwalk_years years = { .count = 0 };
	struct pen_parameters *parameters = NULL;
	char digest[PEN_DIGEST_HEX];
	enum pen_status status = pen_settings__parameters(walk->session->store, walk->size, &parameters, digest, error);

	shared.beside = pen_walk__wants(walk, "contribution.entry") || pen_walk__wants(walk, "contribution.gaps") ||
	    pen_walk__wants(walk, "contribution.aside");
	shared.employed.wanted = shared.beside || pen_walk__wants(walk, "employment.told") ||
	    pen_walk__wants(walk, "registration.repeated");
	of.parameters = parameters;
	if (!status && (shared.people.wanted || shared.beside || wants_review(walk)))
		status = pen_yearwalk__years(walk->session->store, &years, error);
	if (!status && !make_channels(&shared, years.count))
		status = pen_error__memory(error);
	if (!status)
		status = run(walk, &shared, rules, &years, error);
	pen_yearwalk__free(&years);
	drop_shared(&shared);
	pen_parameter__free(parameters);
	return status;
}
