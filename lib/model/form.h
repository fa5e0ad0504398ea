/* Forms: Table Schema files (share/forms), read once, and the match of a file's
 * header with one. Beside Table Schema's own keys a form carries
 *   "pen:record"      the record kind
 *   "pen:folio"       which fields make a folio: [], ["employer"], ["employer","year"]
 *   "pen:signatures"  roles, in order
 *   "pen:agreement"   true: the employer must have agreed before it is signed (R4.2.3)
 *   "pen:clause"
 *   "pen:computed"    true: its rows are made by a tool, never read from a file
 *   "pen:supplement"  true: its rows fill what is empty in records that are there
 *   "pen:one-of"      [["year", "period"], …]: of each list a file has at least one
 *                     column, and a row at least one value
 * and a field
 *   "pen:code"        its code in the national indicator standard
 *   "pen:titles"      synonyms
 *   "pen:type"        name, citizen-id, credit-code, area, period or months, where
 *                     Table Schema's type (string) is wider
 *   "pen:values"      {"男": "1", …} what stands for what; keys also accepted folded
 *   "pen:open"        true: a value not among them is kept as received
 *   "pen:optional"    true: the column may be absent
 * A key that starts with "pen:" and is none of these is refused: it is a slip. */
#ifndef PEN_MODEL_FORM_H
#define PEN_MODEL_FORM_H

#include "pen.h"
#include "adapter/csv.h"
#include "model/kind.h"

enum pen_field_type {
	PEN_FIELD_TEXT,		/* full-width forms folded: numbers and codes of others */
	PEN_FIELD_NAME,		/* as received but for white space around it */
	PEN_FIELD_CITIZEN_ID, PEN_FIELD_CREDIT_CODE, PEN_FIELD_AREA,
	PEN_FIELD_DATE, PEN_FIELD_YEAR, PEN_FIELD_INTEGER,
	PEN_FIELD_MONEY,	/* yuan in files, fen here */
	PEN_FIELD_MONTH,	/* of the calendar: Table Schema's yearmonth */
	PEN_FIELD_PERIOD,	/* from one month to another, in one cell */
	PEN_FIELD_MONTHS,	/* months of a year: 1-3,7-12 */
	PEN_FIELD_CHOICE	/* Table Schema's boolean, or a string with pen:values */
};

/* A boolean's `to` is "1" or "0". */
struct pen_choice { const char *from, *to; };

/* What a field is called, as titles are compared. */
struct pen_call { const char *s; size_t n; };

struct pen_field {
	const char *name, *title, *code;
	enum pen_field_type type;
	bool required;			/* a value in every row */
	bool optional;			/* the column may be absent */
	bool has_minimum, has_maximum;
	int64_t minimum, maximum;	/* of integers, years, money in fen */
	bool fen;			/* money in whole fen: a column …_fen (never in a schema) */
	bool open;			/* a choice: other values are kept as received */
	int choices;
	const struct pen_choice *choice;
	int titles;
	const char *const *other_titles;
	int calls;			/* title, name, code and other titles, folded */
	const struct pen_call *call;
};

#define PEN_FIELDS_MOST 32
#define PEN_GROUPS_MOST 4

/* Fields of which there has to be one, by their place in the form. */
struct pen_field_group { int count; int field[8]; };

struct pen_form {
	const char *name, *title, *clause;
	const struct pen_kind *kind;	/* NULL: no record is made of it */
	bool folio_by_employer, folio_by_year;
	bool agreement;
	bool computed;			/* never read from a file */
	bool supplement;		/* fills what is empty */
	int groups; struct pen_field_group group[PEN_GROUPS_MOST];
	int roles; const char *role[4];
	int count;
	struct pen_field fields[PEN_FIELDS_MOST];
};

/* Reads a schema; the form lives until _free. PEN_INPUT names what is wrong. */
enum pen_status pen_form__read(struct pen_form **form, const char *json, size_t n, struct pen_error *error);
void pen_form__free(struct pen_form *form);
int pen_form__field(const struct pen_form *form, const char *name);	/* -1: none */
/* The first field that goes by a title, or -1; *fen (NULL: not asked): by its
 * name in fen. An amount may have 元 behind its title, in brackets. */
int pen_form__called(const struct pen_form *form, const char *title, size_t n, bool *fen);
/* The amount whose title has another unit of money behind it, which goes to `unit`
 * (万元), or -1. */
int pen_form__in_other_unit(const struct pen_form *form, const char *title, size_t n, char *unit, size_t room);

#endif
