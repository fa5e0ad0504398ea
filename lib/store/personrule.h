/* Rules over several records (share/rules), run for the people of a case alone, by the
 * same statements as pen-verify: whether what they find was found before too. */
#ifndef PEN_STORE_PERSONRULE_H
#define PEN_STORE_PERSONRULE_H

#include "store/sqlrule.h"

/* Invariant: what was found before stands by person, rule and field. */
struct pen_personrule;
enum pen_status pen_personrule__open(struct pen_personrule **rules, struct pen_store *store, struct pen_error *error);
void pen_personrule__close(struct pen_personrule *rules);	/* NULL is fine */

/* Before anything is written: what is found of a person, and of the registration in the
 * folio (0: none), is kept. */
enum pen_status pen_personrule__before(struct pen_personrule *rules, int64_t person, int64_t registration, struct pen_error *error);

/* Afterwards: what is found and was not, each once. The texts of a finding are for the
 * length of the visit. */
enum pen_status pen_personrule__after(struct pen_personrule *rules, int64_t person, int64_t registration,
    pen_sqlrule_visit *visit, void *context, struct pen_error *error);

#endif
