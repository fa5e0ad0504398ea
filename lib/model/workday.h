/* Which days are worked: the week, and the year's holidays and the days worked in
 * their place, from the parameters. */
#ifndef PEN_MODEL_WORKDAY_H
#define PEN_MODEL_WORKDAY_H

#include "model/parameter.h"

/* Whether a duty falls due on a day in an area. `category` is the duty's, network or
 * inspect, for which an agency may have rows of its own. Where no week is among the
 * parameters, it is Monday to Friday. */
bool pen_workday__is(const struct pen_parameters *parameters, const char *area, const char *category, int32_t date);

#endif
