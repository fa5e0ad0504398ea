#include "progress.h"
#include "option.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE 1000	/* ms before a bar is worth showing */
#define PAUSE 100	/* ms between two drawings */
#define CELLS 24

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void progress_start(struct progress *progress, bool wanted)
{
	memset(progress, 0, sizeof(*progress));
	progress->wanted = wanted && isatty(STDERR_FILENO);
}

/* "[#####.....]  42%", or nothing where the end is not known. */
static void draw_bar(int64_t done, int64_t total)
{
	char bar[CELLS + 1];
	int full;

	if (total <= 0)
		return;
	if (done > total)
		done = total;
	full = (int)(done * CELLS / total);
	memset(bar, '#', (size_t)full);
	memset(bar + full, '.', (size_t)(CELLS - full));
	bar[CELLS] = '\0';
	fprintf(stderr, " [%s] %3d%%", bar, (int)(done * 100 / total));
}

static void draw(struct progress *progress, int64_t done, int64_t total, int64_t ms)
{
	int64_t rate = done * 1000 / ms, left;

	fprintf(stderr, "\r\033[K%s", progress->step);
	draw_bar(done, total);
	fprintf(stderr, _("  %" PRId64 " done, %" PRId64 " a second"), done, rate);
	if (total > done && rate > 0) {
		left = (total - done) / rate;
		fprintf(stderr, _(", %" PRId64 ":%02" PRId64 " left"), left / 60, left % 60);
	}
	fflush(stderr);
	progress->shown = true;
}

void progress_tell(struct progress *progress, const char *step, int64_t done, int64_t total)
{
	int64_t at;

	if (!progress->wanted)
		return;
	at = now();
	if (strcmp(progress->step, step) != 0) {
		progress_clear(progress);
		snprintf(progress->step, sizeof(progress->step), "%s", step);
		progress->began = progress->drawn = at;
	}
	if (at - progress->began < PATIENCE || at - progress->drawn < PAUSE)
		return;
	progress->drawn = at;
	draw(progress, done, total, at - progress->began);
}

void progress_clear(struct progress *progress)
{
	if (!progress->shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	progress->shown = false;
}
