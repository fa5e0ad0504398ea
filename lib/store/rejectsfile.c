#include "store/rejectsfile.h"

#include "base/error.h"
#include "base/text.h"
#include "model/reader.h"

#include <assert.h>
#include <string.h>
#include <sys/stat.h>

/* The source gone through again, and the rejects along with it; `reject` is the next
 * to be met, NULL behind the last. `text` is the line made. */
struct writing {
	struct pen_rejects_titles *titles;
	struct pen_rejects_walk *walk;
	const struct pen_reject *reject;
	FILE *out;
	size_t cells;
	struct pen_text text;
};

static void put(struct writing *writing, const char *s, size_t n)
{
	if (writing->cells++)
		pen_text__puts(&writing->text, ",");
	pen_text__csv(&writing->text, s, n);
}

static enum pen_status end_line(struct writing *writing, struct pen_error *error)
{
	pen_text__puts(&writing->text, "\r\n");
	if (writing->text.failed)
		return pen_error__memory(error);
	if (fwrite(writing->text.s, 1, writing->text.n, writing->out) != writing->text.n)
		return pen_error__errno(error, _("the rejects file cannot be written"));
	pen_text__clear(&writing->text);
	writing->cells = 0;
	return PEN_OK;
}

static enum pen_status write_header(struct writing *writing, struct pen_error *error)
{
	const char *title;
	size_t i;

	for (i = 0; i < pen_rejects_titles__count(writing->titles); i++) {
		title = pen_rejects_titles__at(writing->titles, i);
		if (title)
			put(writing, title, strlen(title));
	}
	for (i = 0; i < PEN_REJECTS_ADDED; i++)
		put(writing, pen_rejects_titles__added[i], strlen(pen_rejects_titles__added[i]));
	return end_line(writing, error);
}

/* A line's own fields, as many as there are titles; those beyond are put to the
 * last, so that what was appended stands under its title and nothing is lost. */
static enum pen_status write_source(struct writing *writing, const struct pen_csv_field *fields, size_t count,
    struct pen_error *error)
{
	struct pen_rejects_titles *own = writing->titles;
	struct pen_text cell = { 0 };
	enum pen_status status = PEN_OK;
	const char *text;
	size_t i, k, n, titles = pen_rejects_titles__count(own);

	for (i = 0; !status && i < titles; i++) {
		if (!pen_rejects_titles__at(own, i))
			continue;
		pen_text__clear(&cell);
		for (k = i; !status && k < count && (k == i || i + 1 == titles); k++) {
			status = pen_rejects_titles__decode(own, &fields[k], &text, &n, error);
			if (!status && k > i)
				pen_text__puts(&cell, ",");
			if (!status)
				pen_text__add(&cell, text, n);
		}
		put(writing, cell.s ? cell.s : "", cell.n);
	}
	if (!status && cell.failed)
		status = pen_error__memory(error);
	pen_text__free(&cell);
	return status;
}

static enum pen_status write_reject(struct writing *writing, const struct pen_reject *reject, struct pen_error *error)
{
	const char *const texts[] = { reject->title, reject->rule, reject->found, reject->expected, reject->message };
	char number[24];
	size_t i;

	put(writing, number, (size_t)snprintf(number, sizeof(number), "%lld", (long long)reject->line));
	put(writing, number, (size_t)snprintf(number, sizeof(number), "%lld", (long long)reject->byte));
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		put(writing, texts[i], strlen(texts[i]));
	return end_line(writing, error);
}

static enum pen_status pick_record(void *context, const struct pen_csv_field *fields, size_t count,
    long line, int64_t byte, struct pen_error *error)
{
	struct writing *writing = context;
	enum pen_status status;

	(void)byte;
	if (!writing->reject || writing->reject->line != line)
		return PEN_OK;
	status = write_source(writing, fields, count, error);
	if (!status)
		status = write_reject(writing, writing->reject, error);
	return status ? status : pen_rejects__next(writing->walk, &writing->reject, error);
}

static enum pen_status feed(void *context, const char *bytes, size_t n, struct pen_error *error)
{
	return pen_reader__feed(context, bytes, n, error);
}

static enum pen_status read_source(struct writing *writing, struct pen_source *source, struct pen_error *error)
{
	const struct pen_reader_plan plan = { .encoding = source->encoding,
		.form = pen_rejects_titles__form(writing->titles), .record = pick_record, .context = writing };
	struct pen_reader *reader;
	enum pen_status status = pen_reader__open(&reader, &plan, error);

	if (status)
		return status;
	status = pen_source__walk(source, feed, reader, error);
	if (!status)
		status = pen_reader__finish(reader, error);
	pen_reader__close(reader);
	return status;
}

static enum pen_status write_rows(struct writing *writing, struct pen_rejects *rejects, struct pen_source *source,
    struct pen_error *error)
{
	enum pen_status status = pen_rejects__walk(&writing->walk, rejects, error);

	if (status)
		return status;
	status = pen_rejects__next(writing->walk, &writing->reject, error);
	if (!status)
		status = read_source(writing, source, error);
	pen_rejects__close(writing->walk);
	assert(status || !writing->reject);
	return status;
}

enum pen_status pen_rejectsfile__try(const char *path, struct pen_error *error)
{
	struct pen_draft *draft;
	struct stat st;
	enum pen_status status;

	/* Who reads from a pipe would take the try for the end. */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return PEN_OK;
	status = pen_file__draft(&draft, path, 0600, error);
	if (!status)
		pen_file__discard(draft);
	return status;
}

enum pen_status pen_rejectsfile__write(struct pen_rejects *rejects, struct pen_source *source, const char *path,
    struct pen_error *error)
{
	struct writing writing = { .titles = pen_rejects__titles(rejects) };
	struct pen_draft *draft;
	enum pen_status status;

	status = pen_file__draft(&draft, path, 0600, error);
	if (status)
		return status;
	writing.out = pen_file__stream(draft);
	status = write_header(&writing, error);
	if (!status)
		status = write_rows(&writing, rejects, source, error);
	pen_text__free(&writing.text);
	if (status) {
		pen_file__discard(draft);
		return status;
	}
	return pen_file__keep(draft, error);
}
