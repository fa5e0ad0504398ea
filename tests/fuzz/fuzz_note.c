/* Checkpoints: what is read as one has the body that it was read from, and its lines of
 * signatures lie in it. */
#include "fuzz.h"
#include "base/text.h"
#include "model/note.h"

static enum pen_status line(void *context, const struct pen_note_line *line, struct pen_error *error)
{
	const size_t *n = context;

	(void)error;
	holds(line->text_n <= *n && line->name_n <= *n && line->n <= sizeof(line->stamp));
	return PEN_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct pen_checkpoint checkpoint;
	struct pen_text text = { 0 };
	struct pen_error error = { 0 };
	enum pen_status status = pen_note__read((const char *)bytes, n, &checkpoint, &error);

	refused_well(status, &error);
	/* (An origin of another log may have blanks; ours has none.) */
	if (status == PEN_OK && !strpbrk(checkpoint.origin, " +\r\n")) {
		pen_note__body(&checkpoint, &text);
		holds(text.n <= n && memcmp(text.s, bytes, text.n) == 0);
		pen_text__free(&text);
	}
	refused_well(pen_note__each((const char *)bytes, n, line, &n, &error), &error);
	return 0;
}
