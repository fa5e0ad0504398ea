/* What the records of a sheet are that are no rows: titles above the header, the
 * header again on each page, total rows, which are compared and never let in, and
 * lines for people below them. Whatever might be data is a row. */
#ifndef PEN_MODEL_SHEET_H
#define PEN_MODEL_SHEET_H

#include "model/field.h"
#include "model/sheet_header.h"

/* The beginning of a line for people, to be listed. */
struct pen_sheet_line { long line; char text[201]; };
#define PEN_SHEET_LINES 20

struct pen_sheet_counts {
	int64_t totals;			/* total rows with figures that were compared, and agree */
	int64_t unchecked;		/* with figures that were not, since an amount above could not be read */
	int64_t footers;		/* lines for people */
	bool untotalled;		/* made for people, by what is above the rows, but without a total */
	struct pen_sheet_line footer[PEN_SHEET_LINES];	/* the first of them */
};

/* The header's search is open to be read. */
struct pen_sheet;
enum pen_status pen_sheet__open(struct pen_sheet **sheet, const struct pen_form *form, enum pen_encoding encoding,
    uint32_t given, int32_t today, struct pen_error *error);
void pen_sheet__close(struct pen_sheet *sheet);

/* Records up to the header go here, until it is found. */
struct pen_sheet_header *pen_sheet__header(struct pen_sheet *sheet);

/* A row, good or bad: its cells, or NULL if it is of another width, so that nobody
 * knows which amounts it has. */
void pen_sheet__row(struct pen_sheet *sheet, const struct pen_cell *cells);
/* Rows without a finding, all their amounts read: the sums by field. */
void pen_sheet__rows(struct pen_sheet *sheet, int64_t rows, const int64_t fen[PEN_FIELDS_MOST]);
/* Whether a record below the header is something else than a row (*other). A total
 * row is compared with the rows before it: PEN_INPUT, "total.wrong". Slow: asked for
 * records of another width, or with findings, which all of these have, but where
 * `wary` is true for every one. */
enum pen_status pen_sheet__other(struct pen_sheet *sheet, const struct pen_csv_field *fields, size_t count,
    long line, bool *other, struct pen_error *error);
bool pen_sheet__wary(const struct pen_sheet *sheet);

void pen_sheet__counts(const struct pen_sheet *sheet, struct pen_sheet_counts *counts);

#endif
