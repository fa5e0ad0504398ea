/* The columns of a file against the fields of a form. */
#ifndef PEN_MODEL_HEADER_H
#define PEN_MODEL_HEADER_H

#include "adapter/csv.h"
#include "model/form.h"

/* Titles, synonyms, English names and codes
 * match, after white space and full-width forms are folded. The English name of an
 * amount and "_fen" behind it is its column in whole fen. */
struct pen_header {
	int source_count, known;	/* columns, and those that the form has */
	uint32_t given;			/* fields declared instead, by their bits */
	int field_of[256];		/* of each source column: a field, or -1 (kept, reported) */
	int column_of[PEN_FIELDS_MOST];	/* of each field: a source column, or -1 */
	bool fen[PEN_FIELDS_MOST];	/* of each field: its column is in fen */
};
/* PEN_OK; or PEN_INPUT naming the columns that are missing, given twice, or (if
 * none is known) what the form's columns are. `titles` are UTF-8. `given` has the
 * bits of fields that somebody declared for all rows: their columns need not be
 * there, and must not ("header.given"). header->known is set in any case. */
enum pen_status pen_header__match(const struct pen_form *form, const struct pen_csv_field *titles,
    size_t count, uint32_t given, struct pen_header *header, struct pen_error *error);
/* The same where columns may still be added behind those that there are, as keys
 * are met; `complete` says at the end which are missing. */
enum pen_status pen_header__match_keys(const struct pen_form *form, const struct pen_csv_field *keys,
    size_t count, uint32_t given, struct pen_header *header, struct pen_error *error);
enum pen_status pen_header__complete(const struct pen_form *form, const struct pen_csv_field *titles, size_t count,
    const struct pen_header *header, struct pen_error *error);
/* How many of the fields are titles that the form knows. */
int pen_header__known(const struct pen_form *form, const struct pen_csv_field *fields, size_t count);

#endif
