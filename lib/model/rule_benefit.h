/* The rules over retirements (R4.3.1), over deemed contribution months, and over
 * changes of employment. */
#ifndef PEN_MODEL_RULE_BENEFIT_H
#define PEN_MODEL_RULE_BENEFIT_H

#include "model/rule.h"

void pen_rule_benefit__retirement(const struct pen_row *row, struct pen_surroundings *around,
    struct pen_findings *findings);
/* Of a registration whose dates hold; and beside what the area's accounts began with,
 * which years of service and the like may go beyond. */
void pen_rule_benefit__deemed(const struct pen_row *row, struct pen_findings *findings);
void pen_rule_benefit__deemed_late(const struct pen_row *row, struct pen_surroundings *around,
    struct pen_findings *findings);
void pen_rule_benefit__change(const struct pen_row *row, const struct pen_surroundings *around,
    struct pen_findings *findings);

#endif
