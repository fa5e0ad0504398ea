#include "store/ruleparts.h"

#include "base/error.h"
#include "base/memory.h"
#include "store/parts.h"
#include "store/periodwalk.h"
#include "store/reviewwalk.h"
#include "store/rulewalk.h"
#include "store/toldwalk.h"

struct batches { const int64_t *id; size_t count; };

static enum pen_status rows(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	const struct batches *batches = context;

	return pen_rulewalk__rows(walk, batches->id, batches->count, error);
}

static enum pen_status review(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	const struct batches *batches = context;

	return pen_reviewwalk__run(walk, batches->id, batches->count, error);
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

static enum pen_status record(struct pen_walk *walk, const void *context, struct pen_error *error)
{
	enum pen_status status = pen_walk__go_on(walk, _("the rules over records"), 0, -1, error);

	return status ? status : pen_rulewalk__record(walk, context, error);
}

/* The long ones first. */
#define FIRST 4
static enum pen_status run(struct pen_walk *walk, const struct batches *batches, const struct pen_sqlrules *rules,
    struct pen_error *error)
{
	size_t count = FIRST + (rules ? pen_sqlrule__count(rules) : 0), i;
	struct pen_part *parts = pen_memory__calloc(count, sizeof(*parts));
	enum pen_status status;

	if (!parts)
		return pen_error__memory(error);
	parts[0] = (struct pen_part){ rows, batches };
	parts[1] = (struct pen_part){ review, batches };
	parts[2] = (struct pen_part){ told, NULL };
	parts[3] = (struct pen_part){ periods, NULL };
	for (i = FIRST; i < count; i++)
		parts[i] = (struct pen_part){ record, pen_sqlrule__at(rules, i - FIRST) };
	status = pen_parts__run(walk, parts, count, error);
	pen_memory__free(parts);
	return status;
}

enum pen_status pen_ruleparts__run(struct pen_walk *walk, const int64_t *batches, size_t count, struct pen_error *error)
{
	const struct batches of = { batches, count };
	struct pen_error why = { 0 };
	struct pen_sqlrules *rules = NULL;
	enum pen_status status = PEN_OK;

	if (pen_sqlrule__load(&rules, &why) != PEN_OK)
		status = pen_walk__not_made(walk, "levy.covers", "share/rules", why.text, error);
	if (!status)
		status = run(walk, &of, rules, error);
	pen_sqlrule__free(rules);
	return status;
}
