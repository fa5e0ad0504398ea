#include "store/assessplan.h"

#include "model/pension.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Plans of before the formulas had a number are of the first. */
#define HEAD "pen-assessment/v1"
#define FORMULAS "formulas: "
#define REFERENCE "reference: "

void pen_assessplan__put_head(struct pen_text *text, int64_t as_of, const char *parameters_digest)
{
	pen_text__printf(text, HEAD "\n" FORMULAS "%d\n" REFERENCE "%" PRId64 "\nparameters: %s\n", PEN_PENSION_FORMULAS, as_of, parameters_digest);
}

void pen_assessplan__put(struct pen_text *text, const struct pen_assessing_case *c)
{
	pen_text__printf(text, "person: %" PRId64 "\nretired: %" PRId32 "\nroute: %s\n", c->person, c->retired_on,
	    pen_retiring__route_name(c->route));
	if (c->category_told)
		pen_text__printf(text, "category: %s\n", pen_retiring__category_name(c->category));
	if (c->told_index)
		pen_text__printf(text, "index: %" PRId64 "\n", c->told_index);
	if (c->told_extra_fen)
		pen_text__printf(text, "extra: %" PRId64 "\n", c->told_extra_fen);
	if (c->reason[0])
		pen_text__printf(text, "reason: %s\n", c->reason);
	if (c->paper[0])
		pen_text__printf(text, "paper: %s\n", c->paper);
}

bool pen_assessplan__take(struct pen_assessing_case *c, const char *key, const char *value)
{
	if (strcmp(key, "retired") == 0)
		c->retired_on = (int32_t)strtol(value, NULL, 10);
	else if (strcmp(key, "route") == 0)
		return pen_retiring__route_named(value, &c->route);
	else if (strcmp(key, "category") == 0)
		return (c->category_told = pen_retiring__category_named(value, &c->category));
	else if (strcmp(key, "index") == 0)
		c->told_index = strtoll(value, NULL, 10);
	else if (strcmp(key, "extra") == 0)
		c->told_extra_fen = strtoll(value, NULL, 10);
	else if (strcmp(key, "reason") == 0)
		snprintf(c->reason, sizeof(c->reason), "%s", value);
	else if (strcmp(key, "paper") == 0)
		snprintf(c->paper, sizeof(c->paper), "%s", value);
	else
		return false;
	return true;
}

/* A line of the head that begins so, with a number behind it if one is asked for. */
static bool take_line(char **at, const char *begins, int64_t *number)
{
	char *end = *at + strlen(begins);

	if (strncmp(*at, begins, strlen(begins)) != 0)
		return false;
	if (number)
		*number = strtoll(end, &end, 10);
	*at = end + (*end == '\n');
	return *end == '\n';
}

bool pen_assessplan__take_head(char **at, int64_t *formulas, int64_t *as_of)
{
	char *end;

	*formulas = 1;
	if (!take_line(at, HEAD, NULL) || (strncmp(*at, FORMULAS, strlen(FORMULAS)) == 0 && !take_line(at, FORMULAS, formulas)) ||
	    !take_line(at, REFERENCE, as_of) || !(end = strchr(*at, '\n')))
		return false;
	*at = end + 1;		/* behind the parameters */
	return true;
}
