#include "work/recordwalk.h"
#include "base/date.h"
#include "base/error.h"
#include "store/settings.h"

#include <string.h>

/* A rule at work. */
struct reading { struct pen_walk *walk; const struct pen_recordwalk *of; };

static enum pen_status take_finding(void *context, const struct pen_sqlrule *rule,
    const struct pen_sqlfinding *finding, struct pen_error *error)
{
	struct reading *reading = context;

	/* What is of no batch is told whichever are asked for. */
	if (finding->batch != 0 && !pen_walk__among(reading->of->batches, reading->of->count, finding->batch))
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
static bool find_days(const struct pen_walk *walk, const struct pen_parameters *parameters, const struct pen_sqlrule *rule,
    int64_t *days)
{
	const struct pen_parameter *found;

	*days = 0;
	if (!rule->days[0])
		return true;
	found = pen_parameter__find(parameters, rule->days, pen_store__identity(walk->session->store)->agency, NULL, pen_date__today() / 100);
	if (found == NULL || strcmp(found->unit, "count") != 0 || found->value < 0)
		return false;
	*days = found->value;
	return true;
}

enum pen_status pen_recordwalk__rule(struct pen_walk *walk, const struct pen_recordwalk *of, const struct pen_sqlrule *rule,
    struct pen_error *error)
{
	struct pen_sqlrule_given given = { .batch = 0 };
	struct reading reading = { walk, of };
	char why[sizeof(error->text)];
	enum pen_status status;

	if (!pen_walk__wants(walk, rule->rule.id) || (!rule->fault && !pen_walk__wants_class(walk, rule->rule.class)))
		return PEN_OK;
	if (rule->fault)
		return pen_walk__not_made(walk, rule->rule.id, rule->file, rule->fault, error);
	if (!find_days(walk, of->parameters, rule, &given.days)) {
		snprintf(why, sizeof(why), _("no parameter %s, a count of days, is in force: put a table with it in force with pen-admin param load"), rule->days);
		return pen_walk__not_made(walk, rule->rule.id, rule->file, why, error);
	}
	walk->rules++;
	status = pen_walk__look(walk, error);
	if (status == PEN_OK)
		status = pen_sqlrule__run(walk->session->store, rule, &given, take_finding, &reading, error);
	pen_walk__look_away(walk);
	if (status == PEN_OK || !is_rules_own(error))
		return pen_walk__damage(walk, status, "seal.state", 0, rule->file, error);
	walk->rules--;
	snprintf(why, sizeof(why), "%s", error->text);
	*error = (struct pen_error){ .status = PEN_OK };
	return pen_walk__not_made(walk, rule->rule.id, rule->file, why, error);
}
