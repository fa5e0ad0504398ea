/* Seals for a stranger: texts, signatures, public keys, leaves and roots as files
 * that other people's programs check, by pen-seal(5). */
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "model/printer.h"
#include "store/roots.h"
#include "store/sealing.h"
#include "store/session.h"

#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>

#define SIGNATURES 8
#define SIGNERS 256		/* people who signed, of one export */

/* A public key that was written: a person with a new one gets a second file. */
struct signer { char staff[64]; char *pem; };

struct work {
	struct pen_session *session;
	struct pen_store *store;
	const char *directory;
	struct pen_batch batch;
	FILE *roots;
	struct signer signers[SIGNERS];
	size_t signer_count;
	int64_t seals, signatures, folios, rows;
};

static enum pen_status path_of(struct work *work, char path[PATH_MAX], struct pen_error *error, const char *format, ...)
    PEN_PRINTF(4, 5);
static enum pen_status path_of(struct work *work, char path[PATH_MAX], struct pen_error *error, const char *format, ...)
{
	char name[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(name, sizeof(name), format, arguments);
	va_end(arguments);
	return pen_file__join(path, PATH_MAX, work->directory, name, error);
}

/* ------------------------------------------------------------ signatures -- */

static enum pen_status write_key(struct work *work, const struct pen_seal_signature *by, struct pen_error *error)
{
	char path[PATH_MAX], *pem;
	bool other = false;
	size_t i;
	enum pen_status status = pen_staff__key_at(work->store, by->staff, by->at, &pem, error);

	if (status == PEN_OK && pem == NULL)
		status = pen_error__set(error, PEN_INTEGRITY, "export.key",
		    _("%s signed at entry %" PRId64 " without a key in the store: run pen-verify seals"), by->staff, by->at);
	if (status != PEN_OK)
		return status;
	for (i = 0; i < work->signer_count; i++) {
		if (strcmp(work->signers[i].staff, by->staff) != 0)
			continue;
		other = true;
		if (strcmp(work->signers[i].pem, pem) == 0) {
			pen_memory__free(pem);
			return PEN_OK;
		}
	}
	status = other ? path_of(work, path, error, "%s.%" PRId64 ".pub", by->staff, by->at)
	    : path_of(work, path, error, "%s.pub", by->staff);
	if (status == PEN_OK)
		status = pen_file__save(path, pem, strlen(pem), 0644, error);
	if (status != PEN_OK || work->signer_count == SIGNERS) {
		pen_memory__free(pem);
		return status;
	}
	snprintf(work->signers[work->signer_count].staff, sizeof(work->signers[0].staff), "%s", by->staff);
	work->signers[work->signer_count++].pem = pem;
	return PEN_OK;
}

static enum pen_status write_signature(struct work *work, int64_t seal, const struct pen_seal_signature *by,
    struct pen_error *error)
{
	char path[PATH_MAX];
	enum pen_status status = path_of(work, path, error, "seal-%" PRId64 ".%s.%s.sig", seal, by->role, by->staff);

	if (status == PEN_OK)
		status = pen_file__save(path, by->bytes, by->n, 0644, error);
	if (status == PEN_OK)
		status = write_key(work, by, error);
	work->signatures++;
	return status;
}

/* ---------------------------------------------------------------- leaves -- */

static enum pen_status write_leaf(void *context, const char *text, size_t n, struct pen_error *error)
{
	FILE *out = context;

	if (fwrite(text, 1, n, out) != n || putc('\n', out) == EOF)
		return pen_error__errno(error, _("a leaf could not be written"));
	return PEN_OK;
}

/* The leaves hold what is known of people: they are for the owner's eyes. */
static enum pen_status write_folio(struct work *work, const struct pen_folio *folio, struct pen_error *error)
{
	char path[PATH_MAX];
	struct pen_draft *draft;
	enum pen_status status = path_of(work, path, error, "folio-%" PRId64 ".leaves", folio->id);

	if (status == PEN_OK)
		status = pen_file__draft(&draft, path, 0600, error);
	if (status != PEN_OK)
		return status;
	status = pen_roots__each_leaf(work->store, &work->batch, folio, write_leaf, pen_file__stream(draft), error);
	if (status != PEN_OK) {
		pen_file__discard(draft);
		return status;
	}
	status = pen_file__keep(draft, error);
	if (status == PEN_OK && fprintf(work->roots, "folio-%" PRId64 " %s\n", folio->id, folio->root) < 0)
		status = pen_error__errno(error, _("a root could not be written"));
	work->folios++;
	work->rows += folio->rows;
	return status;
}

/* ----------------------------------------------------------------- seals -- */

static enum pen_status write_parts(struct work *work, const struct pen_seal *seal, struct pen_error *error)
{
	struct pen_seal_signature signatures[SIGNATURES];
	struct pen_folio *folios = NULL;
	size_t signed_by = 0, count = 0, i;
	enum pen_status status = pen_sealing__signatures(work->store, seal->id, signatures, SIGNATURES, &signed_by, error);

	if (status == PEN_OK)
		status = pen_sealing__folios(work->store, seal->id, &folios, &count, error);
	for (i = 0; i < signed_by && status == PEN_OK; i++)
		status = write_signature(work, seal->id, &signatures[i], error);
	for (i = 0; i < count && status == PEN_OK; i++)
		status = write_folio(work, &folios[i], error);
	pen_memory__free(folios);
	return status;
}

static enum pen_status visit_seal(void *context, const struct pen_seal *seal, struct pen_error *error)
{
	struct work *work = context;
	char path[PATH_MAX], *text;
	enum pen_status status;

	if (strcmp(seal->state, "void") == 0)
		return PEN_OK;
	status = pen_sealing__load_text(work->store, seal->id, &text, error);
	if (status != PEN_OK)
		return status;
	status = path_of(work, path, error, "seal-%" PRId64 ".txt", seal->id);
	if (status == PEN_OK)
		status = pen_file__save(path, text, strlen(text), 0644, error);
	pen_memory__free(text);
	if (status == PEN_OK)
		status = write_parts(work, seal, error);
	work->seals++;
	return status;
}

static enum pen_status write_batches(struct work *work, const int64_t *ids, size_t count, struct pen_error *error)
{
	struct pen_draft *draft;
	char path[PATH_MAX];
	size_t i;
	bool found;
	enum pen_status status = path_of(work, path, error, "roots");

	if (status == PEN_OK)
		status = pen_file__draft(&draft, path, 0644, error);
	if (status != PEN_OK)
		return status;
	work->roots = pen_file__stream(draft);
	for (i = 0; i < count && status == PEN_OK; i++) {
		status = pen_batch__find(work->store, ids[i], &work->batch, &found, error);
		if (status == PEN_OK)
			status = pen_sealing__each(work->store, ids[i], visit_seal, work, error);
	}
	if (status == PEN_OK)
		return pen_file__keep(draft, error);
	pen_file__discard(draft);
	return status;
}

static enum pen_status note_end(struct work *work, const char *subject, struct pen_error *error)
{
	struct pen_body body;
	const char *text;
	enum pen_status status;

	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "folios", work->folios);
	pen_entry__body_int(&body, "rows", work->rows);
	pen_entry__body_int(&body, "seals", work->seals);
	text = pen_entry__body_close(&body);
	status = text == NULL ? pen_error__memory(error) :
	    pen_session__note(work->session, "seal.export", subject, text, error);
	pen_entry__body_free(&body);
	return status;
}

static void print(const struct work *work, struct pen_printer *printer)
{
	const struct pen_item record[] = {
		PEN_I_TEXT("directory", _("directory"), work->directory),
		PEN_I_INT("seals", _("seals"), work->seals),
		PEN_I_INT("signatures", _("signatures"), work->signatures),
		PEN_I_INT("folios", _("folios"), work->folios),
		PEN_I_INT("leaves", _("leaves"), work->rows),
	};

	pen_printer__one(printer, "export", _("Seals exported"), PEN_ITEMS(record), PEN_OK);
}

enum pen_status pen_export(struct pen_session *session, const char *batches, const char *directory,
    struct pen_printer *printer, struct pen_error *error)
{
	struct work *work = pen_memory__calloc(1, sizeof(*work));
	int64_t *ids = NULL;
	size_t count = 0, i;
	char subject[96];
	enum pen_status status = work == NULL ? pen_error__memory(error) :
	    pen_batch__select(session->store, "batch", batches, &ids, &count, error);

	if (status != PEN_OK)
		goto out;
	*work = (struct work){ .session = session, .store = session->store, .directory = directory };
	snprintf(subject, sizeof(subject), "batch %.80s", batches);
	status = pen_session__note(session, "seal.export.begin", subject, NULL, error);
	if (status == PEN_OK)
		status = pen_file__directory(directory, 0700, error);
	if (status == PEN_OK)
		status = write_batches(work, ids, count, error);
	if (status == PEN_OK)
		status = note_end(work, subject, error);
	if (status == PEN_OK)
		print(work, printer);
	for (i = 0; i < work->signer_count; i++)
		pen_memory__free(work->signers[i].pem);
out:
	pen_memory__free(ids);
	pen_memory__free(work);
	return status;
}
