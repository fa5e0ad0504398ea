#include "store/proving.h"
#include "base/encode.h"
#include "base/error.h"
#include "base/text.h"
#include "store/batch.h"
#include "store/paragraphs.h"
#include "store/roots.h"
#include "store/sealing.h"

#include <inttypes.h>
#include <string.h>

#define SIGNATURES 8

/* A seal's text, which is long, its paragraphs, and the root over them that was signed. */
struct tree { char *text; struct pen_paragraphs *paragraphs; char root[PEN_DIGEST_HEX]; };

/* The proof in the making; its texts are in the arena. Invariant: entries and seals in
 * ascending order, none twice; tree[i] is of seal i. */
struct pen_proving {
	struct pen_store *store;
	struct pen_arena *arena;
	struct pen_proof proof;
	struct tree *tree;
};

enum pen_status pen_proving__open(struct pen_proving **proving, struct pen_store *store, struct pen_error *error)
{
	struct pen_proving *made = pen_memory__calloc(1, sizeof(*made));

	if (!made)
		return pen_error__memory(error);
	made->store = store;
	made->proof.suite = pen_store__suite(store);
	made->arena = pen_memory__arena();
	if (!made->arena) {
		pen_memory__free(made);
		return pen_error__memory(error);
	}
	*proving = made;
	return PEN_OK;
}

static void close_tree(struct tree *tree)
{
	pen_paragraphs__close(tree->paragraphs);
	pen_memory__free(tree->text);
}

void pen_proving__close(struct pen_proving *p)
{
	size_t i;

	if (!p)
		return;
	for (i = 0; i < p->proof.seals; i++)
		close_tree(&p->tree[i]);
	pen_memory__free(p->tree);
	pen_memory__free(p->proof.row);
	pen_memory__free(p->proof.seal);
	pen_memory__free(p->proof.entry);
	pen_memory__free(p->proof.key);
	pen_memory__drop(p->arena);
	pen_memory__free(p);
}

/* A list with room for one more at a place; NULL: no memory, and the list stays. */
static void *insert(void *list, size_t *count, size_t place, size_t size)
{
	char *made = pen_memory__realloc(list, *count + 1, size);

	if (!made)
		return NULL;
	memmove(made + (place + 1) * size, made + place * size, (*count - place) * size);
	memset(made + place * size, 0, size);
	++*count;
	return made;
}

static enum pen_status copy(struct pen_proving *p, const char *s, size_t n, const char **out, struct pen_error *error)
{
	*out = pen_memory__copy(p->arena, s, n);
	return *out ? PEN_OK : pen_error__memory(error);
}

/* --------------------------------------------------- entries and keys -- */

static enum pen_status not_granted(const char *staff, const char *what, int64_t at, struct pen_error *error)
{
	return pen_error__set(error, PEN_INTEGRITY, "prove.granted",
	    _("%s acted at entry %" PRId64 " without a grant in the store (%s): run pen-verify"), staff, at, what);
}

static enum pen_status add_key(struct pen_proving *p, const char *staff, const char *pem, struct pen_error *error)
{
	struct pen_proof_key *key;
	size_t i;
	enum pen_status status;
	void *list;

	for (i = 0; i < p->proof.keys; i++)
		if (strcmp(p->proof.key[i].staff, staff) == 0 && strcmp(p->proof.key[i].pem, pem) == 0)
			return PEN_OK;
	list = insert(p->proof.key, &p->proof.keys, i, sizeof(*key));
	if (!list)
		return pen_error__memory(error);
	p->proof.key = list;
	key = &p->proof.key[i];
	status = copy(p, staff, strlen(staff), &key->staff, error);
	return status == PEN_OK ? copy(p, pem, strlen(pem), &key->pem, error) : status;
}

static enum pen_status add_author(struct pen_proving *p, int64_t at, const char *role, struct pen_error *error);

/* An entry, with its author in the role by which they made it; nothing if it is there. */
static enum pen_status add_entry(struct pen_proving *p, int64_t at, const char *role, struct pen_error *error)
{
	size_t i;
	void *list;

	for (i = 0; i < p->proof.entries && p->proof.entry[i].at < at; i++)
		;
	if (i < p->proof.entries && p->proof.entry[i].at == at)
		return PEN_OK;
	list = insert(p->proof.entry, &p->proof.entries, i, sizeof(*p->proof.entry));
	if (!list)
		return pen_error__memory(error);
	p->proof.entry = list;
	p->proof.entry[i].at = at;
	return add_author(p, at, role, error);
}

/* Who made an entry, the key they had and the role they held then, and by which entries.
 * Grants come before what they allow, so this ends at the first entry. */
static enum pen_status add_author(struct pen_proving *p, int64_t at, const char *role, struct pen_error *error)
{
	struct pen_sealing_entry by;
	int64_t key, held;
	char *pem;
	enum pen_status status = pen_sealing__entry(p->store, at, &by, error);

	if (status == PEN_OK)
		status = pen_staff__key_since(p->store, by.staff, at, &pem, &key, error);
	if (status != PEN_OK)
		return status;
	status = pem ? add_key(p, by.staff, pem, error) : not_granted(by.staff, _("a key"), at, error);
	pen_memory__free(pem);
	if (status == PEN_OK)
		status = pen_staff__held_since(p->store, by.staff, role, at, &held, error);
	if (status == PEN_OK && held < 0)
		status = not_granted(by.staff, role, at, error);
	if (status == PEN_OK)
		status = add_entry(p, key, "head", error);
	return status == PEN_OK ? add_entry(p, held, "head", error) : status;
}

/* --------------------------------------------------------------- seals -- */

static enum pen_status not_signed(const struct pen_seal *seal, struct pen_error *error)
{
	return pen_error__set(error, PEN_INTEGRITY, "prove.seal",
	    _("seal %" PRId64 ": its text or the nodes over it are not what was signed: run pen-verify seals"), seal->id);
}

/* The entry of a signature names the root over the paragraphs; one that was made
 * before entries did says nothing of single folios. */
static enum pen_status check_named(struct pen_proving *p, const struct pen_seal *seal, int64_t at,
    const char *root, struct pen_error *error)
{
	struct pen_journal_entry entry;
	char named[PEN_DIGEST_HEX + 32];
	enum pen_status status = pen_journal__entry(p->store, at, &entry, error);

	if (status == PEN_OK) {
		snprintf(named, sizeof(named), "\"paragraphs\":\"%s\"", root);
		if (!strstr(entry.text.s, "\"paragraphs\":"))
			status = pen_error__refuse(error, "R4.2.3", "prove.older",
			    _("seal %" PRId64 " was signed before signatures named single folios, and can be proven as a whole alone: run pen-seal export %" PRId64),
			    seal->id, seal->batch);
		else if (!strstr(entry.text.s, named))
			status = not_signed(seal, error);
	}
	pen_text__free(&entry.text);
	return status;
}

static enum pen_status add_signatures(struct pen_proving *p, const struct pen_seal *seal,
    const char *root, struct pen_error *error)
{
	struct pen_seal_signature by[SIGNATURES];
	struct pen_sealing_entry closer;
	int64_t held = -1;
	size_t count, i;
	enum pen_status status = pen_sealing__signatures(p->store, seal->id, by, SIGNATURES, &count, error);

	for (i = 0; i < count && status == PEN_OK; i++) {
		status = check_named(p, seal, by[i].at, root, error);
		if (status == PEN_OK)
			status = add_entry(p, by[i].at, by[i].role, error);
	}
	if (status == PEN_OK)
		status = pen_sealing__entry(p->store, seal->ended_at, &closer, error);
	/* Whoever closes it holds one of its roles, and need not have signed. */
	for (i = 0; i < count && status == PEN_OK && held < 0; i++)
		status = pen_staff__held_since(p->store, closer.staff, by[i].role, seal->ended_at, &held, error);
	if (status == PEN_OK && held < 0)
		status = not_granted(closer.staff, _("a role of the seal"), seal->ended_at, error);
	return status == PEN_OK ? add_entry(p, seal->ended_at, by[i - 1].role, error) : status;
}

/* A place for a seal, its text and its paragraphs; they are the list's from here on. */
static enum pen_status place_seal(struct pen_proving *p, int64_t id, size_t i, struct tree *tree,
    struct pen_error *error)
{
	size_t trees = p->proof.seals;
	void *list = insert(p->tree, &trees, i, sizeof(*p->tree));

	if (list) {
		p->tree = list;
		list = insert(p->proof.seal, &p->proof.seals, i, sizeof(*p->proof.seal));
	}
	if (!list) {
		close_tree(tree);
		return pen_error__memory(error);
	}
	p->proof.seal = list;
	p->proof.seal[i].id = id;
	p->tree[i] = *tree;
	return PEN_OK;
}

/* The seal's text, as its paragraphs, to a place in the list. */
static enum pen_status load_seal(struct pen_proving *p, int64_t id, size_t i, struct pen_error *error)
{
	struct tree tree = { .text = NULL };
	enum pen_status status = pen_sealing__load_text(p->store, id, &tree.text, error);

	if (status == PEN_OK)
		status = pen_paragraphs__open(&tree.paragraphs, p->store, id, tree.text, error);
	if (status == PEN_OK)
		return place_seal(p, id, i, &tree, error);
	pen_memory__free(tree.text);
	return status;
}

/* A seal that is not there yet: its head, and who signed it. */
static enum pen_status take_seal(struct pen_proving *p, const struct pen_seal *seal, size_t i, struct pen_error *error)
{
	struct pen_sealtext_part head;
	int64_t number;
	enum pen_status status = load_seal(p, seal->id, i, error);

	if (status == PEN_OK)
		status = pen_paragraphs__find(p->tree[i].paragraphs, 0, &head, &number, &p->proof.seal[i].path, error);
	if (status == PEN_OK)
		status = copy(p, head.s, head.n, &p->proof.seal[i].head, error);
	if (status == PEN_OK)
		status = pen_paragraphs__root(p->tree[i].paragraphs, number, &p->proof.seal[i].path, p->tree[i].root, error);
	return status == PEN_OK ? add_signatures(p, seal, p->tree[i].root, error) : status;
}

/* The seal, once; *tree are its paragraphs, *root what is over them. */
static enum pen_status add_seal(struct pen_proving *p, const struct pen_seal *seal, struct pen_paragraphs **tree,
    const char **root, struct pen_error *error)
{
	enum pen_status status;
	size_t i;

	for (i = 0; i < p->proof.seals && p->proof.seal[i].id < seal->id; i++)
		;
	if (i == p->proof.seals || p->proof.seal[i].id != seal->id) {
		status = take_seal(p, seal, i, error);
		if (status != PEN_OK)
			return status;
	}
	*tree = p->tree[i].paragraphs;
	*root = p->tree[i].root;
	return PEN_OK;
}

/* ---------------------------------------------------------------- rows -- */

/* A folio that is not sealed: what is missing, and how to get it. */
static enum pen_status not_sealed(const struct pen_folio *folio, struct pen_error *error)
{
	return pen_error__refuse(error, "R4.2.3", "prove.sealed",
	    _("folio %" PRId64 " (%s%s%s) is %s, not sealed, and what is not sealed cannot be proven: run pen-seal sign %" PRId64 " as operator and lead (after pen-seal acknowledge, where the employer is asked), then pen-seal close %" PRId64),
	    folio->id, folio->form, folio->credit_code[0] ? " " : "", folio->credit_code,
	    pen_folio__state_name(folio->state), folio->batch, folio->batch);
}

static enum pen_status find_seal(struct pen_proving *p, const struct pen_folio *folio, struct pen_batch *batch,
    struct pen_seal *seal, struct pen_error *error)
{
	int64_t id = 0;
	bool found = false;
	enum pen_status status = pen_sealing__of_folio(p->store, folio->id, &id, error);

	if (status == PEN_OK)
		status = pen_sealing__find(p->store, id, seal, &found, error);
	if (status == PEN_OK && (!found || strcmp(seal->state, "closed") != 0 || folio->state != PEN_FOLIO_SEALED))
		return not_sealed(folio, error);
	if (status == PEN_OK)
		status = pen_batch__find(p->store, folio->batch, batch, &found, error);
	if (status == PEN_OK && !found)
		status = pen_error__set(error, PEN_INTEGRITY, "prove.batch",
		    _("folio %" PRId64 " is of batch %" PRId64 ", which is not in the store: run pen-verify"), folio->id, folio->batch);
	return status;
}

enum pen_status pen_proving__add(struct pen_proving *p, const struct pen_folio *folio, const struct pen_row *row,
    struct pen_error *error)
{
	struct pen_proof_row added = { .index = 0 };
	struct pen_text leaf = { 0 };
	struct pen_roots_place place;
	struct pen_paragraphs *tree;
	const char *signed_root = "";
	struct pen_sealtext_part part;
	struct pen_batch batch;
	struct pen_seal seal;
	char root[PEN_DIGEST_HEX];
	void *list;
	enum pen_status status = find_seal(p, folio, &batch, &seal, error);

	if (status == PEN_OK)
		status = add_seal(p, &seal, &tree, &signed_root, error);
	if (status == PEN_OK)
		status = pen_paragraphs__find(tree, folio->id, &part, &added.number, &added.seal_path, error);
	if (status == PEN_OK)
		status = pen_paragraphs__root(tree, added.number, &added.seal_path, root, error);
	if (status == PEN_OK && strcmp(root, signed_root) != 0)
		status = not_signed(&seal, error);
	if (status == PEN_OK)
		status = pen_roots__path(p->store, &batch, folio, row, &leaf, &place, error);
	if (status == PEN_OK)
		status = copy(p, part.s, part.n, &added.paragraph, error);
	if (status == PEN_OK)
		status = copy(p, leaf.s, leaf.n, &added.leaf, error);
	pen_text__free(&leaf);
	if (status != PEN_OK)
		return status;
	added.index = place.index;
	added.path = place.path;
	added.seal = seal.id;
	list = insert(p->proof.row, &p->proof.rows, p->proof.rows, sizeof(added));
	if (!list)
		return pen_error__memory(error);
	p->proof.row = list;
	p->proof.row[p->proof.rows - 1] = added;
	return PEN_OK;
}

/* -------------------------------------------------------------- ending -- */

int64_t pen_proving__size(const struct pen_proving *p)
{
	return p->proof.entries ? p->proof.entry[p->proof.entries - 1].at + 1 : 0;
}

static enum pen_status fill_entry(struct pen_proving *p, struct pen_proof_entry *entry, int64_t size,
    struct pen_error *error)
{
	char base64[PEN_BASE64_ROOM(PEN_SIGNATURE_ROOM)] = "-";
	struct pen_journal_entry stored;
	enum pen_status status = pen_journal__entry(p->store, entry->at, &stored, error);

	if (status == PEN_OK && stored.n)
		pen_encode__base64(stored.signature, stored.n, base64);
	if (status == PEN_OK)
		status = copy(p, stored.text.s, stored.text.n, &entry->text, error);
	if (status == PEN_OK)
		status = copy(p, base64, strlen(base64), &entry->signature, error);
	if (status == PEN_OK)
		status = pen_journal__path(p->store, entry->at, size, &entry->path, error);
	pen_text__free(&stored.text);
	return status;
}

enum pen_status pen_proving__end(struct pen_proving *p, const char *note, const struct pen_checkpoint *checkpoint,
    struct pen_text *text, struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; i < p->proof.entries && status == PEN_OK; i++)
		status = fill_entry(p, &p->proof.entry[i], checkpoint->size, error);
	if (status != PEN_OK)
		return status;
	p->proof.checkpoint = note;
	pen_proof__write(&p->proof, text);
	return text->failed ? pen_error__memory(error) : PEN_OK;
}

/* ------------------------------------------------------------- finding -- */

enum pen_status pen_proving__folios(struct pen_store *store, int64_t person, int64_t employer, int32_t year,
    int64_t **folios, size_t *count, struct pen_error *error)
{
	struct pen_statement *statement;
	int64_t *list = NULL, *more;
	bool row;
	enum pen_status status = pen_store__sql(store,
	    employer ? PEN_SQL_PROVING_FOLIOS_OF : PEN_SQL_PROVING_FOLIOS, &statement, error);

	*count = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, employer ? ":employer" : ":person", employer ? employer : person);
	pen_db__bind_int(statement, ":year", year);
	while ((status = pen_db__step(statement, &row, error)) == PEN_OK && row) {
		more = insert(list, count, *count, sizeof(*list));
		if (!more) {
			status = pen_error__memory(error);
			break;
		}
		list = more;
		list[*count - 1] = pen_db__int(statement, 0);
	}
	pen_db__reset(statement);
	if (status != PEN_OK) {
		pen_memory__free(list);
		return status;
	}
	*folios = list;
	return PEN_OK;
}

enum pen_status pen_proving__whose(struct pen_store *store, bool of_people, int64_t subject, int64_t *folio,
    int64_t *line, struct pen_error *error)
{
	struct pen_statement *statement;
	bool row;
	enum pen_status status = pen_store__sql(store,
	    of_people ? PEN_SQL_PROVING_REGISTRATION : PEN_SQL_PROVING_EMPLOYER, &statement, error);

	*folio = *line = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":subject", subject);
	status = pen_db__step(statement, &row, error);
	if (status == PEN_OK && row) {
		*folio = pen_db__int(statement, 0);
		*line = pen_db__int(statement, 1);
	}
	pen_db__reset(statement);
	return status;
}
