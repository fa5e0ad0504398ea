#include "store/looking.h"

#include <time.h>

#define LONGEST INT64_C(50000000)	/* nanoseconds */

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

enum pen_status pen_looking__on(struct pen_looking *looking, struct pen_error *error)
{
	enum pen_status status;

	if (looking->open && now() - looking->since < LONGEST)
		return PEN_OK;
	pen_looking__off(looking);
	if (pen_db__in_transaction(looking->db))
		return PEN_OK;
	status = pen_db__begin_read(looking->db, error);
	looking->open = status == PEN_OK;
	looking->since = now();
	return status;
}

/* Nothing was written, so that taking it back is the end of it. */
void pen_looking__off(struct pen_looking *looking)
{
	if (looking->open)
		pen_db__rollback(looking->db);
	looking->open = false;
}
