/* The records of a file to shaped rows and rejected lines, one pass. The same
 * pass serves import, and verification that reads a kept source again. */
#ifndef PEN_MODEL_INTAKE_H
#define PEN_MODEL_INTAKE_H

#include "model/judge.h"
#include "model/sheet.h"

/* One record below the header. All of it is valid during the call of the sink. Empty
 * fields beyond the header's are fine (but stand in `source`). */
struct pen_intake_line {
	long line;
	int64_t byte;				/* its offset in the file, a BOM counted */
	const struct pen_csv_field *source;	/* the fields as they stood (raw bytes) */
	size_t source_count;
	struct pen_judged judged;
};
/* Any other status than PEN_OK stops the intake and is handed on. */
typedef enum pen_status pen_intake_sink(void *context, const struct pen_intake_line *line,
    struct pen_error *error);

struct pen_intake_plan {
	struct pen_judge_plan judging;
	pen_intake_sink *sink;
	void *context;
};

/* The header is the first record that the form matches among the first that are not
 * blank (pen_sheet_header__look), a record being blank if its fields hold nothing but
 * white space and controls. What is no row above or below it goes to no sink
 * (pen_sheet__other). PEN_INPUT: "given.field" and "given.value", what was declared
 * cannot be. */
struct pen_intake;
enum pen_status pen_intake__open(struct pen_intake **intake, const struct pen_intake_plan *plan,
    struct pen_error *error);
/* The next record, as a reader hands it on (context is the intake). After another
 * status than PEN_OK the intake can only be closed. PEN_INPUT: the header does not
 * match the form. PEN_SYSTEM with code "system.reference": the reference has
 * failed; it knows better why. */
enum pen_status pen_intake__record(void *intake, const struct pen_csv_field *fields, size_t count,
    long line, int64_t byte, struct pen_error *error);
/* A record that comes some rows on; see pen_judge__expect. */
void pen_intake__expect(const struct pen_intake *intake, const struct pen_csv_field *fields, size_t count, bool near);
/* The columns, where the layout has them apart from the records (the keys of JSON):
 * before the first record, and again, all of them, when there are more. Then no
 * record is the header, and what is missing at the end is told at the end. */
enum pen_status pen_intake__columns(void *intake, const struct pen_csv_field *titles, size_t count,
    long line, int64_t byte, struct pen_error *error);
/* The columns, once they are settled and a row with which nothing is wrong is a row
 * whatever came before it: from then on another judge may look at records that are
 * plain, of that width. Those that it let in without mending are told here, before
 * the next record, with the sums of their amounts by field. NULL: not settled. */
const struct pen_header *pen_intake__settled(const struct pen_intake *intake, size_t *width);
bool pen_intake__plain(const struct pen_csv_field *fields, size_t count, size_t width);
void pen_intake__passed(struct pen_intake *intake, int64_t rows, const int64_t fen[PEN_FIELDS_MOST]);
/* PEN_INPUT if there was no header, or no row after it, or a key in none of them. */
enum pen_status pen_intake__finish(struct pen_intake *intake, struct pen_error *error);

struct pen_intake_counts {
	int64_t read, other;		/* records; other, among them: header, titles, blanks, totals, footers */
	int64_t padding;		/* bytes at the end; see pen_reader__padding, which knows */
	struct pen_judge_counts judge;
	int64_t totals;			/* total rows that agreed with the rows above them */
	struct pen_sheet_counts sheet;
};
void pen_intake__counts(const struct pen_intake *intake, struct pen_intake_counts *counts);
const struct pen_header *pen_intake__header(const struct pen_intake *intake);	/* NULL: not read yet */
/* The header's titles as they stood (raw bytes; of a header of two records, what was
 * matched), for the rejects file. */
const struct pen_csv_field *pen_intake__titles(const struct pen_intake *intake, size_t *count);
void pen_intake__close(struct pen_intake *intake);

#endif
