/* What a file brought that did not come in, and what was mended on the way in:
 * gathered while it is read, then entered in the store. */
#ifndef PEN_STORE_REJECTS_H
#define PEN_STORE_REJECTS_H

#include "model/intake.h"
#include "store/store.h"

/* A rejected line: its first finding, and all of them in the message. `title` is
 * the column's as the file has it. */
struct pen_reject {
	int64_t line, byte;
	const char *title, *rule, *found, *expected, *message;
};

/* What a rejects file has behind the source's own columns. */
#define PEN_REJECTS_ADDED 7
extern const char *const pen_rejects__added[PEN_REJECTS_ADDED];

struct pen_rejects;
enum pen_status pen_rejects__new(struct pen_rejects **rejects, const struct pen_form *form,
    enum pen_encoding encoding, struct pen_error *error);
void pen_rejects__free(struct pen_rejects *rejects);
const struct pen_form *pen_rejects__form(const struct pen_rejects *rejects);

/* The file's own titles; once the header was read, before the rest. Told again,
 * nothing happens, unless there are more behind those that were told. */
enum pen_status pen_rejects__titles(struct pen_rejects *rejects, const struct pen_header *header,
    const struct pen_csv_field *titles, size_t count, struct pen_error *error);
/* The title of a source column; NULL for one that a rejects file added. */
size_t pen_rejects__title_count(const struct pen_rejects *rejects);
const char *pen_rejects__title(const struct pen_rejects *rejects, size_t column);
/* The i-th title that no field of the form has; NULL behind the last. Those that
 * a rejects file added are not among them. */
const char *pen_rejects__extra(const struct pen_rejects *rejects, size_t i);

/* A field as UTF-8, valid until the next; bytes that are no text become U+FFFD
 * for the whole field, since nobody can say where they end. */
enum pen_status pen_rejects__decode(struct pen_rejects *rejects, const struct pen_csv_field *field,
    const char **out, size_t *n, struct pen_error *error);

/* A line with findings, in any order of lines. */
enum pen_status pen_rejects__add(struct pen_rejects *rejects, int64_t line, int64_t byte, int64_t amount_fen,
    const struct pen_findings *findings, struct pen_error *error);
/* Any line, before it is accepted or rejected: where it comes from a rejects file,
 * which line it was there, by the column "line". */
enum pen_status pen_rejects__tries(struct pen_rejects *rejects, const struct pen_intake_line *line,
    struct pen_error *error);
/* A line without findings: what was mended in its cells. */
enum pen_status pen_rejects__accept(struct pen_rejects *rejects, const struct pen_intake_line *line,
    struct pen_error *error);

size_t pen_rejects__count(const struct pen_rejects *rejects);
int64_t pen_rejects__amount(const struct pen_rejects *rejects);
void pen_rejects__sort(struct pen_rejects *rejects);	/* by line */
const struct pen_reject *pen_rejects__at(const struct pen_rejects *rejects, size_t i);

/* How many rows that came in mend a reject of the parent; once entered. */
int64_t pen_rejects__matched(const struct pen_rejects *rejects);

/* Rejects and repairs (but for those of rejected lines) to the store. With a
 * parent, its rejects that came in mended are marked, and what they were tries at. */
enum pen_status pen_rejects__enter(struct pen_rejects *rejects, struct pen_store *store, int64_t batch,
    int64_t parent, struct pen_error *error);

#endif
