/* Who is who, as a report of a journal index shows it: people and employers by
 * their identifiers, their names as registered last, and who signed a folio. */
#ifndef PEN_STORE_PEOPLE_H
#define PEN_STORE_PEOPLE_H

#include "store/store.h"

struct pen_someone { int64_t person; char id_number[32], name[256]; };
struct pen_business { int64_t employer; char credit_code[32], name[256]; };

/* A column's text to a field of fixed room, cut at a whole character; null is "". */
void pen_people__text(struct pen_statement *statement, int column, char *out, size_t room);

/* By citizen id, of 18 characters or 15. PEN_USAGE: no such id, or nobody
 * registered by then. */
enum pen_status pen_people__person(struct pen_store *store, const char *id, int64_t as_of,
    struct pen_someone *someone, struct pen_error *error);
/* The number that goes by a citizen id, whoever said so; 0: none. PEN_USAGE: no such id. */
enum pen_status pen_people__number(struct pen_store *store, const char *id, int64_t *person, struct pen_error *error);
/* By number; what is not known is "". */
enum pen_status pen_people__name(struct pen_store *store, int64_t person, int64_t as_of,
    struct pen_someone *someone, struct pen_error *error);

/* Somebody as a message names them, by citizen id and name: into out, which it returns. */
#define PEN_PEOPLE_CALLED 304
const char *pen_people__called(struct pen_store *store, int64_t person, char out[PEN_PEOPLE_CALLED]);

/* By credit code; PEN_USAGE as above. */
enum pen_status pen_people__employer(struct pen_store *store, const char *credit_code, int64_t as_of,
    struct pen_business *business, struct pen_error *error);
/* By number, 0 too: what is not known is "". */
enum pen_status pen_people__business(struct pen_store *store, int64_t employer, int64_t as_of,
    struct pen_business *business, struct pen_error *error);

/* Who signed a folio in a role, and when; staff "": nobody. */
struct pen_signer { char staff[64], name[128], time[24]; };
enum pen_status pen_people__signer(struct pen_store *store, int64_t folio, const char *role,
    int64_t as_of, struct pen_signer *signer, struct pen_error *error);

#endif
