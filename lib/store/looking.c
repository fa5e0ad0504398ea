#include "store/looking.h"

#include "base/error.h"

#include <pthread.h>
#include <time.h>

#define LONGEST INT64_C(50000000)	/* nanoseconds */
#define TURN INT64_C(10000000)		/* that a look has before the others' is asked after */
#define PATIENCE INT64_C(5000000)	/* with somebody who does not let go */

/* All looks of the process together, for the engine knows no other reader than it: how
 * many there are, since when there was always one, and how many wait for there to be none. */
static struct { pthread_mutex_t mutex; pthread_cond_t none; int count, waiting; int64_t since; } all = {
	.mutex = PTHREAD_MUTEX_INITIALIZER, .none = PTHREAD_COND_INITIALIZER,
};

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Until nobody looks, or somebody has not let go for a while: they may be in the middle of
 * one long statement, or wait themselves for what this thread has to do. */
static void wait_for_none(void)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += PATIENCE;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	all.waiting++;
	while (all.count && pthread_cond_timedwait(&all.none, &all.mutex, &until) == 0)
		;
	all.waiting--;
}

static void begin(int64_t at)
{
	pthread_mutex_lock(&all.mutex);
	if (all.count && at - all.since >= LONGEST)
		wait_for_none();
	if (!all.count++)
		all.since = now();
	pthread_mutex_unlock(&all.mutex);
}

static void end(void)
{
	pthread_mutex_lock(&all.mutex);
	if (!--all.count)
		pthread_cond_broadcast(&all.none);
	pthread_mutex_unlock(&all.mutex);
}

/* Whether a look that is open may go on. */
static bool may_go_on(const struct pen_looking *looking, int64_t at)
{
	bool may;

	pthread_mutex_lock(&all.mutex);
	may = at - looking->since < LONGEST && !all.waiting && (at - looking->since < TURN || at - all.since < LONGEST);
	pthread_mutex_unlock(&all.mutex);
	return may;
}

enum pen_status pen_looking__on(struct pen_looking *looking, struct pen_error *error)
{
	int64_t at = now();
	enum pen_status status;

	if (looking->open && may_go_on(looking, at))
		return PEN_OK;
	pen_looking__off(looking);
	if (pen_db__in_transaction(looking->db))
		return PEN_OK;
	begin(at);
	status = pen_db__begin_read(looking->db, error);
	looking->open = status == PEN_OK;
	looking->since = now();
	if (status != PEN_OK)
		end();
	return status;
}

/* Nothing was written, so that taking it back is the end of it. */
void pen_looking__off(struct pen_looking *looking)
{
	if (!looking->open)
		return;
	pen_db__rollback(looking->db);
	looking->open = false;
	end();
}
