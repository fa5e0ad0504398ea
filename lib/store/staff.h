/* Staff: who they are, their keys, their roles, all by journal index. */
#ifndef PEN_STORE_STAFF_H
#define PEN_STORE_STAFF_H

#include "adapter/signature.h"
#include "store/store.h"

struct pen_staff { char id[64], name[128], agency[7]; };

/* An id that can stand in a file's name, and a name of one line (NULL: not
 * given); PEN_USAGE if they are not. */
enum pen_status pen_staff__check(const char *id, const char *name, struct pen_error *error);
enum pen_status pen_staff__check_name(const char *name, struct pen_error *error);
/* An agency of the store: its own, or a county of it; PEN_USAGE if it is none. */
enum pen_status pen_staff__check_agency(const char *own, const char *agency, struct pen_error *error);

enum pen_status pen_staff__find(struct pen_store *store, const char *id, struct pen_staff *staff,
    bool *found, struct pen_error *error);
enum pen_status pen_staff__enter(struct pen_store *store, const struct pen_staff *staff, int64_t at, struct pen_error *error);
enum pen_status pen_staff__set_key(struct pen_store *store, const char *id, int64_t at,
    const char *public_pem, struct pen_error *error);
/* The public key in force for acts at an index, PEM; free with pen_memory__free.
 * NULL: none. A key counts as a grant does: from the entry after its own. */
enum pen_status pen_staff__key_at(struct pen_store *store, const char *id, int64_t at, char **pem, struct pen_error *error);
/* The same, with the entry that put it in force. */
enum pen_status pen_staff__key_since(struct pen_store *store, const char *id, int64_t at, char **pem, int64_t *since,
    struct pen_error *error);
/* Who else has or had this key, the log included: compared as keys, in whatever
 * form they were written. pen_memory__free; NULL: nobody. */
enum pen_status pen_staff__key_owner(struct pen_store *store, const char *id, const struct pen_key *key,
    char **owner, struct pen_error *error);
/* A public key from a file, and the PEM by which the store knows it
 * (pen_memory__free). */
enum pen_status pen_staff__read_public(enum pen_suite suite, const char *path, struct pen_key **key,
    char **pem, struct pen_error *error);

/* Grants (true) or revokes from `at` on. */
enum pen_status pen_staff__set_role(struct pen_store *store, const char *id, const char *role,
    int64_t at, bool granted, struct pen_error *error);
/* A grant made by entry g holds for acts at index > g, until an entry r revokes
 * it (acts at index > r). The first entry of all, made by init, holds from 0. */
enum pen_status pen_staff__holds(struct pen_store *store, const char *id, const char *role, int64_t at,
    bool *holds, struct pen_error *error);
/* The entry that granted the role as it is held then; -1: it is not held. */
enum pen_status pen_staff__held_since(struct pen_store *store, const char *id, const char *role, int64_t at,
    int64_t *since, struct pen_error *error);
bool pen_staff__is_role(const char *role);
extern const char *const pen_staff__roles[];	/* all of them; ends in NULL */

/* Every grant and revocation, by staff, role, index. A visit asks the store
 * nothing about staff. */
typedef enum pen_status pen_staff_visit(void *context, const struct pen_staff *staff, const char *role,
    bool granted, int64_t at, struct pen_error *error);
enum pen_status pen_staff__each(struct pen_store *store, pen_staff_visit *visit, void *context, struct pen_error *error);

#endif
