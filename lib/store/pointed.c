#include "store/pointed.h"

#include "base/error.h"

#include <assert.h>
#include <string.h>

static enum pen_sql statement_of(const char *form)
{
	static const struct { const char *form; enum pen_sql sql; } statements[] = {
		{ "breakdown", PEN_SQL_POINTED_BREAKDOWN }, { "registration", PEN_SQL_POINTED_REGISTRATION },
		{ "employer", PEN_SQL_POINTED_EMPLOYER }, { "opening", PEN_SQL_POINTED_OPENING },
	};
	size_t i;

	for (i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
		if (strcmp(statements[i].form, form) == 0)
			return statements[i].sql;
	assert(strcmp(form, "retirement") == 0);
	return PEN_SQL_POINTED_RETIREMENT;
}

static void bind_or_null(struct pen_statement *s, const char *name, int64_t value)
{
	if (value)
		pen_db__bind_int(s, name, value);
	else
		pen_db__bind_null(s, name);
}

enum pen_status pen_pointed__find(struct pen_store *store, const struct pen_pointing *at, struct pen_pointed *found, size_t room,
    size_t *count, struct pen_error *error)
{
	struct pen_statement *s;
	bool row;
	enum pen_status status = pen_store__sql(store, statement_of(at->form), &s, error);

	*count = 0;
	if (status != PEN_OK)
		return status;
	bind_or_null(s, ":person", at->person);
	bind_or_null(s, ":employer", at->employer);
	bind_or_null(s, ":year", at->year);
	bind_or_null(s, ":folio", at->folio);
	bind_or_null(s, ":line", at->line);
	while (*count < room && (status = pen_db__step(s, &row, error)) == PEN_OK && row)
		found[(*count)++] = (struct pen_pointed){
			.folio = pen_db__int(s, 0), .employer = pen_db__int(s, 1), .period = (int32_t)pen_db__int(s, 2),
			.line = pen_db__int(s, 3), .sealed = strcmp(pen_db__text(s, 4), "sealed") == 0,
		};
	pen_db__reset(s);
	return status;
}

/* The one text that a statement gives, of an employer and a person. */
static enum pen_status ask(struct pen_store *store, enum pen_sql which, int64_t employer, int64_t person, char *out, size_t room,
    struct pen_error *error)
{
	struct pen_statement *s;
	bool row;
	enum pen_status status = pen_store__sql(store, which, &s, error);

	out[0] = '\0';
	if (status != PEN_OK)
		return status;
	if (pen_db__has_parameter(s, ":employer"))
		bind_or_null(s, ":employer", employer);
	bind_or_null(s, ":person", person);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		snprintf(out, room, "%s", pen_db__text(s, 0));
	pen_db__reset(s);
	return status;
}

enum pen_status pen_pointed__payer(struct pen_store *store, int64_t person, char payer[16], struct pen_error *error)
{
	return ask(store, PEN_SQL_POINTED_PAYER, 0, person, payer, 16, error);
}

enum pen_status pen_pointed__area(struct pen_store *store, int64_t employer, int64_t person, char area[7], struct pen_error *error)
{
	return ask(store, PEN_SQL_POINTED_AREA, employer, person, area, 7, error);
}
