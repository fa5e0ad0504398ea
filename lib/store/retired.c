#include "store/retired.h"

#include "base/error.h"

#include <string.h>

static struct pen_retired_number number(struct pen_statement *s, int column)
{
	return (struct pen_retired_number){ pen_db__int(s, column), !pen_db__is_null(s, column) };
}

static void take(struct pen_statement *s, struct pen_retired_record *retired)
{
	pen_people__text(s, 0, retired->id_number, sizeof(retired->id_number));
	pen_people__text(s, 1, retired->name, sizeof(retired->name));
	pen_people__text(s, 2, retired->basis, sizeof(retired->basis));
	retired->sex = (int)pen_db__int(s, 3);
	retired->born = (int32_t)pen_db__int(s, 4);
	retired->worked_on = (int32_t)pen_db__int(s, 5);
	retired->retired_on = (int32_t)pen_db__int(s, 6);
	retired->benefit_from = (int32_t)pen_db__int(s, 7);
	retired->paid_months = number(s, 8);
	retired->deemed_months = number(s, 9);
	retired->basic = number(s, 10);
	retired->account = number(s, 11);
	retired->transitional = number(s, 12);
	retired->extra = number(s, 13);
	retired->pension = number(s, 14);
	retired->employer = pen_db__int(s, 15);
	retired->folio = pen_db__int(s, 16);
	retired->line = pen_db__int(s, 17);
	retired->sealed = pen_db__int(s, 18) != 0;
}

enum pen_status pen_retired__of(struct pen_store *store, int64_t person, int64_t employer, int64_t as_of,
    struct pen_retired_record *retired, bool *found, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_RETIRED_OF, &s, error);

	*found = false;
	*retired = (struct pen_retired_record){ .person = person };
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":employer", employer);
	pen_db__bind_int(s, ":as_of", as_of);
	status = pen_db__step(s, found, error);
	if (status == PEN_OK && *found)
		take(s, retired);
	pen_db__reset(s);
	return status;
}

enum pen_status pen_retired__first(struct pen_store *store, int64_t person, int64_t as_of, int64_t *folio, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_RETIRED_FIRST, &s, error);
	bool row;

	*folio = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":as_of", as_of);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row)
		*folio = pen_db__int(s, 0);
	pen_db__reset(s);
	return status;
}

enum pen_status pen_retired__name(struct pen_store *store, int64_t person, int64_t as_of, struct pen_someone *who,
    struct pen_error *error)
{
	struct pen_retired_record retired;
	enum pen_status status = pen_people__name(store, person, as_of, who, error);
	bool found;

	if (status != PEN_OK || who->id_number[0])
		return status;
	status = pen_retired__of(store, person, 0, as_of, &retired, &found, error);
	if (status == PEN_OK && found) {
		memcpy(who->id_number, retired.id_number, sizeof(who->id_number));
		memcpy(who->name, retired.name, sizeof(who->name));
	}
	return status;
}

enum pen_status pen_retired__people(struct pen_store *store, int64_t folio, int64_t after, int64_t *people, size_t most,
    size_t *count, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_RETIRED_PEOPLE, &s, error);
	bool row;

	*count = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":folio", folio);
	pen_db__bind_int(s, ":after", after);
	pen_db__bind_int(s, ":most", (int64_t)most);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row && *count < most)
		people[(*count)++] = pen_db__int(s, 0);
	pen_db__reset(s);
	return status;
}
