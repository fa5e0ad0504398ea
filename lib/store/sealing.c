#include "store/sealing.h"
#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/sealtext.h"
#include "store/paragraphs.h"
#include "store/roots.h"
#include "store/settings.h"

#include <assert.h>
#include <string.h>

#define SLICE 64	/* seals read at a time, as the statements' LIMIT says */

/* The first row of a statement that is bound; *row false: none. The caller
 * resets it. */
static enum pen_status first(struct pen_statement *statement, bool *row, struct pen_error *error)
{
	enum pen_status status = pen_db__step(statement, row, error);

	if (status != PEN_OK)
		pen_db__reset(statement);
	return status;
}

/* A column's text to a field of fixed room; what tampering made longer is cut,
 * and then differs from what it should be. */
static void copy(char *out, size_t room, struct pen_statement *statement, int column)
{
	const char *s = pen_db__text(statement, column);
	size_t n = s == NULL ? 0 : strlen(s);

	if (n >= room)
		n = room - 1;
	if (n > 0)
		memcpy(out, s, n);
	out[n] = '\0';
}

/* --------------------------------------------------------- agreements -- */

/* The newest answer before an entry. */
static enum pen_status agreement_before(struct pen_store *store, int64_t folio, int64_t before,
    struct pen_agreement *agreement, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_SEALING_AGREEMENT, &statement, error);
	bool row;

	if (status != PEN_OK)
		return status;
	*agreement = (struct pen_agreement){ .answered_on = 0 };
	pen_db__bind_int(statement, ":folio", folio);
	pen_db__bind_int(statement, ":before", before);
	status = first(statement, &row, error);
	if (status != PEN_OK)
		return status;
	if (row) {
		copy(agreement->answer, sizeof(agreement->answer), statement, 0);
		agreement->answered_on = (int32_t)pen_db__int(statement, 1);
		copy(agreement->document, sizeof(agreement->document), statement, 2);
	}
	pen_db__reset(statement);
	return PEN_OK;
}

enum pen_status pen_sealing__agreement(struct pen_store *store, int64_t folio,
    struct pen_agreement *agreement, struct pen_error *error)
{
	return agreement_before(store, folio, INT64_MAX, agreement, error);
}

enum pen_status pen_sealing__agree(struct pen_store *store, int64_t folio, int64_t at,
    const struct pen_agreement *agreement, const char *note, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_SEALING_AGREE, &statement, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":folio", folio);
	pen_db__bind_int(statement, ":at", at);
	pen_db__bind_text(statement, ":answer", agreement->answer);
	pen_db__bind_int(statement, ":answered_on", agreement->answered_on);
	pen_db__bind_text(statement, ":note", note);
	pen_db__bind_text(statement, ":document", agreement->document);
	return pen_db__run(statement, error);
}

void pen_sealing__answer_line(struct pen_text *text, int64_t folio, const struct pen_agreement *agreement, const char *note)
{
	pen_text__printf(text, "%lld %s %d %s ", (long long)folio, agreement->answer, (int)agreement->answered_on,
	    agreement->document);
	pen_text__json(text, note ? note : "", note ? strlen(note) : 0);
	pen_text__puts(text, "\n");
}

enum pen_status pen_sealing__answers(struct pen_store *store, int64_t at, char digest[PEN_DIGEST_HEX],
    struct pen_error *error)
{
	struct pen_statement *statement;
	struct pen_agreement agreement;
	struct pen_text text = { NULL, 0, 0, false };
	enum pen_status status = pen_store__sql(store, PEN_SQL_SEALING_ANSWERS, &statement, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":at", at);
	while ((status = pen_db__step(statement, &row, error)) == PEN_OK && row) {
		copy(agreement.answer, sizeof(agreement.answer), statement, 1);
		agreement.answered_on = (int32_t)pen_db__int(statement, 2);
		copy(agreement.document, sizeof(agreement.document), statement, 3);
		pen_sealing__answer_line(&text, pen_db__int(statement, 0), &agreement, pen_db__text(statement, 4));
	}
	pen_db__reset(statement);
	if (status == PEN_OK && text.failed)
		status = pen_error__memory(error);
	if (status == PEN_OK)
		status = pen_store__digest(store, text.n ? text.s : "", text.n, digest, error);
	pen_text__free(&text);
	return status;
}

/* --------------------------------------------------------------- text -- */

/* The entry that drew the seal up: answers given later do not belong in its
 * text. A seal that is not in the store yet takes them all. */
static enum pen_status drawn_up(struct pen_store *store, int64_t id, int64_t *at, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_SEALING_AT, &statement, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":id", id);
	status = first(statement, &row, error);
	if (status != PEN_OK)
		return status;
	*at = row ? pen_db__int(statement, 0) : INT64_MAX;
	pen_db__reset(statement);
	return PEN_OK;
}

static enum pen_status root_over(struct pen_store *store, const struct pen_folio *folios, size_t count,
    char out[PEN_DIGEST_HEX], struct pen_error *error)
{
	char (*roots)[PEN_DIGEST_HEX] = pen_memory__calloc(count, sizeof(*roots));
	enum pen_status status;
	size_t i;

	if (roots == NULL)
		return pen_error__memory(error);
	for (i = 0; i < count; i++)
		memcpy(roots[i], folios[i].root, sizeof(roots[i]));
	status = pen_roots__over(store, (const char (*)[PEN_DIGEST_HEX])roots, count, out, error);
	pen_memory__free(roots);
	return status;
}

static enum pen_status add_folio(struct pen_store *store, const struct pen_folio *folio, bool agreement,
    int64_t before, struct pen_text *text, struct pen_error *error)
{
	struct pen_sealtext_folio part = {
		.folio = folio->id, .number = folio->number, .rows = folio->rows, .period = folio->period,
		.employer = folio->credit_code[0] ? folio->credit_code : NULL,
		.unit_fen = folio->unit_fen, .personal_fen = folio->personal_fen,
		.amount_fen = folio->amount_fen, .root = folio->root,
	};
	struct pen_agreement answer = { .answered_on = 0 };
	enum pen_status status = PEN_OK;
	char date[11];

	if (agreement)
		status = agreement_before(store, folio->id, before, &answer, error);
	if (status != PEN_OK)
		return status;
	if (answer.answer[0]) {
		part.agreed_on = pen_date__format(answer.answered_on, date);
		part.document = answer.document;
	}
	pen_sealtext__folio(&part, text);
	return PEN_OK;
}

enum pen_status pen_sealing__text(struct pen_store *store, int64_t id, const char *previous,
    const struct pen_batch *batch, const struct pen_folio *folios, size_t count,
    struct pen_text *text, struct pen_error *error)
{
	char root[PEN_DIGEST_HEX];
	struct pen_form *form;
	int64_t before;
	size_t i;
	enum pen_status status = pen_settings__kept_form(store, batch->form_digest, &form, error);

	assert(count > 0);
	if (status != PEN_OK)
		return status;
	status = drawn_up(store, id, &before, error);
	if (status == PEN_OK)
		status = root_over(store, folios, count, root, error);
	if (status != PEN_OK)
		goto out;
	pen_sealtext__head(&(struct pen_sealtext_head){
		.seal = id, .batch = batch->id, .suite = pen_store__suite(store),
		.agency = batch->agency, .form = batch->form, .title = form->title,
		.file_name = batch->file_name, .file_digest = batch->file_digest,
		.form_digest = batch->form_digest, .rules_digest = batch->rules_digest,
		.parameters_digest = batch->parameters_digest,
		.previous = previous[0] ? previous : NULL,
		.roles = form->roles, .role = form->role,
		.folios = (int64_t)count, .root = root,
	}, text);
	for (i = 0; i < count && status == PEN_OK; i++)
		status = add_folio(store, &folios[i], form->agreement, before, text, error);
	if (status == PEN_OK && text->failed)
		status = pen_error__memory(error);
out:
	pen_form__free(form);
	return status;
}

/* ------------------------------------------------------------ writing -- */

enum pen_status pen_sealing__next(struct pen_store *store, int64_t *id, char previous[PEN_DIGEST_HEX],
    struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_SEALING_NEWEST, &statement, error);
	bool row;

	if (status != PEN_OK)
		return status;
	*id = 1;
	previous[0] = '\0';
	status = first(statement, &row, error);
	if (status != PEN_OK)
		return status;
	if (row) {
		*id = pen_db__int(statement, 0) + 1;
		copy(previous, PEN_DIGEST_HEX, statement, 1);
	}
	pen_db__reset(statement);
	return PEN_OK;
}

static enum pen_status enter_folio(struct pen_store *store, int64_t seal, int64_t folio, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_SEALING_ENTER_FOLIO, &statement, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":folio", folio);
	pen_db__bind_int(statement, ":seal", seal);
	return pen_db__run(statement, error);
}

enum pen_status pen_sealing__enter(struct pen_store *store, const struct pen_seal *seal, const char *text,
    const struct pen_folio *folios, size_t count, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_SEALING_ENTER, &statement, error);
	size_t i;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":id", seal->id);
	pen_db__bind_int(statement, ":batch", seal->batch);
	pen_db__bind_int(statement, ":at", seal->at);
	pen_db__bind_text(statement, ":text", text);
	pen_db__bind_text(statement, ":digest", seal->digest);
	pen_db__bind_text(statement, ":state", seal->state);
	status = pen_db__run(statement, error);
	for (i = 0; i < count && status == PEN_OK; i++)
		status = enter_folio(store, seal->id, folios[i].id, error);
	return status == PEN_OK ? pen_paragraphs__keep(store, seal->id, text, error) : status;
}

enum pen_status pen_sealing__sign(struct pen_store *store, int64_t seal,
    const struct pen_seal_signature *signature, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_SEALING_ENTER_SIGNATURE, &statement, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":seal", seal);
	pen_db__bind_text(statement, ":role", signature->role);
	pen_db__bind_text(statement, ":staff", signature->staff);
	pen_db__bind_int(statement, ":at", signature->at);
	pen_db__bind_bytes(statement, ":signature", signature->bytes, signature->n);
	return pen_db__run(statement, error);
}

enum pen_status pen_sealing__set_state(struct pen_store *store, int64_t seal, const char *state, int64_t at,
    struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_SEALING_SET_STATE, &statement, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":id", seal);
	pen_db__bind_text(statement, ":state", state);
	pen_db__bind_int(statement, ":at", at);
	return pen_db__run(statement, error);
}

/* ------------------------------------------------------------ reading -- */

enum pen_status pen_sealing__load_text(struct pen_store *store, int64_t seal, char **text, struct pen_error *error)
{
	size_t n;
	enum pen_status status = pen_db__load(pen_store__db(store), "seal", "text", seal, text, &n, error);

	if (status == PEN_OK && *text == NULL)
		status = pen_error__set(error, PEN_INTEGRITY, "seal.missing", _("seal %lld is not in the store"), (long long)seal);
	return status;
}

/* The numbers of a seal's folios; the records are looked up afterwards. */
static enum pen_status folio_ids(struct pen_store *store, int64_t seal, int64_t **ids, size_t *count,
    struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_SEALING_FOLIOS, &statement, error);
	int64_t *list = NULL, *more;
	size_t n = 0, room = 0;
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":seal", seal);
	while ((status = pen_db__step(statement, &row, error)) == PEN_OK && row) {
		if (n == room) {
			room = room ? 2 * room : 16;
			more = pen_memory__realloc(list, room, sizeof(*list));
			if (more == NULL) {
				status = pen_error__memory(error);
				break;
			}
			list = more;
		}
		list[n++] = pen_db__int(statement, 0);
	}
	pen_db__reset(statement);
	if (status != PEN_OK) {
		pen_memory__free(list);
		return status;
	}
	*ids = list;
	*count = n;
	return PEN_OK;
}

#define LOOK_UPS 1000	/* under one lock: some milliseconds */

/* Some folios of a seal, under one lock: to take it for each costs more than to look. */
static enum pen_status look_up(struct pen_store *store, int64_t seal, const int64_t *ids, size_t n,
    struct pen_folio *folios, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(store);
	bool own = !pen_db__in_transaction(db), found;
	enum pen_status status = own ? pen_db__begin_read(db, error) : PEN_OK;
	size_t i;

	for (i = 0; i < n && status == PEN_OK; i++) {
		status = pen_folio__find(store, ids[i], &folios[i], &found, error);
		if (status == PEN_OK && !found)
			status = pen_error__set(error, PEN_INTEGRITY, "seal.folio",
			    _("seal %lld covers folio %lld, which is not in the store"),
			    (long long)seal, (long long)ids[i]);
	}
	if (own)
		pen_db__rollback(db);
	return status;
}

enum pen_status pen_sealing__folios(struct pen_store *store, int64_t seal, struct pen_folio **folios,
    size_t *count, struct pen_error *error)
{
	struct pen_folio *list = NULL;
	int64_t *ids = NULL;
	size_t n = 0, i;
	enum pen_status status = folio_ids(store, seal, &ids, &n, error);

	if (status == PEN_OK && n > 0 && (list = pen_memory__calloc(n, sizeof(*list))) == NULL)
		status = pen_error__memory(error);
	for (i = 0; i < n && status == PEN_OK; i += LOOK_UPS)
		status = look_up(store, seal, ids + i, n - i < LOOK_UPS ? n - i : LOOK_UPS, list + i, error);
	pen_memory__free(ids);
	if (status != PEN_OK) {
		pen_memory__free(list);
		return status;
	}
	*folios = list;
	*count = n;
	return PEN_OK;
}

enum pen_status pen_sealing__signatures(struct pen_store *store, int64_t seal,
    struct pen_seal_signature *signatures, size_t room, size_t *count, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_SEALING_SIGNATURES, &statement, error);
	struct pen_seal_signature *s;
	const void *bytes;
	bool row;

	if (status != PEN_OK)
		return status;
	*count = 0;
	pen_db__bind_int(statement, ":seal", seal);
	while (*count < room && (status = pen_db__step(statement, &row, error)) == PEN_OK && row) {
		s = &signatures[(*count)++];
		copy(s->role, sizeof(s->role), statement, 0);
		copy(s->staff, sizeof(s->staff), statement, 1);
		s->at = pen_db__int(statement, 2);
		bytes = pen_db__bytes(statement, 3, &s->n);
		/* One that is too long holds under no key: keep what fits. */
		if (s->n > sizeof(s->bytes))
			s->n = sizeof(s->bytes);
		if (s->n > 0)
			memcpy(s->bytes, bytes, s->n);
	}
	pen_db__reset(statement);
	return status;
}

enum pen_status pen_sealing__of_folio(struct pen_store *store, int64_t folio, int64_t *seal, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_SEALING_OF_FOLIO, &statement, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":folio", folio);
	status = first(statement, &row, error);
	if (status != PEN_OK)
		return status;
	*seal = row ? pen_db__int(statement, 0) : 0;
	pen_db__reset(statement);
	return PEN_OK;
}

/* The columns as sealing_find and sealing_each have them. */
static void take_seal(struct pen_statement *statement, struct pen_seal *seal)
{
	seal->id = pen_db__int(statement, 0);
	seal->batch = pen_db__int(statement, 1);
	seal->at = pen_db__int(statement, 2);
	seal->ended_at = pen_db__is_null(statement, 3) ? -1 : pen_db__int(statement, 3);
	copy(seal->state, sizeof(seal->state), statement, 4);
	copy(seal->digest, sizeof(seal->digest), statement, 5);
}

enum pen_status pen_sealing__find(struct pen_store *store, int64_t id, struct pen_seal *seal, bool *found,
    struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_SEALING_FIND, &statement, error);

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(statement, ":id", id);
	status = first(statement, found, error);
	if (status != PEN_OK)
		return status;
	if (*found)
		take_seal(statement, seal);
	pen_db__reset(statement);
	return PEN_OK;
}

enum pen_status pen_sealing__previous(struct pen_store *store, int64_t id, char previous[PEN_DIGEST_HEX],
    struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_SEALING_PREVIOUS, &statement, error);
	bool row;

	if (status != PEN_OK)
		return status;
	previous[0] = '\0';
	pen_db__bind_int(statement, ":id", id);
	status = first(statement, &row, error);
	if (status != PEN_OK)
		return status;
	if (row)
		copy(previous, PEN_DIGEST_HEX, statement, 0);
	pen_db__reset(statement);
	return PEN_OK;
}

/* The next seals after one, so that a visit may do what it likes with them. */
static enum pen_status slice(struct pen_store *store, int64_t batch, int64_t after, struct pen_seal seals[SLICE],
    size_t *count, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store,
	    batch ? PEN_SQL_SEALING_EACH_OF_BATCH : PEN_SQL_SEALING_EACH, &statement, error);
	bool row;

	if (status != PEN_OK)
		return status;
	*count = 0;
	pen_db__bind_int(statement, ":after", after);
	if (batch)
		pen_db__bind_int(statement, ":batch", batch);
	while (*count < SLICE && (status = pen_db__step(statement, &row, error)) == PEN_OK && row)
		take_seal(statement, &seals[(*count)++]);
	pen_db__reset(statement);
	return status;
}

enum pen_status pen_sealing__each(struct pen_store *store, int64_t batch, pen_seal_visit *visit, void *context,
    struct pen_error *error)
{
	struct pen_seal seals[SLICE];
	int64_t after = INT64_MIN;
	size_t count, i;
	enum pen_status status = PEN_OK;

	do {
		status = slice(store, batch, after, seals, &count, error);
		for (i = 0; i < count && status == PEN_OK; i++)
			status = visit(context, &seals[i], error);
		if (count > 0)
			after = seals[count - 1].id;
	} while (status == PEN_OK && count == SLICE);
	return status;
}

/* ---------------------------------------------------------------- who -- */

enum pen_status pen_sealing__entry(struct pen_store *store, int64_t at, struct pen_sealing_entry *entry,
    struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(store, PEN_SQL_SEALING_ENTRY, &statement, error);
	bool row;

	if (status != PEN_OK)
		return status;
	*entry = (struct pen_sealing_entry){ .staff = "" };
	pen_db__bind_int(statement, ":at", at);
	status = first(statement, &row, error);
	if (status != PEN_OK)
		return status;
	if (row) {
		copy(entry->staff, sizeof(entry->staff), statement, 0);
		copy(entry->act, sizeof(entry->act), statement, 1);
		copy(entry->subject, sizeof(entry->subject), statement, 2);
	}
	pen_db__reset(statement);
	return PEN_OK;
}
