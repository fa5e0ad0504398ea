/* A progress bar on stderr. */
#ifndef PEN_PROGRESS_H
#define PEN_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* One long step at a time: begins when its name changes. `shown` says that a
 * line stands on the terminal and has to go before anything else is written. */
struct progress {
	bool wanted, shown;
	char step[64];
	int64_t began, drawn;	/* milliseconds of the monotonic clock */
};

/* wanted: shown at all, if stderr is a terminal. */
void progress_start(struct progress *progress, bool wanted);
void progress_tell(struct progress *progress, const char *step, int64_t done, int64_t total);
void progress_clear(struct progress *progress);

#endif
