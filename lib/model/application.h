/* An application as the text that its signatures stand for (pen-application(5)):
 *
 *	pen-application/v1
 *	case: 4
 *	form: change
 *	revision: 1
 *	agency: 330106
 *	requested-by: op1
 *	reason: 基数录错
 *	original: <digest>
 *	evidence: <digest>
 *	issue: 3
 *	record: {"employer":3,"folio":5,"form":"breakdown","kind":"contribution","line":17,"number":1,"period":2024,"subject":21}
 *	field: {"follows":0,"name":"base_fen","new":650000,"number":1,"old":600000,"record":1}
 *
 * each line ended by LF; `issue` of an objection alone. A record that is missing has
 * no folio and no line. Numbers are those of the store. */
#ifndef PEN_MODEL_APPLICATION_H
#define PEN_MODEL_APPLICATION_H

#include "base/text.h"

/* The digests are of the two papers. issue 0: none. */
struct pen_application {
	int64_t amendment, revision, issue;
	const char *form, *agency, *requested_by, *reason, *original, *evidence;
};
/* folio and line 0: missing; employer 0: none. */
struct pen_application_record {
	int64_t number, folio, subject, line, employer, period;
	const char *kind, *form;
};
/* old and new: canonical JSON scalars. */
struct pen_application_field { int64_t record, number, follows; const char *name, *old, *new; };

/* No line break may be in a text (assert). Records come by number, their fields behind
 * each. */
void pen_application__head(struct pen_text *text, const struct pen_application *application);
void pen_application__record(struct pen_text *text, const struct pen_application_record *record);
void pen_application__field(struct pen_text *text, const struct pen_application_field *field);

#endif
