/* A checkpoint: what the journal holds so far, signed by the store's log key. */
#include "base/text.h"
#include "model/printer.h"
#include "work/logkey.h"

enum pen_status pen_checkpoint(struct pen_session *session, const char *log_key,
    struct pen_printer *printer, struct pen_error *error)
{
	struct pen_text note = { NULL, 0, 0, false };
	struct pen_key *key;
	enum pen_status status = pen_session__writable(session, error);

	if (status == PEN_OK)
		status = pen_logkey__load(session, log_key, &key, error);
	if (status != PEN_OK)
		return status;
	status = pen_logkey__checkpoint(session, key, &note, error);
	if (status == PEN_OK)
		pen_printer__raw(printer, note.s, note.n);
	pen_text__free(&note);
	pen_signature__free(key);
	return status;
}
