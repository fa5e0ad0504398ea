/* Rules over several records: one SQL file a rule in share/rules, whose head of
 * comments says what it is:
 *   -- id: levy.covers
 *   -- class: logic
 *   -- severity: error
 *   -- clause: R4.2.1
 *   -- looks-at: …
 *   -- advice: …
 * and whose one statement gives a row for each finding, with the columns record,
 * field, found, expected and, where the rule is about an employer's year,
 * employer and period. What :batch and :folio mean, each file says; 0 is none.
 * :today is the day as yyyymmdd and :calendar the days so far, see calendar.h. */
#ifndef PEN_STORE_SQLRULE_H
#define PEN_STORE_SQLRULE_H

#include "model/rule.h"
#include "store/store.h"

struct pen_sqlrule {
	struct pen_rule rule;
	const char *file;		/* "levy.covers.sql" */
	const char *sql;
};

/* All of them, by file name; read once for a piece of work. PEN_INPUT names the
 * file and what is wrong with its head. */
struct pen_sqlrules;
enum pen_status pen_sqlrule__load(struct pen_sqlrules **rules, struct pen_error *error);
void pen_sqlrule__free(struct pen_sqlrules *rules);
size_t pen_sqlrule__count(const struct pen_sqlrules *rules);
const struct pen_sqlrule *pen_sqlrule__at(const struct pen_sqlrules *rules, size_t i);
const struct pen_sqlrule *pen_sqlrule__named(const struct pen_sqlrules *rules, const char *id);	/* NULL: none */

/* One thing found, as text for people: money (a field ending in _fen) in yuan. */
struct pen_sqlfinding {
	const char *record, *field;
	const char *found, *expected;
	int64_t employer;		/* 0: the rule says nothing of it */
	int32_t period;
};
typedef enum pen_status pen_sqlrule_visit(void *context, const struct pen_sqlrule *rule,
    const struct pen_sqlfinding *finding, struct pen_error *error);

/* Runs one rule. The findings are read to the end before the first is handed
 * out, so that a visit may write, and no lock is held meanwhile. */
enum pen_status pen_sqlrule__run(struct pen_store *store, const struct pen_sqlrule *rule,
    int64_t batch, int64_t folio, pen_sqlrule_visit *visit, void *context, struct pen_error *error);

#endif
