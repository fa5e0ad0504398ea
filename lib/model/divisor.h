/* 计发月数 (国发〔2005〕38号, annex): by how many months an account is divided, by the age
 * at retirement. Since 2025-01 linear between whole years, to one decimal. */
#ifndef PEN_MODEL_DIVISOR_H
#define PEN_MODEL_DIVISOR_H

#include "model/trace.h"

/* In tenths of a month, of an age in months. PEN_REFUSED, divisor.age: the age lies beyond
 * the table. By parameter divisor.months (linear, whole) of the month of retirement;
 * parameter.missing, parameter.value: it is not there, or is neither. trace may be NULL. */
enum pen_status pen_divisor__of(const struct pen_parameters *parameters, const char *area, int age_months, int32_t retired,
    struct pen_trace *trace, int64_t *tenths, struct pen_error *error);

#endif
