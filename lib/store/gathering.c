#include "store/gathering.h"

#include "base/date.h"
#include "base/error.h"
#include "base/thread.h"
#include "store/parcels.h"
#include "store/second.h"

/* A reading under way: the reader on one core, the intake on the other. */
struct reading {
	struct pen_gathering *gathering;
	struct pen_session *session;
	struct pen_source *source;
	struct pen_parcels *parcels;
	struct pen_reader *reader;
	struct pen_intake *intake;
	const struct pen_judge_plan *judging;
	struct pen_second *second;	/* NULL: not called, or not yet */
	bool alike;			/* rows claim nothing, and mend nothing */
};

static enum pen_status take_line(void *context, const struct pen_intake_line *line, struct pen_error *error)
{
	struct reading *reading = context;
	struct pen_gathering *gathering = reading->gathering;
	const struct pen_csv_field *titles;
	enum pen_status status;
	size_t count;

	titles = pen_intake__titles(reading->intake, &count);
	status = pen_rejects_titles__learn(pen_rejects__titles(gathering->rejects), pen_intake__header(reading->intake), titles, count, error);
	if (!status)
		status = pen_rejects__tries(gathering->rejects, line, error);
	if (status)
		return status;
	if (line->judged.findings->count)
		return pen_rejects__add(gathering->rejects, line->line, line->byte, line->judged.shaped.amount_fen, line->judged.findings, error);
	status = pen_rejects__accept(gathering->rejects, line, error);
	return status ? status : pen_pile__add(gathering->pile, &line->judged.shaped, line->byte, error);
}

static enum pen_status feed(void *context, const char *bytes, size_t n, struct pen_error *error)
{
	return pen_reader__feed(context, bytes, n, error);
}

/* The reading side: the file's bytes to records. Its end is told in any case. */
static enum pen_status read_records(void *context, struct pen_error *error)
{
	struct reading *reading = context;
	struct pen_error ignored;
	enum pen_status status;

	status = pen_source__walk(reading->source, feed, reading->reader, error);
	if (!status)
		status = pen_reader__finish(reading->reader, error);
	pen_parcels__end(reading->parcels, status ? &ignored : error);
	return status;
}

/* Between parcels: may we go on, and how far are we? */
static enum pen_status turn(struct reading *reading, int64_t byte, struct pen_error *error)
{
	if (pen_session__stopped(reading->session))
		return pen_error__set(error, PEN_INCOMPLETE, "import.stopped",
		    _("stopped while the file was read; nothing was staged yet"));
	pen_session__progress(reading->session, _("reading"), byte, reading->source->bytes);
	return PEN_OK;
}

static enum pen_status judge_entry(struct reading *reading, const struct pen_parcel *parcel, size_t i, struct pen_error *error)
{
	const struct pen_parcel_entry *entry = &parcel->entry[i];

	return (entry->columns ? pen_intake__columns : pen_intake__record)(reading->intake, parcel->field + entry->first,
	    entry->count, entry->line, entry->byte, error);
}

static void expect(const struct reading *reading, const struct pen_parcel *parcel, size_t i, bool near)
{
	if (i < parcel->entries)
		pen_intake__expect(reading->intake, parcel->field + parcel->entry[i].first, parcel->entry[i].count, near);
}

/* A parcel that the first judge goes through alone. */
static enum pen_status judge_parcel(struct reading *reading, struct pen_parcel *parcel, struct pen_error *error)
{
	enum pen_status status = turn(reading, parcel->entry[0].byte, error);
	size_t i;

	for (i = 0; !status && i < parcel->entries; i++) {
		pen_parcels__expect(parcel, i + PEN_PARCEL_FIELDS);
		expect(reading, parcel, i + PEN_PARCEL_FAR, false);
		expect(reading, parcel, i + PEN_PARCEL_NEAR, true);
		status = judge_entry(reading, parcel, i, error);
	}
	pen_parcels__give_back(reading->parcels, parcel);
	return status;
}

/* A parcel that the second judge has gone through: what it left is judged now, in its
 * place among the others. */
static enum pen_status take_verdicts(struct reading *reading, struct pen_error *error)
{
	const struct pen_verdicts *verdicts;
	const struct pen_verdict_sums *sums;
	struct pen_parcel *parcel;
	enum pen_status status = pen_second__receive(reading->second, &parcel, &verdicts, error);
	size_t i;

	if (status)
		return status;
	sums = verdicts->sums;
	for (i = 0; !status && i < parcel->entries; i++) {
		if (verdicts->row[i].n) {
			status = pen_pile__put(reading->gathering->pile, &verdicts->row[i], verdicts->bytes + verdicts->at[i], error);
			continue;
		}
		pen_intake__passed(reading->intake, sums->rows, sums->fen);
		sums++;
		status = judge_entry(reading, parcel, i, error);
	}
	pen_intake__passed(reading->intake, sums->rows, sums->fen);
	pen_parcels__give_back(reading->parcels, parcel);
	return status;
}

/* The second judge joins once the columns are settled, where rows claim nothing. */
static enum pen_status call_second(struct reading *reading, struct pen_error *error)
{
	const struct pen_header *columns;
	size_t width;

	if (reading->second || !reading->alike)
		return PEN_OK;
	columns = pen_intake__settled(reading->intake, &width);
	if (!columns)
		return PEN_OK;
	return pen_second__open(&reading->second, reading->judging, reading->gathering->book, columns, width, error);
}

/* Parcels by turns to the first judge and to the second, who has the next one before
 * his last is looked at; in the end in the order of the file. */
static enum pen_status judge_all(struct reading *reading, struct pen_error *error)
{
	struct pen_parcel *own, *other;
	enum pen_status status = PEN_OK;
	int away = 0;

	while (!status && (own = pen_parcels__take(reading->parcels)) != NULL) {
		other = reading->second ? pen_parcels__take(reading->parcels) : NULL;
		if (other)
			pen_second__send(reading->second, other);
		/* What was sent before comes before this one. */
		if (away)
			status = take_verdicts(reading, error);
		away = other != NULL;
		if (!status)
			status = judge_parcel(reading, own, error);
		if (!status)
			status = call_second(reading, error);
	}
	return !status && away ? take_verdicts(reading, error) : status;
}

/* Both sides to their end. What is wrong with a record comes before what is wrong
 * with the file behind it. */
static enum pen_status run(struct reading *reading, struct pen_error *error)
{
	struct pen_error other = { 0 };
	struct pen_thread *thread;
	enum pen_status status, read;

	status = pen_thread__start(&thread, read_records, reading, error);
	if (status)
		return status;
	status = judge_all(reading, error);
	pen_parcels__close(reading->parcels);
	read = pen_thread__join(thread, &other);
	if (!status && read) {
		*error = other;
		return read;
	}
	return status ? status : pen_intake__finish(reading->intake, error);
}

/* Both judges' counts together. */
static void count(struct reading *reading)
{
	struct pen_intake_counts *counts = &reading->gathering->counts;
	struct pen_judge_counts second;

	pen_intake__counts(reading->intake, counts);
	counts->padding = pen_reader__padding(reading->reader);
	if (!reading->second)
		return;
	pen_second__counts(reading->second, &second);
	counts->judge.private_use += second.private_use;
	counts->judge.base_unchecked |= second.base_unchecked;
	counts->judge.share_unchecked |= second.share_unchecked;
}

static bool lacks(const struct pen_intake *intake, const struct pen_form *form, const char *name)
{
	const struct pen_header *header = pen_intake__header(intake);
	int field = pen_form__field(form, name);

	return header && field >= 0 && header->column_of[field] < 0 && !(header->given >> field & 1);
}

static enum pen_status read_file(struct reading *reading, struct pen_source *source,
    const struct pen_gathering_plan *plan, struct pen_error *error)
{
	struct pen_gathering *gathering = reading->gathering;
	const struct pen_intake_plan intake_plan = { .judging = {
		.form = plan->form, .parameters = plan->parameters,
		.reference = pen_reference__of(gathering->book), .encoding = pen_reader__fields(source->encoding),
		.area = plan->area, .county = plan->county, .today = pen_date__today(),
		.strict = plan->strict, .given = plan->given, .given_count = plan->given_count },
		.sink = take_line, .context = reading
	};
	const struct pen_reader_plan reader_plan = { .encoding = source->encoding, .form = plan->form,
		.record = pen_parcels__record, .columns = pen_parcels__columns, .context = reading->parcels };
	struct pen_error why = { 0 };
	enum pen_status status;

	reading->judging = &intake_plan.judging;
	reading->alike = plan->form->kind->id == PEN_KIND_CONTRIBUTION && !plan->amends;
	status = reading->parcels ? pen_intake__open(&reading->intake, &intake_plan, error) : pen_error__memory(error);
	if (!status)
		status = pen_reader__open(&reading->reader, &reader_plan, error);
	if (status)
		goto out;
	status = run(reading, error);
	/* The book knows better than the intake why it has no answer. */
	if (status == PEN_SYSTEM && pen_reference__failure(gathering->book, &why)) {
		*error = why;
		status = why.status;
	}
	if (status == PEN_INPUT)
		pen_error__at(error, source->path, 0, NULL);
	if (!status)
		count(reading);
	if (!status)
		gathering->insurance_untold = lacks(reading->intake, plan->form, "insurance");
out:
	pen_second__close(reading->second);
	pen_reader__close(reading->reader);
	pen_intake__close(reading->intake);
	pen_parcels__free(reading->parcels);
	reading->judging = NULL;
	return status;
}

/* People and rows share what an import may take, however many there are of either. */
static size_t memory_left(const struct pen_book *book)
{
	size_t taken = pen_reference__memory(book);

	return taken + PEN_PILE_RUN < PEN_PILE_MOST ? PEN_PILE_MOST - taken : PEN_PILE_RUN;
}

enum pen_status pen_gathering__run(struct pen_gathering *gathering, struct pen_session *session,
    struct pen_source *source, const struct pen_gathering_plan *plan, struct pen_error *error)
{
	struct reading reading = { .gathering = gathering, .session = session, .source = source,
		.parcels = pen_parcels__new() };
	enum pen_status status;

	*gathering = (struct pen_gathering){ .book = plan->book };
	status = pen_rejects__new(&gathering->rejects, plan->form, pen_reader__fields(source->encoding),
	    pen_store__dir(session->store), PEN_REJECTS_MEMORY, error);
	if (!status && !gathering->book)
		status = pen_reference__open(&gathering->book, session->store, plan->form, INT64_MAX, error);
	if (!status) {
		gathering->pile = pen_pile__new(plan->form->kind, pen_store__dir(session->store), memory_left(gathering->book));
		status = gathering->pile ? PEN_OK : pen_error__memory(error);
	}
	if (status)
		pen_parcels__free(reading.parcels);
	else
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
