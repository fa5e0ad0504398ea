/* What a file brought that did not come in, and what was mended on the way in: set
 * aside while it is read, a few dozen bytes each, and gone through by line when it
 * is entered (store/rejects_enter) and written out (store/rejectsfile). */
#ifndef PEN_STORE_REJECTS_H
#define PEN_STORE_REJECTS_H

#include "model/intake.h"
#include "store/rejects_titles.h"

/* A rejected line: its first finding, and all of them in the message. `title` is
 * the column's as the file has it. */
struct pen_reject {
	int64_t line, byte;
	const char *title, *rule, *found, *expected, *message;
};

#define PEN_REJECTS_MEMORY ((size_t)16 << 20)

struct pen_rejects;
/* Holds about `memory` bytes of rejects in memory, and half as many of all else; the
 * rest goes to files without a name in `dir`. */
enum pen_status pen_rejects__new(struct pen_rejects **rejects, const struct pen_form *form,
    enum pen_encoding encoding, const char *dir, size_t memory, struct pen_error *error);
void pen_rejects__free(struct pen_rejects *rejects);	/* NULL is fine */
/* To be told the file's own before the rest. */
struct pen_rejects_titles *pen_rejects__titles(struct pen_rejects *rejects);

/* A line with findings, in any order of lines. */
enum pen_status pen_rejects__add(struct pen_rejects *rejects, int64_t line, int64_t byte, int64_t amount_fen,
    const struct pen_findings *findings, struct pen_error *error);
/* Any line, in their order, before it is accepted or rejected: where it comes from a
 * rejects file, which line it was there, by the column "line". */
enum pen_status pen_rejects__tries(struct pen_rejects *rejects, const struct pen_intake_line *line,
    struct pen_error *error);
/* A line without findings, in their order: what was mended in its cells. */
enum pen_status pen_rejects__accept(struct pen_rejects *rejects, const struct pen_intake_line *line,
    struct pen_error *error);

size_t pen_rejects__count(const struct pen_rejects *rejects);
int64_t pen_rejects__amount(const struct pen_rejects *rejects);

/* Goes through the rejects by line, from the first on. Nothing is added after the
 * first of this and what follows. */
struct pen_rejects_walk;
enum pen_status pen_rejects__walk(struct pen_rejects_walk **walk, struct pen_rejects *rejects, struct pen_error *error);
void pen_rejects__close(struct pen_rejects_walk *walk);	/* NULL is fine */
/* The next one, valid until the next call; NULL at the end. */
enum pen_status pen_rejects__next(struct pen_rejects_walk *walk, const struct pen_reject **reject, struct pen_error *error);

/* What was mended in the lines that came in, by line: what did not come in was not
 * mended either. old[0..n) is what stood there. */
struct pen_rejects_repair { int64_t line; const char *title, *code, *old; size_t n; };
typedef enum pen_status pen_rejects_repaired(void *context, const struct pen_rejects_repair *repair, struct pen_error *error);
enum pen_status pen_rejects__each_repair(struct pen_rejects *rejects, pen_rejects_repaired *visit, void *context,
    struct pen_error *error);

/* Which lines were tries at a line of the parent, by line, and whether they came in. */
struct pen_rejects_try { int64_t line, parent_line; bool rejected; };
typedef enum pen_status pen_rejects_tried(void *context, const struct pen_rejects_try *tried, struct pen_error *error);
enum pen_status pen_rejects__each_try(struct pen_rejects *rejects, pen_rejects_tried *visit, void *context,
    struct pen_error *error);

#endif
