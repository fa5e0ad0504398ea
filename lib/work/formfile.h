/* Small files of a form that is of no record kind (answers of employers, network
 * logs): CSV in UTF-8 or GB 18030, handed out line by line. */
#ifndef PEN_WORK_FORMFILE_H
#define PEN_WORK_FORMFILE_H

#include "base/value.h"
#include "model/form.h"

/* A line: a value for each of the form's fields, null where the cell is empty or
 * the column is not there. Valid during the visit. */
struct pen_formfile_row { const struct pen_form *form; const struct pen_value *values; long line; };
const struct pen_value *pen_formfile__value(const struct pen_formfile_row *row, const char *field);

/* Any other status of a visit than PEN_OK ends the reading, and gets the place. The
 * first line that cannot be is PEN_INPUT with its place; blank ones are left out. */
typedef enum pen_status pen_formfile_visit(void *context, const struct pen_formfile_row *row, struct pen_error *error);
enum pen_status pen_formfile__read(const char *path, const char *form, pen_formfile_visit *visit, void *context,
    struct pen_error *error);

#endif
