/* Who retired, with what their retirement says: the newest version of each, as a report of
 * a journal index sees it. */
#ifndef PEN_STORE_RETIRED_H
#define PEN_STORE_RETIRED_H

#include "store/people.h"
#include "store/rows.h"

/* An amount or a number that may not be told. */
struct pen_retired_number { int64_t i; bool told; };

/* Dates, months and numbers of days are 0, texts "" where nothing is told. basis "assessed":
 * by the system's own computation (R4.3.1b). */
struct pen_retired_record {
	int64_t person, employer, folio, line;
	bool sealed;
	char id_number[32], name[256], basis[24];
	int sex;
	int32_t born, worked_on, retired_on, benefit_from;
	struct pen_retired_number paid_months, deemed_months;
	struct pen_retired_number basic, account, transitional, extra, pension;
};

/* One person's; *found false: there is none, or none of the employer (0: any). Of several,
 * as where a further form came in, the newest. */
enum pen_status pen_retired__of(struct pen_store *store, int64_t person, int64_t employer, int64_t as_of,
    struct pen_retired_record *retired, bool *found, struct pen_error *error);

/* The folio by which somebody first came in, by form or by assessment; 0: by none. */
enum pen_status pen_retired__first(struct pen_store *store, int64_t person, int64_t as_of, int64_t *folio, struct pen_error *error);

/* Who somebody is, as registered, else as their retirement says; "": nothing is known. */
enum pen_status pen_retired__name(struct pen_store *store, int64_t person, int64_t as_of, struct pen_someone *who,
    struct pen_error *error);

/* The people of a folio of kind retirement or assessment, replaced rows too, in order: `most` of those
 * behind one (0: from the first). */
enum pen_status pen_retired__people(struct pen_store *store, int64_t folio, int64_t after, int64_t *people, size_t most,
    size_t *count, struct pen_error *error);

#endif
