/* The rules over a row and over the ordered rows of a folio, and the catalogue
 * that names them, those of cells, and those by which seals and journal are
 * verified; those of share/rules name themselves. A rule is written once: what
 * rejects a row at import is what finds it in the store. */
#ifndef PEN_MODEL_RULE_H
#define PEN_MODEL_RULE_H

#include "model/kind.h"
#include "model/parameter.h"

enum pen_rule_class { PEN_CORRECTNESS, PEN_COMPLETENESS, PEN_LOGIC, PEN_SEAL, PEN_WORKFLOW };	/* R2.2 */
enum pen_severity { PEN_NOTE, PEN_WARNING, PEN_ERROR };

struct pen_rule {
	const char *id;			/* "month.range" */
	enum pen_rule_class class;
	enum pen_severity severity;
	const char *clause;
	const char *looks_at;
	const char *advice;		/* what to do */
};

const struct pen_rule *pen_rule__named(const char *id);	/* NULL: none */
size_t pen_rule__count(void);
const struct pen_rule *pen_rule__at(size_t i);
const char *pen_rule__class_name(enum pen_rule_class class);	/* "correctness" */
const char *pen_rule__severity_name(enum pen_severity severity);

/* One thing found. `field` is the column's name in the store ("base_fen"); on
 * the way in shape turns it into the form's field ("base"). "" is the whole row. */
struct pen_finding {
	const struct pen_rule *rule;
	const char *field;
	char found[160], expected[160];
};

/* What the rules on a row know of its person and employer, as registered. */
struct pen_person_facts {
	int64_t person;
	bool registered;		/* by a confirmed or sealed folio */
	uint64_t name_mark;		/* of the registered name (pen_text__mark); 0: not known */
	const char *name;		/* as registered; NULL: ask the reference */
	const char *id_number;		/* to be shown */
	const char *payer;		/* employee or flexible */
	int32_t born, insured_on;
	int sex;
	int32_t retired_on, died_on;	/* 0: not, or not known */
};

/* What they know of an employer that a row names, as entered. */
struct pen_employer_facts {
	int32_t insured_on;		/* 0: not entered */
	bool newly_covered;		/* 新扩面 (R4.3.1c) */
	bool pseudo_unit;		/* the agency's own, for flexible payers */
	int32_t area;			/* 0: no code */
	int32_t succeeded_on;		/* by another employer; 0: not */
	int64_t successor;
	char successor_code[19];
};

/* Room for the findings of one row. */
#define PEN_FINDINGS_MOST 12
struct pen_findings { int count; struct pen_finding at[PEN_FINDINGS_MOST]; };
/* `rule` is in the catalogue (assert); `field` is kept, the texts are copied and
 * cut at a character. What there is no room for is left out. */
void pen_rule__add(struct pen_findings *findings, const char *rule, const char *field,
    const char *found, const char *expected);

/* The parameters of one year by month, looked up once; -1 where there is none.
 * Rates are in millionths, the tolerance in thousandths of a fen. */
struct pen_rule_year {
	int32_t year;			/* 0: not filled */
	int64_t unit[2][12], personal[2][12];	/* of employees, of flexible payers */
	int64_t floor[12], cap[12], tolerance[12];
};

/* Years kept over many rows, which may come in any order: start it as {0}, and
 * again when the parameters or the area change. */
#define PEN_RULE_YEARS 32
struct pen_rule_cache { struct pen_rule_year year[PEN_RULE_YEARS]; };

/* What surrounds a row. `name` is as the source file has it, NULL when the row
 * comes from the store. The `unchecked` flags say that a parameter was missing,
 * so that a check not made is said. */
struct pen_surroundings {
	const struct pen_parameters *parameters;
	const char *area;
	const char *county;		/* whose staff act; NULL: those of the store's own agency, for all */
	int32_t year;			/* of the folio; 0: none */
	int32_t today;
	const struct pen_person_facts *person;
	/* Of the employer that the person comes under by the row; NULL: none told. */
	const struct pen_employer_facts *employer;
	int32_t live_on;		/* the day the system went live (R4.3.1) */
	const char *name;
	struct pen_rule_cache *cache;	/* NULL: looked up for each row */
	bool base_unchecked, share_unchecked, deemed_unchecked;	/* set by the rules */
	bool name_folded;		/* likewise: the name is the registered one but for its writing */
};

/* The rules over one row of each kind; findings are added in column order. A
 * null where the kind has a value is passed over: it was found before. Base and
 * share are looked at for normal contributions; where the months are assumed, a
 * value is right if some consecutive months of that count make it right, so that
 * laying them otherwise changes nothing. Registered facts are looked at for
 * contributions, openings and changes: no `person` is nobody registered. */
void pen_rule__row(const struct pen_row *row, struct pen_surroundings *around, struct pen_findings *findings);

/* Over the rows of one subject in one folio, in line order, of any kind: lays
 * assumed months, numbers the sequence, finds months that overlap or are over 12,
 * an opening given twice, a registration given twice. Starts anew when the
 * subject changes; start it as {0} for each folio. `first_month` is where laying
 * starts. A row with a finding is as if it had not been there for those after it.
 * Contributions of other kinds than normal lay no claim to months. */
/* `others` are the months that further folios have of the subject, for the same
 * employer and year: the caller sets them before a subject's first row. */
#define PEN_RUN_DAYS 16		/* more registrations of one person in one folio are refused */
struct pen_months_taken { int64_t employer, person, folio; int32_t period, months; };
struct pen_row_run {
	int64_t subject;
	int32_t taken, sequence;
	int32_t days[PEN_RUN_DAYS];	/* insured_on of the registrations so far */
	const struct pen_months_taken *others;
	size_t other_count;
};
void pen_rule__ordered(struct pen_row_run *run, struct pen_row *row, int first_month,
    struct pen_findings *findings);

#endif
