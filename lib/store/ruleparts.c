#include "store/ruleparts.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/accountwalk.h"
#include "store/parts.h"
#include "store/periodwalk.h"
#include "store/recordwalk.h"
#include "store/reviewwalk.h"
#include "store/rulewalk.h"
#include "store/settings.h"
#include "store/toldwalk.h"

struct record { const struct pen_recordwalk *of; const struct pen_sqlrule *rule; };

/* Rows are read for the rules of the program, and not for the sake of another. */
static bool wants_rows(const struct pen_walk *walk)
{
	return (walk->rule == NULL || pen_rule__named(walk->rule) != NULL) &&
	    (pen_walk__wants_class(walk, PEN_CORRECTNESS) || pen_walk__wants_class(walk, PEN_COMPLETENESS) ||
	    pen_walk__wants_class(walk, PEN_LOGIC));
}

static enum pen_status rows(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	const struct pen_recordwalk *of = context;

	return wants_rows(walk) ? pen_rulewalk__rows(walk, of->batches, of->count, error) : PEN_OK;
}

static enum pen_status review(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	const struct pen_recordwalk *of = context;

	return pen_reviewwalk__run(walk, of->batches, of->count, error);
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

/* The long ones first. */
#define FIRST 5
static enum pen_status run(struct pen_walk *walk, const struct pen_recordwalk *of, const struct pen_sqlrules *rules,
    struct pen_error *error)
{
	size_t n = pen_sqlrule__count(rules), i;
	struct pen_part *parts = pen_memory__calloc(FIRST + n, sizeof(*parts));
	struct record *records = pen_memory__calloc(n, sizeof(*records));
	enum pen_status status = parts && records ? PEN_OK : pen_error__memory(error);

	if (status)
		goto out;
	parts[0] = (struct pen_part){ rows, of };
	parts[1] = (struct pen_part){ review, of };
	parts[2] = (struct pen_part){ told, NULL };
	parts[3] = (struct pen_part){ periods, NULL };
	parts[4] = (struct pen_part){ accounts, of };
	for (i = 0; i < n; i++) {
		records[i] = (struct record){ of, pen_sqlrule__at(rules, i) };
		parts[FIRST + i] = (struct pen_part){ record, &records[i] };
	}
	status = pen_parts__run(walk, parts, FIRST + n, error);
out:
	pen_memory__free(records);
	pen_memory__free(parts);
	return status;
}

enum pen_status pen_ruleparts__run(struct pen_walk *walk, const struct pen_sqlrules *rules, const int64_t *batches,
    size_t count, struct pen_error *error)
{
	struct pen_parameters *parameters;
	char digest[PEN_DIGEST_HEX];
	enum pen_status status = pen_settings__parameters(walk->session->store, walk->size, &parameters, digest, error);

	if (status)
		return status;
	status = run(walk, &(struct pen_recordwalk){ batches, count, parameters }, rules, error);
	pen_parameter__free(parameters);
	return status;
}
