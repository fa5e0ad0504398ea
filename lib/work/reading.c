#include "work/reading.h"

#include "base/error.h"

static enum pen_status note(const struct pen_reading *reading, const char *step, int64_t rows, struct pen_error *error)
{
	struct pen_body body;
	enum pen_status status;
	const char *text;

	pen_entry__body_open(&body);
	pen_entry__body_int(&body, "as_of", reading->as_of);
	if (rows >= 0)
		pen_entry__body_int(&body, "rows", rows);
	pen_entry__body_text(&body, "step", step);
	text = pen_entry__body_close(&body);
	status = text ? pen_session__note(reading->session, "report.read", reading->subject, text, error)
	    : pen_error__memory(error);
	pen_entry__body_free(&body);
	return status;
}

enum pen_status pen_reading__open(struct pen_reading *reading, struct pen_session *session,
    const char *as_of, struct pen_error *error)
{
	enum pen_status status;

	*reading = (struct pen_reading){ .session = session };
	status = pen_journal__as_of(session->store, as_of, &reading->as_of, error);
	if (status == PEN_OK)
		status = pen_journal__time(session->store, reading->as_of, reading->time, error);
	return status;
}

enum pen_status pen_reading__begin(struct pen_reading *reading, const char *subject, struct pen_error *error)
{
	size_t i;

	snprintf(reading->subject, sizeof(reading->subject), "%s", subject);
	for (i = 0; reading->subject[i]; i++)
		if ((unsigned char)reading->subject[i] < ' ' || (unsigned char)reading->subject[i] > '~')
			reading->subject[i] = '?';
	return note(reading, "begin", -1, error);
}

enum pen_status pen_reading__end(const struct pen_reading *reading, int64_t rows, struct pen_error *error)
{
	return note(reading, "end", rows, error);
}
