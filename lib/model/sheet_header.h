/* The titles of a sheet's columns, wherever they stand: the first of the first
 * records that the form matches, or two records together, whose merged cells have
 * left the titles half in the one and half in the other. */
#ifndef PEN_MODEL_SHEET_HEADER_H
#define PEN_MODEL_SHEET_HEADER_H

#include "model/header.h"
#include "model/sheet_cells.h"

#define PEN_SHEET_ABOVE 30	/* records that are looked at */

/* Invariant: `columns` and `titles` hold once `found` is true. Read only. */
struct pen_sheet_header {
	bool found;
	struct pen_header columns;
	struct pen_csv_field *titles;	/* raw bytes; of two records as they were matched */
	size_t title_count;
	/* The search itself. */
	const struct pen_form *form;
	struct pen_decoder *decoder;
	struct pen_arena *arena;
	int32_t today;
	uint32_t given;
	struct pen_sheet_cells above[PEN_SHEET_ABOVE];	/* the header's own records come last */
	struct pen_csv_field *raw;	/* of the last one */
	size_t raw_count;
	int count, own;			/* records looked at; the header's own: 1 or 2 */
	bool paired;			/* the last one may be the upper half */
	int nearest;			/* how many titles of it the form knows; -1: none looked at */
	struct pen_error why;		/* not that one */
};

/* The decoder stays the caller's. No memory: pen_error__memory when it is asked. */
enum pen_status pen_sheet_header__open(struct pen_sheet_header *header, const struct pen_form *form,
    struct pen_decoder *decoder, uint32_t given, int32_t today, struct pen_error *error);
/* The next record, which is not blank. PEN_INPUT, about the record that came
 * nearest, once there were too many; "header.below" if a row of data stands above
 * the titles, which would be lost with what else stands there. */
enum pen_status pen_sheet_header__look(struct pen_sheet_header *header, const struct pen_csv_field *fields,
    size_t count, long line, struct pen_error *error);
/* The titles where a layout has them apart from its records, and again, all of them,
 * when there are more: nothing is looked for. */
enum pen_status pen_sheet_header__keys(struct pen_sheet_header *header, const struct pen_csv_field *titles,
    size_t count, long line, struct pen_error *error);
void pen_sheet_header__blank(struct pen_sheet_header *header);	/* a blank record */
/* The file ends without a header. */
enum pen_status pen_sheet_header__miss(const struct pen_sheet_header *header, struct pen_error *error);
/* True for a record that is the header once more, or a line above it: printed
 * sheets have both on every page. */
bool pen_sheet_header__again(const struct pen_sheet_header *header, const struct pen_sheet_cells *cells);
/* The same titles by other names are the header again; PEN_INPUT ("header.another")
 * for titles that lead elsewhere: what stands below would go into wrong columns. */
enum pen_status pen_sheet_header__another(const struct pen_sheet_header *header, const struct pen_sheet_cells *cells,
    struct pen_arena *arena, bool *again, struct pen_error *error);
/* PEN_INPUT ("header.unit") for a line that says of the amounts that they are in
 * 万元 or the like. */
enum pen_status pen_sheet_header__unit(const struct pen_sheet_header *header, const struct pen_sheet_cells *cells,
    struct pen_error *error);
void pen_sheet_header__close(struct pen_sheet_header *header);

#endif
