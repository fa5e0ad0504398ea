#include "store/recordwalk.h"
#include "base/date.h"
#include "base/error.h"
#include "store/settings.h"

#include <string.h>

/* The walk over the rules; the parameters are those in force. */
struct reading {
	struct pen_walk *walk;
	const int64_t *batches;
	size_t count;
	struct pen_parameters *parameters;
};

static bool wanted(const struct reading *reading, int64_t batch)
{
	size_t i;

	for (i = 0; i < reading->count; i++) {
		if (reading->batches[i] == batch)
			return true;
	}
	return reading->batches == NULL || batch == 0;
}

static enum pen_status take_finding(void *context, const struct pen_sqlrule *rule,
    const struct pen_sqlfinding *finding, struct pen_error *error)
{
	struct reading *reading = context;

	if (!wanted(reading, finding->batch))
		return PEN_OK;
	return pen_walk__hand_out(reading->walk, &(struct pen_walk_found){
		.rule = rule->rule.id, .class = pen_rule__class_name(rule->rule.class),
		.severity = pen_rule__severity_name(rule->rule.severity),
		.clause = rule->rule.clause, .advice = rule->rule.advice, .record = finding->record,
		.field = finding->field, .found = finding->found, .expected = finding->expected,
		.batch = finding->batch, .line = finding->line,
		.key = { finding->kind[0] ? finding->kind : NULL, finding->folio, finding->person, finding->employer },
	}, error);
}

/* True for a failure of the rule itself, and not of the store beneath it. */
static bool is_rules_own(const struct pen_error *error)
{
	return error->status == PEN_INPUT || error->status == PEN_INCOMPLETE ||
	    (error->status == PEN_SYSTEM && strncmp(error->code, "system.", 7) != 0);
}

/* The days that a rule lets something wait; false: nobody has said how many. */
static bool find_days(const struct reading *reading, const struct pen_sqlrule *rule, int64_t *days)
{
	const struct pen_parameter *found;

	*days = 0;
	if (!rule->days[0])
		return true;
	found = pen_parameter__find(reading->parameters, rule->days,
	    pen_store__identity(reading->walk->session->store)->agency, NULL, pen_date__today() / 100);
	if (found == NULL || strcmp(found->unit, "count") != 0 || found->value < 0)
		return false;
	*days = found->value;
	return true;
}

static enum pen_status run_rule(struct reading *reading, const struct pen_sqlrule *rule, struct pen_error *error)
{
	struct pen_sqlrule_given given = { .batch = 0 };
	struct pen_walk *walk = reading->walk;
	char why[sizeof(error->text)];
	enum pen_status status;

	if (!pen_walk__wants(walk, rule->rule.id) || (!rule->fault && !pen_walk__wants_class(walk, rule->rule.class)))
		return PEN_OK;
	if (rule->fault)
		return pen_walk__not_made(walk, rule->rule.id, rule->file, rule->fault, error);
	if (!find_days(reading, rule, &given.days)) {
		snprintf(why, sizeof(why), _("no parameter %s, a count of days, is in force: put a table with it in force with pen-admin param load"), rule->days);
		return pen_walk__not_made(walk, rule->rule.id, rule->file, why, error);
	}
	walk->rules++;
	status = pen_sqlrule__run(walk->session->store, rule, &given, take_finding, reading, error);
	if (status == PEN_OK || !is_rules_own(error))
		return pen_walk__damage(walk, status, "seal.state", 0, rule->file, error);
	walk->rules--;
	snprintf(why, sizeof(why), "%s", error->text);
	*error = (struct pen_error){ .status = PEN_OK };
	return pen_walk__not_made(walk, rule->rule.id, rule->file, why, error);
}

enum pen_status pen_recordwalk__run(struct pen_walk *walk, const struct pen_sqlrules *rules, const int64_t *batches,
    size_t count, struct pen_error *error)
{
	struct reading reading = { .walk = walk, .batches = batches, .count = count };
	char digest[PEN_DIGEST_HEX];
	enum pen_status status = pen_settings__parameters(walk->session->store, walk->size, &reading.parameters, digest, error);
	size_t i, n = pen_sqlrule__count(rules);

	for (i = 0; i < n && status == PEN_OK; i++) {
		status = pen_walk__go_on(walk, _("the rules over records"), (int64_t)i, (int64_t)n, error);
		if (status == PEN_OK)
			status = run_rule(&reading, pen_sqlrule__at(rules, i), error);
	}
	pen_parameter__free(reading.parameters);
	return status;
}
