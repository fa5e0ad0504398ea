/* Assessments that are there: the newest of each person, as a journal index shows it. */
#ifndef PEN_STORE_ASSESSED_H
#define PEN_STORE_ASSESSED_H

#include "store/folio.h"

/* folio 0: there is none. trace "": none. */
struct pen_assessed {
	int64_t person, folio, line, batch;
	int64_t pension_fen;
	int32_t retired_on, benefit_from;
	char route[24];			/* pen_retiring__route_name */
	bool sealed, provisional;
	char trace[PEN_DIGEST_HEX];
};

/* The newest that is confirmed, and whether it is sealed. */
enum pen_status pen_assessed__of_person(struct pen_store *store, int64_t person, int64_t as_of, struct pen_assessed *assessed,
    struct pen_error *error);
/* Whether somebody's benefit came in by a retirement form (R4.3.1a, c): the folio; 0: no. */
enum pen_status pen_assessed__by_form(struct pen_store *store, int64_t person, int64_t as_of, int64_t *folio, struct pen_error *error);

#endif
