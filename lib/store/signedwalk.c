#include "store/signedwalk.h"

#include "base/error.h"
#include "base/memory.h"
#include "model/entry.h"
#include "model/sealtext.h"
#include "store/hand.h"
#include "store/paragraphs.h"

#include <inttypes.h>
#include <string.h>

#define SIGNATURES 8		/* more than any form asks for */

static struct pen_store *store_of(const struct pen_walk *walk)
{
	return walk->session->store;
}

/* A seal under examination, with all that belongs to it. */
struct sealed {
	struct pen_walk *walk;
	const struct pen_batch *batch;
	const struct pen_seal *seal;
	struct pen_form *form;
	char *text;
	struct pen_folio *folios;
	size_t count;
	struct pen_seal_signature signatures[SIGNATURES];
	size_t signed_by;
	char paragraphs[PEN_DIGEST_HEX];	/* the root over those of the text */
	bool nodes;				/* the nodes kept are theirs */
};

static enum pen_status say(struct sealed *s, const char *rule, const char *field, const char *found,
    const char *expected, struct pen_error *error)
{
	return pen_walk__report(s->walk, &(struct pen_walk_place){ rule, field, found, expected, s->batch->id, 0 },
	    error, _("seal %" PRId64 " of batch %" PRId64), s->seal->id, s->batch->id);
}

/* The folio that a line of a seal's text speaks of; 0 in its head. */
static int64_t folio_of_line(const char *text, long line)
{
	int64_t folio = 0;

	for (; line > 0 && text != NULL; line--) {
		if (strncmp(text, "folio: ", 7) == 0)
			folio = strtoll(text + 7, NULL, 10);
		text = strchr(text, '\n');
		text = text == NULL ? NULL : text + 1;
	}
	return folio;
}

/* The first line in which the store disagrees with what was signed. */
static enum pen_status report_line(struct sealed *s, const char *now, struct pen_error *error)
{
	char found[121], expected[121], field[40];
	long line = pen_sealtext__differ(now, s->text, found, expected);
	int64_t folio;

	if (line == 0)
		return PEN_OK;
	snprintf(field, sizeof(field), "%.*s", (int)strcspn(expected, ":"), expected);
	if (strcmp(field, "previous") == 0)
		return say(s, "seal.chain", field, found, expected, error);
	folio = folio_of_line(s->text, line);
	if (folio == 0)
		return say(s, "seal.text", field, found, expected, error);
	return pen_walk__report(s->walk,
	    &(struct pen_walk_place){ "seal.text", field, found, expected, s->batch->id, 0 }, error,
	    _("seal %" PRId64 " of batch %" PRId64 ", folio %" PRId64), s->seal->id, s->batch->id, folio);
}

static enum pen_status check_text(struct sealed *s, struct pen_error *error)
{
	struct pen_text now = { NULL, 0, 0, false };
	char digest[PEN_DIGEST_HEX], previous[PEN_DIGEST_HEX];
	enum pen_status status = pen_store__digest(store_of(s->walk), s->text, strlen(s->text), digest, error);

	if (status == PEN_OK && strcmp(digest, s->seal->digest) != 0)
		status = say(s, "seal.text", "digest", s->seal->digest, digest, error);
	if (status == PEN_OK && !s->nodes)
		status = say(s, "seal.nodes", "hash", _("nodes that are not those of the paragraphs"),
		    _("the nodes kept with the text"), error);
	if (status == PEN_OK && s->count == 0)
		return say(s, "seal.text", "folios", _("no folio"), _("the folios of the signed text"), error);
	if (status == PEN_OK)
		status = pen_sealing__previous(store_of(s->walk), s->seal->id, previous, error);
	if (status == PEN_OK)
		status = pen_sealing__text(store_of(s->walk), s->seal->id, previous, s->batch, s->folios, s->count, &now, error);
	if (status == PEN_OK)
		status = report_line(s, now.s, error);
	pen_text__free(&now);
	return status;
}

/* ---------------------------------------------------------- signatures -- */

static bool is_act(const struct pen_sealing_entry *entry, const char *act, int64_t seal)
{
	char subject[32];

	snprintf(subject, sizeof(subject), "seal %" PRId64, seal);
	return strcmp(entry->act, act) == 0 && strcmp(entry->subject, subject) == 0;
}

/* The root over the paragraphs, by which single folios are proven: the entry says it,
 * but for those that were made before entries did. */
static enum pen_status check_paragraphs(struct sealed *s, const struct pen_seal_signature *by, struct pen_error *error)
{
	struct pen_journal_entry entry;
	char said[PEN_DIGEST_HEX];
	enum pen_status status = pen_journal__entry(store_of(s->walk), by->at, &entry, error);

	if (status == PEN_OK)
		status = pen_entry__digest(entry.text.s, "paragraphs", said, error);
	if (status == PEN_OK && said[0] && strcmp(said, s->paragraphs) != 0)
		status = say(s, "seal.text", "paragraphs", s->paragraphs, said, error);
	pen_text__free(&entry.text);
	return status;
}

/* A signature is an act: the journal has it, by the same person. */
static enum pen_status check_entry(struct sealed *s, const struct pen_seal_signature *by, struct pen_error *error)
{
	struct pen_sealing_entry entry;
	char found[160], expected[160];
	enum pen_status status = pen_sealing__entry(store_of(s->walk), by->at, &entry, error);

	if (status == PEN_OK && is_act(&entry, "seal.sign", s->seal->id) && strcmp(entry.staff, by->staff) == 0)
		return check_paragraphs(s, by, error);
	if (status != PEN_OK)
		return status;
	snprintf(found, sizeof(found), _("entry %" PRId64 ": %s of %s by %s"), by->at,
	    entry.act[0] ? entry.act : "-", entry.subject[0] ? entry.subject : "-", entry.staff[0] ? entry.staff : "-");
	snprintf(expected, sizeof(expected), _("seal.sign of seal %" PRId64 " by %s"), s->seal->id, by->staff);
	return say(s, "seal.signature", "at", found, expected, error);
}

/* Whether that person could sign in that role: NULL, or what stands against it. */
static enum pen_status bar(struct sealed *s, size_t i, const char **why, struct pen_error *error)
{
	const struct pen_seal_signature *by = &s->signatures[i];
	struct pen_store *store = store_of(s->walk);
	struct pen_staff staff;
	bool holds, known, had = false;
	size_t k;
	enum pen_status status = pen_staff__find(store, by->staff, &staff, &known, error);

	if (status == PEN_OK)
		status = pen_staff__holds(store, by->staff, by->role, by->at, &holds, error);
	if (status == PEN_OK && i > 0)
		status = pen_hand__had(store, by->staff, s->batch, s->folios, s->count, &had, error);
	if (status != PEN_OK)
		return status;
	*why = NULL;
	if (!known)
		*why = _("nobody of that name is on the staff");
	else if (!holds)
		*why = _("the role was not held at that entry");
	else if (strcmp(staff.agency, s->batch->agency) != 0)
		*why = _("somebody of another agency");
	else if (had)
		*why = _("somebody who brought the batch in, or confirmed it");
	for (k = 0; k < i && *why == NULL; k++) {
		if (strcmp(s->signatures[k].staff, by->staff) == 0)
			*why = _("somebody who signed in another role already");
	}
	return PEN_OK;
}

static enum pen_status check_signature(struct sealed *s, size_t i, struct pen_error *error)
{
	const struct pen_seal_signature *by = &s->signatures[i];
	const char *why, *asked = i < (size_t)s->form->roles ? s->form->role[i] : _("no further signature");
	char found[160], expected[160];
	enum pen_status status;

	status = pen_walk__signed(s->walk, by->staff, by->at, s->text, strlen(s->text), by->bytes, by->n, &why, error);
	if (status == PEN_OK && why != NULL) {
		snprintf(expected, sizeof(expected), _("a signature by %s (%s) over the seal's text"), by->staff, by->role);
		status = say(s, "seal.signature", by->role, why, expected, error);
	}
	if (status == PEN_OK && strcmp(asked, by->role) != 0)
		status = say(s, "seal.role", by->role, by->role, asked, error);
	if (status == PEN_OK)
		status = bar(s, i, &why, error);
	if (status == PEN_OK && why != NULL) {
		snprintf(found, sizeof(found), "%s: %s", by->staff, why);
		snprintf(expected, sizeof(expected), _("a %s of agency %s who had no part in the batch before"),
		    by->role, s->batch->agency);
		status = say(s, "seal.role", by->role, found, expected, error);
	}
	if (status == PEN_OK)
		status = check_entry(s, by, error);
	return status;
}

/* ---------------------------------------------------------------- state -- */

/* Open: signed by somebody, and not ended. Closed: signed by all, and both
 * ends by the journal. */
static enum pen_status check_state(struct sealed *s, struct pen_error *error)
{
	const char *state = s->seal->state;
	bool open = strcmp(state, "open") == 0, closed = strcmp(state, "closed") == 0;
	struct pen_sealing_entry entry = { .staff = "" };
	char found[64], expected[64];
	size_t least = closed ? (size_t)s->form->roles : 1;
	enum pen_status status = PEN_OK;

	if (s->signed_by < least) {
		snprintf(found, sizeof(found), _("%zu signatures"), s->signed_by);
		snprintf(expected, sizeof(expected), _("%zu, as it is %s"), least, state);
		status = say(s, "seal.role", "signatures", found, expected, error);
	}
	if (status == PEN_OK)
		status = pen_sealing__entry(store_of(s->walk), s->seal->at, &entry, error);
	if (status == PEN_OK && !is_act(&entry, "seal.sign", s->seal->id)) {
		snprintf(found, sizeof(found), _("entry %" PRId64 ": %s"), s->seal->at, entry.act[0] ? entry.act : "-");
		status = say(s, "seal.state", "at", found, _("the entry of its first signature"), error);
	}
	if (status != PEN_OK || (open && s->seal->ended_at < 0))
		return status;
	status = pen_sealing__entry(store_of(s->walk), s->seal->ended_at, &entry, error);
	if (status == PEN_OK && (open || !is_act(&entry, closed ? "seal.close" : "seal.void", s->seal->id))) {
		snprintf(found, sizeof(found), _("%s, by entry %" PRId64 ": %s"), state, s->seal->ended_at,
		    entry.act[0] ? entry.act : "-");
		status = say(s, "seal.state", "state", found, _("the state that the journal made"), error);
	}
	return status;
}

static void let_go(struct sealed *s)
{
	pen_form__free(s->form);
	pen_memory__free(s->text);
	pen_memory__free(s->folios);
}

static enum pen_status take_up(struct sealed *s, struct pen_error *error)
{
	struct pen_store *store = store_of(s->walk);
	enum pen_status status = pen_settings__kept_form(store, s->batch->form_digest, &s->form, error);

	if (status == PEN_OK)
		status = pen_sealing__load_text(store, s->seal->id, &s->text, error);
	if (status == PEN_OK)
		status = pen_sealing__folios(store, s->seal->id, &s->folios, &s->count, error);
	if (status == PEN_OK)
		status = pen_sealing__signatures(store, s->seal->id, s->signatures, SIGNATURES, &s->signed_by, error);
	if (status == PEN_OK)
		status = pen_paragraphs__compare(store, s->seal->id, s->text, s->paragraphs, &s->nodes, error);
	return status;
}

enum pen_status pen_signedwalk__seal(struct pen_walk *walk, const struct pen_batch *batch,
    const struct pen_seal *seal, struct pen_error *error)
{
	struct sealed s = { .walk = walk, .batch = batch, .seal = seal };
	char record[64];
	size_t i;
	enum pen_status status = take_up(&s, error);

	walk->seals++;
	if (status == PEN_OK)
		status = check_state(&s, error);
	for (i = 0; i < s.signed_by && status == PEN_OK; i++)
		status = check_signature(&s, i, error);
	if (status == PEN_OK)
		status = check_text(&s, error);
	snprintf(record, sizeof(record), _("seal %" PRId64 " of batch %" PRId64), seal->id, batch->id);
	status = pen_walk__damage(walk, status, "seal.text", batch->id, record, error);
	let_go(&s);
	return status;
}
