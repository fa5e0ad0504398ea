/* Applications: what a case asks for, record by record, kept with the text that is
 * made of it; and read back as the rows that are to be changed. */
#ifndef PEN_STORE_APPLICATIONS_H
#define PEN_STORE_APPLICATIONS_H

#include "model/amended.h"
#include "model/application.h"
#include "store/cases.h"

/* The text of an application for these records, and its digest. */
enum pen_status pen_applications__text(struct pen_store *store, const struct pen_application *application,
    const struct pen_amendeds *amended, struct pen_text *text, char digest[PEN_DIGEST_HEX], struct pen_error *error);
/* Enters it, its records and their fields, in the caller's transaction. */
enum pen_status pen_applications__enter(struct pen_store *store, const struct pen_application *application, int64_t at,
    const struct pen_text *text, const char *digest, const struct pen_amendeds *amended, struct pen_error *error);

/* One as it stands, with its text and digest; the strings lie in the arena. */
struct pen_application_kept { struct pen_application head; int64_t at; const char *text, *digest; };
enum pen_status pen_applications__find(struct pen_store *store, int64_t amendment, int64_t revision, struct pen_arena *arena,
    struct pen_application_kept *kept, bool *found, struct pen_error *error);

/* Every field that it names, by record and number: read some hundred at a time, so that
 * a visit may use the store. `first` of a record. Strings are valid during the visit. */
struct pen_application_line { struct pen_application_record record; struct pen_application_field field; bool first; };
typedef enum pen_status pen_applications_visit(void *context, const struct pen_application_line *line, struct pen_error *error);
enum pen_status pen_applications__each(struct pen_store *store, int64_t amendment, int64_t revision, pen_applications_visit *visit,
    void *context, struct pen_error *error);
/* How many records and fields it has. */
enum pen_status pen_applications__count(struct pen_store *store, int64_t amendment, int64_t revision, int64_t *records,
    int64_t *fields, struct pen_error *error);

/* What it asks for, as records to be written; start the list as {0} and free it whatever
 * comes back. Of a row that stands `old` is that row, but for the fields named, which are
 * as they were approved: whoever writes compares. PEN_INTEGRITY: a row, a form or a
 * column that it names is not there. */
enum pen_status pen_applications__load(struct pen_store *store, int64_t amendment, int64_t revision,
    struct pen_amendeds *amended, struct pen_error *error);

#endif
