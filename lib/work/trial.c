#include "work/trial.h"

enum pen_status pen_trial__run(struct pen_session *session, const struct pen_versions_case *of,
    struct pen_trial *trial, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(session->store);
	struct pen_batch batch;
	int64_t at;
	enum pen_status status = pen_db__begin_write(db, error);

	if (status != PEN_OK)
		return status;
	status = pen_journal__size(session->store, &at, error);
	if (status == PEN_OK)
		status = pen_versions__write(session, of, at, trial, &batch, error);
	pen_db__rollback(db);
	return status;
}
