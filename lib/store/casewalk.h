/* Cases of amendment, against the steps that they took, the people who took them, the
 * applications that were signed, and the rows that came of them. */
#ifndef PEN_STORE_CASEWALK_H
#define PEN_STORE_CASEWALK_H

#include "store/walk.h"

/* Every case whose request lies below walk->size: case.steps, case.people,
 * case.application and case.rows. That steps and applications are those of the journal
 * is looked at by pen_actwalk__run and share/rules/journal.cites.sql. */
enum pen_status pen_casewalk__run(struct pen_walk *walk, struct pen_error *error);

#endif
