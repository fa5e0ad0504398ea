/* Rules over several records: one SQL file a rule in share/rules, whose head of
 * comments says what it is:
 *   -- id: levy.covers
 *   -- class: logic
 *   -- severity: error
 *   -- clause: R4.2.1
 *   -- looks-at: …
 *   -- advice: …
 *   -- days: workflow.sign-days
 * (the last only where the rule lets something wait: a parameter, in days) and
 * whose one SELECT gives a row for each finding, with the columns record, field,
 * found, expected and, where they apply, kind, folio, person, employer, batch and
 * line, by which the record is found again, and period (the year of an employer).
 * It may ask for
 *   :batch, :folio  what each file says of them; 0 is none
 *   :today          the date, yyyymmdd
 *   :calendar       the days so far, see calendar.h
 *   :makers         the acts that make a batch, a space around each (model/maker.h)
 *   :days, :before  the days that the parameter allows, and the time (UTC, as in
 *                   the journal) that many days ago
 * An agency adds files of the same kind of its own. */
#ifndef PEN_STORE_SQLRULE_H
#define PEN_STORE_SQLRULE_H

#include "model/rule.h"
#include "store/store.h"

struct pen_sqlrule {
	struct pen_rule rule;
	const char *days;		/* name of a parameter; "": none */
	const char *file;		/* "levy.covers.sql"; the agency's own with its path */
	const char *sql;
	/* Why the file is not to be run; NULL: it is. The rule's id is then the file's
	 * name, and the rest of it nothing. */
	const char *fault;
	bool own;			/* the agency's */
};

/* All of share/rules, by file name; read once for a piece of work. PEN_INPUT names
 * the file and what is wrong with its head. */
struct pen_sqlrules;
enum pen_status pen_sqlrule__load(struct pen_sqlrules **rules, struct pen_error *error);
/* The same, and behind them those of the agency's own, of a store in this directory
 * (NULL: none; pen_settings__own_rules). One that cannot be used is there with its
 * fault. */
enum pen_status pen_sqlrule__load_all(struct pen_sqlrules **rules, const char *store_dir, struct pen_error *error);
void pen_sqlrule__free(struct pen_sqlrules *rules);
size_t pen_sqlrule__count(const struct pen_sqlrules *rules);
const struct pen_sqlrule *pen_sqlrule__at(const struct pen_sqlrules *rules, size_t i);
const struct pen_sqlrule *pen_sqlrule__named(const struct pen_sqlrules *rules, const char *id);	/* NULL: none */

/* One thing found, as text for people: money (a field ending in _fen) in yuan. */
struct pen_sqlfinding {
	const char *record, *field;
	const char *found, *expected;
	const char *kind;		/* of the record: "levy", "folio", …; "": not told */
	int64_t batch, folio, person, employer, line;	/* 0: the rule says nothing of it */
	int32_t period;
};
typedef enum pen_status pen_sqlrule_visit(void *context, const struct pen_sqlrule *rule,
    const struct pen_sqlfinding *finding, struct pen_error *error);

/* What a run is about; 0: nothing. person: of a rule that was opened for one. */
struct pen_sqlrule_given { int64_t batch, folio, days, person; };

/* Runs one rule. The findings are read to the end before the first is handed
 * out, so that a visit may write, and no lock is held meanwhile. PEN_INPUT: it is
 * no rule, but something that would change the store. */
enum pen_status pen_sqlrule__run(struct pen_store *store, const struct pen_sqlrule *rule,
    const struct pen_sqlrule_given *given, pen_sqlrule_visit *visit, void *context, struct pen_error *error);

/* The same for a rule that is run again and again: to prepare it takes longer than to
 * run it for one folio. The rule stays the caller's. */
struct pen_sqlrule_run;
enum pen_status pen_sqlrule__open(struct pen_sqlrule_run **run, struct pen_store *store, const struct pen_sqlrule *rule,
    struct pen_error *error);
/* The same, but of its findings those alone whose column person is given->person, and,
 * with by_folio, whose column folio is given->folio: the engine looks for them by its
 * indexes, and at nobody else. */
enum pen_status pen_sqlrule__open_for_person(struct pen_sqlrule_run **run, struct pen_store *store, const struct pen_sqlrule *rule,
    bool by_folio, struct pen_error *error);
enum pen_status pen_sqlrule__again(struct pen_sqlrule_run *run, const struct pen_sqlrule_given *given,
    pen_sqlrule_visit *visit, void *context, struct pen_error *error);
void pen_sqlrule__close(struct pen_sqlrule_run *run);	/* NULL is fine */

#endif
