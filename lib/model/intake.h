/* The records of a file to shaped rows and rejected lines, one pass. The same
 * pass serves import, and verification that reads a kept source again. */
#ifndef PEN_MODEL_INTAKE_H
#define PEN_MODEL_INTAKE_H

#include "adapter/charset.h"
#include "model/shape.h"

/* One record below the header. All of it is valid during the call of the sink.
 * A record whose width is not the header's has the finding row.columns on the
 * field "", empty cells and no amount; empty fields beyond the header's are fine
 * (but stand in `source`). Bytes that are no text have the finding text.encoding. */
struct pen_intake_line {
	long line;
	int64_t byte;				/* its offset in the file, a BOM counted */
	const struct pen_csv_field *source;	/* the fields as they stood (raw bytes) */
	size_t source_count;
	const struct pen_cell *cells;		/* in the form's order; repairs are here */
	struct pen_shaped shaped;
	const struct pen_findings *findings;	/* count > 0: rejected */
};
/* Any other status than PEN_OK stops the intake and is handed on. */
typedef enum pen_status pen_intake_sink(void *context, const struct pen_intake_line *line,
    struct pen_error *error);

/* A field that the file has no column for, declared for every row (--set). */
struct pen_given { const char *field, *value; };

/* What the pointers lead to stays the caller's, and outlives the intake. The
 * parameters are those of `area`, a code of GB/T 2260; `today` bounds dates. */
struct pen_intake_plan {
	const struct pen_form *form;
	const struct pen_parameters *parameters;
	struct pen_reference *reference;
	enum pen_encoding encoding;		/* of the fields: pen_reader__fields */
	const char *area;
	const char *county;		/* as in pen_surroundings */
	int32_t today;
	bool strict;			/* a row that would have to be mended is rejected */
	const struct pen_given *given;
	size_t given_count;
	pen_intake_sink *sink;
	void *context;
};

/* The first record that is not blank is the header; a record is blank if its
 * fields hold nothing but white space and controls. */
struct pen_intake;
enum pen_status pen_intake__open(struct pen_intake **intake, const struct pen_intake_plan *plan,
    struct pen_error *error);
/* The next record, as a reader hands it on (context is the intake). After another
 * status than PEN_OK the intake can only be closed. PEN_INPUT: the header does not
 * match the form. PEN_SYSTEM with code "system.reference": the reference has
 * failed; it knows better why. */
enum pen_status pen_intake__record(void *intake, const struct pen_csv_field *fields, size_t count,
    long line, int64_t byte, struct pen_error *error);
/* PEN_INPUT if there was no header, or no row after it. */
enum pen_status pen_intake__finish(struct pen_intake *intake, struct pen_error *error);

struct pen_intake_counts {
	int64_t read, other;		/* records; other, among them: header, blanks */
	int64_t totals;			/* rows of totals that agreed with the sum of theirs */
	int64_t private_use;		/* characters of private use in the cells read */
	bool base_unchecked, share_unchecked;	/* for some row; see pen_surroundings */
};
void pen_intake__counts(const struct pen_intake *intake, struct pen_intake_counts *counts);
const struct pen_header *pen_intake__header(const struct pen_intake *intake);	/* NULL: not read yet */
/* The header's titles as they stood (raw bytes), for the rejects file. */
const struct pen_csv_field *pen_intake__titles(const struct pen_intake *intake, size_t *count);
void pen_intake__close(struct pen_intake *intake);

#endif
