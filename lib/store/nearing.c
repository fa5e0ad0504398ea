#include "store/nearing.h"

enum pen_status pen_nearing__births(const struct pen_parameters *parameters, const char *area, int32_t month,
    struct pen_nearing_births *births, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	int i;

	for (i = 0; status == PEN_OK && i <= PEN_RETIRING_FEMALE50; i++)
		status = pen_retiring__born_for(parameters, area, (enum pen_retiring_category)i, month, &births->born[i], error);
	return status;
}

enum pen_status pen_nearing__of_folio(struct pen_store *store, int64_t folio, const struct pen_nearing_births *births,
    int64_t as_of, int64_t after, int64_t *people, size_t most, size_t *count, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_NEARING_OF_FOLIO, &s, error);
	bool row;

	*count = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":folio", folio);
	pen_db__bind_int(s, ":after", after);
	pen_db__bind_int(s, ":as_of", as_of);
	pen_db__bind_int(s, ":most", (int64_t)most);
	pen_db__bind_int(s, ":male60", births->born[PEN_RETIRING_MALE60]);
	pen_db__bind_int(s, ":female55", births->born[PEN_RETIRING_FEMALE55]);
	pen_db__bind_int(s, ":female50", births->born[PEN_RETIRING_FEMALE50]);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row && *count < most)
		people[(*count)++] = pen_db__int(s, 0);
	pen_db__reset(s);
	return status;
}
