#include "model/application.h"

#include "base/encode.h"
#include "model/entry.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

static void line(struct pen_text *text, const char *key, const char *value)
{
	assert(strchr(value, '\n') == NULL);
	pen_text__printf(text, "%s: %s\n", key, value);
}

void pen_application__head(struct pen_text *text, const struct pen_application *application)
{
	pen_text__puts(text, "pen-application/v1\n");
	pen_text__printf(text, "case: %" PRId64 "\n", application->amendment);
	line(text, "form", application->form);
	pen_text__printf(text, "revision: %" PRId64 "\n", application->revision);
	line(text, "agency", application->agency);
	line(text, "requested-by", application->requested_by);
	line(text, "reason", application->reason);
	line(text, "original", application->original);
	line(text, "evidence", application->evidence);
	if (application->issue)
		pen_text__printf(text, "issue: %" PRId64 "\n", application->issue);
}

/* A JSON object on a line; the scalars of a field are JSON already. */
static void close_line(struct pen_text *text, const char *key, struct pen_body *body)
{
	const char *json = pen_entry__body_close(body);

	if (json)
		line(text, key, json);
	else
		text->failed = true;
	pen_entry__body_free(body);
}

void pen_application__record(struct pen_text *text, const struct pen_application_record *record)
{
	struct pen_body body;

	pen_entry__body_open(&body);
	if (record->employer)
		pen_entry__body_int(&body, "employer", record->employer);
	if (record->folio)
		pen_entry__body_int(&body, "folio", record->folio);
	pen_entry__body_text(&body, "form", record->form);
	pen_entry__body_text(&body, "kind", record->kind);
	if (record->line)
		pen_entry__body_int(&body, "line", record->line);
	pen_entry__body_int(&body, "number", record->number);
	pen_entry__body_int(&body, "period", record->period);
	pen_entry__body_int(&body, "subject", record->subject);
	close_line(text, "record", &body);
}

void pen_application__field(struct pen_text *text, const struct pen_application_field *field)
{
	assert(strchr(field->old, '\n') == NULL && strchr(field->new, '\n') == NULL);
	pen_text__printf(text, "field: {\"follows\":%" PRId64 ",\"name\":\"%s\",\"new\":%s,\"number\":%" PRId64
	    ",\"old\":%s,\"record\":%" PRId64 "}\n", field->follows, field->name, field->new, field->number, field->old, field->record);
}
