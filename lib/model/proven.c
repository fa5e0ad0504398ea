#include "model/proven.h"
#include "base/encode.h"
#include "base/error.h"

#include <inttypes.h>
#include <string.h>

/* --------------------------------------------------------------- seals -- */

static enum pen_status say(struct pen_proven *p, const struct pen_proven_seal *seal, const char *check,
    const char *found, const char *expected, struct pen_error *error)
{
	return pen_vouched__report(&p->vouched, check, found, expected, error, _("seal %" PRId64), seal->id);
}

/* "roles: operator lead" into the roles; false if it is not that. */
static bool read_roles(struct pen_proven_seal *seal)
{
	char roles[128], *word, *rest = NULL;

	if (!pen_sealtext__value(&seal->head, "roles", roles, sizeof(roles)))
		return false;
	for (word = strtok_r(roles, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		if (seal->roles == PEN_PROVEN_ROLES || strlen(word) >= sizeof(seal->role[0]))
			return false;
		memcpy(seal->role[seal->roles++], word, strlen(word) + 1);
	}
	return seal->roles > 0;
}

/* Whether the paragraphs of the seal, of which this is one, are those that were signed. */
static bool leads_to(struct pen_proven *p, const struct pen_proven_seal *seal, const struct pen_sealtext_part *part,
    int64_t number, const struct pen_merkle_path *path)
{
	unsigned char hash[PEN_DIGEST_SIZE];
	char root[PEN_DIGEST_HEX];
	int64_t folios;

	if (!seal->paragraphs[0] || !pen_sealtext__integer(&seal->head, "folios", &folios) || folios >= INT64_MAX)
		return false;
	pen_merkle__leaf_hash(p->vouched.tree, part->s, part->n, hash);
	return pen_merkle__climb(p->vouched.tree, hash, number, folios + 1, path, hash) &&
	    strcmp(pen_encode__hex(hash, sizeof(hash), root), seal->paragraphs) == 0;
}

/* The head says which seal it is, and is the paragraph that was signed first. */
static enum pen_status check_head(struct pen_proven *p, size_t i, struct pen_error *error)
{
	const struct pen_proof_seal *given = &p->vouched.proof->seal[i];
	struct pen_proven_seal *seal = &p->seal[i];
	char suite[32] = "";
	int64_t id = 0;

	if (!leads_to(p, seal, &seal->head, 0, &given->path))
		return say(p, seal, "proof.seal", _("its path does not lead to what was signed"),
		    _("the head of the seal as it was signed"), error);
	pen_sealtext__value(&seal->head, "suite", suite, sizeof(suite));
	if (!pen_sealtext__integer(&seal->head, "seal", &id) || id != seal->id ||
	    strcmp(suite, pen_digest__suite_name(p->vouched.proof->suite)) != 0)
		return say(p, seal, "proof.seal", _("the head of another seal"), _("the head of this one"), error);
	return PEN_OK;
}

static bool same_agency(const struct pen_proven_seal *seal, const struct pen_vouched_entry *grant)
{
	char agency[16];

	return pen_sealtext__value(&seal->head, "agency", agency, sizeof(agency)) &&
	    strcmp(pen_vouched__says(grant, "agency"), agency) == 0;
}

/* The signature in one role: the entry that made it, over the same paragraphs as the
 * others, by somebody who held the role for the agency and signed in no other. */
static enum pen_status check_role(struct pen_proven *p, struct pen_proven_seal *seal, int i, struct pen_error *error)
{
	const struct pen_vouched_entry *by;
	char subject[32];
	int k;

	snprintf(subject, sizeof(subject), "seal %" PRId64, seal->id);
	by = pen_vouched__act(&p->vouched, "seal.sign", subject, seal->role[i]);
	if (!by || !by->entry.staff)
		return say(p, seal, "proof.role", _("no signature"), seal->role[i], error);
	seal->by[i] = by;
	seal->grant[i] = pen_vouched__grant(&p->vouched, by->entry.staff, seal->role[i], by->entry.at);
	if (!seal->grant[i] || !same_agency(seal, seal->grant[i]))
		return say(p, seal, "proof.role", by->entry.staff,
		    _("somebody who held the role for the agency of the seal, by an entry of the proof"), error);
	for (k = 0; k < i; k++) {
		if (!seal->by[k])
			continue;
		if (strcmp(seal->by[k]->entry.staff, by->entry.staff) == 0)
			return say(p, seal, "proof.role", by->entry.staff, _("another person in each role"), error);
		if (seal->by[k]->entry.at >= by->entry.at ||
		    strcmp(pen_vouched__says(seal->by[k], "digest"), pen_vouched__says(by, "digest")) != 0 ||
		    strcmp(pen_vouched__says(by, "paragraphs"), seal->paragraphs) != 0)
			return say(p, seal, "proof.role", by->entry.staff, _("signatures one after the other over one text"), error);
	}
	return PEN_OK;
}

/* Closed by one of its roles, after the last signature, as it was signed. */
static enum pen_status check_closing(struct pen_proven *p, struct pen_proven_seal *seal, struct pen_error *error)
{
	const struct pen_vouched_entry *last = seal->by[seal->roles - 1], *closed, *grant = NULL;
	char subject[32];
	int i;

	snprintf(subject, sizeof(subject), "seal %" PRId64, seal->id);
	closed = pen_vouched__act(&p->vouched, "seal.close", subject, NULL);
	for (i = 0; closed && closed->entry.staff && i < seal->roles && !grant; i++) {
		grant = pen_vouched__grant(&p->vouched, closed->entry.staff, seal->role[i], closed->entry.at);
		if (grant && !same_agency(seal, grant))
			grant = NULL;
	}
	if (!grant || !last || closed->entry.at <= last->entry.at ||
	    strcmp(pen_vouched__says(closed, "digest"), pen_vouched__says(last, "digest")) != 0)
		return say(p, seal, "proof.seal", _("no closing"),
		    _("the entry by which somebody of its roles closed it after the last signature"), error);
	seal->closed = closed;
	seal->closer = grant;
	return PEN_OK;
}

static enum pen_status check_seal(struct pen_proven *p, size_t i, struct pen_error *error)
{
	const struct pen_proof_seal *given = &p->vouched.proof->seal[i];
	struct pen_proven_seal *seal = &p->seal[i];
	const struct pen_vouched_entry *first;
	char subject[32];
	enum pen_status status;
	int k;

	seal->id = given->id;
	seal->head = (struct pen_sealtext_part){ given->head, strlen(given->head) };
	if (!read_roles(seal))
		return say(p, seal, "proof.seal", _("no roles"), _("the roles that sign it"), error);
	snprintf(subject, sizeof(subject), "seal %" PRId64, seal->id);
	first = pen_vouched__act(&p->vouched, "seal.sign", subject, seal->role[0]);
	if (first && strlen(pen_vouched__says(first, "paragraphs")) < PEN_DIGEST_HEX)
		snprintf(seal->paragraphs, sizeof(seal->paragraphs), "%s", pen_vouched__says(first, "paragraphs"));
	status = check_head(p, i, error);
	for (k = 0; k < seal->roles && status == PEN_OK; k++)
		status = check_role(p, seal, k, error);
	return status == PEN_OK ? check_closing(p, seal, error) : status;
}

/* ---------------------------------------------------------------- rows -- */

static enum pen_status wrong(struct pen_proven *p, size_t i, const char *check, const char *found,
    const char *expected, struct pen_error *error)
{
	return pen_vouched__report(&p->vouched, check, found, expected, error, _("row %zu"), i + 1);
}

/* The leaf's JSON, its kind, and whose it is. */
static enum pen_status read_leaf(struct pen_proven *p, size_t i, struct pen_error *error)
{
	const char *leaf = p->vouched.proof->row[i].leaf, *record;
	struct pen_proven_row *row = &p->row[i];
	enum pen_status status = pen_json__parse(&row->leaf, leaf, strlen(leaf), error);

	if (status != PEN_OK && status != PEN_INPUT)
		return status;
	record = pen_json__string(pen_json__member(row->leaf, "record"));
	row->kind = record ? pen_kind__named(record) : NULL;
	if (row->kind && pen_json__integer(pen_json__member(row->leaf, row->kind->columns[PEN_SUBJECT].name), &row->subject))
		return PEN_OK;
	row->kind = NULL;
	return wrong(p, i, "proof.row", _("no row of a kind that this program knows"), _("a row as pen-seal(5) has it"), error);
}

/* From the leaf to the folio's root, which stands in the paragraph. */
static enum pen_status check_leaf(struct pen_proven *p, size_t i, struct pen_error *error)
{
	const struct pen_proof_row *given = &p->vouched.proof->row[i];
	const struct pen_sealtext_part *paragraph = &p->row[i].paragraph;
	unsigned char hash[PEN_DIGEST_SIZE];
	char root[PEN_DIGEST_HEX] = "", made[PEN_DIGEST_HEX];
	int64_t rows;

	pen_sealtext__value(paragraph, "root", root, sizeof(root));
	pen_merkle__leaf_hash(p->vouched.tree, given->leaf, strlen(given->leaf), hash);
	if (pen_sealtext__integer(paragraph, "rows", &rows) &&
	    pen_merkle__climb(p->vouched.tree, hash, given->index, rows, &given->path, hash) &&
	    strcmp(pen_encode__hex(hash, sizeof(hash), made), root) == 0)
		return PEN_OK;
	return wrong(p, i, "proof.row", _("its path does not lead to the root of its folio"),
	    _("the row as it was sealed"), error);
}

static enum pen_status check_row(struct pen_proven *p, size_t i, struct pen_error *error)
{
	const struct pen_proof_row *given = &p->vouched.proof->row[i];
	struct pen_proven_row *row = &p->row[i];
	enum pen_status status;
	size_t k;

	row->paragraph = (struct pen_sealtext_part){ given->paragraph, strlen(given->paragraph) };
	for (k = 0; k < p->vouched.proof->seals; k++)
		if (p->seal[k].id == given->seal)
			row->seal = &p->seal[k];
	status = read_leaf(p, i, error);
	if (status == PEN_OK)
		status = check_leaf(p, i, error);
	if (status != PEN_OK)
		return status;
	if (row->seal && given->number > 0 &&
	    leads_to(p, row->seal, &row->paragraph, given->number, &given->seal_path))
		return PEN_OK;
	return wrong(p, i, "proof.folio", _("its paragraph does not lead to what was signed"),
	    _("a folio of a seal of the proof"), error);
}

/* Rows that say themselves who they are about. */
static bool tells(const struct pen_proven_row *row)
{
	return row->kind && (row->kind->id == PEN_KIND_REGISTRATION || row->kind->id == PEN_KIND_EMPLOYER);
}

/* A row has a number; another row must tie that to a person or an employer. */
static enum pen_status check_whose(struct pen_proven *p, size_t i, struct pen_error *error)
{
	struct pen_proven_row *row = &p->row[i];
	size_t k;

	for (k = 0; k < p->vouched.proof->rows && row->kind && !row->whose; k++)
		if (tells(&p->row[k]) && p->row[k].subject == row->subject &&
		    p->row[k].kind->of_people == row->kind->of_people)
			row->whose = tells(row) ? row->leaf : p->row[k].leaf;
	if (row->whose || !row->kind)
		return PEN_OK;
	return wrong(p, i, "proof.person", _("nobody's"),
	    _("a registration, or an employer's own row, of the same number"), error);
}

/* ------------------------------------------------------------ the whole -- */

enum pen_status pen_proven__open(struct pen_proven *p, const struct pen_proof *proof, struct pen_arena *arena,
    const struct pen_vouched_options *options, struct pen_error *error)
{
	enum pen_status status;
	size_t i;

	*p = (struct pen_proven){ .seal = NULL };
	status = pen_vouched__open(&p->vouched, proof, arena, options, error);
	if (status != PEN_OK)
		return status;
	p->seal = pen_memory__take(arena, (proof->seals + 1) * sizeof(*p->seal));
	p->row = pen_memory__take(arena, (proof->rows + 1) * sizeof(*p->row));
	if (!p->seal || !p->row)
		return pen_error__memory(error);
	if (!proof->rows)
		status = pen_vouched__report(&p->vouched, "proof.row", _("no row"), _("a row at least"), error,
		    "%s", _("the proof"));
	for (i = 0; i < proof->seals && status == PEN_OK; i++)
		status = check_seal(p, i, error);
	for (i = 0; i < proof->rows && status == PEN_OK; i++)
		status = check_row(p, i, error);
	for (i = 0; i < proof->rows && status == PEN_OK; i++)
		status = check_whose(p, i, error);
	return status;
}

void pen_proven__close(struct pen_proven *p)
{
	size_t i;

	for (i = 0; p->row && i < p->vouched.proof->rows; i++)
		pen_json__free(p->row[i].leaf);
	pen_vouched__close(&p->vouched);
}
