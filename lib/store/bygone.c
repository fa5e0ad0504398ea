#include "store/bygone.h"

/* Whoever has a number now had it then, or got it from this batch, in the same
 * order: numbers are asked of the store as it is. What the batch itself has
 * brought does not repeat itself. */
static const struct pen_person_facts *ask_person(void *context, const char id18[19], bool claim)
{
	struct pen_reference *now = pen_reference__of(((struct pen_bygone *)context)->book);

	return now->person(now->context, id18, claim);
}

static int64_t ask_employer(void *context, const char *credit_code, bool claim)
{
	struct pen_bygone *bygone = context;
	struct pen_reference *now = pen_reference__of(bygone->book);

	if (bygone->employers && !claim)
		return 0;
	return now->employer(now->context, credit_code, claim);
}

static bool ask_levy_known(void *context, int64_t employer, const struct pen_row *row)
{
	(void)context;
	(void)employer;
	(void)row;
	return false;
}

static bool ask_registered(void *context, int64_t person, int64_t employer, int32_t since)
{
	(void)context;
	(void)person;
	(void)employer;
	(void)since;
	return false;
}

static const char *ask_name(void *context, int64_t person)
{
	struct pen_reference *now = pen_reference__of(((struct pen_bygone *)context)->book);

	return now->name(now->context, person);
}

enum pen_status pen_bygone__open(struct pen_bygone *bygone, struct pen_store *store, const struct pen_form *form,
    const struct pen_batch *batch, struct pen_error *error)
{
	enum pen_status status;

	*bygone = (struct pen_bygone){ .employers = form->kind->id == PEN_KIND_EMPLOYER };
	bygone->reference = (struct pen_reference){ .context = bygone, .person = ask_person,
		.employer = ask_employer, .levy_known = ask_levy_known, .registered = ask_registered, .name = ask_name };
	status = pen_reference__open(&bygone->book, store, form, batch->reference_at, error);
	if (!status)
		status = pen_particulars__open(&bygone->particulars, store, form, batch->reference_at, error);
	if (status)
		pen_bygone__close(bygone);
	else
		pen_particulars__answer(bygone->particulars, &bygone->reference);
	return status;
}

enum pen_status pen_bygone__failure(struct pen_bygone *bygone, struct pen_error *error)
{
	enum pen_status status = pen_reference__failure(bygone->book, error);

	return status ? status : pen_particulars__failure(bygone->particulars, error);
}

void pen_bygone__close(struct pen_bygone *bygone)
{
	pen_reference__close(bygone->book);
	pen_particulars__close(bygone->particulars);
	*bygone = (struct pen_bygone){ 0 };
}
