/* What batches are read under: forms, the rule set, parameters; each kept in
 * the store by digest, contents included. */
#ifndef PEN_STORE_SETTINGS_H
#define PEN_STORE_SETTINGS_H

#include <limits.h>

#include "model/form.h"
#include "model/parameter.h"
#include "store/blob.h"

/* The form of that name from share/forms, and its digest; PEN_USAGE lists the
 * forms if there is none. store NULL: no digest wanted. */
enum pen_status pen_settings__form(struct pen_store *store, const char *name, struct pen_form **form,
    char digest[PEN_DIGEST_HEX], struct pen_error *error);
/* The form as it was kept under a digest. */
enum pen_status pen_settings__kept_form(struct pen_store *store, const char *digest, struct pen_form **form, struct pen_error *error);
/* Form names in share/forms, sorted, at most `room`; each at most 63 bytes. */
enum pen_status pen_settings__form_names(char (*names)[64], size_t room, size_t *count, struct pen_error *error);

/* Where an agency keeps rules of its own: PEN_RULES, else "rules" in the directory of
 * its store; *any: it is there. PEN_USAGE: PEN_RULES names what is not. */
enum pen_status pen_settings__own_rules(const char *store_dir, char out[PATH_MAX], bool *any, struct pen_error *error);
/* Digest of the rule set: the catalogue of the C rules (id, class, severity,
 * clause, a line each), every file of share/rules (name, digest, a line each), and
 * those of the agency's own likewise, with "own/" before the name. */
enum pen_status pen_settings__rules(struct pen_store *store, char digest[PEN_DIGEST_HEX], struct pen_error *error);

/* The same for a verification: a set that no batch was read under is kept like those
 * of batches, in a transaction of its own; not on a copy. */
enum pen_status pen_settings__name_rules(struct pen_store *store, char digest[PEN_DIGEST_HEX], struct pen_error *error);

/* The parameter tables in force at an index, and the digest of their list
 * ("name digest" lines, sorted by name). */
enum pen_status pen_settings__parameters(struct pen_store *store, int64_t at,
    struct pen_parameters **parameters, char digest[PEN_DIGEST_HEX], struct pen_error *error);
/* Checks a table and puts it in force from `at` on. */
enum pen_status pen_settings__load(struct pen_store *store, const char *name, const char *csv, size_t n,
    int64_t at, char digest[PEN_DIGEST_HEX], struct pen_error *error);

/* The tables in force at an index, by name. A visit asks nothing about tables. */
struct pen_settings_table { const char *name, *digest; int64_t at; };
typedef enum pen_status pen_settings_visit(void *context, const struct pen_settings_table *table, struct pen_error *error);
enum pen_status pen_settings__each_table(struct pen_store *store, int64_t at, pen_settings_visit *visit,
    void *context, struct pen_error *error);
/* Names of the tables that came with the program (share/params), at most `room`. */
enum pen_status pen_settings__shipped(char (*names)[64], size_t room, size_t *count, struct pen_error *error);

/* Keeps form, rule set (of the digest that pen_settings__rules gave) and parameters in
 * force as blobs, for a batch that is read under them. Inside the caller's transaction. */
enum pen_status pen_settings__keep(struct pen_store *store, const char *form, const char *rules_digest, int64_t at,
    struct pen_error *error);

#endif
