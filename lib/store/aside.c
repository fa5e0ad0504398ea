#include "store/aside.h"

enum pen_status pen_aside__enter(struct pen_store *store, int64_t batch, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_ASIDE_ENTER, &s, error);

	if (status)
		return status;
	pen_db__bind_int(s, ":batch", batch);
	return pen_db__run(s, error);
}
