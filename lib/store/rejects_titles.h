/* A file's own titles, by which what was wrong in it and what was mended is told. */
#ifndef PEN_STORE_REJECTS_TITLES_H
#define PEN_STORE_REJECTS_TITLES_H

#include "model/intake.h"

/* What a rejects file has behind the source's own columns. */
#define PEN_REJECTS_ADDED 7
extern const char *const pen_rejects_titles__added[PEN_REJECTS_ADDED];

/* The form stays the caller's, and outlives the titles. */
struct pen_rejects_titles;
enum pen_status pen_rejects_titles__new(struct pen_rejects_titles **titles, const struct pen_form *form,
    enum pen_encoding encoding, struct pen_error *error);
void pen_rejects_titles__free(struct pen_rejects_titles *titles);	/* NULL is fine */
const struct pen_form *pen_rejects_titles__form(const struct pen_rejects_titles *titles);

/* Once the header was read, before anything is asked. Told again, nothing happens,
 * unless there are more behind those that were told. */
enum pen_status pen_rejects_titles__learn(struct pen_rejects_titles *titles, const struct pen_header *header,
    const struct pen_csv_field *source, size_t count, struct pen_error *error);

/* The title of a source column; NULL for one that a rejects file added. */
size_t pen_rejects_titles__count(const struct pen_rejects_titles *titles);
const char *pen_rejects_titles__at(const struct pen_rejects_titles *titles, size_t column);
/* The i-th title that no field of the form has; NULL behind the last. Those that
 * a rejects file added are not among them. */
const char *pen_rejects_titles__extra(const struct pen_rejects_titles *titles, size_t i);
/* The source column of a field, and that of the line numbers of a rejects file; -1:
 * the file has none. */
int pen_rejects_titles__column(const struct pen_rejects_titles *titles, int field);
int pen_rejects_titles__line_column(const struct pen_rejects_titles *titles);

/* The file's title of a field, or the form's where the file lacks the column. */
const char *pen_rejects_titles__of_field(const struct pen_rejects_titles *titles, int field);
/* Of what a finding names: a field, or a column of the store, which stands for the
 * field that it comes from. Each name has a number, small and its own. */
enum pen_status pen_rejects_titles__number(struct pen_rejects_titles *titles, const char *name, uint16_t *number,
    struct pen_error *error);
const char *pen_rejects_titles__numbered(const struct pen_rejects_titles *titles, uint16_t number);

/* A field as UTF-8, valid until the next; bytes that are no text become U+FFFD
 * for the whole field, since nobody can say where they end. */
enum pen_status pen_rejects_titles__decode(struct pen_rejects_titles *titles, const struct pen_csv_field *field,
    const char **out, size_t *n, struct pen_error *error);

#endif
