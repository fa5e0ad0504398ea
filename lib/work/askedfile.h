/* What is asked for in a file: a line for each field of a record, as CSV (form
 * application) or, where the name ends in .json, as a JSON array of objects, or the
 * "rows" of a document, with the same keys. */
#ifndef PEN_WORK_ASKEDFILE_H
#define PEN_WORK_ASKEDFILE_H

#include "pen.h"

/* One field. NULL and 0: not told; value "": it is to be empty. Valid during the visit. */
struct pen_asked {
	const char *form, *id_number, *credit_code, *field, *old, *value;
	int32_t year;
	int64_t record;		/* the line of a row that stands, or one that tells missing rows apart */
	long line;		/* of the file, or which of the array; 0: none */
};
typedef enum pen_status pen_askedfile_visit(void *context, const struct pen_asked *asked, struct pen_error *error);

/* Lines that leave their field as it is are not visited. What a visit fails with gets
 * the place. */
enum pen_status pen_askedfile__read(const char *path, pen_askedfile_visit *visit, void *context, struct pen_error *error);

#endif
