/* When people may retire: 全国人大常委会关于实施渐进式延迟法定退休年龄的决定 (2024-09-13)
 * and the 国务院办法 passed with it, 人社部发〔2024〕94号 (flexible retirement), and for
 * special trades 国发〔1978〕104号. The ages are parameters; months are yyyymm, ages and
 * delays in months. */
#ifndef PEN_MODEL_RETIRING_H
#define PEN_MODEL_RETIRING_H

#include "model/parameter.h"

/* By the age that the law had before 2025: men 60, women 55 (cadres, and who pays by
 * themselves) or 50 (workers). */
enum pen_retiring_category { PEN_RETIRING_MALE60, PEN_RETIRING_FEMALE55, PEN_RETIRING_FEMALE50 };
enum pen_retiring_route {
	PEN_RETIRING_STATUTORY, PEN_RETIRING_EARLY, PEN_RETIRING_LATE,
	PEN_RETIRING_SPECIAL,		/* 特殊工种 */
	PEN_RETIRING_EXCEPTION		/* R4.3.1b, in principle: by the head's word */
};
const char *pen_retiring__category_name(enum pen_retiring_category category);	/* male60, female55, female50 */
bool pen_retiring__category_named(const char *name, enum pen_retiring_category *category);
const char *pen_retiring__route_name(enum pen_retiring_route route);	/* statutory, early, late, special-trade, exception */
bool pen_retiring__route_named(const char *name, enum pen_retiring_route *route);

/* By sex (1 male, 2 female), personal status (cadre, worker, NULL: not told) and payer
 * (employee, flexible). False: a woman of whom neither is told. */
bool pen_retiring__category_of(int sex, const char *status, const char *payer, enum pen_retiring_category *category);

/* The months of one person. earliest and latest: what flexible retirement leaves open,
 * both the statutory month where it is not law yet. special: from when on a special trade
 * lets go; 0: no such age. */
struct pen_retiring_ages { int32_t born, original, statutory, earliest, latest, special; int delay; };
/* born is yyyymmdd or yyyymm: the day does not count. PEN_REFUSED, parameter.missing. */
enum pen_status pen_retiring__ages(const struct pen_parameters *parameters, const char *area,
    enum pen_retiring_category category, int32_t born, struct pen_retiring_ages *ages, struct pen_error *error);

/* Of whom the statutory month is `month`: the month of birth; 0: nobody's, where a delay
 * leaps over it. PEN_REFUSED, parameter.missing. */
enum pen_status pen_retiring__born_for(const struct pen_parameters *parameters, const char *area,
    enum pen_retiring_category category, int32_t month, int32_t *born, struct pen_error *error);

/* Contribution months, paid and deemed, that a pension needs of somebody who retires in
 * `retired` (办法 art. 2). Of whoever retires early or late it is not settled whether the
 * statutory year counts or the chosen one: parameter retirement.minimum-year. */
enum pen_status pen_retiring__minimum(const struct pen_parameters *parameters, const char *area,
    const struct pen_retiring_ages *ages, int32_t retired, int64_t *months, struct pen_error *error);

/* Whether that route leads out in that month. PEN_REFUSED, retire.age: why not, and the
 * first month in which it does; retire.route: nobody is early then. An exception is never refused here. */
enum pen_status pen_retiring__check(const struct pen_retiring_ages *ages, enum pen_retiring_route route, int32_t retired,
    struct pen_error *error);

/* Months from one month to another. */
int pen_retiring__months(int32_t from, int32_t to);
/* The month so many after another. */
int32_t pen_retiring__after(int32_t month, int months);

#endif
