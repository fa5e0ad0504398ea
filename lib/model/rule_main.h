/* What is told of rows that are in the store, and turns none down on the way in: main
 * fields of each class of data (R2.1) that are empty, whoever let the row in (at
 * import the forms say which columns must be filled; benefits may come in without,
 * and are filled in from the approval form later, R4.3.2), and deemed months that
 * somebody has to look into. */
#ifndef PEN_MODEL_RULE_MAIN_H
#define PEN_MODEL_RULE_MAIN_H

#include "model/rule.h"

/* Findings of main.base, main.account, main.benefit and deemed.late. */
void pen_rule_main__row(const struct pen_row *row, struct pen_surroundings *around, struct pen_findings *findings);

#endif
