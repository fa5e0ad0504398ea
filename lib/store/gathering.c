#include "store/gathering.h"

#include "base/date.h"
#include "base/error.h"


/* A reading under way. */
struct reading {
	struct pen_gathering *gathering;
	struct pen_session *session;
	struct pen_reader *reader;
	struct pen_intake *intake;
	int64_t done, total;		/* bytes */
};

static enum pen_status take_line(void *context, const struct pen_intake_line *line, struct pen_error *error)
{
	struct reading *reading = context;
	struct pen_gathering *gathering = reading->gathering;
	const struct pen_csv_field *titles;
	enum pen_status status;
	size_t count;

	titles = pen_intake__titles(reading->intake, &count);
	status = pen_rejects__titles(gathering->rejects, pen_intake__header(reading->intake), titles, count, error);
	if (!status)
		status = pen_rejects__tries(gathering->rejects, line, error);
	if (status)
		return status;
	if (line->findings->count)
		return pen_rejects__add(gathering->rejects, line->line, line->byte, line->shaped.amount_fen, line->findings, error);
	status = pen_rejects__accept(gathering->rejects, line, error);
	return status ? status : pen_pile__add(gathering->pile, &line->shaped, line->byte, error);
}

static enum pen_status feed(void *context, const char *bytes, size_t n, struct pen_error *error)
{
	struct reading *reading = context;

	if (pen_session__stopped(reading->session))
		return pen_error__set(error, PEN_INCOMPLETE, "import.stopped",
		    _("stopped while the file was read; nothing was staged yet"));
	reading->done += (int64_t)n;
	pen_session__progress(reading->session, _("reading"), reading->done, reading->total);
	return pen_reader__feed(reading->reader, bytes, n, error);
}

static bool lacks(const struct pen_intake *intake, const struct pen_form *form, const char *name)
{
	const struct pen_header *header = pen_intake__header(intake);
	int field = pen_form__field(form, name);

	return header && field >= 0 && header->column_of[field] < 0;
}

static enum pen_status read_file(struct reading *reading, struct pen_source *source,
    const struct pen_gathering_plan *plan, struct pen_error *error)
{
	struct pen_gathering *gathering = reading->gathering;
	const struct pen_intake_plan intake_plan = {
		.form = plan->form, .parameters = plan->parameters,
		.reference = pen_reference__of(gathering->book), .encoding = pen_reader__fields(source->encoding),
		.area = plan->area, .county = plan->county, .today = pen_date__today(),
		.strict = plan->strict, .given = plan->given, .given_count = plan->given_count, .sink = take_line, .context = reading
	};
	struct pen_error why = { 0 };
	enum pen_status status;

	status = pen_intake__open(&reading->intake, &intake_plan, error);
	if (!status)
		status = pen_reader__open(&reading->reader, source->encoding, pen_intake__record, reading->intake, error);
	if (status)
		goto out;
	reading->total = source->bytes;
	status = pen_source__walk(source, feed, reading, error);
	if (!status)
		status = pen_reader__finish(reading->reader, error);
	if (!status)
		status = pen_intake__finish(reading->intake, error);
	/* The book knows better than the intake why it has no answer. */
	if (status == PEN_SYSTEM && pen_reference__failure(gathering->book, &why)) {
		*error = why;
		status = why.status;
	}
	if (status == PEN_INPUT)
		pen_error__at(error, source->path, 0, NULL);
	if (!status)
		pen_intake__counts(reading->intake, &gathering->counts);
	if (!status)
		gathering->insurance_untold = lacks(reading->intake, plan->form, "insurance");
out:
	pen_reader__close(reading->reader);
	pen_intake__close(reading->intake);
	return status;
}

enum pen_status pen_gathering__run(struct pen_gathering *gathering, struct pen_session *session,
    struct pen_source *source, const struct pen_gathering_plan *plan, struct pen_error *error)
{
	struct reading reading = { .gathering = gathering, .session = session };
	enum pen_status status;

	*gathering = (struct pen_gathering){ .pile = pen_pile__new(plan->form->kind) };
	if (!gathering->pile)
		return pen_error__memory(error);
	status = pen_rejects__new(&gathering->rejects, plan->form, pen_reader__fields(source->encoding), error);
	if (!status)
		status = pen_reference__open(&gathering->book, session->store, plan->form, error);
	if (!status)
		status = read_file(&reading, source, plan, error);
	if (status)
		pen_gathering__free(gathering);
	return status;
}

void pen_gathering__free(struct pen_gathering *gathering)
{
	pen_reference__close(gathering->book);
	pen_pile__free(gathering->pile);
	pen_rejects__free(gathering->rejects);
	*gathering = (struct pen_gathering){ 0 };
}
