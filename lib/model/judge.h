/* A record below the header to a row and what is wrong with it, by nothing but the
 * record itself and what the store knows: so that two judges can work at a time. */
#ifndef PEN_MODEL_JUDGE_H
#define PEN_MODEL_JUDGE_H

#include "adapter/charset.h"
#include "model/header.h"
#include "model/shape.h"

/* A field that the file has no column for, and what it is in every row: declared by
 * whoever brings the file in. */
struct pen_given { const char *field, *value; };

/* What the pointers lead to stays the caller's, and outlives the judge. The
 * parameters are those of `area`, a code of GB/T 2260; `today` bounds dates. */
struct pen_judge_plan {
	const struct pen_form *form;
	const struct pen_parameters *parameters;
	struct pen_reference *reference;
	enum pen_encoding encoding;	/* of the fields: pen_reader__fields */
	const char *area;
	const char *county;		/* as in pen_surroundings */
	int32_t today;
	const struct pen_given *given;	/* count may be 0 */
	size_t given_count;
	bool strict;			/* a row that needs mending is rejected: repair.strict */
};

struct pen_judge;
/* PEN_INPUT: a field is declared that cannot be ("given.field", "given.value"). */
enum pen_status pen_judge__open(struct pen_judge **judge, const struct pen_judge_plan *plan, struct pen_error *error);
void pen_judge__close(struct pen_judge *judge);
uint32_t pen_judge__given(const struct pen_judge *judge);	/* a bit for each field declared */

/* The columns of the file, before the first row, and again when there are more. Keyed:
 * a record may lack some. */
void pen_judge__columns(struct pen_judge *judge, const struct pen_header *columns, size_t width, bool keyed);

/* A record judged, valid until the next. Bytes that are no text have the finding
 * text.encoding; another width than the header's, row.columns on the field "", with
 * empty cells and no amount. */
struct pen_judged {
	const struct pen_cell *cells;			/* in the form's order; repairs are here */
	struct pen_shaped shaped;
	const struct pen_findings *findings;		/* count > 0: rejected */
};
/* As many fields as there are columns, or more. PEN_SYSTEM, "system.reference": the
 * reference has failed, and knows better why. */
enum pen_status pen_judge__row(struct pen_judge *judge, const struct pen_csv_field *fields, size_t count,
    long line, struct pen_judged *out, struct pen_error *error);
/* Some rows ahead: says to the reference whom this record will ask for (see there). */
void pen_judge__expect(const struct pen_judge *judge, const struct pen_csv_field *fields, size_t count, bool near);
void pen_judge__wrong_width(struct pen_judge *judge, size_t count, struct pen_judged *out);

struct pen_judge_counts {
	int64_t private_use;		/* characters of private use in the cells read */
	bool base_unchecked, share_unchecked;	/* for some row; see pen_surroundings */
};
void pen_judge__counts(const struct pen_judge *judge, struct pen_judge_counts *counts);

#endif
