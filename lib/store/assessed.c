#include "store/assessed.h"

#include "adapter/db.h"

static enum pen_status ask(struct pen_store *store, enum pen_sql which, int64_t person, int64_t as_of, struct pen_statement **s,
    bool *row, struct pen_error *error)
{
	enum pen_status status = pen_store__sql(store, which, s, error);

	*row = false;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(*s, ":person", person);
	pen_db__bind_int(*s, ":as_of", as_of);
	status = pen_db__step(*s, row, error);
	if (status != PEN_OK)
		pen_db__reset(*s);
	return status;
}

enum pen_status pen_assessed__of_person(struct pen_store *store, int64_t person, int64_t as_of, struct pen_assessed *assessed,
    struct pen_error *error)
{
	struct pen_statement *s;
	const char *trace, *route;
	bool row;
	enum pen_status status = ask(store, PEN_SQL_ASSESSED_OF_PERSON, person, as_of, &s, &row, error);

	*assessed = (struct pen_assessed){ .person = person };
	if (status != PEN_OK)
		return status;
	if (row) {
		assessed->folio = pen_db__int(s, 0);
		assessed->line = pen_db__int(s, 1);
		assessed->batch = pen_db__int(s, 2);
		assessed->pension_fen = pen_db__int(s, 3);
		assessed->retired_on = (int32_t)pen_db__int(s, 4);
		assessed->benefit_from = (int32_t)pen_db__int(s, 5);
		assessed->provisional = pen_db__int(s, 6) != 0;
		trace = pen_db__text(s, 7);
		snprintf(assessed->trace, sizeof(assessed->trace), "%s", trace ? trace : "");
		assessed->sealed = pen_db__int(s, 8) != 0;
		route = pen_db__text(s, 9);
		snprintf(assessed->route, sizeof(assessed->route), "%s", route ? route : "");
	}
	pen_db__reset(s);
	return PEN_OK;
}

enum pen_status pen_assessed__by_form(struct pen_store *store, int64_t person, int64_t as_of, int64_t *folio, struct pen_error *error)
{
	struct pen_statement *s;
	bool row;
	enum pen_status status = ask(store, PEN_SQL_ASSESSED_BY_FORM, person, as_of, &s, &row, error);

	*folio = 0;
	if (status != PEN_OK)
		return status;
	if (row)
		*folio = pen_db__int(s, 0);
	pen_db__reset(s);
	return PEN_OK;
}
