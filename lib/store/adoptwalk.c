#include "store/adoptwalk.h"
#include "base/encode.h"
#include "base/error.h"
#include "store/adoption.h"
#include "store/journal.h"

#include <inttypes.h>
#include <string.h>

static enum pen_status report(struct pen_walk *walk, const struct pen_adoption *adoption, const char *field,
    const char *found, const char *expected, struct pen_error *error)
{
	enum pen_status status;

	walk->entry = adoption->first + 1;
	status = pen_walk__report(walk, &(struct pen_walk_place){ "restore.signed", field, found, expected, 0, 0 }, error,
	    _("snapshot %s, put into service by journal entry %" PRId64), adoption->snapshot, adoption->first);
	walk->entry = 0;
	return status;
}

/* The first act from an entry on, before another; `act` is "" if there is none. */
static enum pen_status first_act(struct pen_walk *walk, int64_t from, int64_t to, int64_t *at, char act[64],
    struct pen_error *error)
{
	struct pen_statement *s;
	const char *text;
	bool row;
	enum pen_status status = pen_store__sql(walk->session->store, PEN_SQL_ADOPTION_BETWEEN, &s, error);

	act[0] = '\0';
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":from", from);
	pen_db__bind_int(s, ":to", to);
	status = pen_db__step(s, &row, error);
	if (status == PEN_OK && row) {
		*at = pen_db__int(s, 0);
		text = pen_db__text(s, 1);
		snprintf(act, 64, "%s", text ? text : "?");
	}
	pen_db__reset(s);
	return status;
}

/* From what was restored to the second signature nothing is done; with one alone, nothing
 * at all. */
static enum pen_status check_between(struct pen_walk *walk, const struct pen_adoption *adoption, struct pen_error *error)
{
	int64_t end = adoption->at >= 0 ? adoption->at : walk->size, at = 0;
	char act[64], found[128];
	enum pen_status status = first_act(walk, adoption->size, end, &at, act, error);

	if (status != PEN_OK || !act[0])
		return status;
	snprintf(found, sizeof(found), _("entry %" PRId64 " (%s)"), at, act);
	return report(walk, adoption, adoption->at >= 0 ? "at" : "signature", found, adoption->at >= 0 ?
	    _("no act between what was restored and the second signature") :
	    _("no act before a dba and a head or system lead have signed, two people"), error);
}

static enum pen_status check_root(struct pen_walk *walk, const struct pen_adoption *adoption, struct pen_error *error)
{
	struct pen_checkpoint had;
	char root[PEN_DIGEST_HEX] = "";
	char size[32];
	enum pen_status status;

	if (adoption->size > adoption->first) {
		snprintf(size, sizeof(size), "%" PRId64, adoption->size);
		return report(walk, adoption, "size", size, _("no more entries than stand before it"), error);
	}
	status = pen_journal__checkpoint(walk->session->store, adoption->size, &had, error);
	if (status != PEN_OK)
		return pen_walk__damage(walk, status, "restore.signed", 0, adoption->snapshot, error);
	pen_encode__hex(had.root, sizeof(had.root), root);
	return strcmp(root, adoption->root) == 0 ? PEN_OK : report(walk, adoption, "root", root, adoption->root, error);
}

static enum pen_status check(void *context, const struct pen_adoption *adoption, struct pen_error *error)
{
	struct pen_walk *walk = context;
	enum pen_status status = check_between(walk, adoption, error);

	return status == PEN_OK ? check_root(walk, adoption, error) : status;
}

enum pen_status pen_adoptwalk__run(struct pen_walk *walk, struct pen_error *error)
{
	return pen_adoption__each(walk->session->store, walk->size, check, walk, error);
}
