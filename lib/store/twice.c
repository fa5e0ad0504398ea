#include "store/twice.h"

#include "base/error.h"
#include "base/memory.h"

#include <inttypes.h>
#include <string.h>

#define RULE "registration.repeated"

/* What counts of the folios that were met. */
struct sum { int64_t count, first, last, batch; char id[64], name[256]; };

static void take_higher(char *kept, size_t room, const char *text)
{
	if (text && strcmp(text, kept) > 0)
		snprintf(kept, room, "%s", text);
}

static enum pen_status look_into(struct pen_twice *twice, int64_t folio, struct sum *sum, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(twice->walk->session->store, PEN_SQL_TWICE_IN_FOLIO, &s, error);
	bool row;

	if (status)
		return status;
	pen_db__bind_int(s, ":folio", folio);
	pen_db__bind_int(s, ":person", twice->person);
	pen_db__bind_int(s, ":since", twice->since);
	status = pen_db__step(s, &row, error);
	if (!status && row && pen_db__int(s, 0)) {
		sum->first = sum->count ? sum->first : folio;
		sum->last = folio;
		sum->count += pen_db__int(s, 0);
		take_higher(sum->id, sizeof(sum->id), pen_db__text(s, 1));
		take_higher(sum->name, sizeof(sum->name), pen_db__text(s, 2));
		sum->batch = pen_db__int(s, 3) > sum->batch ? pen_db__int(s, 3) : sum->batch;
	}
	pen_db__reset(s);
	return status;
}

/* Of the two that stand here neither is a line that could be left out, as the one at
 * import is. */
static enum pen_status report(struct pen_twice *twice, const struct sum *sum, struct pen_error *error)
{
	const struct pen_rule *rule = pen_rule__named(RULE);
	char record[sizeof(sum->id) + sizeof(sum->name) + 64], found[160];

	snprintf(record, sizeof(record), _("registration of %s %s"), sum->id, sum->name);
	snprintf(found, sizeof(found), _("%" PRId64 " since %" PRId64 ", the first in folio %" PRId64 ", the last in folio %" PRId64),
	    sum->count, twice->since, sum->first, sum->last);
	return pen_walk__hand_out(twice->walk, &(struct pen_walk_found){
		.rule = rule->id, .class = pen_rule__class_name(rule->class), .severity = pen_rule__severity_name(rule->severity),
		.clause = rule->clause, .advice = _("one of the two has to go: what is wrong goes by pen-amend"), .record = record,
		.field = "insured_on", .found = found, .expected = _("one registration"), .batch = sum->batch,
		.key = { "registration", sum->last, twice->person, twice->employer },
	}, error);
}

enum pen_status pen_twice__end(struct pen_twice *twice, struct pen_error *error)
{
	struct sum sum = { .count = 0 };
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; !status && twice->folios > 1 && i < twice->folios; i++)
		status = look_into(twice, twice->folio[i], &sum, error);
	twice->folios = 0;
	if (status || sum.first == sum.last || !pen_walk__among(twice->batches, twice->count, sum.batch))
		return status;
	return report(twice, &sum, error);
}

enum pen_status pen_twice__meet(struct pen_twice *twice, int64_t person, int64_t employer, int64_t since, int64_t folio,
    struct pen_error *error)
{
	size_t room = twice->room ? twice->room * 2 : 8;
	enum pen_status status = PEN_OK;
	int64_t *grown;

	if (person != twice->person || employer != twice->employer || since != twice->since) {
		status = pen_twice__end(twice, error);
		twice->person = person;
		twice->employer = employer;
		twice->since = since;
	}
	if (twice->folios && twice->folio[twice->folios - 1] == folio)
		return status;
	if (twice->folios == twice->room) {
		grown = pen_memory__realloc(twice->folio, room, sizeof(*grown));
		if (!grown)
			return pen_error__memory(error);
		twice->folio = grown;
		twice->room = room;
	}
	twice->folio[twice->folios++] = folio;
	return status;
}

void pen_twice__free(struct pen_twice *twice)
{
	pen_memory__free(twice->folio);
	*twice = (struct pen_twice){ .folios = 0 };
}
