#include "store/aside.h"

enum pen_status pen_aside__enter(struct pen_store *store, const struct pen_folio *folio, int64_t person,
    struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_ASIDE_ENTER, &s, error);

	if (status)
		return status;
	pen_db__bind_int(s, ":person", person);
	pen_db__bind_int(s, ":employer", folio->employer);
	pen_db__bind_int(s, ":year", folio->period);
	pen_db__bind_int(s, ":folio", folio->id);
	return pen_db__run(s, error);
}
